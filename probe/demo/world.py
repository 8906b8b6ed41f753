"""The demo's world: an origin, a CDN, two mirrors, and what can go wrong with them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import aiohttp

from probe.demo.cache import Cache
from probe.demo.mirror import MANIFEST, POINTER, Mirror
from probe.demo.release import BEFORE, LATEST, OLDEST, PackedRelease, manifest, pack
from probe.demo.script import CDN, ENDPOINTS, MIRROR_EU, MIRROR_US, ORIGIN, Fault, Trouble, older
from probe.demo.site import Quirk, Shelf, Site
from probe.ports import Clock

ALIVE = "/alive.txt"
CONTROL = "control"

_AGES = {OLDEST: timedelta(days=40), BEFORE: timedelta(days=12), LATEST: timedelta()}
_QUIRKS = {
    Trouble.FLIP: Quirk.FLIP,
    Trouble.CRAWL: Quirk.CRAWL,
    Trouble.CUT: Quirk.CUT,
    Trouble.PAGE: Quirk.PAGE,
    Trouble.BROKEN: Quirk.BROKEN,
}


@asynccontextmanager
async def open_world(clock: Clock) -> AsyncIterator["World"]:
    """Pack the releases and start the servers, each on a loopback port of its own."""
    packed = await asyncio.to_thread(_pack_all, clock)
    shelves = {name: Shelf() for name in (ORIGIN, MIRROR_EU, MIRROR_US, CONTROL)}
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(
            aiohttp.ClientSession(auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar())
        )
        sites = {
            name: await stack.enter_async_context(Site(shelf.find, clock))
            for name, shelf in shelves.items()
        }
        origin = sites[ORIGIN].url
        cache = Cache(origin, session, clock)
        sites[CDN] = await stack.enter_async_context(Site(cache.find, clock))
        mirrors = {name: Mirror(origin, shelves[name], session) for name in (MIRROR_EU, MIRROR_US)}
        shelves[CONTROL].put(ALIVE, b"alive\n", clock.now())
        world = World(clock, session, packed, shelves[ORIGIN], sites, cache, mirrors)
        for version in (OLDEST, BEFORE):
            await world.publish(version)
        yield world


def _pack_all(clock: Clock) -> dict[str, PackedRelease]:
    return {version: pack(version, clock.now() - age) for version, age in _AGES.items()}


@dataclass(frozen=True)
class World:
    """Servers that run, as ``open_world`` gives them."""

    clock: Clock
    session: aiohttp.ClientSession
    packed: Mapping[str, PackedRelease]
    shelf: Shelf
    sites: Mapping[str, Site]
    cache: Cache
    mirrors: Mapping[str, Mirror]
    published: list[PackedRelease] = field(default_factory=list)

    @property
    def urls(self) -> dict[str, str]:
        """Return the base URL of every endpoint by name."""
        return {name: self.sites[name].url for name in ENDPOINTS}

    @property
    def manifest_url(self) -> str:
        """Return where the origin lists its releases (delivery-manifest/v1)."""
        return self.sites[ORIGIN].url + MANIFEST

    @property
    def control_url(self) -> str:
        """Return a URL that answers whatever the script does."""
        return self.sites[CONTROL].url + ALIVE

    async def publish(self, version: str) -> None:
        """Publish a release at the origin, and let the mirrors that are not paused copy it."""
        packed = self.packed[version]
        published_at = self.clock.now() - _AGES[version]
        release = replace(packed.release, published_at=published_at)
        self.published.append(replace(packed, release=release))
        # Files first, then what points to them: nobody is told of a file that is not there.
        for name, body in packed.bodies.items():
            self.shelf.put(f"/{version}/{name}", body, published_at)
        listed = manifest([each.release for each in self.published])
        self.shelf.put(MANIFEST, listed, published_at)
        self.shelf.put(POINTER, f"{version}\n".encode(), published_at)
        for mirror in self.mirrors.values():
            await mirror.sync()

    async def inject(self, fault: Fault) -> None:
        """Begin a trouble."""
        site = self.sites[fault.endpoint]
        for path in _paths(fault):
            match fault.trouble:
                case Trouble.LAG:
                    self.mirrors[fault.endpoint].paused = True
                case Trouble.EARLY_404:
                    async with self.session.get(site.url + path):
                        pass
                case Trouble.OLD_BYTES:
                    site.rewrite(path, older(path))
                case quirky:
                    site.misbehave(path, _QUIRKS[quirky])

    async def repair(self, fault: Fault) -> None:
        """End a trouble."""
        for path in _paths(fault):
            self.sites[fault.endpoint].behave(path)
            if fault.trouble is Trouble.EARLY_404:
                self.cache.purge(path)
        if fault.trouble is Trouble.LAG:
            self.mirrors[fault.endpoint].paused = False
            await self.mirrors[fault.endpoint].sync()


def _paths(fault: Fault) -> list[str]:
    return [f"/{fault.version}/{name}" for name in fault.artifacts]
