"""What may be written: approvals, alerts, incidents, overrides; only with the configured token."""

import asyncio
import hmac
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import structlog
from aiohttp import hdrs, web
from pydantic import TypeAdapter

from probe.domain.evidence import DetectedBy, IncidentRecord
from probe.domain.schema import COUNT, MOMENT, TEXT, Schema, by_word, choice, closed, maybe
from probe.domain.text import clean
from probe.domain.told import Told, Unfit
from probe.kpi.review_record import REVIEW_SCHEMA
from probe.ports import EvidenceUnavailable, NoSuchProduct, SecretUnavailable
from probe.web import answer
from probe.web.bodies import (
    APPROVAL,
    INCIDENT,
    OVERRIDE,
    REVIEW,
    WEBHOOK,
    Malformed,
    ReportBody,
    read_body,
)
from probe.web.openapi.operation import Operation, Parameter, Reply, Tag, faults, json_of
from probe.web.query import CHANNEL, BadQuery, parameters
from probe.web.site import Site, Writing

MAX_BYTES = 64 * 1024
# A webhook has all alerts of a group.
MAX_WEBHOOK_BYTES = 2 * 1024 * 1024

_VERSION_LENGTH = 100
_FAULT_LENGTH = 500

_log = structlog.get_logger(__name__)

_OFF = "nothing can be written here: no token is configured (api: {token: {env: NAME}})"

Take = Callable[[Writing, bytes], Awaitable[dict[str, object]]]


class _Refused(Exception):
    def __init__(self, response: web.Response) -> None:
        super().__init__(response.status)
        self.response = response


