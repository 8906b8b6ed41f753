"""The configuration file, key by key."""

from typing import Annotated, Self, TypeVar

from pydantic import AfterValidator, Field, model_validator

from probe.auth import AuthOptions, NoneOptions
from probe.auth.basic import BasicAuth, Username
from probe.catalog import SourceOptions
from probe.catalog.fields import Version
from probe.domain.marker import MarkerKind
from probe.domain.target import EndpointKind
from probe.engine.permits import Concurrency
from probe.secret import SecretRef
from probe.settings.central import PrometheusEntry
from probe.settings.expecting import ExpectEntry, RollbackEntry
from probe.settings.grafana import GrafanaEntry
from probe.settings.keeping import IncidentsEntry, LedgerEntry
from probe.settings.policy import Policy, Section, Size
from probe.settings.quantities import lasting
from probe.settings.targets import STARTER, KpiName, Targets
from probe.settings.words import Address, Name, Nameserver, ProxyUrl, Url, UrlTemplate

_CONCURRENCY = Concurrency()

Entry = TypeVar("Entry")


def _some(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    if not entries:
        raise ValueError("must not be empty")
    return entries


# A rule of its own, because pydantic's counts only the entries that are without fault.
Some = (AfterValidator(_some), Field(json_schema_extra={"minItems": 1}))

Count = Annotated[int, Field(ge=1, le=100_000)]


class ProxyCredentials(Section):
    """What a proxy is told to let us through."""

    username: Username
    """The user's name."""
    password: SecretRef
    """Where the password is: {env: NAME} or {file: PATH}."""

    def header(self) -> str:
        """
        Return the value of a ``Proxy-Authorization`` header, with the password as it is now.

        Raises:
            SecretUnavailable: the password cannot be read.
        """
        return BasicAuth(self.username, self.password).header()


class EgressEntry(Section):
    """A region's way out."""

    proxy: ProxyUrl = ""
    """A forward proxy through which everything goes."""
    proxy_auth: ProxyCredentials | None = None
    """Credentials for the proxy."""
    source_address: Address = ""
    """An address of this machine from which connections are made."""
    nameservers: tuple[Nameserver, ...] = ()
    """Name servers that are asked instead of the system's resolver."""

    @model_validator(mode="after")
    def _credentials_have_a_proxy(self) -> Self:
        if self.proxy_auth is not None and not self.proxy:
            raise ValueError("proxy_auth needs a proxy that it is for")
        return self


class RegionEntry(Section):
    """Where probes leave from."""

    name: Name
    """The region's name: the label probe_region."""
    weight: Annotated[float, Field(gt=0, le=1e12)] | None = None
    """Its share of the users, in any unit: shares are of the sum over all regions."""
    egress: EgressEntry = EgressEntry()


class Budget(Section):
    """What probing may cost."""

    bytes_per_day: Size | None = None
    """Bytes of body that each endpoint may be asked for in a day (UTC)."""


class ConcurrencyEntry(Section):
    """How many probes may be under way at once."""

    total: Count = _CONCURRENCY.total
    """In all."""
    per_host: Count = _CONCURRENCY.per_host
    """At one host, from one region."""
    per_region: Count = _CONCURRENCY.per_region
    """From one region."""
    bulk: Count = _CONCURRENCY.bulk
    """Full downloads of large artifacts."""


class CatalogEntry(Section):
    """How catalogs are read."""

    refresh: Annotated[float, *lasting("5s", "1d")] = 300.0
    """Time between two readings of each source."""


class HistoryEntry(Section):
    """How much the API remembers."""

    observations: Count = 2000
    """The last observations, whatever came of them."""
    failures: Count = 500
    """The last failures, kept when newer successes have pushed the others out."""


class ProbeEndpointEntry(Section):
    """The on-demand /probe endpoint."""

    allow_any_url: bool = False
    """Let whoever reaches the port probe URLs outside the catalog. They leave from this network."""


class ApiEntry(Section):
    """Writing over HTTP: approvals, alerts, incidents."""

    token: SecretRef | None = None
    """Where the bearer token of those who may write is; without it nobody may."""


class MarkerEntry(Section):
    """Where an endpoint says how far it is."""

    kind: MarkerKind
    """What is there: an epoch, a date, Debian's trace, a header, a pointer or an index."""
    url: Url
    """Where it is."""
    name: Name = "latest"
    """What it is called, the same at every endpoint that has a copy of it."""
    header: str = Field(default="last-modified", pattern=r"^[A-Za-z0-9-]{1,60}$")
    """With kind header, which one."""
    interval: Annotated[float, *lasting("10s", "1d")] = 300.0
    """Time between two readings."""


class EndpointEntry(Policy):
    """One way to fetch the artifacts of a product."""

    name: Name
    """Unique within the product: the label endpoint."""
    kind: EndpointKind
    """What stands behind it."""
    url: UrlTemplate
    """Where an artifact is, with {version} {name} {tag} {os} {arch} {product} {channel}."""
    required: bool = True
    """It must serve the current release."""
    origin: bool = False
    """The others copy from it: asked first, and asked again when a copy fails."""
    regions: tuple[str, ...] = ()
    """Regions it is probed from; empty for all."""
    auth: AuthOptions = NoneOptions()
    """How to authenticate."""
    marker: MarkerEntry | None = None
    """Where it says how far it is."""


class ProductEntry(Policy):
    """One product on one channel, and where it is served."""

    name: Name
    """The product's name."""
    channel: Name = "stable"
    """Name and channel together are unique."""
    owner: str = Field(default="", max_length=100)
    """The team that is told when it cannot be had."""
    source: SourceOptions
    """Where its releases are listed."""
    expect: ExpectEntry = ExpectEntry()
    rollback: RollbackEntry = RollbackEntry()
    keep: Annotated[int, Field(ge=1, le=100)] = 3
    """How many of the newest releases are probed."""
    pinned: tuple[Version, ...] = ()
    """Older versions that are probed as well."""
    refresh: Annotated[float, *lasting("5s", "1d")] | None = None
    """Time between two readings of this source, in place of the catalog's."""
    targets: Targets = Targets()
    """What is asked of its delivery, by name of KPI."""
    starter_set: tuple[KpiName, ...] = STARTER
    """The KPIs that come first, one of each category: baselines are proposed for them."""
    endpoints: Annotated[tuple[EndpointEntry, ...], *Some]
    """Where its artifacts are served."""


class Configuration(Section):
    """What delivery-probe is to probe, from where, and how."""

    regions: Annotated[tuple[RegionEntry, ...], *Some]
    """Where probes leave from; PROBE_REGION picks those of this process."""
    control_targets: tuple[Url, ...] = ()
    """Well-known URLs that tell whether our own way out works; two, of unrelated owners."""
    defaults: Policy = Policy()
    budget: Budget = Budget()
    limits: ConcurrencyEntry = ConcurrencyEntry()
    catalog: CatalogEntry = CatalogEntry()
    history: HistoryEntry = HistoryEntry()
    probe_endpoint: ProbeEndpointEntry = ProbeEndpointEntry()
    api: ApiEntry = ApiEntry()
    prometheus: PrometheusEntry | None = None
    """Where questions are answered over all regions; without it the ledger of this one is asked."""
    grafana: GrafanaEntry | None = None
    """Where pages lead to, each to the dashboard that shows the same."""
    incidents: IncidentsEntry = IncidentsEntry()
    ledger: LedgerEntry = LedgerEntry()
    products: Annotated[tuple[ProductEntry, ...], *Some]
    """What is released."""
