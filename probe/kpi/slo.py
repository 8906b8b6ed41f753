"""
Error budgets as recording rules, under the names and labels that Sloth gives its own.

What is made for Sloth's rules, dashboards included, reads these (slok/sloth v0.16). Of every
product and channel there is one series of each, in place of one rule.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal

from probe.domain.quantity import duration
from probe.kpi.alert import Alert, Component, Dashboard, Scope, Severity
from probe.kpi.burn import BURNS, Burn
from probe.kpi.events import Events
from probe.kpi.model import Group, Kpi, Rule

PERIOD_DAYS = 30
SERVICE = "delivery"

_KEEP = timedelta(minutes=5)
_SOON = ("5m", "30m", "1h", "2h", "6h")
_LATE = ("1d", "3d")
_EACH = "group by (product, channel) (delivery_endpoint_required)"
_GROUPS = {
    Scope.REGIONAL: (Group.SLO_REGIONAL, Group.SLO_REGIONAL_LONG),
    Scope.GLOBAL: (Group.SLO_GLOBAL, Group.SLO_GLOBAL_LONG),
}

Labels = Mapping[str, str]


def sloth_labels(kpi: str, service: str = SERVICE) -> Labels:
    """Return the labels by which Sloth tells one objective from another."""
    return {"sloth_id": f"{service}-{kpi}", "sloth_service": service, "sloth_slo": kpi}


def budget_rules(kpi: Kpi, events: Events) -> tuple[Rule, ...]:
    """Return the recording rules of *kpi* for every product, in the order they read each other."""
    objective, about = _objective(kpi, events), sloth_labels(kpi.name)
    return (*_about(kpi.name, events, objective, about), *_spent(kpi.name, events, about))


def _objective(kpi: Kpi, events: Events) -> str:
    if events.objective is not None:
        return f"{events.objective} * {_EACH}"
    return f'max by (product, channel) (delivery:slo_target:ratio{{kpi="{kpi.name}"}})'


def _about(kpi: str, events: Events, objective: str, about: Labels) -> Iterable[Rule]:
    group, _ = _GROUPS[events.scope]
    yield Rule(group, "slo:objective:ratio", objective, about)
    budget = f'1 - max by (product, channel) (slo:objective:ratio{{sloth_slo="{kpi}"}})'
    yield Rule(group, "slo:error_budget:ratio", budget, about)
    yield Rule(group, "slo:time_period:days", f"{PERIOD_DAYS} * {_EACH}", about)
    mode = {"sloth_mode": "delivery-probe", "sloth_spec": "prometheus/v1"}
    yield Rule(group, "sloth_slo_info", _EACH, {**about, **mode})


def _spent(kpi: str, events: Events, about: Labels) -> Iterable[Rule]:
    soon, late = _GROUPS[events.scope]
    for group, windows in ((soon, _SOON), (late, _LATE)):
        for window in windows:
            yield _ratio(group, events, window, about)
    for burn in BURNS:
        window = _span(burn.long)
        group = late if window in _LATE else soon
        counted = events.failed_in(window)
        yield Rule(group, f"slo:probe_failures:increase{window}", counted, about)
    yield from _of_the_period(kpi, late, about)
    yield _pace(kpi, soon, "current", "5m", about)
    yield _pace(kpi, late, "period", f"{PERIOD_DAYS}d", about)
    left = f'1 - slo:period_burn_rate:ratio{{sloth_slo="{kpi}"}}'
    yield Rule(late, "slo:period_error_budget_remaining:ratio", left, about)


def _ratio(group: Group, events: Events, window: str, about: Labels) -> Rule:
    return Rule(
        group,
        f"slo:sli_error:ratio_rate{window}",
        f"{events.failed_in(window)}\n/ ({events.attempts_in(window)} > 0)",
        {**about, "sloth_window": window},
    )


def _of_the_period(kpi: str, group: Group, about: Labels) -> Iterable[Rule]:
    # Every five minutes count the same, however many attempts fell into them.
    window = f"{PERIOD_DAYS}d"
    recent = f'slo:sli_error:ratio_rate5m{{sloth_slo="{kpi}"}}[{window}]'
    mean = f"sum_over_time({recent})\n/ count_over_time({recent})"
    yield Rule(group, f"slo:sli_error:ratio_rate{window}", mean, {**about, "sloth_window": window})


def _pace(kpi: str, group: Group, name: str, window: str, about: Labels) -> Rule:
    return Rule(
        group,
        f"slo:{name}_burn_rate:ratio",
        f"""\
slo:sli_error:ratio_rate{window}{{sloth_slo="{kpi}"}}
/ on (product, channel) group_left ()
(max by (product, channel) (slo:error_budget:ratio{{sloth_slo="{kpi}"}}) > 0)""",
        about,
    )


def burn_alert(kpi: str, events: Events, burn: Burn) -> Alert:
    """Return what tells that the budget of *kpi* burns at the pace of *burn*."""
    short, long = _span(burn.short), _span(burn.long)
    pages = burn.pages and events.pages
    return Alert(
        name=events.alert,
        scope=events.scope,
        severity=Severity.CRITICAL if pages else Severity.WARNING,
        component=Component.DELIVERY,
        dashboard=Dashboard.SLO,
        # Rates of few attempts jump. Increases are extrapolated, so that three may be 2.9.
        expr=f"""\
(
  {_too_fast(kpi, burn.factor, long)}
and
  {_too_fast(kpi, burn.factor, short)}
)
and on ({events.by})
slo:probe_failures:increase{long}{{sloth_slo="{kpi}"}} > 2.5""",
        summary="The error budget of a release train burns too fast.",
        description=(
            f"{kpi} of {{{{ $labels.product }}}} ({{{{ $labels.channel }}}})"
            f"{_where(events)}: {{{{ $value | humanizePercentage }}}} of the attempts of the last "
            f"{long} missed it, {burn.factor} times what 30 days allow."
        ),
        after=burn.after,
        keep=_KEEP,
        labels={"short": short, "long": long},
    )


def _where(events: Events) -> str:
    return " from {{ $labels.probe_region }}" if events.scope is Scope.REGIONAL else ""


def _too_fast(kpi: str, factor: Decimal, window: str) -> str:
    return (
        f'max without (sloth_window) (slo:sli_error:ratio_rate{window}{{sloth_slo="{kpi}"}})\n'
        f"  > on (product, channel) group_left () "
        f'({factor} * max by (product, channel) (slo:error_budget:ratio{{sloth_slo="{kpi}"}}))'
    )


def _span(window: timedelta) -> str:
    return duration(window.total_seconds())
