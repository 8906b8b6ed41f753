"""docs/alerts.md: every alert, when it fires, and where to read what to do."""

from collections.abc import Iterable
from datetime import timedelta

from probe.domain.quantity import duration
from probe.generate.rules import awaited
from probe.generate.tables import table
from probe.kpi import ALERTS, BURNS, Alert, Kpi, Scope, Severity

_HEAD = """\
# Alerts

What somebody is told, and when. `make generate` writes this page and the rules in `config/rules/`
from `probe/kpi/`; `delivery-probe rules` writes rules for one configuration, with its owners,
runbooks and targets in them.

`critical` wakes somebody, `warning` becomes a ticket, `info` is for those who look, and `none` is
the heartbeat. Every alert has the labels `severity`, `component` and `owner`, a runbook and a
dashboard. `component` is `delivery` if somebody cannot get a release, and `probe` if what the probe
says is in doubt: [config/alertmanager.yml](../config/alertmanager.yml) silences the first by the
second.

Regional alerts run where the prober of a region is scraped, global ones once, where all regions are
seen: [joining.md](joining.md). A regional Prometheus sees no other region, and its external labels
are in no rule. The rules need Prometheus 2.42 or newer.
"""

_SLO = """\
## Error budgets

Four alerts for each objective, of a budget that is for 30 days. A pace is held over a long window,
and over a short one so that the alert ends soon after what caused it.

{table}
Three failed attempts in the long window are the fewest that are told: of a synthetic probe there
are few attempts, and one lost packet wakes nobody. Where fewer could page at the configured
intervals, `delivery-probe rules` refuses to write that page and says what interval would do.
Only `artifact_availability` and `regional_availability` page: nearly every failed attempt is theirs
too.
"""


def alerts_page() -> str:
    """Return the page as Markdown."""
    return "\n".join([_HEAD, *map(_section, Scope), _budgets(), *_waiting()])


def _budgets() -> str:
    rows = [
        (
            f"{burn.factor}",
            _span(burn.long),
            _span(burn.short),
            _span(burn.after),
            Severity.CRITICAL.value if burn.pages else Severity.WARNING.value,
        )
        for burn in BURNS
    ]
    head = ("times too fast", "long", "short", "for", "severity")
    return _SLO.format(table=table(head, rows))


def _section(scope: Scope) -> str:
    alerts = [(kpi, alert) for kpi, alert in ALERTS if alert.scope is scope]
    names = dict.fromkeys(alert.name for _, alert in alerts)
    rows = [_row([pair for pair in alerts if pair[1].name == name]) for name in names]
    head = ("alert", "says", "severity", "for", "component", "KPI")
    return f"## {scope.value.capitalize()}\n\n{table(head, rows)}"


def _row(alerts: list[tuple[Kpi | None, Alert]]) -> tuple[str, ...]:
    _, first = alerts[0]
    return (
        f"[{first.name}](runbooks/{first.name}.md)",
        first.summary,
        _listed(alert.severity.value for _, alert in alerts),
        _listed(_span(alert.after) for _, alert in alerts),
        first.component.value,
        _listed(kpi.code for kpi, _ in alerts if kpi is not None),
    )


def _listed(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))


def _span(time: timedelta) -> str:
    return duration(time.total_seconds()) if time else "at once"


def _waiting() -> Iterable[str]:
    rows = [
        (alert.name, kpi.code if kpi else "", ", ".join(f"`{name}`" for name in sorted(names)))
        for kpi, alert in ALERTS
        if (names := awaited(alert))
    ]
    if rows:
        head = "## Not in the rules yet\n\nThese wait for series that nobody exports.\n"
        yield f"{head}\n{table(('alert', 'KPI', 'waits for'), rows)}"
