"""``/api/v1/openapi.json``."""

import json

from aiohttp import web

from probe.domain.schema import Schema
from probe.web import answer
from probe.web.openapi.operation import Operation, Tag, json_of
from probe.web.site import Site

# What is described is what there is at this entrance.
OPENAPI = web.AppKey("openapi", dict[str, object])


class OpenApiPage:
    """Says what there is for programs at this entrance."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Describe what is answered here, as OpenAPI 3.1."""
        body = answer.Body([json.dumps(request.app[OPENAPI]).encode() + b"\n"], answer.JSON)
        return await answer.send(request, body, self._site.patience_seconds)


_DOCUMENT: Schema = {
    "type": "object",
    "required": ["openapi", "info", "servers", "paths", "components"],
    "properties": {"openapi": {"const": "3.1.0"}},
}
DESCRIPTION = Operation(Tag.SERVICE, {200: json_of(_DOCUMENT, "This document.")})
