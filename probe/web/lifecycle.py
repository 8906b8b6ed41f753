"""Health, readiness, and reading the configuration again."""

from aiohttp import web

from probe.web import answer
from probe.web.openapi.operation import Operation, Tag, line
from probe.web.site import Site


class Lifecycle:
    """The pages under ``/-/``."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def healthy(self, _request: web.Request) -> web.Response:
        """Say that the process is there: an answer is what proves it."""
        return answer.text(200, "healthy")

    async def ready(self, _request: web.Request) -> web.Response:
        """Say whether a catalog was read, so that there is something to probe."""
        if self._site.status.ready():
            return answer.text(200, "ready")
        return answer.text(503, "not ready: no catalog has been read yet")

    async def reload(self, request: web.Request) -> web.Response:
        """Read the configuration again; 400 with every fault where the old one stays."""
        # A page of another site can make a browser post, but not without saying that it did.
        if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
            return answer.text(403, "a page of another site may not reload")
        faults = await self._site.reload()
        if faults:
            kept = "the configuration stays as it was:"
            return answer.text(400, "\n".join([kept, *(f"  {fault}" for fault in faults)]))
        return answer.text(200, "reloaded")


HEALTHY = Operation(Tag.SERVICE, {200: line("It is there.")})
READY = Operation(
    Tag.SERVICE, {200: line("A catalog was read."), 503: line("No catalog has been read yet.")}
)
RELOAD = Operation(
    Tag.SERVICE,
    {
        200: line("The configuration was read again."),
        400: line("It has faults, which are named; the old one stays in force."),
        403: line("A page of another site may not reload."),
    },
)
