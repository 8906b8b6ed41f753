"""``/metrics``."""

from aiohttp import hdrs, web

from probe.domain.schema import TEXT
from probe.web import answer
from probe.web.openapi.operation import PLAIN, Operation, Parameter, Reply, Tag, line
from probe.web.site import Site

# More names than there are families: a longer list is somebody else's.
_NAMES = 256


class Scrape:
    """Hands the exposition to a scraper."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Expose the series, in the format and the encoding and of the names that are asked for."""
        names = request.query.getall("name[]", [])
        if len(names) > _NAMES:
            return answer.text(400, f"name[] may be given {_NAMES} times, not {len(names)}")
        rendered = await self._site.exposition.render(
            ",".join(request.headers.getall(hdrs.ACCEPT, [])),
            ",".join(request.headers.getall(hdrs.ACCEPT_ENCODING, [])),
            frozenset(names),
        )
        more = {"Vary": "Accept, Accept-Encoding"}
        if rendered.encoding:
            more["Content-Encoding"] = rendered.encoding
        patience = self._site.patience_seconds
        return await answer.send(
            request, answer.Body(rendered.chunks, rendered.content_type, more), patience
        )


OPENMETRICS = "application/openmetrics-text"
EXPOSITION = Reply(
    "Series, in the format of Prometheus that is preferred.", {PLAIN: TEXT, OPENMETRICS: TEXT}
)
METRICS = Operation(
    Tag.SERVICE,
    {200: EXPOSITION, 400: line("Too many names.")},
    (
        Parameter(
            "name[]",
            "Only families of these names.",
            {"type": "array", "items": TEXT, "maxItems": _NAMES},
        ),
    ),
)
