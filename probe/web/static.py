"""The style sheet and the script of the pages."""

from aiohttp import hdrs, web

from probe.web import answer
from probe.web.site import Gallery

_FOR_EVER = {hdrs.CACHE_CONTROL: "public, max-age=31536000, immutable"}


class Static:
    """Hands out files under names that change with what is in them."""

    def __init__(self, gallery: Gallery) -> None:
        self._files = {each.name: each for each in gallery.assets}

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Answer with one file."""
        found = self._files.get(request.match_info["name"])
        if found is None:
            return answer.text(404, "there is no such file; load the page again")
        headers = {hdrs.CONTENT_TYPE: found.content_type, **_FOR_EVER}
        return web.Response(body=found.body, headers=headers)
