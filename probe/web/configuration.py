"""``/config``: what is in force, without anything secret."""

from aiohttp import hdrs, web

from probe.domain.schema import TEXT
from probe.web import answer
from probe.web.openapi.operation import PLAIN, Operation, Reply, Tag
from probe.web.site import Site

_YAML = "application/yaml"


class ConfigurationPage:
    """Shows the configuration as it was read; secrets are references in it."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Show the configuration that is in force, as YAML without secrets."""
        text = self._site.configuration()
        # A browser shows text, and would offer to save what it does not know.
        html = "text/html" in request.headers.get(hdrs.ACCEPT, "")
        body = answer.Body(
            [text.encode("utf-8", "replace")], answer.PLAIN if html else f"{_YAML}; charset=utf-8"
        )
        return await answer.send(request, body, self._site.patience_seconds)


CONFIGURATION = Operation(
    Tag.SERVICE, {200: Reply("What is in force.", {_YAML: {"type": "object"}, PLAIN: TEXT})}
)
