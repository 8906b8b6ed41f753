"""How an endpoint is probed; may be said for all, for a product, and for one endpoint."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from probe.domain.target import (
    AddressFamily,
    DepthPolicy,
    EarlyProbe,
    Endpoint,
    EndpointKind,
    Limits,
)
from probe.settings.quantities import holding, lasting
from probe.settings.words import Host

_ENDPOINT = Endpoint(name="", kind=EndpointKind.MIRROR, url="")
_LIMITS = Limits()


Size = Annotated[int, *holding("0", "1024TiB")]


class Section(BaseModel):
    """A mapping of the configuration: frozen, and nothing unknown in it."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True
    )


PhaseTime = Annotated[float, *lasting("1ms", "1h")]


class Timeouts(Section):
    """Where the phases of one attempt end."""

    connect: PhaseTime = _LIMITS.connect_seconds
    """For each of resolving, connecting and the TLS handshake."""
    first_byte: PhaseTime = _LIMITS.first_byte_seconds
    """From the request to the first byte of the answer."""
    stall: PhaseTime = _LIMITS.stall_seconds
    """Without any byte; also the time over which min_rate is held."""
    total: Annotated[float, *lasting("1ms", "1d")] = _LIMITS.total_seconds
    """For the whole attempt, redirects included. No other timeout may be longer."""


class Policy(Section):
    """What may be said for all (defaults), for a product, or for one endpoint: the nearest wins."""

    interval: Annotated[float, *lasting("1s", "7d")] = _ENDPOINT.interval_seconds
    """Time between two probes of each artifact."""
    depth: DepthPolicy = _ENDPOINT.depth
    """How much of an artifact each probe reads; auto goes by size, time and budget."""
    full_below: Size = _ENDPOINT.full_below_bytes
    """With depth auto, smaller artifacts are read in full at each probe."""
    timeouts: Timeouts = Timeouts()
    min_rate: Size = int(_LIMITS.minimum_rate)
    """Bytes per second below which a transfer is given up; 0 for none."""
    max_header: Annotated[int, *holding("1KiB", "1MiB")] = _LIMITS.header_bytes
    """Where reading the headers of an answer ends."""
    max_body: Size = _LIMITS.body_bytes
    """Where reading a body ends when nobody published its size."""
    max_redirects: Annotated[int, Field(ge=0, le=20)] = _LIMITS.redirects
    """How many redirects are followed."""
    allowed_hosts: tuple[Host, ...] = _ENDPOINT.allowed_hosts
    """Hosts at which redirects may end, besides the endpoint's own; empty for any."""
    allow_downgrade: bool = _ENDPOINT.allow_downgrade
    """Follow a redirect from https to http."""
    missing_status: tuple[Annotated[int, Field(ge=400, le=599)], ...] = ()
    """Statuses that mean "not there" besides 404 and 410; S3 says 403 without ListBucket."""
    cache_key_query: bool = _ENDPOINT.cache_key_query
    """The cache keys on the query, so that a unique query shows what is behind it."""
    family: AddressFamily = _ENDPOINT.family
    """Which addresses of the host are used."""
    addresses: Literal["one", "all"] = "one"
    """Probe one address of the host, or each of them as a target of its own."""
    early_probe: EarlyProbe = _ENDPOINT.early_probe
    """When a copy is first asked for a new artifact; asking early may plant a cached 404."""
    bytes_per_day: Size | None = None
    """Bytes each endpoint may be asked for in a day (UTC), in place of the budget's."""
    deadline: Annotated[float, *lasting("1m", "90d")] | None = None
    """Time after publication after which nobody waits for an endpoint without the release."""

    def under(self, nearer: "Policy") -> "Policy":
        """Return this policy with what *nearer* says put over it."""
        said = {name: getattr(nearer, name) for name in nearer.model_fields_set & POLICY_FIELDS}
        if "timeouts" in said:
            given = nearer.timeouts
            times = {name: getattr(given, name) for name in given.model_fields_set}
            said["timeouts"] = self.timeouts.model_copy(update=times)
        return self.model_copy(update=said)


POLICY_FIELDS = frozenset(Policy.model_fields)
