"""From the configuration file's model to the values that the parts of the service take."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from probe.catalog import SourceOptions
from probe.domain.fault import Fault
from probe.domain.gate import Objective, Source
from probe.domain.marker import Marker, MarkerKind
from probe.domain.platform_names import parse_platform
from probe.domain.snapshot import ProductKey
from probe.domain.streak import IncidentPolicy
from probe.domain.target import Egress, Endpoint, Limits, Product, Region
from probe.engine.permits import Concurrency
from probe.evidence import Bounds
from probe.ports import Auth
from probe.settings.model import (
    Configuration,
    EgressEntry,
    EndpointEntry,
    MarkerEntry,
    ProductEntry,
    RegionEntry,
)
from probe.settings.policy import Policy
from probe.transport import PrometheusAccess


@dataclass(frozen=True, slots=True)
class ConfiguredProduct:
    """
    A product, the options of its source, and by endpoint name how to authenticate.

    ``refresh_seconds`` lie between two readings of the source. ``objectives`` are what is asked of
    its KPIs, ``regions`` all that are configured, whichever process probes from them, and
    ``weights`` the shares of users in them, if they are known. ``starter_set`` names the KPIs that
    come first.
    """

    product: Product
    source: SourceOptions
    auth: Mapping[str, Auth]
    refresh_seconds: float
    objectives: tuple[Objective, ...] = ()
    regions: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    starter_set: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """An SLA that is asked for; ``fault`` is what is told where it cannot be promised yet."""

    key: ProductKey
    kpi: str
    fault: Fault = field(compare=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """
    What one configuration file says, as plain values.

    ``regions`` are those that this process probes from, ``elsewhere`` names the others.
    ``weights`` are the shares of users by region, of all of them; empty where nobody said.
    ``api_token`` reads the token of those who may write; without it nobody may.
    ``prometheus`` is the one that sees all regions, ``grafana`` the URL of the one that pages lead
    to, if there is one.
    ``content_hash`` is the same for files that say the same to this process. ``shown`` is the file
    as YAML, without comments, users and queries of URLs; secrets are references in it. ``promises``
    are the SLAs among the targets, ``advice`` is what the file could do better.
    """

    regions: tuple[Region, ...]
    elsewhere: tuple[str, ...]
    weights: Mapping[str, float]
    control_targets: tuple[str, ...]
    products: tuple[ConfiguredProduct, ...]
    bytes_per_day: int | None
    concurrency: Concurrency
    history_observations: int
    history_failures: int
    allow_any_url: bool
    api_token: Callable[[], str] | None
    prometheus: PrometheusAccess | None
    grafana: str
    incidents: IncidentPolicy
    ledger: Bounds
    content_hash: str
    shown: str
    promises: tuple[Promise, ...] = ()
    advice: tuple[Fault, ...] = field(default=(), compare=False)

    @property
    def source(self) -> Source:
        """Return who is asked what KPIs are."""
        return Source.LEDGER if self.prometheus is None else Source.PROMETHEUS

    @property
    def objectives(self) -> Mapping[tuple[str, str], tuple[Objective, ...]]:
        """Return what is asked of each product, by name and channel."""
        return {each.product.key: each.objectives for each in self.products}


def build(
    configuration: Configuration, regions: Sequence[str], content_hash: str, shown: str
) -> Settings:
    """Return the settings for a process that probes from *regions*."""
    limits, weights = configuration.limits, _weights(configuration.regions)
    return Settings(
        regions=tuple(
            Region(entry.name, _egress(entry.egress))
            for entry in configuration.regions
            if entry.name in regions
        ),
        elsewhere=tuple(entry.name for entry in configuration.regions if entry.name not in regions),
        weights=weights,
        control_targets=configuration.control_targets,
        products=tuple(
            _configured(entry, configuration, weights) for entry in configuration.products
        ),
        bytes_per_day=configuration.budget.bytes_per_day,
        concurrency=Concurrency(
            total=limits.total,
            per_host=limits.per_host,
            per_region=limits.per_region,
            bulk=limits.bulk,
        ),
        history_observations=configuration.history.observations,
        history_failures=configuration.history.failures,
        allow_any_url=configuration.probe_endpoint.allow_any_url,
        api_token=configuration.api.token.read_visible if configuration.api.token else None,
        prometheus=configuration.prometheus.access() if configuration.prometheus else None,
        grafana=configuration.grafana.url if configuration.grafana else "",
        incidents=configuration.incidents.policy(),
        ledger=configuration.ledger.bounds(),
        content_hash=content_hash,
        shown=shown,
    )


def _egress(entry: EgressEntry) -> Egress:
    return Egress(
        proxy=entry.proxy,
        source_address=entry.source_address,
        nameservers=entry.nameservers,
        proxy_auth=entry.proxy_auth.header if entry.proxy_auth else None,
    )


def _weights(regions: Sequence[RegionEntry]) -> Mapping[str, float]:
    said = {region.name: region.weight for region in regions if region.weight is not None}
    total = sum(said.values())
    return {name: weight / total for name, weight in said.items()}


def _configured(
    entry: ProductEntry, configuration: Configuration, weights: Mapping[str, float]
) -> ConfiguredProduct:
    return ConfiguredProduct(
        product=_product(entry, configuration.defaults),
        source=entry.source,
        auth={endpoint.name: endpoint.auth.build() for endpoint in entry.endpoints},
        refresh_seconds=entry.refresh or configuration.catalog.refresh,
        objectives=entry.targets.objectives(),
        starter_set=entry.starter_set,
        regions=tuple(region.name for region in configuration.regions),
        weights=weights,
    )


def _product(entry: ProductEntry, defaults: Policy) -> Product:
    policy = defaults.under(entry)
    return Product(
        name=entry.name,
        channel=entry.channel,
        owner=entry.owner,
        endpoints=tuple(_endpoint(each, policy.under(each)) for each in entry.endpoints),
        platforms=tuple(filter(None, map(parse_platform, entry.expect.platforms))),
        keep=entry.keep,
        pinned=entry.pinned,
        expects=entry.expect.expectation(planned=entry.source.planned),
        known_good=entry.rollback.known_good,
        rollback_doc=entry.rollback.document,
    )


def _endpoint(entry: EndpointEntry, policy: Policy) -> Endpoint:
    return Endpoint(
        name=entry.name,
        kind=entry.kind,
        url=entry.url,
        required=entry.required,
        origin=entry.origin,
        regions=entry.regions,
        auth_mode=entry.auth.kind,
        interval_seconds=policy.interval,
        depth=policy.depth,
        full_below_bytes=policy.full_below,
        limits=_limits(policy),
        allowed_hosts=policy.allowed_hosts,
        allow_downgrade=policy.allow_downgrade,
        missing_status=frozenset(policy.missing_status),
        cache_key_query=policy.cache_key_query,
        family=policy.family,
        every_address=policy.addresses == "all",
        early_probe=policy.early_probe,
        bytes_per_day=policy.bytes_per_day,
        deadline_seconds=policy.deadline,
        marker=_marker(entry.marker) if entry.marker else None,
    )


def _marker(entry: MarkerEntry) -> Marker:
    header = entry.header.lower() if entry.kind is MarkerKind.HEADER else ""
    return Marker(entry.kind, entry.url, entry.name, header, entry.interval)


def _limits(policy: Policy) -> Limits:
    return Limits(
        connect_seconds=policy.timeouts.connect,
        first_byte_seconds=policy.timeouts.first_byte,
        stall_seconds=policy.timeouts.stall,
        total_seconds=policy.timeouts.total,
        minimum_rate=policy.min_rate,
        header_bytes=policy.max_header,
        redirects=policy.max_redirects,
        body_bytes=policy.max_body,
    )
