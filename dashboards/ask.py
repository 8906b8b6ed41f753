"""What panels ask of Prometheus: selectors that follow the variables of their dashboard."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from probe.kpi import KPIS, RULES, Group
from probe.series import Metric

_TRAIN = ("product", "channel")
_SEGMENT = (
    *_TRAIN, "endpoint", "endpoint_kind", "probe_region", "platform", "size_tier", "auth_mode",
)  # fmt: skip

_BUDGETS = {
    Group.SLO_REGIONAL: ("probe_region",),
    Group.SLO_REGIONAL_LONG: ("probe_region",),
    Group.SLO_GLOBAL: (),
    Group.SLO_GLOBAL_LONG: (),
}

# What a rule records has the labels that it sums by, and neither job nor instance.
LABELS_OF_RULES: Mapping[str, Sequence[str]] = {
    **{
        measure.rule.record: (*_TRAIN, *measure.labels, *measure.match)
        for kpi in KPIS
        for measure in kpi.measures
        if measure.rule is not None
    },
    **{
        rule.record: (*_TRAIN, *rule.labels, *_BUDGETS.get(rule.group, ()))
        for rule in RULES
        if rule.group in {Group.TARGETS, *_BUDGETS}
    },
    "delivery:release_regional_availability:ratio_30d": (*_TRAIN, "version", "probe_region"),
    "delivery:prober_healthy:bool": ("probe_region",),
    "delivery:download_attempts:rate5m": _SEGMENT,
    "delivery:download_failures:rate5m": (*_SEGMENT, "reason"),
    "delivery:artifacts_up:sum": (*_TRAIN, "endpoint", "probe_region", "size_tier"),
    "delivery:artifacts_known:count": (*_TRAIN, "endpoint", "probe_region", "size_tier"),
    "delivery:endpoint_outage:bool": (*_TRAIN, "endpoint"),
    "delivery:outages:count_90d": (*_TRAIN, "endpoint"),
    "delivery:release_pairs_pending:count": (*_TRAIN, "version"),
    "delivery:download_success:ratio_1h": (*_TRAIN, "endpoint", "probe_region"),
}


@dataclass(frozen=True, slots=True)
class Query:
    """PromQL, how its series are called in a legend, and whether exemplars are shown with it."""

    expr: str
    legend: str = ""
    exemplars: bool = False


def named(labels: str) -> str:
    """Return the legend of series that have *labels*, which are parted by commas."""
    return " ".join(f"{{{{{label}}}}}" for label in labels.split(", "))


@dataclass(frozen=True, slots=True)
class Scope:
    """The labels that a viewer chooses by: of ``many`` several values at once, of ``one`` one."""

    many: tuple[str, ...]
    one: tuple[str, ...] = ()

    def series(self, metric: Metric, *matchers: str, part: str = "") -> str:
        """Return the selector of an exported series; *part* is that of a histogram."""
        mine = ('job=~"$job"', 'instance=~"$instance"', *self._chosen(metric.labels))
        return _selector(metric.name + part, (*mine, *matchers))

    def recorded(self, record: str, *matchers: str) -> str:
        """
        Return the selector of what a rule records.

        Raises:
            KeyError: no rule is known to record it.
        """
        return _selector(record, (*self._chosen(LABELS_OF_RULES[record]), *matchers))

    def _chosen(self, labels: Iterable[str]) -> list[str]:
        own = [label for label in labels if label in (*self.many, *self.one)]
        return [f'{label}{"=~" if label in self.many else "="}"${label}"' for label in own]


def _selector(name: str, matchers: Iterable[str]) -> str:
    chosen = ", ".join(matchers)
    return f"{name}{{{chosen}}}" if chosen else name
