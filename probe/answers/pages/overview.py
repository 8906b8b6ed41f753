"""Every product on one page: what is current, may it go on, can it be had, what is open."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from probe.answers.pages.rows import (
    DAY,
    Daily,
    current_version,
    days_of,
    gate_now,
    incident_row,
    moment,
    month,
    ratio_of,
    rollout_row,
)
from probe.domain.bucket import Tally
from probe.domain.evidence import IncidentRecord, Window
from probe.domain.gate_record import Record
from probe.evidence import Reading
from probe.kpi.gathering import Gathering
from probe.settings import ConfiguredProduct

# Of rollouts under way no more are shown than there are releases that are probed, usually.
_ROLLOUTS = 5
_KEPT = 20


def overview(
    kept: Reading, products: Sequence[ConfiguredProduct], now: datetime
) -> Sequence[Record]:
    """Return a record of each product, in the order of the configuration."""
    open_now = kept.open_incidents()
    return [_product(kept, each, open_now, now) for each in products]


def _product(
    kept: Reading,
    product: ConfiguredProduct,
    open_now: Iterable[IncidentRecord],
    now: datetime,
) -> Record:
    name, channel = key = product.product.key
    version = current_version(kept, product)
    published = kept.release(*key, version) if version else None
    days = kept.daily(*key, month(now))
    last_day = kept.tallies(*key, Window(now - DAY, now)).by_segment
    regions = sorted({segment.region for day in days.values() for segment in day})
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
                "availability_30d": ratio_of(_in(days, region)),
                "days": day_row(days, region, now),
            }
            for region in regions
        ],
        "incidents": [incident_row(each, now) for each in incidents],
        "rollouts": [
            rollout_row(each.rollout, now)
            for each in Gathering(kept, product.product, product.weights)
            .catalog(month(now), most=_KEPT)
            .releases
            if each.rollout is not None and each.rollout.pending
        ][:_ROLLOUTS],
    }


def _in(days: Daily, region: str) -> Iterable[Tally]:
    return (
        tally for day in days.values() for segment, tally in day.items() if segment.region == region
    )


def day_row(days: Daily, region: str, now: datetime) -> list[Record]:
    """Return the share of each of the last 30 days in *region*; a day without any is unknown."""
    return [
        {
            "day": moment(day),
            "ratio": ratio_of(
                tally for segment, tally in days.get(day, {}).items() if segment.region == region
            ),
        }
        for day in days_of(now)
    ]
