"""``/probe``: one attempt now, for whoever is looking into something."""

from dataclasses import replace

from aiohttp import hdrs, web

from probe.domain.observation import Observation
from probe.domain.schema import TEXT
from probe.domain.target import Depth, DepthPolicy, Probe, Target
from probe.web import answer
from probe.web.budget import capped, scrape_timeout
from probe.web.debug import report
from probe.web.index import TargetIndex
from probe.web.openapi.operation import Operation, Parameter, Tag, line
from probe.web.query import BadQuery, hold_to_words
from probe.web.scrape import EXPOSITION
from probe.web.site import Site

_TIMEOUT_HEADER = "X-Prometheus-Scrape-Timeout-Seconds"
_TRUE = {"true", "1"}


class _Refused(Exception):
    """The request cannot be answered with a probe."""

    def __init__(self, status: int, line: str) -> None:
        super().__init__(line)
        self.status = status
        self.line = line


class ProbePage:
    """
    Probes one target synchronously and answers with its own few series.

    A URL outside the catalog is asked for only where the site allows it: whoever can reach this
    page could otherwise make the service ask for any URL it can reach.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._index = TargetIndex()
        self._under_way = 0

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Probe one target now, and answer once the attempt is over."""
        role = self._site.role
        if not role.probes:
            return answer.text(403, f"this process has the role {role}, which probes nothing")
        try:
            probe = await self._asked(request)
            observation = await self._attempt(probe)
        except _Refused as refusal:
            return answer.text(refusal.status, refusal.line)
        return await self._answer(request, observation)

    async def _attempt(self, probe: Probe) -> Observation:
        if self._under_way >= self._site.probes_at_once:
            raise _Refused(503, f"{self._under_way} probes on demand are under way: try again")
        self._under_way += 1
        try:
            return await self._site.on_demand(probe)
        finally:
            self._under_way -= 1

    async def _answer(self, request: web.Request, observation: Observation) -> web.StreamResponse:
        accept = ",".join(request.headers.getall(hdrs.ACCEPT, []))
        debug = request.query.get("debug", "") in _TRUE
        rendered = self._site.render_one(observation, "" if debug else accept)
        if not debug:
            patience = self._site.patience_seconds
            return await answer.send(
                request, answer.Body(rendered.chunks, rendered.content_type), patience
            )
        text = report(observation, self._site.version, b"".join(rendered.chunks).decode())
        return web.Response(body=text.encode(), headers={hdrs.CONTENT_TYPE: answer.PLAIN})

    async def _asked(self, request: web.Request) -> Probe:
        try:
            hold_to_words(request.query, PROBE.parameters)
        except BadQuery as fault:
            raise _Refused(400, str(fault)) from None
        name = request.query.get("target", "")
        if not name:
            raise _Refused(400, "say what to probe: /probe?target=KEY or /probe?target=URL")
        target = await self._target(name, request.query.get("region", ""))
        depth = _depth(request.query.get("depth", ""), target)
        try:
            timeout = scrape_timeout(request.headers.get(_TIMEOUT_HEADER, ""))
        except ValueError:
            raise _Refused(400, f"{_TIMEOUT_HEADER} is not a number of seconds") from None
        limits = capped(target.endpoint.limits, timeout, self._site.timeout_offset_seconds)
        return Probe(replace(target, endpoint=replace(target.endpoint, limits=limits)), depth)

    async def _target(self, name: str, region: str) -> Target:
        found = await self._index.find(self._site.status.targets(), name, region)
        if found:
            return found
        if "://" not in name:
            raise _Refused(404, "no target has this key: /api/v1/targets lists them")
        outside = self._site.outside()
        if outside is None:
            raise _Refused(403, "this URL is in no catalog, and only such may be probed")
        try:
            return outside(name)
        except ValueError as fault:
            raise _Refused(400, f"this URL cannot be probed: {fault}") from fault


def _depth(text: str, target: Target) -> Depth:
    if not text:
        policy = target.endpoint.depth
        return Depth.FULL if policy is DepthPolicy.AUTO else Depth(policy.value)
    if text == Depth.RANGE and not target.artifact.size_bytes:
        raise _Refused(400, "a range needs an artifact whose size is published")
    return Depth(text)


PROBE = Operation(
    Tag.PROBES,
    {
        200: EXPOSITION,
        400: line("No target, no such depth, or no number of seconds."),
        403: line("The URL is in no catalog, or this process probes nothing."),
        404: line("No target has this key."),
        503: line("Too many probes on demand are under way."),
    },
    (
        Parameter(
            "target", "The key of a target, or a URL.", {**TEXT, "minLength": 1}, required=True
        ),
        Parameter("region", "In which region, where the target is probed from several."),
        Parameter("depth", "How much is read of the artifact.", words=tuple(Depth)),
        Parameter("debug", "Answer with a report for people.", words=("true", "1", "false", "0")),
        Parameter(
            _TIMEOUT_HEADER,
            "So many seconds may pass; none or 0 is no limit.",
            {"anyOf": [{"type": "number", "minimum": 0}, {"const": ""}]},
            place="header",
        ),
    ),
)
