"""Listening, and what every connection has to keep to."""

import asyncio
import logging
import os
import socket
from dataclasses import dataclass

from aiohttp import web
from aiohttp.http import HttpProcessingError

from probe.web import answer
from probe.web.api import Api
from probe.web.landing import Landing
from probe.web.lifecycle import Lifecycle
from probe.web.on_demand import ProbePage
from probe.web.scrape import Scrape
from probe.web.site import Site
from probe.web.telling import Telling
from probe.web.verdicts import Verdicts

# No page takes a body worth reading. Idle clients stay for longer than a scrape interval.
_BODY_BYTES = 16 * 1024
_IDLE_SECONDS = 75.0
_LINGER_SECONDS = 2.0
_GRACE_SECONDS = 5.0
_MAX_PORT = 65535

_FULL = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class CannotListen(Exception):
    """The address cannot be listened on; the text is one line that says which and why."""


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


async def serve(site: Site, *, host: str = "", port: int = 0, connections: int = 256) -> Serving:
    """
    Listen on *host* (empty: on every address) and *port* (0: on any that is free).

    Raises:
        CannotListen: the address is taken, forbidden, or not of this machine.
    """
    # uvloop would listen on what is left of the number after 16 bits.
    if not 0 <= port <= _MAX_PORT:
        raise CannotListen(f"cannot listen on {host or '*'}:{port}: no such port")
    runner = web.AppRunner(
        application(site),
        access_log=None,
        logger=_log,
        keepalive_timeout=_IDLE_SECONDS,
        lingering_time=_LINGER_SECONDS,
        shutdown_timeout=_GRACE_SECONDS,
    )
    await runner.setup()
    handlers = runner.server
    assert handlers is not None  # noqa: S101 - setup() made it

    def admit() -> asyncio.Protocol:
        return handlers() if len(handlers.connections) < connections else _Full()

    loop = asyncio.get_running_loop()
    try:
        listener = await loop.create_server(admit, host or None, port)
    except OSError as fault:
        await runner.cleanup()
        raise CannotListen(f"cannot listen on {host or '*'}:{port}: {_why(fault)}") from fault
    return Serving(listener.sockets[0].getsockname()[1], listener, runner)


def application(site: Site) -> web.Application:
    """Return every page of *site*."""
    app = web.Application(client_max_size=_BODY_BYTES, middlewares=[answer.framed])
    lifecycle, api, telling = Lifecycle(site), Api(site), Telling(site)
    verdicts = Verdicts(site)
    app.add_routes(
        [
            web.get("/", Landing(site).show),
            web.get("/metrics", Scrape(site).show),
            web.get("/-/healthy", lifecycle.healthy),
            web.get("/-/ready", lifecycle.ready),
            web.route("*", "/-/reload", lifecycle.reload),
            web.get("/probe", ProbePage(site).show, allow_head=False),
            web.get("/api/v1/targets", api.targets),
            web.get("/api/v1/observations", api.observations),
            web.get("/api/v1/observations/{id}", api.observation),
            web.get("/api/v1/scorecard/{product}", verdicts.scorecard),
            web.get("/api/v1/scorecard/{product}/{version}", verdicts.scorecard),
            web.get("/api/v1/gate/{product}/{version}", verdicts.gate),
            web.post("/api/v1/events/approval", telling.approval),
            web.post("/api/v1/alertmanager", telling.alertmanager),
            web.post("/api/v1/incidents", telling.incident),
        ]
    )
    app.on_response_prepare.append(answer.seal)
    return app


def _is_ours(record: logging.LogRecord) -> bool:
    # What is no request is a fault of its sender, who could fill the log with errors of ours.
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


_log = logging.getLogger(__name__)
_log.addFilter(_is_ours)


class _Full(asyncio.Protocol):
    """Turns a client away at the door."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say so and hang up."""
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(_FULL)
            transport.close()


def _why(fault: OSError) -> str:
    if isinstance(fault, socket.gaierror) or not fault.errno:
        return (fault.strerror or str(fault)).splitlines()[0]
    return os.strerror(fault.errno)
