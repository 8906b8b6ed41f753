"""What is known of releases: scorecards, gates and reviews, for programs and as a page."""

import asyncio
import json
from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web

from probe.domain.gate_record import GATE_SCHEMA, Record
from probe.domain.text import clean
from probe.kpi.review_record import REVIEW_SCHEMA
from probe.kpi.scorecard_record import SCORECARD_SCHEMA
from probe.ports import EvidenceUnavailable, NoSuchProduct
from probe.web import answer
from probe.web.openapi.operation import Operation, Tag, faults, json_of
from probe.web.pages import HTML
from probe.web.query import CHANNEL, BadQuery, Whole, parameters
from probe.web.site import Answers, Site

_REGIONS = Whole("regions", "Evidence has to come from so many regions.", 1, 1000, 1)
NOTHING_KEPT = "there is no ledger, so nothing is known of releases"


Ask = Callable[[Answers], Awaitable[Record]]


class _Refused(Exception):
    """There is no answer: the text says why."""

    def __init__(self, status: int, line: str) -> None:
        super().__init__(line)
        self.status = status


class Verdicts:
    """Scorecards and gates, as their schemas have them."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def scorecard(self, request: web.Request) -> web.StreamResponse:
        """Say what is known of a release, or of a product over 30 days."""
        return await self._answer(request, _scorecard_of(request))

    async def sheet(self, request: web.Request) -> web.StreamResponse:
        """Show the same as one page that stands alone, or as JSON to who would rather have that."""
        if _wants_json(request):
            return await self.scorecard(request)
        try:
            record = await self._record(_scorecard_of(request))
        except _Refused as refused:
            return answer.text(refused.status, str(refused))
        twin = f"{self._site.base}/api/v1{answer.below_prefix(request)}"
        drawn = await asyncio.to_thread(self._site.gallery.scorecard, record, twin)
        policy = f"{drawn.policy}; frame-ancestors 'none'"
        body = answer.Body(
            [drawn.html.encode("utf-8", "replace")],
            HTML,
            {"Content-Security-Policy": policy, hdrs.VARY: hdrs.ACCEPT},
        )
        return await answer.send(request, body, self._site.patience_seconds)

    async def gate(self, request: web.Request) -> web.StreamResponse:
        """Say whether a release may go on; the answer is 200 whatever the ruling."""

        async def ask(answers: Answers) -> Record:
            given = parameters(request.query, GATE.parameters)
            regions = _REGIONS.read(given)
            product, version = request.match_info["product"], request.match_info["version"]
            return await answers.gate(product, given.get("channel", ""), version, regions)

        return await self._answer(request, ask)

    async def review(self, request: web.Request) -> web.StreamResponse:
        """Say what a review of the KPIs of a product has to look at."""

        async def ask(answers: Answers) -> Record:
            given = parameters(request.query, [CHANNEL])
            return await answers.review(request.match_info["product"], given.get("channel", ""))

        return await self._answer(request, ask)

    async def _answer(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        try:
            record = await self._record(ask)
        except _Refused as refused:
            return answer.fault(refused.status, str(refused))
        body = json.dumps(record).encode() + b"\n"
        return await answer.send(
            request, answer.Body([body], answer.JSON), self._site.patience_seconds
        )

    async def _record(self, ask: Ask) -> Record:
        answers = self._site.answers
        if answers is None:
            raise _Refused(503, NOTHING_KEPT)
        try:
            return await ask(answers)
        except BadQuery as fault:
            raise _Refused(400, str(fault)) from None
        except NoSuchProduct as fault:
            raise _Refused(404, str(fault)) from None
        except EvidenceUnavailable as fault:
            raise _Refused(503, clean(str(fault), 500)) from None


def _scorecard_of(request: web.Request) -> Ask:
    async def ask(answers: Answers) -> Record:
        given = parameters(request.query, [CHANNEL])
        version = request.match_info.get("version", "")
        product = request.match_info["product"]
        return await answers.scorecard(product, given.get("channel", ""), version)

    return ask


def _wants_json(request: web.Request) -> bool:
    accepted = ",".join(request.headers.getall(hdrs.ACCEPT, [])).lower()
    return "application/json" in accepted and "text/html" not in accepted


_FAULTS = faults(
    {
        400: "A parameter that is not known, or cannot be so.",
        404: "No product is meant, or several could be.",
        503: "There is no evidence, or it cannot be read.",
    }
)
SCORECARD = Operation(Tag.RELEASES, {200: json_of(SCORECARD_SCHEMA), **_FAULTS}, (CHANNEL,))
GATE = Operation(
    Tag.RELEASES, {200: json_of(GATE_SCHEMA), **_FAULTS}, (CHANNEL, _REGIONS.parameter)
)
REVIEW = Operation(Tag.RELEASES, {200: json_of(REVIEW_SCHEMA), **_FAULTS}, (CHANNEL,))
