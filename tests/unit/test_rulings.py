"""What is held of current releases, minute by minute, on a real ledger."""

from dataclasses import replace
from datetime import timedelta

import pytest

from probe import series
from probe.answers import Sources
from probe.domain.basis import Basis, basis_text
from probe.domain.block import blocks_of
from probe.domain.evidence import Pair, Published, Review
from probe.domain.gate import Mode, Objective
from probe.domain.override import Word, override_event
from probe.domain.promise import SLO
from probe.rulings import Rulings
from tests.builders import NOON, a_release, a_target, an_artifact
from tests.fakes.clock import FakeClock
from tests.fakes.metrics import FakeMetrics
from tests.ledgers import a_ledger, an_attempt
from tests.unit.answers.builders import CDN, configured

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
KEY = ("widget", "stable")
AVAILABLE = Objective(
    "artifact_availability", 0.99, True, Mode.GATE, "ada", "https://run.example", 31 * DAY
)
SIGNED = replace(AVAILABLE, kpi="signature_coverage")
COMPLETE = replace(AVAILABLE, kpi="release_completeness", mode=Mode.INFORM)
FILE = an_artifact()
OLD = a_release("1.4.1", FILE, published_at=NOON - 9 * DAY)
NEW = a_release("1.4.2", FILE, published_at=NOON - HOUR)
PAIRS = (Pair("cdn", "eu-west-1"),)


class World:
    """A ledger with two releases, of which the newer one fails, and what is asked."""

    def __init__(self, directory, ledger, clock):
        self.ledger, self.clock = ledger, clock
        self.metrics = FakeMetrics()
        self.products = [configured(AVAILABLE, SIGNED, COMPLETE)]
        self.kept = []
        self.rulings = Rulings(
            lambda: Sources(directory), lambda: self.products, clock, self.metrics, self.keep
        )

    async def keep(self, event):
        self.kept.append(event)
        return await self.ledger.keep(event)

    def value(self, metric, *labels):
        return self.metrics.value(metric, *KEY, *labels)


@pytest.fixture
async def world(tmp_path):
    clock = FakeClock()
    with a_ledger(tmp_path, clock) as ledger:
        assert await ledger.keep(
            *(Published("widget", each, PAIRS, each.published_at) for each in (OLD, NEW))
        )
        target = a_target(release=NEW, endpoint=CDN)
        for seconds in (-120, -60, 0):
            ledger.record(an_attempt(seconds, passed=False, target=target))
        assert await ledger.flush()
        yield World(tmp_path, ledger, clock)


async def test_the_current_release_is_held_against_every_target(world):
    await world.rulings.tick()
    result = series.GATE_RESULT
    assert world.value(result, "1.4.2", "artifact_availability", "gate") == 0.0
    assert world.value(result, "1.4.2", "release_completeness", "inform") == 0.0
    assert [labels[2] for name, labels in world.metrics.values if name == result.name] == [
        "1.4.2",
        "1.4.2",
    ]


async def test_what_is_unknown_is_neither_kept_nor_missed(world):
    await world.rulings.tick()
    assert world.value(series.GATE_RESULT, "1.4.2", "signature_coverage", "gate") is None
    await world.clock.advance(3600)
    await world.rulings.tick()
    gates = [labels for name, labels in world.metrics.values if name == series.GATE_RESULT.name]
    assert gates == []


async def test_a_gate_that_stops_a_release_is_kept_once(world):
    await world.rulings.tick()
    await world.rulings.tick()
    assert [each.kpi for each in blocks_of(world.kept)] == ["artifact_availability"]


async def test_a_block_that_could_not_be_kept_is_kept_later(world):
    keeps, world.ledger.keep = world.ledger.keep, never
    await world.rulings.tick()
    world.ledger.keep = keeps
    await world.rulings.tick()
    assert len(list(blocks_of(world.kept))) == 2


async def never(_event):
    return False


async def test_an_override_is_shown_until_it_is_over(world):
    word = Word(*KEY, "1.4.2", AVAILABLE.kpi, "ada", "mirrors move", NOON, NOON + HOUR)
    elsewhere = replace(word, version="9.9.9")
    assert await world.ledger.keep(
        *(override_event(each, world.products[0].objectives, ()) for each in (word, elsewhere))
    )
    await world.rulings.tick()
    until = series.GATE_OVERRIDE_UNTIL
    assert world.value(until, "1.4.2", AVAILABLE.kpi) == (NOON + HOUR).timestamp()
    # Of what is in no catalog there may be any number.
    assert world.value(until, "9.9.9", AVAILABLE.kpi) is None
    assert list(blocks_of(world.kept)) == []
    await world.clock.advance(3600)
    await world.rulings.tick()
    assert world.value(until, "1.4.2", AVAILABLE.kpi) is None


async def test_targets_are_owned_while_somebody_looks_at_them(world):
    coverage = series.KPI_OWNERSHIP_COVERAGE
    await world.rulings.tick()
    assert world.value(coverage) == 0.0
    basis = basis_text(Basis(targets={AVAILABLE.kpi: 0.99, COMPLETE.kpi: 0.98}))
    old = basis_text(Basis(targets={SIGNED.kpi: 1.0}))
    assert await world.ledger.keep(
        Review(*KEY, NOON - DAY, "ada", basis, ""), Review(*KEY, NOON - 32 * DAY, "ada", old, "")
    )
    await world.rulings.tick()
    assert world.value(coverage) == 2 / 3
    last = series.KPI_LAST_REVIEW
    assert world.value(last, AVAILABLE.kpi) == (NOON - DAY).timestamp()
    assert world.value(last, SIGNED.kpi) == (NOON - 32 * DAY).timestamp()


async def test_a_reload_changes_what_is_held(world):
    await world.rulings.tick()
    world.products = [configured(COMPLETE)]
    await world.rulings.tick()
    gates = [labels for name, labels in world.metrics.values if name == series.GATE_RESULT.name]
    assert gates == [(*KEY, "1.4.2", COMPLETE.kpi, "inform")]
    world.products = [configured()]
    await world.rulings.tick()
    assert world.metrics.values == {}


async def test_without_a_ledger_nothing_is_shown(tmp_path):
    metrics = FakeMetrics()
    rulings = Rulings(
        lambda: Sources(tmp_path), lambda: [configured(AVAILABLE)], FakeClock(), metrics, never
    )
    await rulings.tick()
    assert metrics.values == {}


async def test_without_a_release_there_is_none_to_hold(tmp_path):
    metrics = FakeMetrics()
    with a_ledger(tmp_path) as ledger:
        assert await ledger.flush()
        rulings = Rulings(
            lambda: Sources(tmp_path),
            lambda: [configured(AVAILABLE)],
            FakeClock(),
            metrics,
            ledger.keep,
        )
        await rulings.tick()
    assert metrics.values == {(series.KPI_OWNERSHIP_COVERAGE.name, KEY): 0.0}


async def test_what_is_asked_is_kept_once_a_week(world):
    def asked():
        return [each.detail for each in world.kept if each.kind == SLO]

    await world.rulings.tick()
    await world.rulings.tick()
    assert asked() == [AVAILABLE.kpi, SIGNED.kpi, COMPLETE.kpi]
    await world.clock.advance(7 * 86400)
    await world.rulings.tick()
    assert len(asked()) == 6
