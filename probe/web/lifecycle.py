"""Health, readiness, and reading the configuration again."""

from aiohttp import hdrs, web

from probe.web import answer
from probe.web.site import Site


class Lifecycle:
    """The pages under ``/-/``."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def healthy(self, _request: web.Request) -> web.Response:
        """Answer, which is what proves it."""
        return answer.text(200, "healthy")

    async def ready(self, _request: web.Request) -> web.Response:
        """Answer 200 once a catalog was read."""
        if self._site.status.ready():
            return answer.text(200, "ready")
        return answer.text(503, "not ready: no catalog has been read yet")

    async def reload(self, request: web.Request) -> web.Response:
        """Read the configuration again; 400 with every fault where the old one stays."""
        if request.method != hdrs.METH_POST:
            hint = "reload with POST: curl -X POST http://…/-/reload"
            return answer.text(405, hint, Allow=hdrs.METH_POST)
        # A page of another site can make a browser post, but not without saying that it did.
        if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
            return answer.text(403, "a page of another site may not reload")
        faults = await self._site.reload()
        if faults:
            kept = "the configuration stays as it was:"
            return answer.text(400, "\n".join([kept, *(f"  {fault}" for fault in faults)]))
        return answer.text(200, "reloaded")
