"""Asks a Prometheus, or whatever speaks its API: bounded in time and size, and never twice."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TypeVar

import aiohttp
from yarl import URL

from probe.domain.evidence import Window
from probe.domain.link import Link
from probe.domain.promql import Sample, Series
from probe.domain.redirect import REDIRECTS
from probe.domain.text import clean
from probe.ports import EvidenceUnavailable, SecretUnavailable
from probe.transport.faults import words
from probe.transport.lookup import SystemLookup
from probe.transport.prometheus_answer import Unusable, fault_of, samples_of, series_of
from probe.transport.session import ConnectionEnded, open_session
from probe.transport.tls import client_context, tls_detail
from probe.transport.whole import BodyRefused, whole_body

MAX_ANSWER_BYTES = 8 * 1024 * 1024
_AT_ONCE = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PrometheusAccess:
    """
    Where a Prometheus is, and how it is asked.

    ``url`` is what stands before ``/api/v1``. ``headers`` gives those that say who asks, read anew
    for each query; it may raise ``SecretUnavailable``. ``ca`` is a file of the authorities to
    trust in place of the system's, ``certificate`` one with our own and its key.
    """

    url: str
    headers: Callable[[], Mapping[str, str]] = field(default=dict, repr=False)
    ca: str = ""
    certificate: tuple[str, str] | None = None
    timeout_seconds: float = 30.0
    by_get: bool = False


class AiohttpPrometheus:
    """The Prometheus port over one aiohttp session."""

    def __init__(self, session: aiohttp.ClientSession, access: PrometheusAccess) -> None:
        self._session = session
        self._access = access
        self._base = access.url.rstrip("/")
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def at(self, query: str, moment: datetime) -> tuple[Sample, ...]:
        """
        Return the value of each series that *query* gives at *moment*.

        Raises:
            EvidenceUnavailable: no answer, or one that is wrong, partial or too large.
        """
        asked = {"query": query, "time": _stamp(moment)}
        return await self._ask("query", asked, samples_of)

    async def over(self, query: str, window: Window, step: timedelta) -> tuple[Series, ...]:
        """
        Return the values of each series that *query* gives in *window*, one each *step*.

        Raises:
            EvidenceUnavailable: no answer, or one that is wrong, partial or too large.
        """
        asked = {
            "query": query,
            "start": _stamp(window.since),
            "end": _stamp(window.until),
            "step": f"{step.total_seconds():.3f}",
        }
        return await self._ask("query_range", asked, series_of)

    async def _ask(self, what: str, asked: Mapping[str, str], read: Callable[[bytes], T]) -> T:
        link = Link.parse(f"{self._base}/api/v1/{what}")
        seconds = self._access.timeout_seconds
        async with self._turn:
            try:
                async with asyncio.timeout(seconds):
                    body = await self._exchange(link, asked)
                    return await asyncio.to_thread(read, body)
            except TimeoutError:
                raise _unavailable(link, f"no answer within {seconds:g} s") from None
            except ConnectionEnded as ended:
                raise _unavailable(link, words(ended.cause)) from None
            except (aiohttp.ClientError, OSError) as error:
                raise _unavailable(link, words(error)) from None
            except (BodyRefused, Unusable, SecretUnavailable) as fault:
                raise _unavailable(link, str(fault)) from None

    async def _exchange(self, link: Link, asked: Mapping[str, str]) -> bytes:
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip"}
        headers |= self._access.headers()
        url = URL(str(link), encoded=True)
        by_get = self._access.by_get
        response = await self._session.request(
            "GET" if by_get else "POST",
            url.with_query(asked) if by_get else url,
            data=None if by_get else asked,
            headers=headers,
            allow_redirects=False,
        )
        try:
            return await _body_of(response)
        finally:
            response.close()


async def _body_of(response: aiohttp.ClientResponse) -> bytes:
    status = response.status
    if status in REDIRECTS:
        # Credentials would go along, to wherever it says.
        raise Unusable(f"it answers with a redirect ({status}), which is not followed")
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise Unusable(f"it does not let us ask (status {status})")
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        raise Unusable("it takes no POST (status 405); method: get asks otherwise")
    body = await whole_body(response, MAX_ANSWER_BYTES)
    if status != HTTPStatus.OK:
        said = await asyncio.to_thread(fault_of, body)
        raise Unusable(f"it answers with status {status}{said and f': {said}'}")
    if response.content_type == "text/html":
        raise Unusable("it answers with a web page, so this is not the address of its API")
    return body


def _stamp(moment: datetime) -> str:
    return f"{moment.timestamp():.3f}"


def _unavailable(link: Link, detail: str) -> EvidenceUnavailable:
    return EvidenceUnavailable(f"Prometheus at {clean(link.shown, 200)}: {detail}")


def _trust(access: PrometheusAccess) -> ssl.SSLContext:
    context = client_context(access.ca)
    if access.certificate is not None:
        # With a password at hand nobody is asked for one, which would wait for a terminal.
        context.load_cert_chain(*access.certificate, password="")
    return context


@asynccontextmanager
async def open_prometheus(access: PrometheusAccess) -> AsyncIterator[AiohttpPrometheus]:
    """
    Ask a Prometheus for as long as the context lasts.

    Raises:
        EvidenceUnavailable: the files of its TLS cannot be used.
    """
    try:
        tls = await asyncio.to_thread(_trust, access)
    except OSError as error:
        raise EvidenceUnavailable(f"Prometheus: the files of tls: {_why(error)}") from None
    threads = ThreadPoolExecutor(1, "resolve")
    try:
        async with open_session(SystemLookup(threads), tls) as session:
            yield AiohttpPrometheus(session, access)
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def _why(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        return tls_detail(error) if error.reason else "not PEM, or no key that fits"
    return clean(error.strerror or type(error).__name__, 80)
