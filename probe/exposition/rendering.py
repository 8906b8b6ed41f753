"""Rendering for a scraper, while the same loop goes on measuring."""

import asyncio
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.exposition import choose_encoder

from probe.exposition.negotiation import Format, accepts_gzip, choose_format
from probe.exposition.store import SeriesStore
from probe.ports import Clock, Rendered

_GZIP_WINDOW = 31
# Level 1 is a third of the CPU of the usual 6 for a tenth more bytes: CPU is what probes need.
_GZIP_LEVEL = 1
# So that whoever scrapes without pause takes a fifth of the loop's time at most.
_GOOD_FOR = 4
_END = b"# EOF\n"


class _Wanted(NamedTuple):
    format: Format
    gzip: bool
    names: frozenset[str]


@dataclass(slots=True)
class _Shared:
    """What is being rendered, or was: for others who ask before ``good_until``."""

    task: asyncio.Task[Rendered]
    good_until: float = inf


class Exposer:
    """
    Renders a store and this process's own figures.

    The store is rendered on the loop, since only the loop may read it, in pieces of half a
    millisecond; reading ``/proc`` and compressing are done in one thread. Scrapers that ask for
    the same while it is being rendered share it, and so do those that come soon after: it is good
    for four times as long as it took. One is rendered at a time.
    """

    def __init__(self, store: SeriesStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._own = own_registry()
        self._shared: dict[_Wanted, _Shared] = {}
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="exposition")

    async def render(
        self, accept: str = "", accept_encoding: str = "", names: frozenset[str] = frozenset()
    ) -> Rendered:
        """Return the families that *names* name, or all, in the form that is asked for."""
        wanted = _Wanted(choose_format(accept), accepts_gzip(accept_encoding), names)
        now = self._clock.monotonic()
        self._shared = {key: each for key, each in self._shared.items() if now < each.good_until}
        shared = self._shared.get(wanted)
        if shared is None:
            shared = self._shared[wanted] = _Shared(asyncio.create_task(self._render(wanted)))
        # One scraper that hangs up must not take the others' answer with it.
        return await asyncio.shield(shared.task)

    async def close(self) -> None:
        """Let go of the thread, after what is being rendered."""
        await asyncio.gather(*(each.task for each in self._shared.values()), return_exceptions=True)
        self._thread.shutdown(wait=True)

    async def _render(self, wanted: _Wanted) -> Rendered:
        good_until = 0.0
        try:
            async with self._turn:
                begun = self._clock.monotonic()
                rendered = await self._rendered(wanted)
                ended = self._clock.monotonic()
                good_until = ended + _GOOD_FOR * (ended - begun)
            return rendered
        finally:
            if (shared := self._shared.get(wanted)) is not None:
                shared.good_until = good_until

    async def _rendered(self, wanted: _Wanted) -> Rendered:
        loop = asyncio.get_running_loop()
        openmetrics = wanted.format is Format.OPENMETRICS
        chunks = []
        for piece in self._store.slices(wanted.names, openmetrics=openmetrics):
            chunks.append(piece)
            await asyncio.sleep(0)
        chunks.append(
            await loop.run_in_executor(
                self._thread, own_text, self._own, wanted.format, wanted.names
            )
        )
        if wanted.gzip:
            chunks = await loop.run_in_executor(self._thread, compressed, chunks)
        return Rendered(wanted.format, tuple(chunks), "gzip" if wanted.gzip else "")


def own_registry() -> CollectorRegistry:
    """Return a registry of what prometheus_client knows of this process."""
    registry = CollectorRegistry(auto_describe=True)
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


def own_text(registry: CollectorRegistry, format: Format, names: frozenset[str]) -> bytes:  # noqa: A002 - what the formats are called
    """Return the registry's text; it ends the exposition (``# EOF`` in OpenMetrics)."""
    encode, _ = choose_encoder(format)
    return encode(registry.restricted_registry(list(names)) if names else registry)


def compressed(chunks: Sequence[bytes]) -> list[bytes]:
    """Return *chunks* as one gzip member; zlib lets other threads run meanwhile."""
    squeeze = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
    pieces = [squeeze.compress(chunk) for chunk in chunks]
    return [piece for piece in (*pieces, squeeze.flush()) if piece]
