"""``/api/v1``: the plan and the last observations, as JSON."""

import asyncio
import json
from collections.abc import Callable, Iterable
from typing import TypeVar

from aiohttp import web

from probe.domain.failure import FailureReason
from probe.domain.observation import Observation
from probe.domain.record import OBSERVATION_SCHEMA, VERDICTS, Record, as_page, verdict_word
from probe.domain.schema import COUNT, MOMENT, NUMBER, TEXT, choice, closed, list_of, maybe, part_of
from probe.domain.target import Depth, EndpointKind, Target
from probe.logs.redaction import shown
from probe.web import answer
from probe.web.openapi.operation import Operation, Parameter, Tag, faults, json_of
from probe.web.query import PART, BadQuery, Query, parse_query
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
_WORDS = {"verdict": VERDICTS, "reason": tuple(FailureReason), "depth": tuple(Depth)}


def _parameters(*names: str) -> tuple[Parameter, ...]:
    filters = (
        Parameter(name, f"Only those of this {name}.", words=_WORDS.get(name, ())) for name in names
    )
    return (*filters, *PART)


_OF_TARGETS = _parameters(*_TARGET_FILTERS)
_OF_OBSERVATIONS = _parameters(*_TARGET_FILTERS, *_OBSERVATION_FILTERS)


class Api:
    """Lists that are filtered and paged, and one observation by its id."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def targets(self, request: web.Request) -> web.StreamResponse:
        """List what is probed, each with its last observation if that is still kept."""
        try:
            query = parse_query(request.query, _OF_TARGETS)
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
            query = parse_query(request.query, _OF_OBSERVATIONS)
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


TARGET_SCHEMA = closed(
    {
        "target": TEXT,
        "product": TEXT,
        "channel": TEXT,
        "version": TEXT,
        "artifact": TEXT,
        "platform": maybe(TEXT),
        "size_bytes": maybe(COUNT),
        "digests": list_of(TEXT),
        "endpoint": TEXT,
        "endpoint_kind": choice(EndpointKind),
        "region": TEXT,
        "address": maybe(TEXT),
        "url": TEXT,
        "interval_seconds": NUMBER,
        "last": maybe(
            closed(
                {
                    "id": TEXT,
                    "verdict": choice(VERDICTS),
                    "reason": maybe(choice(FailureReason)),
                    "depth": choice(Depth),
                    "started_at": MOMENT,
                }
            )
        ),
    }
)

_BAD = {400: "A parameter that is not known, or cannot be so."}
TARGETS = Operation(
    Tag.PROBES, {200: json_of(part_of("targets", TARGET_SCHEMA)), **faults(_BAD)}, _OF_TARGETS
)
OBSERVATIONS = Operation(
    Tag.PROBES,
    {200: json_of(part_of("observations", OBSERVATION_SCHEMA)), **faults(_BAD)},
    _OF_OBSERVATIONS,
)
OBSERVATION = Operation(
    Tag.PROBES,
    {200: json_of(OBSERVATION_SCHEMA), **faults({404: "No observation of this id is kept."})},
)
