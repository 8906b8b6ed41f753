"""Error budgets: Sloth's names, and how many attempts it takes to burn one."""

from decimal import Decimal

import pytest

from probe.kpi import BURNS, KPIS, RULES, Group, Rule
from probe.kpi.slo import burn_alert

WITH_BUDGET = [kpi for kpi in KPIS if kpi.events is not None]


def rules_of(kpi: str) -> list[Rule]:
    return [rule for rule in RULES if rule.labels.get("sloth_slo") == kpi]


@pytest.mark.parametrize(
    ("objective", "attempts"),
    [
        ("0.99", (36, 8.3, 4.2, 4.2)),
        ("0.995", (42, 17, 8.3, 8.3)),
        ("0.999", (208, 83, 42, 42)),
    ],
)
def test_a_tight_objective_takes_many_attempts_an_hour(objective, attempts):
    # The first of 99 % is what a window of five minutes needs, to hold three attempts.
    needed = [float(burn.attempts_needed(Decimal(objective))) for burn in BURNS]
    assert needed == pytest.approx(attempts, rel=0.03)


def test_budgets_are_kept_of_what_can_be_counted():
    assert [kpi.name for kpi in WITH_BUDGET] == [
        "artifact_availability",
        "regional_availability",
        "authorization_success",
        "download_latency",
        "transfer_success",
        "verification_success",
    ]


@pytest.mark.parametrize("kpi", WITH_BUDGET, ids=lambda kpi: kpi.name)
def test_rules_have_the_names_and_labels_that_sloth_gives_its_own(kpi):
    rules = rules_of(kpi.name)
    windows = ("5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d")
    assert {rule.record for rule in rules} == {
        *(f"slo:sli_error:ratio_rate{window}" for window in windows),
        *(f"slo:probe_failures:increase{window}" for window in ("1h", "6h", "1d", "3d")),
        "slo:objective:ratio",
        "slo:error_budget:ratio",
        "slo:time_period:days",
        "slo:current_burn_rate:ratio",
        "slo:period_burn_rate:ratio",
        "slo:period_error_budget_remaining:ratio",
        "sloth_slo_info",
    }
    for rule in rules:
        about = {"sloth_id": f"delivery-{kpi.name}", "sloth_service": "delivery"}
        assert about.items() <= rule.labels.items()
        window = rule.record.partition("ratio_rate")[2]
        assert rule.labels.get("sloth_window", "") == window


def test_windows_of_days_are_read_less_often():
    late = (Group.SLO_REGIONAL_LONG, Group.SLO_GLOBAL_LONG)
    for rule in RULES:
        if rule.record.startswith("slo:"):
            of_days = any(f"[{window}]" in rule.expr for window in ("1d", "3d", "30d"))
            assert of_days <= (rule.group in late), rule.record


@pytest.mark.parametrize("kpi", WITH_BUDGET, ids=lambda kpi: kpi.name)
def test_a_budget_is_told_of_at_the_four_paces_of_the_kubernetes_mixin(kpi):
    told = [
        (alert.labels["short"], alert.labels["long"], alert.after.total_seconds())
        for alert in (burn_alert(kpi.name, kpi.events, burn) for burn in BURNS)
    ]
    assert told == [
        ("5m", "1h", 120),
        ("30m", "6h", 900),
        ("2h", "1d", 3600),
        ("6h", "3d", 10800),
    ]


def test_an_objective_that_the_kpi_does_not_state_is_that_of_its_quantile():
    (objective,) = [
        rule for rule in rules_of("download_latency") if rule.record == "slo:objective:ratio"
    ]
    assert objective.expr == "0.95 * group by (product, channel) (delivery_endpoint_required)"


def test_one_kpi_of_each_scope_wakes_somebody():
    paging = {
        kpi.name
        for kpi in WITH_BUDGET
        for burn in BURNS
        if burn_alert(kpi.name, kpi.events, burn).severity == "critical"
    }
    assert paging == {"artifact_availability", "regional_availability"}
