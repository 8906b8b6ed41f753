"""What the ledger is told of observations and releases."""

from dataclasses import replace

from probe.domain.bucket import attempt_of
from probe.domain.evidence import Event, Pair, Published
from probe.domain.republished import REPUBLISHED
from probe.domain.target import Region
from probe.sinks.ledger import LedgerSink
from tests.builders import (
    NOON,
    a_product,
    a_release,
    a_target,
    an_artifact,
    an_endpoint,
    an_observation,
)
from tests.fakes.clock import FakeClock
from tests.fakes.ledger import FakeLedger

ORIGIN, CDN = an_endpoint("origin"), an_endpoint("cdn", regions=("us-east-1",))
PRODUCT = a_product(ORIGIN, CDN)
REGIONS = Region("eu-west-1"), Region("us-east-1")
TARGETS = [a_target(endpoint=ORIGIN, region=region) for region in REGIONS]


def a_sink():
    ledger = FakeLedger()
    sink = LedgerSink(ledger, FakeClock())
    sink.regions = REGIONS
    return sink, ledger


def releases(ledger):
    return [each.release for each in ledger.entries if isinstance(each, Published)]


def test_every_observation_is_an_attempt():
    sink, ledger = a_sink()
    observation = an_observation()
    sink.record(observation)
    assert ledger.attempts == [attempt_of(observation)]


def test_the_state_of_targets_that_are_gone_ends():
    sink, ledger = a_sink()
    sink.retarget([PRODUCT], TARGETS)
    assert ledger.planned == [target.key for target in TARGETS]
    sink.retarget([PRODUCT], [])
    assert (ledger.entries, ledger.planned) == ([], [])


def test_a_release_is_kept_with_the_pairs_that_must_serve_it():
    sink, ledger = a_sink()
    sink.listed(PRODUCT, [a_release()], [a_release()])
    pairs = (Pair("origin", "eu-west-1"), Pair("origin", "us-east-1"), Pair("cdn", "us-east-1"))
    [published] = ledger.entries
    assert published == Published(
        "widget", a_release(), pairs, NOON, files=("widget_1.4.2_linux_amd64.tar.gz",)
    )


def test_the_pairs_of_other_processes_are_kept_apart():
    sink, ledger = a_sink()
    sink.elsewhere = ("ap-south-1",)
    sink.listed(PRODUCT, [a_release()], [a_release()])
    assert ledger.entries[0].elsewhere == (Pair("origin", "ap-south-1"),)


def test_a_release_that_says_the_same_is_not_kept_again():
    sink, ledger = a_sink()
    sink.listed(PRODUCT, [a_release()], [a_release()])
    sink.listed(PRODUCT, [a_release()], [a_release()])
    assert releases(ledger) == [a_release()]


def test_a_release_that_says_something_else_is_kept_again():
    sink, ledger = a_sink()
    approved = replace(a_release(), approved_at=NOON)
    for each in (a_release(), approved):
        sink.listed(PRODUCT, [each], [each])
    assert releases(ledger) == [a_release(), approved]


def test_a_file_that_comes_anew_is_noted_once_over_a_restart_too():
    sink, ledger = a_sink()
    sink.restore({PRODUCT.key: [a_release()]})
    anew = a_release("1.4.2", an_artifact(body=b"built again"))
    for _ in range(2):
        sink.listed(PRODUCT, [anew], [anew])
    assert releases(ledger) == [anew]
    [event] = [each for each in ledger.entries if isinstance(each, Event)]
    assert (event.kind, event.version, event.at) == (REPUBLISHED, "1.4.2", NOON)


def test_a_release_that_was_withdrawn_is_kept_so_though_it_is_probed_no_more():
    sink, ledger = a_sink()
    withdrawn, other = replace(a_release(), yanked=True), a_release("0.9")
    sink.restore({PRODUCT.key: [a_release()]})
    sink.listed(PRODUCT, [], [a_release(), other])
    assert ledger.entries == []
    sink.listed(PRODUCT, [], [withdrawn, other])
    assert releases(ledger) == [withdrawn]
