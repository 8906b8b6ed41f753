"""``/api/v1``: the plan and the last observations, as JSON."""

import asyncio
import json
from collections.abc import Callable, Iterable
from typing import TypeVar

from aiohttp import web

from probe.domain.observation import Observation
from probe.domain.record import Record, as_page, verdict_word
from probe.domain.target import Target
from probe.logs.redaction import shown
from probe.web import answer
from probe.web.query import BadQuery, Query, parse_query
from probe.web.site import Site

_Item = TypeVar("_Item")

# Pauses, so that a long list never holds the loop for more than a few milliseconds.
_ROWS_AT_ONCE = 50
_LOOKS_AT_ONCE = 1000

_HISTORY = 1_000_000

_TARGET_FILTERS: dict[str, Callable[[Target], str]] = {
    "product": lambda target: target.product,
    "channel": lambda target: target.release.channel,
    "version": lambda target: target.release.version,
    "artifact": lambda target: target.artifact.name,
    "endpoint": lambda target: target.endpoint.name,
    "region": lambda target: target.region.name,
    "target": lambda target: target.key,
}
_OBSERVATION_FILTERS: dict[str, Callable[[Observation], str]] = {
    "verdict": verdict_word,
    "reason": lambda observation: observation.failure.reason if observation.failure else "",
    "depth": lambda observation: observation.probe.depth,
}


class Api:
    """Lists that are filtered and paged, and one observation by its id."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def targets(self, request: web.Request) -> web.StreamResponse:
        """List what is probed, each with its last observation if that is still kept."""
        try:
            query = parse_query(request.query, frozenset(_TARGET_FILTERS))
        except BadQuery as fault:
            return answer.fault(400, str(fault))
        matching = await _matching(self._site.status.targets(), _wanted_target(query))
        last: dict[str, Observation] = {}
        for observation in self._site.history.latest(_HISTORY):
            last.setdefault(observation.probe.target.key, observation)
        return await self._page(
            request,
            query,
            matching,
            "targets",
            lambda target: target_row(target, last.get(target.key)),
        )

    async def observations(self, request: web.Request) -> web.StreamResponse:
        """List what was observed, newest first."""
        try:
            query = parse_query(request.query, frozenset(_TARGET_FILTERS | _OBSERVATION_FILTERS))
        except BadQuery as fault:
            return answer.fault(400, str(fault))
        matching = self._site.history.latest(_HISTORY, _wanted_observation(query))
        return await self._page(request, query, list(matching), "observations", as_page)

    async def observation(self, request: web.Request) -> web.StreamResponse:
        """Show one observation."""
        found = self._site.history.find(request.match_info["id"])
        if found is None:
            return answer.fault(404, "no observation of this id is kept")
        return await self._send(request, [_dumps(as_page(found)), b"\n"])

    async def _page(
        self,
        request: web.Request,
        query: Query,
        items: list[_Item],
        name: str,
        row: Callable[[_Item], Record],
    ) -> web.StreamResponse:
        page = items[query.offset : query.offset + query.limit]
        head = {"total": len(items), "limit": query.limit, "offset": query.offset}
        chunks = [_dumps(head)[:-1], f', "{name}": ['.encode()]
        for number, item in enumerate(page):
            chunks.append((b",\n" if number else b"\n") + _dumps(row(item)))
            if number % _ROWS_AT_ONCE == _ROWS_AT_ONCE - 1:
                await asyncio.sleep(0)
        return await self._send(request, [b"".join([*chunks, b"\n]}\n"])])

    async def _send(self, request: web.Request, chunks: list[bytes]) -> web.StreamResponse:
        return await answer.send(
            request, answer.Body(chunks, answer.JSON), self._site.patience_seconds
        )


def target_row(target: Target, last: Observation | None) -> Record:
    """Return one target as the API shows it; ``last`` is what was seen of it most recently."""
    return {
        "target": target.key,
        "product": target.product,
        "channel": target.release.channel,
        "version": target.release.version,
        "artifact": target.artifact.name,
        "platform": str(target.artifact.platform) if target.artifact.platform else None,
        "size_bytes": target.artifact.size_bytes,
        "digests": [str(digest) for digest in target.artifact.digests],
        "endpoint": target.endpoint.name,
        "endpoint_kind": target.endpoint.kind.value,
        "region": target.region.name,
        "address": target.address or None,
        "url": shown(target.url),
        "interval_seconds": target.endpoint.interval_seconds,
        "last": last
        and {
            "id": last.id,
            "verdict": verdict_word(last),
            "reason": last.failure.reason.value if last.failure else None,
            "depth": last.probe.depth.value,
            "started_at": last.started_at.isoformat(timespec="milliseconds"),
        },
    }


async def _matching(items: Iterable[_Item], wanted: Callable[[_Item], bool]) -> list[_Item]:
    matching = []
    for number, item in enumerate(items, 1):
        if wanted(item):
            matching.append(item)
        if number % _LOOKS_AT_ONCE == 0:
            await asyncio.sleep(0)
    return matching


def _wanted_target(query: Query) -> Callable[[Target], bool]:
    wanted = [
        (_TARGET_FILTERS[name], value)
        for name, value in query.filters.items()
        if name in _TARGET_FILTERS
    ]
    return lambda target: all(of(target) == value for of, value in wanted)


def _wanted_observation(query: Query) -> Callable[[Observation], bool]:
    of_target = _wanted_target(query)
    wanted = [
        (of, query.filters[name])
        for name, of in _OBSERVATION_FILTERS.items()
        if name in query.filters
    ]
    return lambda observation: (
        all(of(observation) == value for of, value in wanted)
        and of_target(observation.probe.target)
    )


def _dumps(row: Record | dict[str, int]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "replace")
