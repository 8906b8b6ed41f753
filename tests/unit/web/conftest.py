"""A site of fakes behind the real server, and a real client in front."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import aiohttp
import pytest

from probe.domain.gate_record import Record
from probe.domain.observation import Observation
from probe.domain.target import Probe, Target
from probe.exposition import Exposer, SeriesStore, render_one
from probe.sinks import HistorySink
from probe.web import Admission, Entrance, Gallery, Pages, Serving, Site, serve
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


class FakeViews:
    """Says what it was asked for; ``said`` is part of every record."""

    def __init__(self) -> None:
        self.said: object = "something"
        self.fault: Exception | None = None
        self.at = 0

    def _record(self, *asked: object) -> dict[str, object]:
        if self.fault is not None:
            raise self.fault
        self.at += 1
        return {"at": str(self.at), "asked": list(asked), "said": self.said}

    async def overview(self):
        return self._record("overview")

    async def train(self, product, channel):
        return self._record("train", product, channel)

    async def release(self, product, channel, version, offset):
        return self._record("release", product, channel, version, offset)

    async def incidents(self, offset):
        return self._record("incidents", offset)

    async def incident(self, id):
        return None if id == "none" else self._record("incident", id)

    async def targets(self, offset):
        return self._record("targets", offset)

    async def target(self, key):
        return self._record("target", key)

    async def kpis(self, product, channel):
        return self._record("kpis", product, channel)


@dataclass(frozen=True)
class FakeSheet:
    html: str
    policy: str = "default-src 'none'; style-src 'sha256-abc'"


class FakeAsset:
    name = "style.0123.css"
    content_type = "text/css; charset=utf-8"
    body = b"body{}"


@dataclass
class World:
    """Everything behind the pages, to be looked at and changed by a test."""

    status: FakeStatus = field(default_factory=lambda: FakeStatus(planned=(a_target(),)))
    store: SeriesStore = field(default_factory=lambda: SeriesStore(FakeClock()))
    history: HistorySink = field(default_factory=HistorySink)
    faults: tuple[str, ...] = ()
    reloads: int = 0
    probes: list[Probe] = field(default_factory=list)
    views: FakeViews = field(default_factory=FakeViews)
    observe: Callable[[Probe], Awaitable[Observation]] | None = None

    async def probe(self, probe: Probe) -> Observation:
        self.probes.append(probe)
        return await self.observe(probe) if self.observe else an_observation(probe=probe)

    async def reload(self) -> tuple[str, ...]:
        self.reloads += 1
        return self.faults

    def draw(self, page: str, record: Record, twin: str) -> str:
        return f"{page} {record.get('asked', record.get('title'))} {twin}"

    def sheet(self, record: Record, twin: str) -> FakeSheet:
        return FakeSheet(f"<p>{record} {twin}")

    def site(self, **fields: object) -> Site:
        parts: dict[str, object] = {
            "version": "1.2.3",
            "status": self.status,
            "exposition": Exposer(self.store, FakeClock()),
            "history": self.history,
            "on_demand": self.probe,
            "render_one": lambda seen, accept: render_one(seen, accept, FakeClock()),
            "reload": self.reload,
            "gallery": Gallery(self.views, self.draw, (FakeAsset(),), self.sheet),
        }
        return Site(**{**parts, **fields})  # type: ignore[arg-type]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def views(world: World) -> FakeViews:
    return world.views


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
