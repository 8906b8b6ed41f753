"""How an answer is sent: sealed against browsers, in pieces, to clients that keep reading."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import hdrs, web

from probe.domain.text import clean

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PLAIN = "text/plain; charset=utf-8"
JSON = "application/json; charset=utf-8"

_SEAL = {
    hdrs.SERVER: "delivery-probe",
    hdrs.CACHE_CONTROL: "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


async def seal(_request: web.Request, response: web.StreamResponse) -> None:
    """Add what keeps an answer from being run, framed, guessed at, or kept."""
    response.headers.update(_SEAL)
    response.headers.setdefault("Content-Security-Policy", _NOTHING)


@web.middleware
async def framed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Say in one line of text what was wrong with a request that led nowhere."""
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return text(404, f"there is no page {clean(request.path)}")
    except web.HTTPMethodNotAllowed as refused:
        allowed = ", ".join(sorted(refused.allowed_methods))
        return text(405, f"{request.method} is not possible here, but {allowed}", Allow=allowed)


def text(status: int, line: str, **headers: str) -> web.Response:
    """Return a short answer for people."""
    return web.Response(
        status=status, body=f"{line}\n".encode(), headers={hdrs.CONTENT_TYPE: PLAIN, **headers}
    )


def fault(status: int, line: str) -> web.Response:
    """Return a short answer for programs."""
    body = json.dumps({"error": line}).encode() + b"\n"
    return web.Response(status=status, body=body, headers={hdrs.CONTENT_TYPE: JSON})


async def send(
    request: web.Request,
    chunks: Sequence[bytes],
    content_type: str,
    patience_seconds: float,
    **more_headers: str,
) -> web.StreamResponse:
    """Send a long answer piece by piece; a client that stops reading is hung up on."""
    length = sum(map(len, chunks))
    headers = {"Content-Type": content_type, **more_headers}
    if request.method == hdrs.METH_HEAD:
        return web.Response(headers={**headers, "Content-Length": str(length)})
    response = web.StreamResponse(headers=headers)
    response.content_length = length
    try:
        async with asyncio.timeout(patience_seconds):
            await response.prepare(request)
            for chunk in chunks:
                await response.write(chunk)
            await response.write_eof()
    except TimeoutError:
        if request.transport is not None:
            request.transport.abort()
    return response
