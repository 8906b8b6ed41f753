"""A mirror: a server of its own that copies what its origin's manifest lists."""

import json
from datetime import datetime

import aiohttp

from probe.demo.site import Shelf

POINTER = "/latest.txt"
MANIFEST = "/manifest.json"


class Mirror:
    """Copies from *origin* into *shelf*; a paused mirror lags behind."""

    def __init__(self, origin: str, shelf: Shelf, session: aiohttp.ClientSession) -> None:
        self._origin = origin
        self._shelf = shelf
        self._session = session
        self.paused = False

    async def sync(self) -> None:
        """Copy every file that is missing, then the pointer; nothing while paused."""
        if self.paused:
            return
        listed = json.loads(await self._read(MANIFEST))
        for release in listed["releases"]:
            modified_at = datetime.fromisoformat(release["published_at"])
            for asset in release["assets"]:
                path = f"/{release['version']}/{asset['name']}"
                if path not in self._shelf:
                    self._shelf.put(path, await self._read(path), modified_at)
        newest = datetime.fromisoformat(listed["releases"][0]["published_at"])
        self._shelf.put(POINTER, await self._read(POINTER), newest)

    async def _read(self, path: str) -> bytes:
        async with self._session.get(self._origin + path, raise_for_status=True) as response:
            return await response.read()
