"""Pages for people, and the same as JSON for programs."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from urllib.parse import quote

from aiohttp import hdrs, web

from probe.domain.gate_record import Record
from probe.domain.schema import TEXT, Schema
from probe.domain.text import clean
from probe.ports import EvidenceUnavailable, NoSuchProduct
from probe.web import answer
from probe.web.openapi import twins
from probe.web.openapi.operation import Operation, Parameter, Reply, Tag, faults, json_of
from probe.web.query import CHANNEL, BadQuery, Whole, parameters
from probe.web.site import Site, Views

HTML = "text/html; charset=utf-8"
TWINS = "/api/v1/pages"

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
# A browser may keep a page, but has to ask whether it is still so.
# What is said with a 304 takes the place of what was said with the page.
_HEADERS: Mapping[str, str] = {
    hdrs.CACHE_CONTROL: "private, no-cache",
    "Content-Security-Policy": _POLICY,
}
_LONGEST = 300
_OFFSET = Whole("offset", "The rows after so many.", 0, 10**7 - 1, 0)
_OF_KPIS = (
    Parameter("product", "The name of a product; the first one if it is left out."),
    CHANNEL,
)

Ask = Callable[[Views], Awaitable[Record | None]]


class _Problem(Exception):
    """What is said instead of a page."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = clean(detail, _LONGEST)


