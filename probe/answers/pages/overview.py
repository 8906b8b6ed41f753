"""Every product on one page: what is current, may it go on, can it be had, what is open."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from probe.answers.pages.rows import (
    DAY,
    Uptime,
    current_version,
    days_of,
    gate_now,
    incident_row,
    moment,
    month,
    ratio_of,
    rollout_row,
)
from probe.domain.evidence import IncidentRecord, Pair, SightedKind, Window
from probe.domain.gate_record import Record
from probe.evidence import Reading
from probe.kpi.central import Daily as ByDay
from probe.kpi.central import Days, Fleet, Overall, Train, rollouts_of
from probe.kpi.gathering import Gathering
from probe.settings import ConfiguredProduct

# Of rollouts under way no more are shown than there are releases that are probed, usually.
_ROLLOUTS = 5
_KEPT = 20


def overview(
    kept: Reading,
    products: Sequence[ConfiguredProduct],
    now: datetime,
    fleet: Fleet | None = None,
) -> Sequence[Record]:
    """Return a record of each product, in the order of the configuration; by *fleet* if known."""
    open_now = kept.open_incidents()
    found = [_product(kept, each, open_now, now) for each in products]
    if fleet is None:
        return found
    return [
        {**record, **_everywhere(fleet, each, str(record["version"] or ""), now)}
        for record, each in zip(found, products, strict=True)
    ]


def _product(
    kept: Reading,
    product: ConfiguredProduct,
    open_now: Iterable[IncidentRecord],
    now: datetime,
) -> Record:
    name, channel = key = product.product.key
    version = current_version(kept, product)
    published = kept.release(*key, version) if version else None
    days = kept.uptime(*key, month(now))
    last_day = kept.tallies(*key, Window(now - DAY, now)).by_segment
    regions = sorted({region for day in days.values() for region in day})
    incidents = [
        each for each in open_now if (each.product, each.channel) == key and not each.joined
    ]
    return {
        "product": name,
        "channel": channel,
        "owner": product.product.owner,
        "version": version or None,
        "published_at": moment(published.release.published_at) if published else None,
        "ruling": gate_now(kept, product, version, now).ruling.value if version else "unknown",
        "gates": len(product.objectives),
        "availability_24h": ratio_of(last_day.values()),
        "availability_30d": ratio_of(tally for day in days.values() for tally in day.values()),
        "regions": [
            {
                "region": region,
                "availability_24h": ratio_of(
                    tally for segment, tally in last_day.items() if segment.region == region
                ),
                "availability_30d": ratio_of(day[region] for day in days.values() if region in day),
                "days": day_row(days, region, now),
            }
            for region in regions
        ],
        "incidents": [incident_row(each, now) for each in incidents],
        "open": None,
        "rollouts": [
            rollout_row(each.rollout, now)
            for each in Gathering(kept, product.product, product.weights, product.regions)
            .catalog(month(now), most=_KEPT)
            .releases
            if each.rollout is not None and each.rollout.pending
        ][:_ROLLOUTS],
    }


def _everywhere(fleet: Fleet, product: ConfiguredProduct, version: str, now: datetime) -> Record:
    """Return what is said of a product over all regions, in place of what is known here."""
    part = fleet.of(product.product.key)
    month_by_region = part.by_region(Overall.LAST_MONTH_BY_REGION)
    day_by_region = part.by_region(Overall.LAST_DAY_BY_REGION)
    rows = uptime_rows(fleet.days, product, now)
    return {
        "ruling": part.gate(product.objectives, version, now).ruling.value,
        "availability_24h": part.value(Overall.LAST_DAY),
        "availability_30d": part.value(Overall.LAST_MONTH),
        "regions": [
            {
                **row,
                "availability_24h": day_by_region.get(str(row["region"])),
                "availability_30d": month_by_region.get(str(row["region"])),
            }
            for row in rows
        ],
        "open": open_rows(part.open_incidents()),
        "rollouts": _under_way(part, product, now),
    }


def _under_way(part: Train, product: ConfiguredProduct, now: datetime) -> list[Record]:
    found = rollouts_of(part.findings, product.product, product.regions)
    pending = [each for each in found if each.pending and each.kind is SightedKind.ASSET]
    return [rollout_row(each, now) for each in pending[:_ROLLOUTS]]


def open_rows(found: Mapping[Pair, int]) -> list[Record]:
    """Return how many incidents are open where, by the series of all regions."""
    return [
        {"endpoint": pair.endpoint, "region": pair.region, "count": count}
        for pair, count in sorted(found.items())
    ]


def uptime_rows(days: Days, product: ConfiguredProduct, now: datetime) -> list[Record]:
    """Return the last 30 days of each region that is configured, or of which there is anything."""
    known = {
        region: shares
        for (name, channel, region), shares in days.of(ByDay.AVAILABLE).items()
        if (name, channel) == product.product.key
    }
    return [
        {
            "region": region,
            "days": [
                {"day": moment(day), "ratio": known.get(region, {}).get(day)}
                for day in days_of(now)
            ],
        }
        for region in sorted({*known, *product.regions})
    ]


def day_row(days: Uptime, region: str, now: datetime) -> list[Record]:
    """Return the share of each of the last 30 days in *region*; a day without any is unknown."""
    return [
        {
            "day": moment(day),
            "ratio": ratio_of(tally for name, tally in days.get(day, {}).items() if name == region),
        }
        for day in days_of(now)
    ]
