"""config/rules/: what the KPIs record and whom they alert, for every product there may be."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache

from probe.generate.alert_entry import Links, alert_entry, owner_by_series
from probe.generate.rule_file import Entry, RuleFile, file_name
from probe.kpi import ALERTS, RULES, Alert, Group, Kpi, Rule, Scope
from probe.series import METRICS, Kind

FOLDER = "config/rules"

_HEAD = """\
From probe/kpi: make generate writes this file. docs/kpis.md and docs/alerts.md explain it.
For one configuration, with its owners, runbooks and targets: delivery-probe rules --help

"""

_ALERTS = {scope: f"delivery.alerts.{scope.value}" for scope in Scope}
FILE_NAMES = tuple(
    file_name(group) for group in (*(each.value for each in Group), *_ALERTS.values())
)

_SERIES = re.compile(r"\bdelivery_\w+")
_RECORD = re.compile(r"\b(?:delivery|slo):[\w:]+")
_PARTS = ("_bucket", "_sum", "_count")

_ABOUT: Mapping[Scope, str] = {
    Scope.REGIONAL: "For the Prometheus of a region, or the one that sees all of them.",
    Scope.GLOBAL: "For the Prometheus, or the ruler, that sees all regions.",
}
INTERVALS: Mapping[Group, str] = {
    **dict.fromkeys(Group, "1m"),
    Group.SLO_REGIONAL_LONG: "2m",
    Group.SLO_GLOBAL_LONG: "2m",
    Group.RECOVERABILITY: "5m",
}

_EXPORTED = frozenset(metric.name for metric in METRICS) | frozenset(
    metric.name + part for metric in METRICS if metric.kind is Kind.HISTOGRAM for part in _PARTS
)


def shipped_files(scopes: Collection[Scope] = tuple(Scope)) -> Mapping[str, str]:
    """Return the files of ``config/rules`` that are of *scopes*, by their paths."""
    files = (
        *(recording_file(group, RULES) for group in Group if group.scope in scopes),
        *(alert_file(scope, _for_all(scope)) for scope in scopes),
    )
    return {f"{FOLDER}/{file.name}": file.text(_HEAD) for file in files}


def recording_file(group: Group, rules: Iterable[Rule]) -> RuleFile:
    """Return those of *rules* that are of *group* and wait for no series."""
    entries = tuple(
        recording_entry(rule) for rule in rules if rule.group is group and not awaited(rule)
    )
    return RuleFile(group.value, _ABOUT[group.scope], INTERVALS[group], entries)


def alert_file(scope: Scope, alerts: Iterable[Entry]) -> RuleFile:
    """Return a file of *alerts*."""
    return RuleFile(_ALERTS[scope], _ABOUT[scope], "1m", tuple(alerts))


def recording_entry(rule: Rule) -> Entry:
    """Return a recording rule as Prometheus reads it."""
    entry: dict[str, object] = {"record": rule.record, "expr": f"{rule.expr}\n"}
    return {**entry, "labels": dict(rule.labels)} if rule.labels else entry


def ready(scope: Scope) -> Iterable[tuple[Kpi | None, Alert]]:
    """Return the alerts of *scope* that wait for no series."""
    return ((kpi, alert) for kpi, alert in ALERTS if alert.scope is scope and not awaited(alert))


def awaited(rule: Rule | Alert) -> frozenset[str]:
    """Return the series that *rule* reads, itself or through others, and nobody exports."""
    lacking = {name for name in _SERIES.findall(rule.expr) if name not in _EXPORTED}
    read = set(_RECORD.findall(rule.expr))
    return frozenset(lacking).union(*map(_awaited_by, read))


@cache
def _awaited_by(record: str) -> frozenset[str]:
    return frozenset[str]().union(*(awaited(rule) for rule in RULES if rule.record == record))


def _for_all(scope: Scope) -> Iterable[Entry]:
    links = Links()
    for kpi, alert in ready(scope):
        yield alert_entry(alert, owner_by_series(kpi), links.runbook(alert), links.dashboard(alert))
