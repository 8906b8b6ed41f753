"""What is known of releases: ``/api/v1/scorecard``, ``/api/v1/gate`` and ``/api/v1/reviews``."""

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from probe.domain.gate_record import Record
from probe.domain.text import clean
from probe.ports import EvidenceUnavailable, NoSuchProduct
from probe.web import answer
from probe.web.query import BadQuery, parameters
from probe.web.site import Answers, Site

_MOST_REGIONS = 1000
_NOTHING_KEPT = "there is no ledger, so nothing is known of releases"


class Verdicts:
    """Scorecards and gates, as their schemas have them."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def scorecard(self, request: web.Request) -> web.StreamResponse:
        """Say what is known of a release, or of a product over 30 days."""

        async def ask(answers: Answers) -> Record:
            given = parameters(request.query, "channel")
            version = request.match_info.get("version", "")
            product = request.match_info["product"]
            return await answers.scorecard(product, given.get("channel", ""), version)

        return await self._answer(request, ask)

    async def gate(self, request: web.Request) -> web.StreamResponse:
        """Say whether a release may go on; the answer is 200 whatever the ruling."""

        async def ask(answers: Answers) -> Record:
            given = parameters(request.query, "channel", "regions")
            regions = _regions(given.get("regions", "1"))
            product, version = request.match_info["product"], request.match_info["version"]
            return await answers.gate(product, given.get("channel", ""), version, regions)

        return await self._answer(request, ask)

    async def review(self, request: web.Request) -> web.StreamResponse:
        """Say what a review of the KPIs of a product has to look at."""

        async def ask(answers: Answers) -> Record:
            given = parameters(request.query, "channel")
            return await answers.review(request.match_info["product"], given.get("channel", ""))

        return await self._answer(request, ask)

    async def _answer(
        self, request: web.Request, ask: Callable[[Answers], Awaitable[Record]]
    ) -> web.StreamResponse:
        answers = self._site.answers
        if answers is None:
            return answer.fault(503, _NOTHING_KEPT)
        try:
            record = await ask(answers)
        except BadQuery as fault:
            return answer.fault(400, str(fault))
        except NoSuchProduct as fault:
            return answer.fault(404, str(fault))
        except EvidenceUnavailable as fault:
            return answer.fault(503, clean(str(fault), 500))
        body = json.dumps(record).encode() + b"\n"
        return await answer.send(
            request, answer.Body([body], answer.JSON), self._site.patience_seconds
        )


def _regions(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len("1000") else 0
    if not 1 <= number <= _MOST_REGIONS:
        raise BadQuery(f"regions is a number from 1 to {_MOST_REGIONS}")
    return number
