"""Listening, and what every connection has to keep to."""

import asyncio
import errno
import logging
import os
import socket
import ssl
from dataclasses import dataclass
from functools import partial

from aiohttp import web
from aiohttp.http import HttpProcessingError

from probe.web import answer
from probe.web.admission import Admission
from probe.web.door import Door
from probe.web.live import ENDED, end
from probe.web.openapi.document import document
from probe.web.openapi.page import OPENAPI
from probe.web.pace import Pace
from probe.web.routes import Pages, cost_of, described, routes_of, trusts_itself
from probe.web.site import Site

# No page takes a body worth reading. Idle clients stay for longer than a scrape interval.
_BODY_BYTES = 16 * 1024
_IDLE_SECONDS = 75.0
_LINGER_SECONDS = 2.0
_GRACE_SECONDS = 5.0
_HANDSHAKE_SECONDS = 10.0
_MAX_PORT = 65535


class CannotListen(Exception):
    """The address cannot be listened on; the text is one line that says which and why."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """
    Where to listen, and what is behind it.

    An empty *host* is every address, *port* 0 any that is free. Pages begin with *prefix*, which
    is empty or begins with a slash and does not end with one.
    """

    host: str = ""
    port: int = 0
    pages: Pages = Pages.ALL
    prefix: str = ""
    tls: ssl.SSLContext | None = None
    connections: int = 256


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that is listening on ``port``."""

    port: int
    _listener: asyncio.Server
    _runner: web.AppRunner

    async def stop(self) -> None:
        """Listen to nobody else, let requests under way end for five seconds, hang up."""
        self._listener.close()
        await self._runner.cleanup()


async def serve(
    site: Site, entrance: Entrance = Entrance(), admission: Admission | None = None
) -> Serving:
    """
    Listen at *entrance*; whoever comes is let in on the terms of *admission*.

    Raises:
        CannotListen: the address is taken, forbidden, or not of this machine.
    """
    host, port = entrance.host, entrance.port
    # uvloop would listen on what is left of the number after 16 bits.
    if not 0 <= port <= _MAX_PORT:
        raise CannotListen(f"cannot listen on {host or '*'}:{port}: no such port")
    door = Door(entrance.connections)
    runner = _runner(site, entrance, admission or Admission(), door)
    await runner.setup()
    handlers = runner.server
    assert handlers is not None  # noqa: S101 - setup() made it
    loop = asyncio.get_running_loop()
    shaking = _HANDSHAKE_SECONDS if entrance.tls else None
    try:
        listener = await loop.create_server(
            partial(door.admit, handlers),
            host or None,
            port,
            ssl=entrance.tls,
            ssl_handshake_timeout=shaking,
        )
    except OSError as fault:
        await runner.cleanup()
        raise CannotListen(f"cannot listen on {host or '*'}:{port}: {_why(fault)}") from fault
    return Serving(listener.sockets[0].getsockname()[1], listener, runner)


def _runner(site: Site, entrance: Entrance, admission: Admission, door: Door) -> web.AppRunner:
    pace = Pace(asyncio.get_running_loop().time)

    @web.middleware
    async def admitted(request: web.Request, handler: answer.Handler) -> web.StreamResponse:
        with door.answering(request):
            if not pace.admits(request.remote or "", cost_of(request)):
                return answer.text(429, "asked too often", **{"Retry-After": "1"})
            if trusts_itself(request):
                return await handler(request)
            refusal = await admission.refusal(request)
            return refusal if refusal is not None else await handler(request)

    async def seal(request: web.Request, response: web.StreamResponse) -> None:
        await answer.seal(request, response)
        response.headers.update(admission.terms.headers)

    app = web.Application(client_max_size=_BODY_BYTES, middlewares=[admitted, answer.framed])
    app.add_routes(routes_of(site, entrance.pages, entrance.prefix))
    app[answer.PREFIX] = entrance.prefix
    app[OPENAPI] = document(described(entrance.pages), site.version, site.base)
    app[ENDED] = asyncio.Event()
    app.on_shutdown.append(end)
    app.on_response_prepare.append(seal)
    return web.AppRunner(
        app,
        access_log=None,
        logger=_log,
        keepalive_timeout=_IDLE_SECONDS,
        lingering_time=_LINGER_SECONDS,
        shutdown_timeout=_GRACE_SECONDS,
    )


def _is_ours(record: logging.LogRecord) -> bool:
    # What is no request is a fault of its sender, who could fill the log with errors of ours.
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


_log = logging.getLogger(__name__)
_log.addFilter(_is_ours)


def _why(fault: OSError) -> str:
    # From Python 3.12 on asyncio passes over an address that is not of this machine, and has no
    # number for it in the end.
    if str(fault).startswith("could not bind"):
        return os.strerror(errno.EADDRNOTAVAIL)
    if isinstance(fault, socket.gaierror) or not fault.errno:
        return (fault.strerror or str(fault)).splitlines()[0]
    return os.strerror(fault.errno)
