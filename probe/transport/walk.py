"""The walk along redirects, from the URL of a request to the answer that leads nowhere else."""

from collections.abc import Mapping
from functools import lru_cache

import aiohttp
from yarl import URL

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.link import Link
from probe.domain.observation import Hop
from probe.domain.redirect import REDIRECTS, follow, may_end_at, method_after, refused
from probe.domain.request import Request
from probe.domain.target import AddressFamily
from probe.domain.text import clean
from probe.ports import Clock
from probe.transport.leg import Deadline, Leg, current
from probe.transport.resolve import as_address
from probe.transport.session import Sessions

_HOST_CHARACTERS = 120
_PROXY_AUTHENTICATION_REQUIRED = 407


class Walk:
    """
    One attempt's hops. Each is one request on a connection of its own.

    What the caller put into the headers goes to the origin of the first URL, and is dropped for
    good as soon as a redirect leaves it. ``link`` and ``leg`` are of the hop under way.
    """

    def __init__(
        self, request: Request, start: Link, sessions: Sessions, clock: Clock, deadline: Deadline
    ) -> None:
        self._request = request
        self._sessions = sessions
        self._clock = clock
        self._deadline = deadline
        self._method = request.method
        self._body = request.body
        self._headers: Mapping[str, str] = request.headers
        self._visited = [start]
        self.hops: tuple[Hop, ...] = ()
        self.answer: aiohttp.ClientResponse | None = None
        self.link = start
        self.leg = self._new_leg()
        self.legs = [self.leg]

    @property
    def redirect_seconds(self) -> float | None:
        """Return what the hops before the one under way took; ``None`` if there were none."""
        return sum(hop.seconds for hop in self.hops) if self.hops else None

    async def arrive(self) -> aiohttp.ClientResponse | Failure:
        """
        Return the answer at the end of the redirects, its body unread.

        Raises:
            ConnectionEnded, aiohttp.ClientError, OSError: the network failed.
        """
        while True:
            self.answer = response = await self._ask()
            if response.status not in REDIRECTS:
                return self._refusal(response) or response
            location = response.headers.get("location")
            abandon(response)
            fault = self._go_on(response.status, location)
            if fault is not None:
                return fault

    async def _ask(self) -> aiohttp.ClientResponse:
        current.set(self.leg)
        egress, link = self._request.egress, self.link
        headers, proxy_headers = _with_proxy_auth(self._request, link, self._hop_headers())
        return await self._sessions.of(egress, self._family()).request(
            self._method,
            _url(link),
            headers=headers,
            data=self._body or None,
            allow_redirects=False,
            proxy=egress.proxy or None,
            proxy_headers=proxy_headers,
            max_line_size=self._request.endpoint.limits.header_bytes,
            max_field_size=self._request.endpoint.limits.header_bytes,
        )

    def _family(self) -> AddressFamily:
        # An address that is written out is of the family that it is of.
        if self.leg.addresses or as_address(self.link.host):
            return AddressFamily.AUTO
        return self._request.endpoint.family

    def _hop_headers(self) -> dict[str, str]:
        headers = dict(self._headers)
        if (span := self._request.byte_range) is not None:
            headers["Range"] = f"bytes={span[0]}-{span[1]}"
            # RFC 9110 section 13.1.5: a weak entity tag says nothing about bytes.
            if self._request.if_range and not self._request.if_range.startswith("W/"):
                headers["If-Range"] = self._request.if_range
        return headers

    def _refusal(self, response: aiohttp.ClientResponse) -> Failure | None:
        proxied = bool(self._request.egress.proxy)
        if proxied and response.status == _PROXY_AUTHENTICATION_REQUIRED:
            abandon(response)
            return Failure(FailureReason.UPLINK, Phase.CONNECT, "the proxy answered with 407")
        if not may_end_at(self._visited, self._request.endpoint.allowed_hosts):
            abandon(response)
            host = clean(self.link.host, _HOST_CHARACTERS)
            return refused(f"ends at {host}, which is not allowed")
        return None

    def _go_on(self, status: int, location: str | None) -> Failure | None:
        endpoint = self._request.endpoint
        goal = follow(
            self._visited,
            location,
            limit=endpoint.limits.redirects,
            allow_downgrade=endpoint.allow_downgrade,
        )
        if isinstance(goal, Failure):
            return goal
        crossing = goal.origin != self.link.origin
        self._method = method_after(status, self._method)
        if self._method != self._request.method:
            self._body = b""
        if crossing and self._body:
            return refused("would take the request's body to another origin")
        if crossing:
            self._headers = {}
        host = clean(self.link.host, _HOST_CHARACTERS)
        self.hops = (*self.hops, Hop(host, status, self.leg.seconds))
        self.answer = None
        self.link, self.leg = goal, self._new_leg(self.leg)
        self._visited.append(goal)
        self.legs.append(self.leg)
        return None

    def _new_leg(self, after: Leg | None = None) -> Leg:
        leg = Leg(self._clock, self._deadline, self._request.endpoint.limits, after)
        leg.proxied = bool(self._request.egress.proxy)
        if after is None and not leg.proxied and self._request.address:
            leg.addresses = (self._request.address,)
        return leg


@lru_cache(maxsize=4096)
def _url(link: Link) -> URL:
    return URL(str(link), encoded=True)


def _with_proxy_auth(
    request: Request, link: Link, headers: dict[str, str]
) -> tuple[dict[str, str], dict[str, str] | None]:
    """Return the headers for the answerer and those for a proxy that opens a tunnel to it."""
    if not request.egress.proxy or request.egress.proxy_auth is None:
        return headers, None
    secret = {"Proxy-Authorization": request.egress.proxy_auth()}
    return (headers, secret) if link.scheme == "https" else ({**headers, **secret}, None)


def abandon(response: aiohttp.ClientResponse) -> None:
    """Drop an answer and its connection at once; what was not read is never asked for."""
    connection = response.connection
    if connection is not None and connection.transport is not None:
        connection.transport.abort()
    response.close()