class PageShow:
    """Shows pages; those under ``/api/v1/pages`` are the records that the others are drawn from."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._gallery = site.gallery

    async def overview(self, request: web.Request) -> web.StreamResponse:
        """Show every product."""
        return await self._show(request, "overview", lambda views: views.overview())

    async def product(self, request: web.Request) -> web.StreamResponse:
        """Show one product on one channel."""
        place = request.match_info
        return await self._show(
            request, "product", lambda views: views.train(place["product"], place["channel"])
        )

    async def release(self, request: web.Request) -> web.StreamResponse:
        """Show one release."""
        place = request.match_info
        return await self._show(
            request,
            "release",
            lambda views: views.release(
                place["product"], place["channel"], place["version"], _offset(request)
            ),
        )

    async def incidents(self, request: web.Request) -> web.StreamResponse:
        """Show the incidents of late."""
        return await self._show(
            request, "incidents", lambda views: views.incidents(_offset(request))
        )

    async def incident(self, request: web.Request) -> web.StreamResponse:
        """Show one incident."""
        wanted = request.match_info["id"]
        return await self._show(request, "incident", lambda views: views.incident(wanted))

    async def targets(self, request: web.Request) -> web.StreamResponse:
        """Show the plan."""
        return await self._show(request, "targets", lambda views: views.targets(_offset(request)))

    async def target(self, request: web.Request) -> web.StreamResponse:
        """Show one target."""
        wanted = request.match_info["key"]
        return await self._show(request, "target", lambda views: views.target(wanted))

    async def kpis(self, request: web.Request) -> web.StreamResponse:
        """Show the KPIs of one product."""
        product, channel = (request.query.get(name, "") for name in ("product", "channel"))
        return await self._show(request, "kpis", lambda views: views.kpis(product, channel))

    async def observation(self, request: web.Request) -> web.StreamResponse:
        """Lead to the target of an observation, and on its page to the observation."""
        found = self._site.history.find(request.match_info["id"])
        if found is None:
            return await self._problem(request, _GONE)
        key = quote(found.probe.target.key, safe="")
        raise web.HTTPFound(f"{self._site.base}/targets/{key}#probe-{found.id}")

    async def _show(self, request: web.Request, page: str, ask: Ask) -> web.StreamResponse:
        try:
            if _is_twin(request):
                parameters(request.query, TWIN[page].parameters)
            record = await self._record(ask)
        except BadQuery as fault:
            return await self._problem(request, _Problem(400, "Not possible", str(fault)))
        except _Problem as problem:
            return await self._problem(request, problem)
        tag = _tag(record, self._site.version, "twin" if _is_twin(request) else "page")
        if request.headers.get(hdrs.IF_NONE_MATCH) == tag:
            return web.Response(status=304, headers={hdrs.ETAG: tag, **_HEADERS})
        return await self._send(request, page, record, 200, tag)

    async def _record(self, ask: Ask) -> Record:
        try:
            record = await ask(self._gallery.views)
        except NoSuchProduct as fault:
            raise _Problem(404, "No such product", str(fault)) from None
        except EvidenceUnavailable as fault:
            raise _Problem(503, "The ledger cannot be read", str(fault)) from None
        if record is None:
            raise _NOTHING
        return record

    async def _problem(self, request: web.Request, problem: _Problem) -> web.StreamResponse:
        if _is_twin(request):
            return answer.fault(problem.status, f"{problem.title}: {problem.detail}")
        record: Record = {"section": None, "title": problem.title, "detail": problem.detail}
        return await self._send(request, "problem", record, problem.status, "")

    async def _send(
        self, request: web.Request, page: str, record: Record, status: int, tag: str
    ) -> web.StreamResponse:
        more = dict(_HEADERS)
        if tag:
            more[hdrs.ETAG] = tag
        if _is_twin(request):
            text, kind = await asyncio.to_thread(_json, record), answer.JSON
        else:
            text, kind = await asyncio.to_thread(self._drawn, page, record, _twin(request)), HTML
        body = answer.Body([text], kind, more, status)
        return await answer.send(request, body, self._site.patience_seconds)

    def _drawn(self, page: str, record: Record, twin: str) -> bytes:
        return self._gallery.draw(page, record, twin).encode("utf-8", "replace")


_GONE = _Problem(404, "Not kept any more", "Only the last observations are kept; the log has all.")
_NOTHING = _Problem(404, "Nothing is known of this", "Neither the catalog nor the ledger has it.")


def _is_twin(request: web.Request) -> bool:
    return answer.below_prefix(request).startswith(f"{TWINS}/")


def _twin(request: web.Request) -> str:
    below = answer.below_prefix(request)
    return f"{TWINS}/overview" if below.partition("?")[0] == "/" else TWINS + below


def _offset(request: web.Request) -> int:
    try:
        return _OFFSET.read(request.query)
    except BadQuery:
        # Programs are told what is wrong; people get the beginning.
        if _is_twin(request):
            raise
        return 0


def _tag(record: Record, version: str, form: str) -> str:
    lasting = {name: value for name, value in record.items() if name != "at"}
    text = json.dumps([lasting, version, form], sort_keys=True)
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _json(record: Record) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


_IF_NONE_MATCH = Parameter(hdrs.IF_NONE_MATCH, "The ETag of what is already there.", place="header")
_TAGGED: Mapping[str, Schema] = {hdrs.ETAG: TEXT}
_FAULTS = {
    400: "A parameter that is not known, or cannot be so.",
    503: "There is no ledger, or it cannot be read.",
}
_NONE = {404: "Nothing is known of this."}


def _twin_of(
    schema: Schema, *parameters: Parameter, missing: Mapping[int, str] = MappingProxyType({})
) -> Operation:
    told = replace(json_of(schema, "What the page shows."), headers=_TAGGED)
    kept = Reply("It is still so.", headers=_TAGGED)
    replies = {200: told, 304: kept, **faults({**_FAULTS, **missing})}
    return Operation(Tag.PAGES, replies, (*parameters, _IF_NONE_MATCH))


TWIN: Mapping[str, Operation] = {
    "overview": _twin_of(twins.OVERVIEW),
    "product": _twin_of(twins.PRODUCT, missing=_NONE),
    "release": _twin_of(twins.RELEASE, _OFFSET.parameter, missing=_NONE),
    "incidents": _twin_of(twins.INCIDENTS, _OFFSET.parameter),
    "incident": _twin_of(twins.INCIDENT, missing=_NONE),
    "targets": _twin_of(twins.TARGETS, _OFFSET.parameter),
    "target": _twin_of(twins.TARGET, missing=_NONE),
    "kpis": _twin_of(twins.KPIS, *_OF_KPIS, missing=_NONE),
}
"""What the twin of each page does, by the name of the page."""
