"""docs/kpis.md: every KPI, what it divides by what, and which series records it."""

from collections.abc import Iterable
from datetime import timedelta

from probe.generate.rules import INTERVALS, awaited
from probe.generate.tables import table
from probe.kpi import KPIS, RULES, STARTER_SET, Category, Direction, Group, Kpi, Measure, Unit

_HEAD = """\
# KPIs

What the numbers mean. Each is computed twice by one definition: from what one process has kept
itself, and from the series of all regions by recording rules in `config/rules/`. `make generate`
writes this page and those files from `probe/kpi/`. [metrics.md](metrics.md) has the series that
the rules read.

What should be there comes from the catalog and the configuration, never from what was seen: a
mirror that nobody can see is missing, not absent from the count. An attempt for which the prober
was at fault is in no number. **Unknown** is an answer of its own: of nothing observed there is no
share, and a rule records nothing. It is neither 0 nor 1, and no gate takes it for a pass.

The target is where to start from; one KPI of each category is enough to begin with: {starters}.
"""

_UNITS = {Unit.RATIO: "ratio", Unit.SECONDS: "seconds", Unit.COUNT: "number"}


def kpis_page() -> str:
    """Return the page as Markdown."""
    starters = ", ".join(f"`{kpi.name}`" for kpi in STARTER_SET)
    sections = [_HEAD.format(starters=starters), *map(_category, Category), _rules(), _unknown()]
    return "\n".join(sections)


def _category(category: Category) -> str:
    kpis = [kpi for kpi in KPIS if kpi.category is category]
    rows = [(kpi.code, f"`{kpi.name}`", kpi.question, kpi.method, _target(kpi)) for kpi in kpis]
    head = ("code", "name in targets", "asks", "is", "target to start from")
    return f"## {category.value.capitalize()}\n\n{table(head, rows)}"


def _target(kpi: Kpi) -> str:
    bound = "at least" if kpi.direction is Direction.HIGHER else "at most"
    return f"{bound} {kpi.target:g}" + (" s" if kpi.unit is Unit.SECONDS else "")


def _rules() -> str:
    rows = [
        (kpi.code, f"`{measure.query}`", _by(measure), _length(measure.window), _file(measure))
        for kpi in KPIS
        for measure in kpi.measures
        if measure.rule is not None and not awaited(measure.rule)
    ]
    head = ("KPI", "series", "for each product, channel and", "over", "group")
    return (
        "## What Prometheus records\n\n"
        "The first of a KPI is its number for a whole product and channel, if it has one; the "
        "others are its details. Ratios over 30 days need 30 days of data, and say nothing of "
        "the days that Prometheus has not kept.\n\n"
        f"{table(head, rows)}"
        "\nEach group is a file in `config/rules/`. What is regional may run in each region, as "
        "it joins nothing across regions; what is global runs once, where all of them are seen, "
        "and beside what is regional. `delivery.recoverability` looks back 90 days. Those of "
        "`delivery.slo` are error budgets under the names that Sloth gives its own.\n\n"
        f"{_groups()}"
    )


def _unknown() -> str:
    rows = [(kpi.code, f"`{kpi.name}`", because) for kpi in KPIS for because in _because(kpi)]
    return (
        "## What is unknown\n\n"
        "These have a place and no answer, or no reading in Prometheus.\n\n"
        f"{table(('KPI', 'name', 'because'), rows)}"
    )


def _because(kpi: Kpi) -> Iterable[str]:
    if kpi.headline is None:
        yield f"{kpi.awaits} not observed"
    elif kpi.headline.rule is None:
        yield "no rule records it; it is worked out from what every region last saw"
    names = sorted({name for each in kpi.measures if each.rule for name in awaited(each.rule)})
    if names:
        series = ", ".join(f"`{name}`" for name in names)
        records = ", ".join(
            f"`{record}`"
            for record in dict.fromkeys(
                each.rule.record for each in kpi.measures if each.rule and awaited(each.rule)
            )
        )
        yield f"{series} not exported; {records} not recorded"


def _by(measure: Measure) -> str:
    return ", ".join(f"`{label}`" for label in measure.labels) or "nothing else"


def _length(window: timedelta) -> str:
    return "1 day" if window.days == 1 else f"{window.days} days"


def _file(measure: Measure) -> str:
    return f"`{measure.rule.group.value}`" if measure.rule else ""


def _groups() -> str:
    rows = [
        (f"`{group.value}`", group.scope.value, INTERVALS[group], _size(group)) for group in Group
    ]
    return table(("group", "runs", "every", "rules"), rows)


def _size(group: Group) -> str:
    return str(sum(rule.group is group and not awaited(rule) for rule in RULES))
