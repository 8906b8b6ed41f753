"""What one attempt asks of the network."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from probe.domain.artifact import KIB, DigestAlgorithm
from probe.domain.target import Depth, Egress, Endpoint, Probe


@dataclass(frozen=True, slots=True)
class Request:
    """
    One wire request and, in ``endpoint``, the rules for following where it leads.

    ``headers`` may hold credentials: they go to the origin of ``url`` and nowhere else.
    ``byte_range`` has both ends included. ``byte_limit`` is where reading stops, in bytes of body.
    ``sample_bytes`` is how much of a good body the download keeps; an error's is kept to 64 KiB.
    ``address`` pins the connection of the first hop, whose URL and host name stay as they are.
    """

    url: str
    endpoint: Endpoint
    egress: Egress = Egress()
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    byte_range: tuple[int, int] | None = None
    if_range: str = ""
    algorithms: tuple[DigestAlgorithm, ...] = ()
    byte_limit: int | None = None
    sample_bytes: int = 64 * KIB
    address: str = ""

    def with_header(self, name: str, value: str) -> "Request":
        """Return this request with one header set."""
        return replace(self, headers={**self.headers, name: value})


def request_for(probe: Probe) -> Request:
    """Return the request that *probe* makes, before any credentials are added."""
    target = probe.target
    span = probe.byte_range
    return Request(
        url=target.url,
        endpoint=target.endpoint,
        egress=target.region.egress,
        method="HEAD" if probe.depth is Depth.HEAD else "GET",
        byte_range=span,
        if_range=probe.etag,
        algorithms=_algorithms(probe),
        byte_limit=span[1] - span[0] + 2 if span else target.byte_limit,
        sample_bytes=4 * KIB,
        address=target.address,
    )


def _algorithms(probe: Probe) -> tuple[DigestAlgorithm, ...]:
    if probe.depth is not Depth.FULL:
        return ()
    return tuple(dict.fromkeys(digest.algorithm for digest in probe.target.artifact.digests))