class Telling:
    """The pages that take something in."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def approval(self, request: web.Request) -> web.StreamResponse:
        """Take the approval of a release."""
        return await self._take(request, MAX_BYTES, _approval)

    async def alertmanager(self, request: web.Request) -> web.StreamResponse:
        """Take a webhook of Alertmanager."""
        return await self._take_for_all(request, MAX_WEBHOOK_BYTES, _alerts)

    async def incident(self, request: web.Request) -> web.StreamResponse:
        """Take the report of a user, or a post-mortem."""
        return await self._take_for_all(request, MAX_BYTES, _incident)

    async def review(self, request: web.Request) -> web.StreamResponse:
        """Take in that the KPIs of a product were reviewed."""
        return await self._take_for_all(request, MAX_BYTES, _review)

    async def override(self, request: web.Request) -> web.StreamResponse:
        """Take the word of somebody that a release may go on although a gate says no."""

        async def told(writing: Writing, body: bytes) -> dict[str, object]:
            channel = parameters(request.query, [CHANNEL]).get("channel", "")
            product, version = request.match_info["product"], request.match_info["version"]
            if clean(version, _VERSION_LENGTH) != version:
                raise NoSuchProduct("no release has such a version")
            said = read_body(OVERRIDE, body)
            word = said.told(product, channel, version, writing.clock.now())
            return await writing.decisions.override(word)

        return await self._take_for_all(request, MAX_BYTES, told)

    async def _take_for_all(
        self, request: web.Request, limit: int, told: Take
    ) -> web.StreamResponse:
        """Take what is of no one region, unless another process does."""
        role = self._site.role
        if role.controls:
            return await self._take(request, limit, told)
        return answer.fault(403, f"this process has the role {role}: tell it to the one in control")

    async def _take(self, request: web.Request, limit: int, told: Take) -> web.StreamResponse:
        try:
            writing = self._admit(request)
            body = await self._body(request, limit)
            return _json(200, await told(writing, body))
        except _Refused as refused:
            return refused.response
        except Malformed as malformed:
            return _json(400, {"error": "the body is not right", "faults": malformed.faults})
        except BadQuery as fault:
            return answer.fault(400, str(fault))
        except NoSuchProduct as fault:
            return answer.fault(404, str(fault))
        except Unfit as unfit:
            return answer.fault(409, clean(str(unfit), _FAULT_LENGTH))
        except EvidenceUnavailable as fault:
            return answer.fault(503, clean(str(fault), _FAULT_LENGTH))

    def _admit(self, request: web.Request) -> Writing:
        writing = self._site.writing
        if writing is None:
            raise _Refused(answer.fault(403, _OFF))
        try:
            token = writing.token()
        except SecretUnavailable as unavailable:
            _log.error("token not read", fault=clean(str(unavailable), 200))
            raise _Refused(answer.fault(503, "the token cannot be read")) from None
        scheme, _, given = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        # Bytes, because text beyond ASCII cannot be compared in constant time.
        same = hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.encode())
        if scheme.lower() != "bearer" or not same:
            refusal = answer.fault(401, "a bearer token is needed, and this is not it")
            refusal.headers[hdrs.WWW_AUTHENTICATE] = 'Bearer realm="delivery-probe"'
            raise _Refused(refusal)
        return writing

    async def _body(self, request: web.Request, limit: int) -> bytes:
        # A form of another site could send text, but no JSON.
        if request.content_type != "application/json":
            raise _Refused(answer.fault(415, "the body is application/json"))
        body = bytearray()
        try:
            async with asyncio.timeout(self._site.patience_seconds):
                while piece := await request.content.readany():
                    body += piece
                    if len(body) > limit:
                        raise _Refused(answer.fault(413, f"the body is longer than {limit} bytes"))
        except TimeoutError:
            raise _Refused(answer.fault(408, "the body did not come in time")) from None
        return bytes(body)


async def _approval(writing: Writing, body: bytes) -> dict[str, object]:
    approval = read_body(APPROVAL, body).told(writing.clock.now())
    outcome = await writing.reception.approve(approval)
    return {"id": approval.id, "outcome": outcome.value, "at": approval.at.isoformat()}


async def _alerts(writing: Writing, body: bytes) -> dict[str, object]:
    webhook = read_body(WEBHOOK, body)
    now = writing.clock.now()
    # One after the other: the second of two about one outage is part of the first.
    outcomes = [await writing.reception.alert(each.told(now)) for each in webhook.alerts]
    return {outcome.value: count for outcome, count in sorted(Counter(outcomes).items())}


async def _incident(writing: Writing, body: bytes) -> dict[str, object]:
    told = read_body(INCIDENT, body)
    if isinstance(told, ReportBody):
        return _row(await writing.reception.report(told.told(writing.clock.now())))
    return _row(await writing.reception.post_mortem(told.told()))


async def _review(writing: Writing, body: bytes) -> dict[str, object]:
    told = read_body(REVIEW, body)
    return await writing.decisions.review(told.product, told.channel, told.who, told.note)


def _row(incident: IncidentRecord) -> dict[str, object]:
    return {
        "id": incident.id,
        "part_of": incident.joined or None,
        "repeats": incident.recurs or None,
        "class": incident.incident_class,
        "onset_at": incident.onset_at.isoformat(),
        "detected_at": incident.detected_at.isoformat(),
        "detected_by": incident.detected_by.value,
        "restored_at": incident.restored_at.isoformat() if incident.restored_at else None,
    }


def _json(status: int, told: dict[str, object]) -> web.Response:
    body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    return web.Response(status=status, body=body, headers={hdrs.CONTENT_TYPE: answer.JSON})


_CHALLENGE: Mapping[str, Schema] = {hdrs.WWW_AUTHENTICATE: TEXT}
_REFUSALS = faults(
    {
        400: "The body, or a parameter, is not right; every fault of a body is named.",
        403: "Nothing can be written here: no token is configured, or another process takes this.",
        408: "The body did not come in time.",
        413: "The body is too long.",
        415: "The body is application/json.",
        503: "There is no ledger, or it or the token cannot be read.",
    }
)
_UNFIT = {409: "It cannot be: there is no such thing, or its moments contradict one another."}
_NO_PRODUCT = {404: "No product is meant, or several could be; or the version is none."}


def _telling(
    tag: Tag,
    takes: TypeAdapter[Any],
    told: Reply,
    refusals: Mapping[int, str],
    parameters: tuple[Parameter, ...] = (),
) -> Operation:
    stranger = faults({401: "A bearer token is needed, and this is not it."})[401]
    replies = {200: told, 401: replace(stranger, headers=_CHALLENGE), **_REFUSALS}
    return Operation(tag, {**replies, **faults(refusals)}, parameters, takes, token=True)


_ENTRY = closed(
    {
        "id": TEXT,
        "part_of": maybe(TEXT),
        "repeats": maybe(TEXT),
        "class": TEXT,
        "onset_at": MOMENT,
        "detected_at": MOMENT,
        "detected_by": choice(DetectedBy),
        "restored_at": maybe(MOMENT),
    }
)
_OVERRIDDEN = closed(
    {
        "outcome": choice(Told),
        "product": TEXT,
        "channel": TEXT,
        "version": TEXT,
        "kpi": TEXT,
        "who": TEXT,
        "why": TEXT,
        "until": maybe(MOMENT),
    }
)
_APPROVED = closed({"id": TEXT, "outcome": choice(Told), "at": MOMENT})
_ALERTED = by_word(Told, COUNT)

APPROVALS = _telling(Tag.RELEASES, APPROVAL, json_of(_APPROVED, "It is on the disk."), _UNFIT)
ALERTS = _telling(Tag.INCIDENTS, WEBHOOK, json_of(_ALERTED, "What came of how many alerts."), {})
REPORTS = _telling(Tag.INCIDENTS, INCIDENT, json_of(_ENTRY, "The incident as it is now."), _UNFIT)
OVERRIDES = _telling(
    Tag.RELEASES,
    OVERRIDE,
    json_of(_OVERRIDDEN, "It is on the disk."),
    _UNFIT | _NO_PRODUCT,
    (CHANNEL,),
)
REVIEWS = _telling(
    Tag.RELEASES, REVIEW, json_of(REVIEW_SCHEMA, "What there was to look at."), _NO_PRODUCT
)
