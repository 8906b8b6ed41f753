"""Makes one attempt to download, and says what it brought. Nothing is judged here."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from ssl import SSLContext

import aiohttp

from probe.domain.cache import cache_of, edge_of
from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.link import Link, link
from probe.domain.observation import Download
from probe.domain.redirect import refused
from probe.domain.request import Request
from probe.domain.text import clean
from probe.ports import Clock, SecretUnavailable
from probe.transport.body import ERROR_SAMPLE_BYTES, Body
from probe.transport.ending import Ending
from probe.transport.facts import kept
from probe.transport.faults import failure_of
from probe.transport.leg import Deadline, current
from probe.transport.pulse import Pulse
from probe.transport.resolve import EgressResolver, Lookups
from probe.transport.session import ConnectionEnded, Sessions
from probe.transport.tls import client_context, watched
from probe.transport.walk import Walk, abandon

RESOLVER_THREADS = 32
HASHING_THREADS = 4
_URL_CHARACTERS = 500
_GOOD = frozenset({HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT})


class AiohttpFetcher:
    """The fetcher port over aiohttp: HTTP/1.1, a cold connection for each hop, no retries."""

    def __init__(self, clock: Clock, sessions: Sessions, hashing: Executor) -> None:
        self._clock = clock
        self._sessions = sessions
        self._hashing = hashing

    async def fetch(self, request: Request) -> Download:
        """Return the facts of one attempt; raises only ``CancelledError``, unless it has a bug."""
        try:
            start = link(request.url)
        except ValueError as error:
            fault = Failure(FailureReason.INTERNAL, Phase.RESOLVE, f"an invalid URL: {error}")
            return Download(url="", failure=fault)
        token = current.set(None)
        try:
            return await self._attempt(request, start)
        finally:
            current.reset(token)

    async def _attempt(self, request: Request, start: Link) -> Download:
        arrival = Arrival()
        deadline = Deadline(request.endpoint.limits.total_seconds)
        walk = Walk(request, start, self._sessions, self._clock, deadline)
        fault: Failure | None
        try:
            async with deadline.timeout:
                fault = await self._receive(request, walk, deadline, arrival)
        except ConnectionEnded as ended:
            fault = _fault(ended.cause, walk, deadline)
        except (aiohttp.ClientError, OSError, SecretUnavailable) as error:
            fault = _fault(error, walk, deadline)
        finally:
            deadline.stop()
        walk.leg.end()
        return await _download(walk, arrival, fault)

    async def _receive(
        self, request: Request, walk: Walk, deadline: Deadline, arrival: "Arrival"
    ) -> Failure | None:
        answer = await walk.arrive()
        if isinstance(answer, Failure):
            return answer
        try:
            if request.method == "HEAD":
                arrival.complete = True
            else:
                walk.leg.body_begins()
                body = arrival.body = self._body(request, answer.status)
                pulse = Pulse(body, request.endpoint.limits)
                deadline.look_every(pulse.look_seconds, pulse.look)
                await _read(answer, body)
                arrival.complete = answer.content.at_eof() and not body.cut
            walk.leg.end()
        finally:
            abandon(answer)
        return None

    def _body(self, request: Request, status: int) -> Body:
        cap = request.endpoint.limits.body_bytes
        if status not in _GOOD:
            return Body((), limit=ERROR_SAMPLE_BYTES, sample_bytes=ERROR_SAMPLE_BYTES)
        return Body(
            request.algorithms,
            limit=cap if request.byte_limit is None else request.byte_limit,
            sample_bytes=request.sample_bytes,
            threads=self._hashing,
        )


@dataclass(slots=True)
class Arrival:
    """What came in at the end of a walk."""

    body: Body | None = None
    complete: bool = False


async def _read(answer: aiohttp.ClientResponse, body: Body) -> None:
    ending = Ending(answer)
    while not body.full and (chunk := await answer.content.readany()):
        await body.add(chunk)
    ending.verify()


def _fault(error: Exception, walk: Walk, deadline: Deadline) -> Failure:
    if deadline.timeout.expired():
        return Failure(FailureReason.TIMEOUT, walk.leg.phase, deadline.reason)
    if isinstance(error, SecretUnavailable):
        return Failure(FailureReason.UPLINK, Phase.CONNECT, clean(f"the proxy's secret: {error}"))
    if isinstance(error, aiohttp.InvalidURL) and walk.hops:
        return refused("an invalid Location")
    fault = failure_of(error, walk.leg.phase, proxied=walk.leg.proxied)
    if fault is None:
        raise error
    return fault


async def _download(walk: Walk, arrival: Arrival, fault: Failure | None) -> Download:
    headers = kept(walk.answer.headers) if walk.answer is not None else {}
    body = arrival.body
    expiries = [leg.certificate_expires_at for leg in walk.legs if leg.certificate_expires_at]
    return Download(
        url=clean(walk.link.shown, _URL_CHARACTERS),
        status=walk.answer.status if walk.answer is not None else None,
        headers=headers,
        hops=walk.hops,
        bytes_received=body.received if body is not None else 0,
        complete=arrival.complete and fault is None,
        sample=body.sample if body is not None else b"",
        digests=await body.digests() if body is not None else (),
        timings=walk.leg.timings(walk.redirect_seconds),
        cache=cache_of(headers),
        edge=edge_of(headers),
        peer_address=walk.leg.peer_address,
        certificate_expires_at=min(expiries, default=None),
        failure=fault,
    )


@dataclass(frozen=True, slots=True)
class Transport:
    """What reaches the network for probes: the fetcher, and the resolver it resolves with."""

    fetcher: AiohttpFetcher
    resolver: EgressResolver


@asynccontextmanager
async def open_transport(clock: Clock, tls: SSLContext | None = None) -> AsyncIterator[Transport]:
    """Reach the network for as long as the context lasts; *tls* says whom to trust."""
    context = await asyncio.to_thread(client_context) if tls is None else watched(tls)
    resolving = ThreadPoolExecutor(RESOLVER_THREADS, "resolve")
    hashing = ThreadPoolExecutor(HASHING_THREADS, "hash")
    lookups = Lookups(resolving)
    sessions = Sessions(lookups, context)
    try:
        yield Transport(AiohttpFetcher(clock, sessions, hashing), EgressResolver(lookups))
    finally:
        await sessions.close()
        # A thread may hang in a dead resolver for seconds: nobody waits for it.
        resolving.shutdown(wait=False, cancel_futures=True)
        hashing.shutdown(wait=False, cancel_futures=True)


@asynccontextmanager
async def open_fetcher(
    clock: Clock, tls: SSLContext | None = None
) -> AsyncIterator[AiohttpFetcher]:
    """Fetch for as long as the context lasts."""
    async with open_transport(clock, tls) as transport:
        yield transport.fetcher
