"""A web server on loopback that serves what a lookup finds, and misbehaves where it is told to."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Self

from aiohttp import web

from probe.demo.files import Answer, File, answer, content_type
from probe.ports import Clock

LOOPBACK = "127.0.0.1"

_PIECE_BYTES = 256 * 1024
_CRAWL_BYTES = 64
_CRAWL_SECONDS = 0.25
_LOGIN_PAGE = (
    b"<!doctype html>\n<html><head><title>Sign in to continue</title></head>"
    b"<body><form action='/login'><input name='user'></form></body></html>\n"
)


class Quirk(StrEnum):
    """What a site does to one of its files."""

    FLIP = "flip"
    CUT = "cut"
    CRAWL = "crawl"
    PAGE = "page"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Found:
    """What a lookup brought: a file, or why there is none; *headers* are added to any answer."""

    file: File | None
    status: int = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)


Lookup = Callable[[str], Awaitable[Found]]


class Shelf:
    """Files by path."""

    def __init__(self) -> None:
        self._files: dict[str, File] = {}

    def put(self, path: str, body: bytes, modified_at: datetime) -> None:
        """Place a file; its media type goes by its name."""
        self._files[path] = File(body, content_type(path), modified_at)

    def __contains__(self, path: object) -> bool:
        return path in self._files

    async def find(self, path: str) -> Found:
        """Look a path up."""
        file = self._files.get(path)
        return Found(file) if file else Found(None, HTTPStatus.NOT_FOUND)


class Site:
    """One server with a port of its own; use it as an async context manager."""

    def __init__(self, find: Lookup, clock: Clock) -> None:
        self._find = find
        self._clock = clock
        self._runner = web.ServerRunner(
            web.Server(self._serve, access_log=None, handler_cancellation=True),
            shutdown_timeout=0.1,
        )
        self._quirks: dict[str, Quirk] = {}
        self._rewrites: dict[str, str] = {}
        self.url = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, 0).start()
        host, port = self._runner.addresses[0]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def misbehave(self, path: str, quirk: Quirk) -> None:
        """Treat the file at *path* badly until told to behave."""
        self._quirks[path] = quirk

    def rewrite(self, path: str, instead: str) -> None:
        """Serve *instead* at *path* until told to behave."""
        self._rewrites[path] = instead

    def behave(self, path: str) -> None:
        """Serve the file at *path* as it is."""
        self._quirks.pop(path, None)
        self._rewrites.pop(path, None)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method not in ("GET", "HEAD"):
            return web.Response(
                status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET, HEAD"}
            )
        path = request.path
        quirk = self._quirks.get(path)
        found = await self._find(self._rewrites.get(path, path))
        reply = distort(quirk, _reply(found, request))
        response = web.StreamResponse(status=reply.status, headers=reply.headers)
        try:
            await response.prepare(request)
            if request.method == "GET":
                await self._send(response, reply.body, quirk)
        except ConnectionResetError:
            pass  # the client has seen enough
        return response

    async def _send(
        self, response: web.StreamResponse, body: memoryview, quirk: Quirk | None
    ) -> None:
        if quirk is Quirk.CUT:
            response.force_close()
            body = body[: len(body) // 2]
        step = _CRAWL_BYTES if quirk is Quirk.CRAWL else _PIECE_BYTES
        for start in range(0, len(body), step):
            await response.write(body[start : start + step])
            if quirk is Quirk.CRAWL:
                await self._clock.sleep(_CRAWL_SECONDS)


def _reply(found: Found, request: web.BaseRequest) -> Answer:
    if found.file is None:
        words = f"{found.status} {HTTPStatus(found.status).phrase}\n".encode()
        reply = _plain(found.status, words)
    else:
        reply = answer(found.file, request.method, request.headers)
    return replace(reply, headers={**reply.headers, **found.headers})


def distort(quirk: Quirk | None, good: Answer) -> Answer:
    """Return what a site with *quirk* says where *good* would be right."""
    match quirk:
        case Quirk.FLIP if good.body:
            return replace(good, body=_flipped(good.body))
        case Quirk.PAGE:
            headers = {"Content-Type": "text/html; charset=utf-8"}
            return Answer(HTTPStatus.OK, _sized(headers, _LOGIN_PAGE), memoryview(_LOGIN_PAGE))
        case Quirk.BROKEN:
            return _plain(HTTPStatus.SERVICE_UNAVAILABLE, b"503 storage is unavailable\n")
        case _:
            return good


def _plain(status: int, words: bytes) -> Answer:
    headers = _sized({"Content-Type": "text/plain; charset=utf-8"}, words)
    return Answer(status, headers, memoryview(words))


def _sized(headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    return {**headers, "Content-Length": str(len(body))}


def _flipped(body: memoryview) -> memoryview:
    changed = bytearray(body)
    changed[len(changed) // 2] ^= 0x01
    return memoryview(changed)
