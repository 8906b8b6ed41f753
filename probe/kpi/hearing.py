"""How fresh evidence is, and from where: the pairs that are probed, and when each was heard of."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from probe.domain.evidence import LastHeard, Pair
from probe.domain.gate import Reading
from probe.domain.target import Product
from probe.kpi.model import Category, Kpi
from probe.kpi.value import Measured, Value

# The others are about files or about incidents, which are the same from everywhere.
_OF_REGIONS = frozenset({Category.AVAILABILITY, Category.PERFORMANCE})


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What is to be known: as of ``now``, of one ``version`` or of all.

    ``regions`` are those that are probed from; none named is any. Of them those count as seen from
    that something was heard from in ``recent`` time.
    """

    now: datetime
    recent: timedelta
    version: str = ""
    regions: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Hearing:
    """
    What was heard of the pairs that are probed.

    ``at`` is when the pair was heard of that was not heard of for the longest, ``regions`` from how
    many regions something was heard lately. Where ``at`` is ``None`` ``silent`` says why.
    """

    at: datetime | None
    regions: int
    silent: str = "none of its files was asked for yet"


def probed_pairs(product: Product, regions: Iterable[str]) -> tuple[Pair, ...]:
    """Return the pairs that are probed from all of *regions*."""
    return tuple(
        Pair(endpoint.name, region)
        for endpoint in product.endpoints
        for region in regions
        if not endpoint.regions or region in endpoint.regions
    )


def by_target(heard: Iterable[LastHeard]) -> Mapping[tuple[str, Pair], list[LastHeard]]:
    """Return what was heard of each file at each pair: of each address, where those are watched."""
    found: dict[tuple[str, Pair], list[LastHeard]] = {}
    for each in heard:
        pair = Pair(each.segment.endpoint, each.segment.region)
        found.setdefault((each.artifact, pair), []).append(each)
    return found


def hearing(heard: Iterable[LastHeard], product: Product, asked: Asked) -> Hearing:
    """Return what was heard of pairs that are still probed: the others only grow old."""
    lasts = last_heard_of(heard, product, asked.regions)
    known = {pair: at for pair, at in lasts.items() if at is not None}
    lately = {pair.region for pair, at in known.items() if asked.now - at <= asked.recent}
    if unheard := lasts.keys() - known.keys():
        first = min(unheard)
        why = f"no attempt at {first.endpoint} from {first.region} came to a verdict yet"
        return Hearing(None, len(lately), why)
    return Hearing(min(known.values(), default=None), len(lately))


def last_heard_of(
    heard: Iterable[LastHeard], product: Product, regions: Collection[str]
) -> dict[Pair, datetime | None]:
    """Return when each pair that was asked and is still probed was heard of, if it ever was."""
    probed_from = {each.name: each.regions or regions for each in product.endpoints}
    lasts: dict[Pair, datetime | None] = {}
    for each in heard:
        pair = Pair(each.segment.endpoint, each.segment.region)
        among = probed_from.get(pair.endpoint)
        if among is None or (among and pair.region not in among):
            continue
        if not regions or pair.region in regions:
            moments = (each.heard_at, lasts.get(pair))
            lasts[pair] = max((at for at in moments if at is not None), default=None)
    return lasts


def reading_of(kpi: Kpi, value: Value, heard: Hearing, now: datetime) -> Reading:
    """Return *value* as fresh as what was heard; without that it is worth nothing."""
    regions = heard.regions if kpi.category in _OF_REGIONS else None
    if not isinstance(value, Measured):
        return Reading(None, now, regions, value.why)
    if heard.at is None:
        return Reading(None, now, regions, heard.silent)
    return Reading(value.value, heard.at, regions)
