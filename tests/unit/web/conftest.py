"""A site of fakes behind the real server, and a real client in front."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import aiohttp
import pytest

from probe.domain.observation import Observation
from probe.domain.target import Probe, Target
from probe.exposition import Exposer, SeriesStore, render_one
from probe.sinks import HistorySink
from probe.web import Admission, Entrance, Pages, Serving, Site, serve
from tests.builders import a_target, an_observation
from tests.fakes.clock import FakeClock


@dataclass
class FakeStatus:
    is_ready: bool = True
    planned: tuple[Target, ...] = ()

    def ready(self) -> bool:
        return self.is_ready

    def regions(self) -> list[str]:
        return ["eu-west-1", "<us-east-1>"]

    def targets(self) -> tuple[Target, ...]:
        return self.planned


@dataclass
class World:
    """Everything behind the pages, to be looked at and changed by a test."""

    status: FakeStatus = field(default_factory=lambda: FakeStatus(planned=(a_target(),)))
    store: SeriesStore = field(default_factory=lambda: SeriesStore(FakeClock()))
    history: HistorySink = field(default_factory=HistorySink)
    faults: tuple[str, ...] = ()
    reloads: int = 0
    probes: list[Probe] = field(default_factory=list)
    observe: Callable[[Probe], Awaitable[Observation]] | None = None

    async def probe(self, probe: Probe) -> Observation:
        self.probes.append(probe)
        return await self.observe(probe) if self.observe else an_observation(probe=probe)

    async def reload(self) -> tuple[str, ...]:
        self.reloads += 1
        return self.faults

    def site(self, **fields: object) -> Site:
        parts: dict[str, object] = {
            "version": "1.2.3",
            "status": self.status,
            "exposition": Exposer(self.store, FakeClock()),
            "history": self.history,
            "on_demand": self.probe,
            "render_one": lambda seen, accept: render_one(seen, accept, FakeClock()),
            "reload": self.reload,
        }
        return Site(**{**parts, **fields})  # type: ignore[arg-type]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def start(world: World) -> AsyncIterator[Callable[..., Awaitable[Serving]]]:
    """Start servers that end with the test."""
    async with AsyncExitStack() as stack:

        async def start(
            connections: int = 256,
            admission: Admission | None = None,
            tls: ssl.SSLContext | None = None,
            pages: Pages = Pages.ALL,
            prefix: str = "",
            **fields: object,
        ) -> Serving:
            site = world.site(**fields)
            if isinstance(site.exposition, Exposer):
                stack.push_async_callback(site.exposition.close)
            if admission is not None:
                stack.callback(admission.close)
            entrance = Entrance("127.0.0.1", 0, pages, prefix, tls, connections)
            serving = await serve(site, entrance, admission)
            stack.push_async_callback(serving.stop)
            return serving

        yield start


@pytest.fixture
async def client(start) -> AsyncIterator[aiohttp.ClientSession]:
    serving = await start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{serving.port}") as session:
        yield session
