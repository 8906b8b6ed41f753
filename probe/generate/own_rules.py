"""Rules for one configuration: its products, what is asked of them, and who is told."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from probe.generate.alert_entry import Links, alert_entry, literal
from probe.generate.asked import Asked
from probe.generate.narrowing import OfAnother
from probe.generate.own_budgets import own_budget_rules
from probe.generate.rule_file import Entry, RuleFile
from probe.generate.rules import alert_file, awaited, ready, recording_file
from probe.generate.traffic import Thin, thin_pages
from probe.kpi import BURNS, KPIS, RULES, Alert, Component, Group, Kpi, Scope
from probe.kpi.slo import burn_alert
from probe.kpi.targets import missed

_BUDGETS = (
    Group.SLO_REGIONAL,
    Group.SLO_REGIONAL_LONG,
    Group.SLO_GLOBAL,
    Group.SLO_GLOBAL_LONG,
)


@dataclass(frozen=True, slots=True)
class OwnRules:
    """
    The files for a configuration.

    ``thin`` are the pages that must not be, and are in none of them; ``notes`` say of what else
    there is none, and why.
    """

    files: tuple[RuleFile, ...]
    thin: tuple[Thin, ...]
    notes: tuple[str, ...]


def own_rules(
    trains: Sequence[Asked], scopes: Collection[Scope], links: Links, probe_owner: str
) -> OwnRules:
    """Return the rules of *scopes* for *trains*; *probe_owner* looks after the probers."""
    thin = {each.name: tuple(_thin(each, scopes)) for each in trains}
    groups = [group for group in Group if group.scope in scopes]
    budgets = [rule for each in trains for rule in own_budget_rules(each)]
    files = [recording_file(group, budgets if group in _BUDGETS else RULES) for group in groups]
    for scope in scopes:
        entries = [
            *(entry for each in trains for entry in _alerts(each, scope, links, thin[each.name])),
            *_of_the_prober(scope, links, probe_owner),
        ]
        files.append(alert_file(scope, entries))
    return OwnRules(
        tuple(file for file in files if file.rules),
        tuple(each for pages in thin.values() for each in pages),
        tuple(note for each in trains for note in _notes(each)),
    )


def _thin(asked: Asked, scopes: Collection[Scope]) -> Iterable[Thin]:
    for kpi, events, objective in asked.budgets():
        if events.scope in scopes:
            yield from thin_pages(kpi, events, objective, asked.product, asked.regions)


def _notes(asked: Asked) -> Iterable[str]:
    for kpi in KPIS:
        if kpi.name in asked.objectives and (why := asked.without(kpi)):
            yield f"{asked.name}: no error budget of {kpi.name}: {why}"


def _alerts(asked: Asked, scope: Scope, links: Links, thin: Collection[Thin]) -> Iterable[Entry]:
    train = asked.train
    for kpi, alert in _registered(asked, thin):
        if alert.scope is not scope or awaited(alert):
            continue
        try:
            own = replace(alert, expr=train.narrow(alert.expr))
        except OfAnother:
            continue
        objective = asked.objectives.get(kpi.name)
        owner = (objective.owner if objective else "") or asked.product.owner
        runbook = objective.runbook if objective else ""
        yield alert_entry(
            own,
            literal(owner) or Component.DELIVERY.value,
            literal(runbook) or links.runbook(alert),
            links.dashboard(alert),
        )


def _registered(asked: Asked, thin: Collection[Thin]) -> Iterable[tuple[Kpi, Alert]]:
    budgets = {kpi.name: events for kpi, events, _ in asked.budgets()}
    left_out = {(each.kpi, each.burn) for each in thin}
    for kpi in KPIS:
        yield from ((kpi, alert) for alert in kpi.alerts)
        if kpi.name in budgets:
            for burn in BURNS:
                if (kpi.name, burn) not in left_out:
                    yield kpi, burn_alert(kpi.name, budgets[kpi.name], burn)
        if kpi.name in asked.objectives:
            yield from ((kpi, alert) for alert in missed(kpi))


def _of_the_prober(scope: Scope, links: Links, owner: str) -> Iterable[Entry]:
    for kpi, alert in ready(scope):
        if kpi is None:
            yield alert_entry(alert, literal(owner), links.runbook(alert), links.dashboard(alert))
