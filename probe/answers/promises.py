"""Whether an SLA may be promised: the ledger says for how long it has been an aim of one's own."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from probe.domain.evidence import EVER
from probe.domain.fault import Fault
from probe.domain.gate import Kind
from probe.domain.promise import HISTORY, SLO, asked_since
from probe.evidence import Reading, open_reading
from probe.kpi import BY_NAME
from probe.ports import EvidenceUnavailable
from probe.settings import ConfiguredProduct, Promise, Settings


def unfounded(
    directory: Path, promises: Sequence[Promise], now: datetime
) -> Mapping[Promise, Fault]:
    """Return those of *promises* that may not be made yet, and why. Blocks."""
    if not promises:
        return {}
    try:
        with open_reading(directory) as kept:
            whys = {each: _why(kept, each, now) for each in promises}
    except EvidenceUnavailable as fault:
        whys = dict.fromkeys(promises, str(fault))
    return {
        each: replace(each.fault, message=f"{each.fault.message}: {why}")
        for each, why in whys.items()
        if why
    }


def as_aims(settings: Settings, promises: Collection[Promise]) -> Settings:
    """Return *settings* with those of its *promises* as SLOs."""
    if not promises:
        return settings
    aims = {(*each.key, each.kpi) for each in promises}
    return replace(settings, products=tuple(_lowered(each, aims) for each in settings.products))


def promised(settings: Settings) -> frozenset[Promise]:
    """Return the promises of *settings* that are in force as such."""
    kinds = {
        (*product.product.key, each.kpi): each.kind
        for product in settings.products
        for each in product.objectives
    }
    return frozenset(
        each for each in settings.promises if kinds.get((*each.key, each.kpi)) is Kind.SLA
    )


def _lowered(product: ConfiguredProduct, aims: Collection[tuple[str, ...]]) -> ConfiguredProduct:
    objectives = tuple(
        replace(each, kind=Kind.SLO) if (*product.product.key, each.kpi) in aims else each
        for each in product.objectives
    )
    return replace(product, objectives=objectives)


def _why(kept: Reading, promise: Promise, now: datetime) -> str:
    kpi = BY_NAME[promise.kpi]
    if kpi.headline is None:
        return f"{kpi.awaits} not observed, so there is none"
    since = asked_since(kept.events(*promise.key, EVER, SLO), promise.kpi, now)
    if since is None:
        return "the ledger knows of none; ask for it with kind: slo first"
    if now - since < HISTORY:
        return f"there is one since {since:%Y-%m-%d}; promise it from {since + HISTORY:%Y-%m-%d} on"
    return ""
