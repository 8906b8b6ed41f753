"""The error budgets of one product, under the names that Sloth gives its own."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from probe.domain.quantity import percent
from probe.generate.asked import Asked
from probe.generate.narrowing import number
from probe.kpi import Events, Kpi, Rule
from probe.kpi.attempts import FAST_SECONDS
from probe.kpi.slo import PERIOD_DAYS, budget_rules, sloth_labels


def own_budget_rules(asked: Asked) -> Iterable[Rule]:
    """Yield the recording rules of every error budget that *asked* has."""
    for kpi, events, objective in asked.budgets():
        yield from _rules(asked, kpi, events, objective)


def _rules(asked: Asked, kpi: Kpi, events: Events, objective: Decimal) -> Iterable[Rule]:
    product, train = asked.product, asked.train
    about = sloth_labels(kpi.name, f"{product.name}-{product.channel}")
    place = {"product": product.name, "channel": product.channel}
    stated = _stated(objective)
    within = f'le="{float(train.targets[kpi.name])!r}"'
    for rule in budget_rules(kpi, events):
        labels = {**rule.labels, **about}
        if (value := stated.get(rule.record)) is not None:
            if rule.record == "sloth_slo_info":
                labels["sloth_objective"] = percent(float(objective)).removesuffix("%")
            yield replace(rule, expr=f"vector({number(value)})", labels={**labels, **place})
        else:
            expr = train.narrow(rule.expr).replace(f'le="{FAST_SECONDS}.0"', within)
            yield replace(rule, expr=expr, labels=labels)


def _stated(objective: Decimal) -> dict[str, Decimal]:
    """Return by record what is so without being looked up."""
    return {
        "slo:objective:ratio": objective,
        "slo:error_budget:ratio": 1 - objective,
        "slo:time_period:days": Decimal(PERIOD_DAYS),
        "sloth_slo_info": Decimal(1),
    }
