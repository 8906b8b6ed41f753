"""What the ledger is told of observations and releases."""

from dataclasses import replace

from probe.domain.bucket import attempt_of
from probe.domain.evidence import Pair, Published
from probe.domain.target import Region
from probe.sinks.ledger import LedgerSink
from tests.builders import NOON, a_product, a_release, a_target, an_endpoint, an_observation
from tests.fakes.clock import FakeClock
from tests.fakes.ledger import FakeLedger

ORIGIN, CDN = an_endpoint("origin"), an_endpoint("cdn", regions=("us-east-1",))
PRODUCT = a_product(ORIGIN, CDN)
REGIONS = Region("eu-west-1"), Region("us-east-1")


def targets(release):
    return [a_target(release=release, endpoint=ORIGIN, region=region) for region in REGIONS]


def a_sink():
    ledger = FakeLedger()
    return LedgerSink(ledger, FakeClock()), ledger


def test_every_observation_is_an_attempt():
    sink, ledger = a_sink()
    observation = an_observation()
    sink.record(observation)
    assert ledger.attempts == [attempt_of(observation)]


def test_a_release_is_kept_with_the_pairs_that_must_serve_it():
    sink, ledger = a_sink()
    release = a_release()
    sink.retarget([PRODUCT], targets(release))
    pairs = (Pair("origin", "eu-west-1"), Pair("origin", "us-east-1"), Pair("cdn", "us-east-1"))
    [published] = ledger.entries
    assert published == Published(
        "widget", release, pairs, NOON, files=("widget_1.4.2_linux_amd64.tar.gz",)
    )
    assert ledger.planned == [target.key for target in targets(release)]


def test_the_pairs_of_other_processes_are_kept_apart():
    ledger = FakeLedger()
    sink = LedgerSink(ledger, FakeClock(), elsewhere=("ap-south-1",))
    sink.retarget([PRODUCT], targets(a_release()))
    assert ledger.entries[0].elsewhere == (Pair("origin", "ap-south-1"),)


def test_a_release_that_says_the_same_is_not_kept_again():
    sink, ledger = a_sink()
    sink.retarget([PRODUCT], targets(a_release()))
    sink.retarget([PRODUCT], targets(a_release()))
    assert len(ledger.entries) == 1


def test_a_release_that_says_something_else_is_kept_again():
    sink, ledger = a_sink()
    sink.retarget([PRODUCT], targets(a_release()))
    approved = replace(a_release(), approved_at=NOON)
    sink.retarget([PRODUCT], targets(approved))
    assert [entry.release for entry in ledger.entries] == [a_release(), approved]


def test_a_plan_of_nothing_keeps_nothing():
    sink, ledger = a_sink()
    sink.retarget([PRODUCT], [])
    assert (ledger.entries, ledger.planned) == ([], [])
