"""The addresses that the service listens on, and who may come in: as the files say at the time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import structlog

from probe.ports import Ticker
from probe.process import Process
from probe.settings import WebConfig, load_web_config
from probe.web import Admission, Entrance, Pages, Site, serve
from probe.web.tls import Unusable, load_certificate

_log = structlog.get_logger(__name__)

_LOOK_SECONDS = 5.0

Stamp = tuple[int, int, int]


@asynccontextmanager
async def listening(
    process: Process, site: Site, web: WebConfig, ticker: Ticker
) -> AsyncIterator[str]:
    """
    Listen until the context ends; give the URL of the pages as seen from this machine.

    Raises:
        CannotListen: an address is not to be had.
    """
    admission = Admission(web.terms)
    if process.web_config_file is not None:
        watch = Watch(process.web_config_file, web, admission)
        ticker.every("web-config", _LOOK_SECONDS, watch.look)
    async with AsyncExitStack() as stack:
        stack.callback(admission.close)
        port = 0
        for entrance in _entrances(process, web):
            serving = await serve(site, entrance, admission)
            stack.push_async_callback(serving.stop)
            port = serving.port
        host, _ = process.api_listen or process.listen
        scheme = "https" if web.context else "http"
        yield f"{scheme}://{_shown(host)}:{port}{process.prefix}/"


def _entrances(process: Process, web: WebConfig) -> list[Entrance]:
    """Return where to listen; the pages for people are behind the last one."""
    apart = process.api_listen
    first = Entrance(
        *process.listen,
        pages=Pages.SCRAPED if apart else Pages.ALL,
        prefix=process.prefix,
        tls=web.context,
    )
    if apart is None:
        return [first]
    return [first, Entrance(*apart, pages=Pages.OTHERS, prefix=process.prefix, tls=web.context)]


class Watch:
    """
    Puts into force what the files say, as soon as they say something else.

    Users, headers, names of clients and the certificate change in service; whether there is TLS,
    and how, with the next start. A file with a fault changes nothing.
    """

    def __init__(self, path: Path, web: WebConfig, admission: Admission) -> None:
        self._path = path
        self._web = web
        self._admission = admission
        self._stamps = _stamps(path, web)

    async def look(self) -> None:
        """Look whether a file is another one."""
        stamps = await asyncio.to_thread(_stamps, self._path, self._web)
        if stamps == self._stamps:
            return
        self._stamps = stamps
        read = await asyncio.to_thread(load_web_config, self._path)
        if not isinstance(read, WebConfig):
            lines = [str(fault) for fault in read]
            _log.error("web configuration refused, the old one stays in force", faults=lines)
            return
        self._admission.terms = read.terms
        if read.tls != self._web.tls:
            _log.warning("TLS is configured otherwise; that takes a restart")
        elif self._web.context is not None and self._web.tls is not None:
            with suppress(Unusable):
                await asyncio.to_thread(load_certificate, self._web.context, self._web.tls)
        _log.info("web configuration read")


def _stamps(path: Path, web: WebConfig) -> tuple[Stamp | None, ...]:
    tls = web.tls
    files = (path, *((tls.certificate, tls.key) if tls else ()))
    return tuple(_stamp(each) for each in files)


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def _shown(host: str) -> str:
    if host in ("", "0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "localhost"
    return f"[{host}]" if ":" in host else host
