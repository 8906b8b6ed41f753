"""Regions, endpoints, targets, and the probes that one due target turns into."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from urllib.parse import quote

from probe.domain.artifact import GIB, MIB, Artifact, Digest, Platform, Release
from probe.domain.expectation import Expectation
from probe.domain.marker import Marker

TEMPLATE_FIELDS = frozenset({"product", "channel", "version", "tag", "name", "os", "arch"})

# What RFC 3986 lets a path segment hold besides letters and digits, and the slash.
_PATH_SAFE = "/-._~!$&'()*+,;=:@"


class EndpointKind(StrEnum):
    """What stands behind an endpoint."""

    GITHUB = "github"
    S3 = "s3"
    CDN = "cdn"
    MIRROR = "mirror"
    OCI = "oci"
    REPOSITORY = "repository"

    @property
    def caches(self) -> bool:
        """Tell whether it serves copies, so that it may lag or hold on to an error."""
        return self in {EndpointKind.CDN, EndpointKind.MIRROR}


class Depth(StrEnum):
    """How much of an artifact one attempt reads. Only ``FULL`` proves the content."""

    HEAD = "head"
    RANGE = "range"
    FULL = "full"


class DepthPolicy(StrEnum):
    """How deep an endpoint is probed; ``AUTO`` goes by size, time and budget."""

    AUTO = "auto"
    HEAD = "head"
    RANGE = "range"
    FULL = "full"


class AddressFamily(StrEnum):
    """Which addresses of a name a consumer would use."""

    AUTO = "auto"
    IPV4 = "ipv4"
    IPV6 = "ipv6"


class EarlyProbe(StrEnum):
    """When a copy may first be asked for a new artifact (asking early plants a cached 404)."""

    AFTER_ORIGIN = "after_origin"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Egress:
    """
    A region's way out: a forward proxy's URL, a source address, or neither.

    ``nameservers`` are asked instead of the system's resolver: ``9.9.9.9``, ``[::1]:5353``.
    ``proxy_auth`` gives the value of Proxy-Authorization, read anew for each request.
    """

    proxy: str = ""
    source_address: str = ""
    nameservers: tuple[str, ...] = ()
    proxy_auth: Callable[[], str] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Region:
    """Where a probe leaves from."""

    name: str
    egress: Egress = Egress()


@dataclass(frozen=True, slots=True)
class Limits:
    """
    Where one attempt ends, in seconds and bytes.

    ``minimum_rate`` is in bytes per second, held over ``stall_seconds``; 0 asks for none.
    ``connect_seconds`` bounds each of resolving, connecting and the TLS handshake. ``body_bytes``
    is where reading stops when nobody published a size.
    """

    connect_seconds: float = 5.0
    first_byte_seconds: float = 15.0
    stall_seconds: float = 15.0
    total_seconds: float = 600.0
    minimum_rate: float = 1024.0
    header_bytes: int = 65536
    redirects: int = 5
    body_bytes: int = 20 * GIB


@dataclass(frozen=True)
class Endpoint:
    """One way to fetch the artifacts of a product, and the policy for doing so."""

    name: str
    kind: EndpointKind
    url: str
    required: bool = True
    origin: bool = False
    regions: tuple[str, ...] = ()
    interval_seconds: float = 60.0
    depth: DepthPolicy = DepthPolicy.AUTO
    full_below_bytes: int = 10 * MIB
    limits: Limits = Limits()
    auth_mode: str = "none"
    allowed_hosts: tuple[str, ...] = ()
    allow_downgrade: bool = False
    missing_status: frozenset[int] = frozenset()
    cache_key_query: bool = False
    family: AddressFamily = AddressFamily.AUTO
    every_address: bool = False
    early_probe: EarlyProbe = EarlyProbe.AFTER_ORIGIN
    bytes_per_day: int | None = None
    deadline_seconds: float | None = None
    marker: Marker | None = None

    @property
    def names_a_release(self) -> bool:
        """Tell whether it has a marker by which one knows which release it has."""
        return self.marker is not None and self.marker.kind.names_a_release


@dataclass(frozen=True)
class Product:
    """
    A release train: one product on one channel, who owns it, and where it is served.

    ``known_good`` are versions that one may go back to, where releases do not name them;
    ``rollback_doc`` says how, with the version as ``{version}``.
    """

    name: str
    channel: str
    owner: str
    endpoints: tuple[Endpoint, ...]
    platforms: tuple[Platform, ...] = ()
    keep: int = 3
    pinned: tuple[str, ...] = ()
    expects: Expectation = field(default_factory=Expectation)
    known_good: tuple[str, ...] = ()
    rollback_doc: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Return what names this train among all: the product and its channel."""
        return (self.name, self.channel)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The same artifact in another release: what a stale endpoint would serve."""

    version: str
    size_bytes: int | None
    digests: tuple[Digest, ...]


@dataclass(frozen=True)
class Target:
    """
    One artifact of one release at one pair of endpoint and region.

    ``address`` pins the connection to one of the host's addresses; the URL stays as it is.
    """

    product: str
    release: Release
    artifact: Artifact
    endpoint: Endpoint
    region: Region
    history: tuple[Earlier, ...] = field(default=(), repr=False)
    address: str = ""

    @cached_property
    def key(self) -> str:
        """Return the identity of this target: the same after every restart."""
        pin = f"#{self.address}" if self.address else ""
        return (
            f"{self.product}/{self.release.channel}/{self.release.version}/{self.artifact.name}"
            f"@{self.endpoint.name}/{self.region.name}{pin}"
        )

    @cached_property
    def url(self) -> str:
        """Return the URL a consumer would ask for."""
        return expand(self.endpoint.url, self.product, self.release, self.artifact)

    @cached_property
    def byte_limit(self) -> int | None:
        """Return the most bytes worth reading: one more than any known release has."""
        sizes = [self.artifact.size_bytes, *(earlier.size_bytes for earlier in self.history)]
        known = [size for size in sizes if size is not None]
        return max(known) + 1 if self.artifact.size_bytes is not None else None


class Slice(StrEnum):
    """The end of a large artifact that a range attempt reads."""

    FIRST = "first"
    LAST = "last"


SLICE_BYTES = MIB


@dataclass(frozen=True, slots=True)
class Probe:
    """
    One attempt: a target, how deep to read, and for a range which end.

    ``etag`` is the entity tag of the other end: both must come from one file (RFC 9110, If-Range).
    """

    target: Target
    depth: Depth = Depth.FULL
    part: Slice = Slice.FIRST
    etag: str = ""

    @property
    def byte_range(self) -> tuple[int, int] | None:
        """
        Return the first and the last byte to ask for, both included; None asks for all.

        Raises:
            ValueError: a range of an artifact whose size nobody published.
        """
        if self.depth is not Depth.RANGE:
            return None
        size = self.target.artifact.size_bytes
        if not size:
            raise ValueError(f"{self.target.key}: a range needs a published size")
        if self.part is Slice.FIRST:
            return (0, min(SLICE_BYTES, size) - 1)
        return (max(0, size - SLICE_BYTES), size - 1)


def expand(template: str, product: str, release: Release, artifact: Artifact) -> str:
    """Fill a URL template; what a path segment may not hold (RFC 3986) is percent-encoded."""
    platform = artifact.platform
    values = {
        "product": product,
        "channel": release.channel,
        "version": release.version,
        "tag": release.tag or release.version,
        "name": artifact.name,
        "os": platform.os if platform else "",
        "arch": platform.arch if platform else "",
    }
    return template.format_map(
        {name: quote(text, safe=_PATH_SAFE) for name, text in values.items()}
    )
