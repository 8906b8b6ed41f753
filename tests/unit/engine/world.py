"""An engine on fakes: what the tests of its parts share."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from probe.domain.artifact import Release
from probe.domain.observation import Inconclusive, Observation, Passed
from probe.domain.target import Product, Region, Target
from probe.engine.assignment import Assignment, Seams
from probe.engine.engine import Engine
from probe.engine.refresh import Feed
from probe.ports import CatalogError
from tests.builders import a_product, a_release
from tests.fakes.clock import FakeClock
from tests.fakes.fetcher import FakeFetcher
from tests.fakes.metrics import FakeMetrics
from tests.fakes.ticker import FakeTicker

EU = Region("eu-west-1")


class FakeSource:
    """Lists *listed*, or raises it."""

    def __init__(self, *releases: Release) -> None:
        self.listed: Sequence[Release] | Exception = releases
        self.asked = 0

    async def releases(self) -> Sequence[Release]:
        self.asked += 1
        if isinstance(self.listed, Exception):
            raise self.listed
        return self.listed

    def fail(self) -> None:
        self.listed = CatalogError("line 1: no JSON")


class FakeResolver:
    """Knows the addresses of names; a name it does not know does not resolve."""

    def __init__(self, **names: tuple[str, ...]) -> None:
        self.names = {name.replace("_", "."): found for name, found in names.items()}

    async def addresses(self, host: str, egress: object) -> tuple[str, ...]:
        if host not in self.names:
            raise OSError(host)
        return self.names[host]


class FakeSink:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.observations: list[Observation] = []
        self.plans: list[tuple[str, ...]] = []

    def record(self, observation: Observation) -> None:
        self.observations.append(observation)

    def retarget(self, products: Sequence[Product], targets: Sequence[Target]) -> None:
        self.plans.append(tuple(target.key for target in targets))

    def said(self) -> list[str]:
        """What was observed: the depth, and the reason where there was one."""
        return [told(each) for each in self.observations]


def told(observation: Observation) -> str:
    depth = observation.probe.depth.value
    match observation.verdict:
        case Passed():
            return f"{depth} passed"
        case Inconclusive(failure):
            return f"{depth} inconclusive {failure.reason}"
        case failed:
            return f"{depth} failed {failed.failure.reason}"


@dataclass
class World:
    """An engine, with all it is given."""

    source: FakeSource = field(default_factory=lambda: FakeSource(a_release()))
    product: Product = field(default_factory=a_product)
    clock: FakeClock = field(default_factory=FakeClock)
    metrics: FakeMetrics = field(default_factory=FakeMetrics)
    fetcher: FakeFetcher = field(default_factory=FakeFetcher)
    resolver: FakeResolver = field(default_factory=FakeResolver)
    sink: FakeSink = field(default_factory=FakeSink)

    def __post_init__(self) -> None:
        self.ticker = FakeTicker(self.clock)

    def assignment(self, **fields: object) -> Assignment:
        feeds = fields.pop("feeds", (Feed(self.product, self.source, "manifest", 300.0),))
        regions = fields.pop("regions", (EU,))
        return Assignment(feeds=feeds, regions=regions, **fields)  # type: ignore[arg-type]

    def engine(self, **fields: object) -> Engine:
        seams = Seams(
            fetcher=self.fetcher,
            resolver=self.resolver,
            clock=self.clock,
            metrics=self.metrics,
            ticker=self.ticker,
            sinks=(self.sink,),
            target_sinks=(self.sink,),
        )
        return Engine(seams, self.assignment(**fields))
