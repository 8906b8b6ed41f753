"""PromQL that gives what a KPI came to in a span, which ends at the moment that is asked about."""

import re
from collections.abc import Mapping

from probe.domain.promql import selector
from probe.domain.quantity import duration
from probe.domain.snapshot import ProductKey
from probe.kpi import RULES
from probe.kpi.central.inquiry import worst
from probe.kpi.model import Basis, Direction, Group, Kpi, Per

# What is recorded over its own window is put in as it is made, so that the window can be another.
_WINDOWED = re.compile(r"\bdelivery:[\w:]+_(?:30d|1d)\b")
_WINDOW = re.compile(r"\[(?:30d|1d)\]")
_NAME = re.compile(r"\b(?P<name>delivery(?:_|:)[\w:]+)(?:\{(?P<said>[^}]*)\})?")

_MADE: Mapping[str, str] = {rule.record: rule.expr for rule in RULES if not rule.labels}


def in_span(kpi: Kpi, product: ProductKey, seconds: float) -> str:
    """
    Return what gives the number of *kpi* in so many *seconds*; empty where nothing records it.

    Of what stands it is the mean, of releases and incidents there is none.
    """
    measure = kpi.headline
    if measure is None or measure.rule is None:
        return ""
    span = f"[{duration(seconds)}]"
    if kpi.per is Per.MOMENT:
        return worst(kpi, f"avg_over_time({measure.asked(**_labels(product))}{span})")
    counts = measure.basis is Basis.COUNTS and measure.rule.group is not Group.RECOVERABILITY
    if kpi.per is not Per.WEEK or not counts:
        return ""
    return worst(kpi, _narrowed(_WINDOW.sub(span, _unfolded(measure.rule.expr)), product))


def by_release(kpi: Kpi, product: ProductKey, seconds: float) -> str:
    """Return what gives by version the last number of each release of so many *seconds*."""
    if kpi.per is not Per.RELEASE or kpi.release is None or kpi.release.rule is None:
        return ""
    last = f"last_over_time({kpi.release.asked(**_labels(product))}[{duration(seconds)}])"
    return f"{'min' if kpi.direction is Direction.HIGHER else 'max'} by (version) ({last})"


def _unfolded(expr: str) -> str:
    return _WINDOWED.sub(lambda found: f"({_unfolded(_MADE[found[0]])})", expr)


def _narrowed(expr: str, product: ProductKey) -> str:
    def of_product(found: re.Match[str]) -> str:
        bare = selector(found["name"], _labels(product))
        said = (found["said"] or "").strip()
        return f"{bare[:-1]}, {said}}}" if said else bare

    return _NAME.sub(of_product, expr)


def _labels(product: ProductKey) -> dict[str, str]:
    name, channel = product
    return {"product": name, "channel": channel}
