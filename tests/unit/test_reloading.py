"""Reading the configuration again: what is taken, and what is refused."""

import asyncio

from probe.answers import promised
from probe.domain.fault import Fault
from probe.reloading import Reloader, ReloadSeries
from probe.series import CONFIG_RELOAD_SUCCESSFUL
from tests.fakes.clock import FakeClock
from tests.fakes.metrics import FakeMetrics
from tests.unit.answers.test_promises import PROMISED, settings

AIMED = settings(artifact_availability="slo: 99.9%", mirror_coverage="slo: 90%")
MORE = settings(
    artifact_availability="slo: 99.9%, kind: sla", mirror_coverage="slo: 90%, kind: sla"
)


class World:
    """A configuration that can be changed, and a ledger that has a history or has not."""

    def __init__(self, begun):
        self.file = begun
        self.founded = True
        self.metrics, self.applied = FakeMetrics(), []
        series = ReloadSeries(self.metrics, FakeClock())
        self.reload = Reloader(begun, lambda: self.file, self.apply, self.examine, series)

    async def apply(self, settings):
        self.applied.append(settings)

    def examine(self, promises):
        return {} if self.founded else {each: each.fault for each in promises}

    @property
    def kpis(self):
        return sorted(each.kpi for each in promised(self.reload.settings))

    @property
    def successful(self):
        return self.metrics.value(CONFIG_RELOAD_SUCCESSFUL)


async def test_a_promise_with_its_history_is_one_from_the_start():
    world = World(PROMISED)
    await world.reload.begin()
    assert world.kpis == ["artifact_availability"]


async def test_a_young_ledger_stops_no_service_and_a_promise_counts_as_an_aim():
    world = World(PROMISED)
    world.founded = False
    await world.reload.begin()
    assert world.kpis == []
    assert world.successful == 1.0


async def test_what_was_asked_at_the_start_is_never_refused_and_becomes_a_promise_in_time():
    world = World(PROMISED)
    world.founded = False
    await world.reload.begin()
    assert await world.reload() == ()
    assert world.kpis == []
    world.founded = True
    assert await world.reload() == ()
    assert world.kpis == ["artifact_availability"]
    assert world.applied == []


async def test_a_new_promise_without_history_is_refused_and_changes_nothing():
    world = World(AIMED)
    await world.reload.begin()
    world.founded, world.file = False, PROMISED
    [line] = await world.reload()
    assert line.startswith("probe.yaml:8:49: products[0].targets.artifact_availability.kind: ")
    assert (world.successful, world.applied, world.reload.settings) == (0.0, [], AIMED)
    world.founded = True
    assert await world.reload() == ()
    assert (world.successful, world.kpis) == (1.0, ["artifact_availability"])
    assert world.applied == [PROMISED]


async def test_only_what_is_new_is_refused():
    world = World(PROMISED)
    await world.reload.begin()
    world.founded, world.file = False, MORE
    [line] = await world.reload()
    assert "mirror_coverage.kind" in line


async def test_what_is_promised_stays_so_though_the_ledger_cannot_be_read():
    world = World(PROMISED)
    await world.reload.begin()
    world.founded = False
    assert await world.reload() == ()
    assert world.kpis == ["artifact_availability"]


async def test_a_file_with_a_fault_changes_nothing():
    world = World(AIMED)
    world.file = (Fault("probe.yaml", "is empty"),)
    assert await world.reload() == ("probe.yaml: is empty",)
    assert (world.successful, world.reload.settings) == (0.0, AIMED)


async def test_two_reloads_at_once_come_one_after_the_other():
    world = World(AIMED)
    world.file = settings(mirror_coverage="slo: 95%")
    assert await asyncio.gather(world.reload(), world.reload()) == [(), ()]
    assert len(world.applied) == 1
