"""Lists from the ledger: incidents of the register, and where releases have come."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from aiohttp import web

from probe.domain.gate_record import SOURCE, Record
from probe.domain.incident_record import (
    INCIDENT_FILTERS,
    INCIDENT_SCHEMA,
    STATES,
    WHOLE_SCHEMA,
    IncidentSearch,
)
from probe.domain.part import Part
from probe.domain.rollout_record import ROLLOUT_SCHEMA
from probe.domain.schema import MOMENT, TEXT, Schema, closed, maybe, part_of
from probe.domain.text import clean
from probe.ports import EvidenceUnavailable, NoSuchProduct
from probe.web import answer
from probe.web.openapi.operation import Operation, Parameter, Tag, faults, json_of
from probe.web.query import CHANNEL, PART, BadQuery, Query, parse_query
from probe.web.site import Answers, Site
from probe.web.verdicts import NOTHING_KEPT

_OPEN, _ = STATES
_SINCE: Schema = {"anyOf": [{"type": "string", "format": "date"}, MOMENT]}
_OF_INCIDENTS = (
    *(Parameter(name, f"Only those of this {name}.") for name in INCIDENT_FILTERS),
    Parameter("state", "Only those that go on, or those that are over.", words=STATES),
    Parameter("since", "A day (UTC) or a moment: what went on then or later.", _SINCE),
    *PART,
)
_OF_ROLLOUTS = (
    Parameter("product", "The name of a product.", {**TEXT, "minLength": 1}, required=True),
    CHANNEL,
    Parameter("version", "Only this release."),
    *PART,
)

Ask = Callable[[Answers], Awaitable[Record | None]]


class Lists:
    """Lists that are filtered and paged, and one incident by its id."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def incidents(self, request: web.Request) -> web.StreamResponse:
        """List incidents, the last that began first."""

        async def ask(answers: Answers) -> Record:
            return await answers.incidents(_search(parse_query(request.query, _OF_INCIDENTS)))

        return await self._answer(request, ask)

    async def incident(self, request: web.Request) -> web.StreamResponse:
        """Show one incident with what is part of it."""
        wanted = request.match_info["id"]
        return await self._answer(request, lambda answers: answers.incident(wanted))

    async def rollouts(self, request: web.Request) -> web.StreamResponse:
        """List where the releases of a product have come, the newest first."""

        async def ask(answers: Answers) -> Record:
            query = parse_query(request.query, _OF_ROLLOUTS)
            product = query.filters.get("product", "")
            if not product:
                raise BadQuery("say of which product: /api/v1/rollouts?product=NAME")
            channel, version = (query.filters.get(name, "") for name in ("channel", "version"))
            return await answers.rollouts(product, channel, version, _part(query))

        return await self._answer(request, ask)

    async def _answer(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        answers = self._site.answers
        if answers is None:
            return answer.fault(503, NOTHING_KEPT)
        try:
            record = await ask(answers)
        except BadQuery as fault:
            return answer.fault(400, str(fault))
        except NoSuchProduct as fault:
            return answer.fault(404, str(fault))
        except EvidenceUnavailable as fault:
            return answer.fault(503, clean(str(fault), 500))
        if record is None:
            return answer.fault(404, "no incident has this id")
        # A thousand rows take longer than the loop that measures can wait.
        body = await asyncio.to_thread(_written, record)
        return await answer.send(
            request, answer.Body([body], answer.JSON), self._site.patience_seconds
        )


def _written(record: Record) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _part(query: Query) -> Part:
    return Part(query.limit, query.offset)


def _search(query: Query) -> IncidentSearch:
    filters = {name: query.filters[name] for name in INCIDENT_FILTERS if name in query.filters}
    state = query.filters.get("state")
    since = _since(query.filters.get("since"))
    return IncidentSearch(filters, None if state is None else state == _OPEN, since, _part(query))


def _since(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        # A day is that of UTC.
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise BadQuery("since is a day or a moment, as in 2026-08-20T12:00:00Z") from None


_BAD = {400: "A parameter that is not known, or cannot be so."}
_UNREAD = {503: "There is no ledger, or it cannot be read."}
INCIDENTS = Operation(
    Tag.INCIDENTS,
    {200: json_of(part_of("incidents", INCIDENT_SCHEMA)), **faults(_BAD | _UNREAD)},
    _OF_INCIDENTS,
)
INCIDENT = Operation(
    Tag.INCIDENTS,
    {200: json_of(WHOLE_SCHEMA), **faults({404: "No incident has this id."} | _UNREAD)},
)
_RELEASE = closed(
    {
        "product": TEXT,
        "channel": TEXT,
        "version": TEXT,
        "asset": ROLLOUT_SCHEMA,
        "pointer": maybe(ROLLOUT_SCHEMA),
    }
)
ROLLOUTS = Operation(
    Tag.RELEASES,
    {
        200: json_of(part_of("rollouts", _RELEASE, {"source": SOURCE})),
        **faults(_BAD | {404: "No product is meant, or several could be."} | _UNREAD),
    },
    _OF_ROLLOUTS,
)
