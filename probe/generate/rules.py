"""config/rules/: the recording rules of the KPIs, a file for each group."""

import re
from collections.abc import Mapping

from probe.kpi import RULES, Group, Rule
from probe.series import METRICS, Kind

_SERIES = re.compile(r"\bdelivery_\w+")
_RECORD = re.compile(r"\bdelivery:[\w:]+")
_PARTS = ("_bucket", "_sum", "_count")

_HEAD = """\
# The KPIs as recording rules, from probe/kpi: make generate writes this file. docs/kpis.md explains
# them.
#
# {scope}
"""

_SCOPES: Mapping[Group, str] = {
    Group.SLI: "For the Prometheus of a region, or the one that sees all of them.",
    Group.CROSS_REGION: "For the Prometheus, or the ruler, that sees all regions.",
    Group.RECOVERABILITY: "For the Prometheus, or the ruler, that sees all regions and keeps 90 "
    "days.",
}
_INTERVALS: Mapping[Group, str] = {
    Group.SLI: "1m",
    Group.CROSS_REGION: "1m",
    Group.RECOVERABILITY: "5m",
}

_EXPORTED = frozenset(metric.name for metric in METRICS) | frozenset(
    metric.name + part for metric in METRICS if metric.kind is Kind.HISTOGRAM for part in _PARTS
)


def rules_path(group: Group) -> str:
    """Return where the rules of *group* are kept."""
    return f"config/rules/{group.value}.rules.yaml"


def rules_file(group: Group) -> str:
    """Return the rules of *group* as Prometheus reads them."""
    rules = [_entry(rule) for rule in RULES if rule.group is group and not awaited(rule)]
    head = _HEAD.format(scope=_SCOPES[group])
    return "\n".join(
        [
            f"{head}groups:",
            f"  - name: {group.value}",
            f"    interval: {_INTERVALS[group]}",
            "    rules:",
            *rules,
            "",
        ]
    )


def awaited(rule: Rule) -> frozenset[str]:
    """Return the series that *rule* reads, itself or through others, and nobody exports."""
    lacking = {name for name in _SERIES.findall(rule.expr) if name not in _EXPORTED}
    read = set(_RECORD.findall(rule.expr))
    return frozenset(lacking).union(*(awaited(each) for each in RULES if each.record in read))


def _entry(rule: Rule) -> str:
    lines = [f"      - record: {rule.record}", "        expr: |"]
    lines += [f"          {line}" for line in rule.expr.splitlines()]
    if rule.labels:
        lines.append("        labels:")
        lines += [f'          {name}: "{value}"' for name, value in rule.labels.items()]
    return "\n".join(lines)
