"""How an answer is sent: sealed against browsers, in pieces, to clients that keep reading."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from aiohttp import hdrs, web

from probe.domain.text import clean

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PLAIN = "text/plain; charset=utf-8"
JSON = "application/json; charset=utf-8"

_SEAL = {
    hdrs.SERVER: "delivery-probe",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


# Under which path this entrance has its pages, which need not be where users find them.
PREFIX = web.AppKey("prefix", str)


def below_prefix(request: web.Request) -> str:
    """Return path and query of *request* as they came, without the prefix of this entrance."""
    return request.rel_url.raw_path_qs.removeprefix(request.app[PREFIX])


async def seal(_request: web.Request, response: web.StreamResponse) -> None:
    """Add what keeps an answer from being run, framed, guessed at, or kept."""
    response.headers.update(_SEAL)
    response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
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


@dataclass(frozen=True, slots=True)
class Body:
    """A long answer, in pieces."""

    chunks: Sequence[bytes]
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


async def send(request: web.Request, body: Body, patience_seconds: float) -> web.StreamResponse:
    """Send a long answer piece by piece; a client that stops reading is hung up on."""
    length = sum(map(len, body.chunks))
    headers = {hdrs.CONTENT_TYPE: body.content_type, **body.headers}
    if request.method == hdrs.METH_HEAD:
        sized = {**headers, hdrs.CONTENT_LENGTH: str(length)}
        return web.Response(status=body.status, headers=sized)
    response = web.StreamResponse(status=body.status, headers=headers)
    response.content_length = length
    try:
        async with asyncio.timeout(patience_seconds):
            await response.prepare(request)
            for chunk in body.chunks:
                await response.write(chunk)
            await response.write_eof()
    except TimeoutError:
        if request.transport is not None:
            request.transport.abort()
    return response
