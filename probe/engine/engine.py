"""The engine: keeps the catalog, the plan and the schedule going, and probes what is due."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import structlog

from probe.domain.artifact import Release
from probe.domain.depth import LastFull, Weight
from probe.domain.observation import Observation
from probe.domain.schedule import MICROSECONDS, SkipReason
from probe.domain.snapshot import ProductKey, Snapshot
from probe.domain.target import Depth, Limits, Probe, Product, Target
from probe.domain.watch import is_new
from probe.engine.arrivals import Arrivals
from probe.engine.assignment import Assignment, Seams
from probe.engine.diagnosis import Diagnosis
from probe.engine.dispatcher import Dispatcher, Turn
from probe.engine.fanout import Fanout, Listener
from probe.engine.lag import LoopLag
from probe.engine.permits import Permits
from probe.engine.planning import Planner
from probe.engine.prober import Prober
from probe.engine.ration import Ration
from probe.engine.refresh import Catalog
from probe.engine.regions import RegionSeries
from probe.engine.roster import Roster, TargetState
from probe.engine.rounds import Consequences, Crew, Rounds
from probe.engine.timetable import SLOT_SECONDS, Timetable
from probe.engine.uplink import Uplink

_log = structlog.get_logger(__name__)

BUDGET_SECONDS = 10.0
ON_DEMAND = 4


class Engine:
    """
    Probes what *assignment* asks for; every observation goes to the sinks.

    ``start`` and ``drain`` bound its life. ``probe_all`` works without ``start``.
    """

    def __init__(self, seams: Seams, assignment: Assignment) -> None:
        clock, metrics = seams.clock, seams.metrics
        self._seams = seams
        self._assignment = assignment
        self._catalog = Catalog(clock, metrics)
        self._planner = Planner(seams.resolver)
        self._roster = Roster()
        self._uplink = Uplink(seams.fetcher, clock, metrics)
        self._lag = LoopLag(clock, seams.ticker, metrics)
        self._ration = Ration(clock, metrics)
        self._arrivals = Arrivals(clock)
        self._prober = Prober(
            fetcher=seams.fetcher, clock=clock, uplink=self._uplink, overload=self._lag
        )
        self._diagnosis = Diagnosis(self._prober, self._ration)
        self._fanout = Fanout(seams.sinks, seams.ticker)
        self._permits = Permits(assignment.concurrency)
        self._dispatcher = Dispatcher(clock, metrics, self._permits, self._rounds().run)
        self._timetable = Timetable(clock, seams.ticker, self._due)
        self._region_series = RegionSeries(metrics, self._permits)
        self._replanning = asyncio.Lock()
        self._on_demand = asyncio.Semaphore(ON_DEMAND)
        self._beginning: set[asyncio.Task[None]] = set()
        self._take(assignment)

    @property
    def ready(self) -> bool:
        """Tell whether there is a catalog to probe from."""
        return self._catalog.ready

    @property
    def targets(self) -> tuple[Target, ...]:
        """Return every target that is probed."""
        return tuple(state.target for state in self._roster)

    @property
    def products(self) -> tuple[Product, ...]:
        """Return every product that is followed."""
        return self._assignment.products

    @property
    def snapshot(self) -> Snapshot:
        """Return the catalog as it is known."""
        return self._catalog.snapshot

    def target(self, key: str) -> Target | None:
        """Return the target called *key*."""
        state = self._roster.get(key)
        return state.target if state else None

    def remember(
        self,
        releases: Mapping[ProductKey, tuple[Release, ...]],
        last_full: Mapping[str, LastFull],
    ) -> None:
        """
        Know what earlier processes did; to be called before ``start``.

        Bytes of *releases* are recognised, and what was read in full is not read again too soon:
        *last_full* goes by the key of the target.
        """
        self._catalog.remember(releases)
        self._roster.last_full = dict(last_full)

    def start(self) -> None:
        """Begin: the catalog is asked at once, and each target probed when it is due."""
        ticker = self._seams.ticker
        ticker.every("slot", SLOT_SECONDS, self._slot)
        ticker.every("budget", BUDGET_SECONDS, self._ration.tick)
        self._uplink.start(ticker)
        self._tick_feeds()
        self._lag.start()
        ticker.start()
        # The first slot is up to a second away, and somebody may be due before it.
        self._timetable.tick()
        self._begin()

    async def refresh(self) -> None:
        """Ask every source once, and plan by what they say."""
        await asyncio.gather(*(self._refresh(product) for product in self.products))

    async def reassign(self, assignment: Assignment) -> None:
        """
        Take another assignment; targets that stay keep schedule, state and counters.

        The sources are asked anew, which is not waited for.
        """
        for feed in self._assignment.feeds:
            self._seams.ticker.forget(_refresh_name(feed.product.key))
        self._assignment = assignment
        self._take(assignment)
        self._tick_feeds()
        await self._replan(self.products)
        # Another budget alone is no other plan.
        self._ration.retarget(self._planner.targets, ())
        self._dispatcher.serve()
        self._begin()

    async def probe_now(
        self, target: Target, depth: Depth | None = None, limits: Limits | None = None
    ) -> Observation:
        """Probe *target* at once, for the caller alone: no sink is told, the bytes are charged."""
        if limits is not None:
            target = replace(target, endpoint=replace(target.endpoint, limits=limits))
        if depth is None:
            small = TargetState.first(target, 0).weight is Weight.SMALL
            depth = Depth.FULL if small else Depth.HEAD
        async with self._on_demand:
            observation = await self._prober.attempt(Probe(target, depth))
        self._ration.settle(target, 0, observation.download.bytes_received, Weight.SMALL)
        return observation

    async def probe_all(self, on_observation: Callable[[Observation], None]) -> tuple[Target, ...]:
        """
        Probe every target once, origins before the copies that wait for them.

        Returns:
            The copies that were not asked, because no origin has their file yet.
        """
        self._lag.start()
        with self._fanout.listening(Listener(on_observation)):
            await self._probe_each([each for each in self._roster if not each.waits_for_origin])
            waiting = [each for each in self._roster if each.waits_for_origin]
            held = [each for each in waiting if self._arrivals.holds(each)]
            for state in held:
                self._dispatcher.skip(state, SkipReason.BEFORE_ORIGIN)
            await self._probe_each([each for each in waiting if each not in held])
        return tuple(state.target for state in held)

    async def drain(self, seconds: float) -> None:
        """Start nothing more, give what is under way *seconds* to end, then cancel it."""
        self._seams.ticker.stop()
        for each in self._beginning:
            each.cancel()
        await asyncio.gather(*self._beginning, return_exceptions=True)
        await self._dispatcher.drain(seconds)
        self._fanout.flush()
        await self._uplink.close()

    def _rounds(self) -> Rounds:
        crew = Crew(
            self._seams.clock,
            self._prober,
            self._diagnosis,
            self._ration,
            self._arrivals,
            self._fanout,
        )
        then = Consequences(
            over_budget=lambda state: self._dispatcher.skip(state, SkipReason.BUDGET),
            ask_full=self._ask_full,
            rearm=lambda state: self._timetable.add((state,)),
        )
        return Rounds(crew, then)

    def _take(self, assignment: Assignment) -> None:
        self._permits.limits = assignment.concurrency
        self._ration.bytes_per_day = assignment.bytes_per_day
        self._prober.auths = assignment.auths
        self._planner.regions = assignment.regions
        self._planner.shard = assignment.shard
        self._uplink.reassign(assignment.regions, assignment.controls)
        self._catalog.reassign(assignment.feeds)
        self._region_series.retarget(assignment.regions)

    def _tick_feeds(self) -> None:
        for feed in self._assignment.feeds:
            action = partial(self._refresh, feed.product)
            name = _refresh_name(feed.product.key)
            self._seams.ticker.every(name, feed.refresh_seconds, action)

    def _begin(self) -> None:
        asking = asyncio.get_running_loop().create_task(self._ask_all())
        self._beginning.add(asking)
        asking.add_done_callback(self._begun)

    async def _ask_all(self) -> None:
        await asyncio.gather(self.refresh(), self._uplink.ask_all())

    def _begun(self, done: asyncio.Task[None]) -> None:
        self._beginning.discard(done)
        if not done.cancelled() and (bug := done.exception()) is not None:
            _log.error("catalog not planned", exc_info=bug)

    async def _slot(self) -> None:
        self._timetable.tick()
        self._region_series.show(self._seams.clock.now().timestamp())

    async def _refresh(self, product: Product) -> None:
        await self._catalog.refresh(product.key)
        snapshot = self._catalog.snapshot
        kept, known = (
            releases.get(product.key, ()) for releases in (snapshot.kept, snapshot.history)
        )
        for sink in self._seams.catalog_sinks:
            sink.listed(product, kept, known)
        await self._replan((product,))

    async def _replan(self, products: tuple[Product, ...]) -> None:
        async with self._replanning:
            known = {product.key: product for product in self.products}
            current = [known[each.key] for each in products if each.key in known]
            gone = self._planner.keep(self.products)
            if await self._planner.plan(current, self._catalog.snapshot) or gone:
                self._retarget()

    def _retarget(self) -> None:
        now, targets = self._seams.clock.now(), self._planner.targets
        now_us = int(now.timestamp() * MICROSECONDS)
        change = self._roster.retarget(targets, now_us)
        self._arrivals.retarget(self.products, self._roster)
        self._diagnosis.retarget(self.products)
        self._ration.retarget(targets, change.went)
        for state in change.came:
            if is_new(state.target.release.published_at, now) and not state.proven:
                state.watch(now_us)
        self._timetable.add((*change.came, *change.moved))
        self._region_series.count(Counter(target.region.name for target in targets))
        # What was seen of a target that goes still belongs to the plan that it was in.
        self._fanout.flush()
        for sink in self._seams.target_sinks:
            sink.retarget(self.products, targets)

    def _due(self, state: TargetState, due: float) -> None:
        if self._arrivals.holds(state):
            self._dispatcher.skip(state, SkipReason.BEFORE_ORIGIN)
        else:
            self._dispatcher.submit(Turn(state, due))

    def _ask_full(self, state: TargetState) -> None:
        now = self._seams.clock.monotonic()
        self._dispatcher.submit(Turn(state, now, Weight.BULK), bounded=False)

    async def _probe_each(self, states: list[TargetState]) -> None:
        for state in states:
            turn = Turn(state, self._seams.clock.monotonic())
            self._dispatcher.submit(turn, bounded=False)
        await self._dispatcher.idle()


def _refresh_name(key: ProductKey) -> str:
    product, channel = key
    return f"refresh {product}/{channel}"
