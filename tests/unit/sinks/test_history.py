"""What is remembered, and for how long."""

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Failed, Inconclusive, Observation
from probe.domain.target import Probe
from probe.sinks import HistorySink
from tests.builders import a_target, an_endpoint, an_observation

NOT_FOUND = Failed(Failure(FailureReason.NOT_FOUND, Phase.WAIT))
UPLINK = Inconclusive(Failure(FailureReason.UPLINK, Phase.CONNECT))


def ids(observations: list[Observation]) -> list[str]:
    return [observation.id for observation in observations]


def test_the_newest_come_first_and_the_oldest_go():
    history = HistorySink(capacity=2, failures=0)
    for name in "abc":
        history.record(an_observation(id=name))
    assert ids(history.latest(10)) == ["c", "b"]
    assert ids(history.latest(1)) == ["c"]
    assert history.find("a") is None


def test_failures_stay_when_passes_push_them_out():
    history = HistorySink(capacity=1, failures=2)
    for name in "abc":
        history.record(an_observation(NOT_FOUND, id=name))
    history.record(an_observation(UPLINK, id="d"))
    history.record(an_observation(id="e"))
    assert ids(history.latest(10)) == ["e", "c", "b"]
    assert history.find("a") is None
    assert ids([history.find("b")]) == ["b"]


def test_it_is_asked_by_target_and_by_any_question():
    history = HistorySink()
    other = a_target(endpoint=an_endpoint("cdn"))
    history.record(an_observation(id="a"))
    history.record(an_observation(NOT_FOUND, id="b", probe=Probe(other)))
    assert ids(history.of_target(other.key, 10)) == ["b"]
    assert ids(history.latest(10, lambda kept: kept.failure is None)) == ["a"]


def test_the_bytes_of_bodies_are_not_kept():
    history = HistorySink()
    given = an_observation()
    history.record(given)
    (kept,) = history.latest(1)
    assert given.download.sample
    assert kept.download.sample == b""


def test_another_size_holds_at_once():
    history = HistorySink()
    history.record(an_observation(NOT_FOUND, id="a"))
    history.record(an_observation(NOT_FOUND, id="b"))
    history.record(an_observation(id="c"))
    history.resize(1, 1)
    assert ids(history.latest(10)) == ["c", "b"]
    assert history.find("a") is None
    history.resize(1, 0)
    assert ids(history.latest(10)) == ["c"]
