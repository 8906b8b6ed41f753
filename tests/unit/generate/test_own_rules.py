"""Rules for a configuration: whose they are, what they hold, and pages that are refused."""

from dataclasses import replace
from datetime import timedelta

import pytest
import yaml

from probe.domain.gate import Objective
from probe.domain.target import Product
from probe.generate.alert_entry import Links
from probe.generate.asked import Asked
from probe.generate.own_rules import OwnRules, own_rules
from probe.generate.seal import is_ours, sealed
from probe.kpi import BY_NAME, Scope
from tests.builders import a_product, an_endpoint

REGIONS = ("eu-west-1", "us-east-1", "ap-southeast-1")
RUNBOOK = "https://runbooks.example.com/widget/availability"


def an_objective(kpi: str, target: float, owner: str = "edge-team") -> Objective:
    higher = BY_NAME[kpi].direction == "higher"
    about = {"owner": owner, "runbook": RUNBOOK, "cadence": timedelta(days=31)}
    return Objective(kpi, target, higher, **about)


def asked(
    *objectives: Objective, product: Product | None = None, regions: tuple[str, ...] = REGIONS
) -> Asked:
    product = product or a_product(an_endpoint("cdn", interval_seconds=30.0))
    return Asked(product, {each.kpi: each for each in objectives}, regions)


def made(*trains: Asked, scopes: tuple[Scope, ...] = tuple(Scope)) -> OwnRules:
    return own_rules(trains, scopes, Links("https://wiki", "https://grafana"), "sre")


def entries(own: OwnRules) -> list[dict]:
    files = [yaml.safe_load(file.text("")) for file in own.files]
    return [rule for file in files for rule in file["groups"][0]["rules"]]


def alerts(own: OwnRules, name: str) -> list[dict]:
    return [rule for rule in entries(own) if rule.get("alert") == name]


def test_a_target_says_who_is_told_and_where_to_read_what_to_do():
    own = made(asked(an_objective("global_propagation", 600)))
    late, very_late = alerts(own, "DeliveryPropagationLate")
    assert late["expr"].endswith("\n> 600\n")
    assert very_late["expr"].endswith("> 4 * 600\n")
    assert late["labels"] == {"severity": "warning", "component": "delivery", "owner": "edge-team"}
    assert late["annotations"]["runbook_url"] == RUNBOOK
    assert late["annotations"]["dashboard_url"].startswith("https://grafana/d/delivery-release?")


def test_without_a_target_that_of_the_registry_holds_and_the_owner_of_the_product_is_told():
    own = made(asked(product=replace(a_product(an_endpoint()), owner="release-team")))
    late, _ = alerts(own, "DeliveryPropagationLate")
    assert late["expr"].endswith("> 1800\n")
    assert late["labels"]["owner"] == "release-team"
    assert late["annotations"]["runbook_url"] == "https://wiki/DeliveryPropagationLate.md"


def test_a_target_without_an_owner_is_that_of_the_product():
    train = replace(a_product(an_endpoint()), owner="release-team")
    own = made(asked(an_objective("global_propagation", 600, owner=""), product=train))
    late, _ = alerts(own, "DeliveryPropagationLate")
    assert late["labels"]["owner"] == "release-team"


def test_what_is_read_is_of_the_product():
    (low,) = alerts(made(asked()), "DeliveryMirrorCoverageLow")
    assert low["expr"] == (
        'delivery:mirror_coverage:ratio{product="widget", channel="stable"} < 0.9\n'
    )


def test_of_two_products_each_has_alerts_of_its_own_and_the_prober_has_one():
    own = made(asked(), asked(product=a_product(an_endpoint(), channel="beta")))
    assert len(alerts(own, "DeliveryEndpointOutage")) == 2
    (down,) = alerts(own, "DeliveryProbeDown")
    assert down["labels"]["owner"] == "sre"


def test_what_somebody_is_called_is_no_template():
    own = made(asked(an_objective("global_propagation", 600, owner="a {{ b }}")))
    late, _ = alerts(own, "DeliveryPropagationLate")
    assert late["labels"]["owner"] == 'a {{ "{{" }} b }}'


def test_error_budgets_are_of_what_is_asked_alone():
    assert alerts(made(asked()), "DeliveryErrorBudgetBurn") == []
    assert [rule for rule in entries(made(asked())) if "sloth_slo" in rule.get("labels", {})] == []


def test_an_error_budget_has_the_labels_of_sloth_and_exact_numbers():
    own = made(asked(an_objective("transfer_success", 0.999)))
    about = {
        "sloth_id": "widget-stable-transfer_success",
        "sloth_service": "widget-stable",
        "sloth_slo": "transfer_success",
    }
    place = {"product": "widget", "channel": "stable"}
    stated = {
        rule["record"]: (rule["expr"], rule["labels"])
        for rule in entries(own)
        if rule["expr"].startswith("vector")
    }
    assert stated == {
        "slo:objective:ratio": ("vector(0.999)\n", {**about, **place}),
        "slo:error_budget:ratio": ("vector(0.001)\n", {**about, **place}),
        "slo:time_period:days": ("vector(30)\n", {**about, **place}),
        "sloth_slo_info": (
            "vector(1)\n",
            {
                **about,
                "sloth_mode": "delivery-probe",
                "sloth_spec": "prometheus/v1",
                "sloth_objective": "99.9",
                **place,
            },
        ),
    }
    first, *_ = alerts(own, "DeliveryErrorBudgetBurn")
    assert first["expr"].count("> 14.4 * 0.001\n") == 2


def test_a_time_that_downloads_stay_within_is_that_of_a_bucket():
    own = made(asked(an_objective("download_latency", 30)))
    (rate,) = [rule for rule in entries(own) if rule.get("record") == "slo:sli_error:ratio_rate5m"]
    assert 'le="30.0"' in rate["expr"]
    assert 'le="60.0"' not in rate["expr"]
    assert own.notes == ()


def test_a_time_between_two_buckets_has_no_error_budget():
    own = made(asked(an_objective("download_latency", 45)))
    assert alerts(own, "DeliveryLatencyBudgetBurn") == []
    assert own.notes == (
        (
            "widget (stable): no error budget of download_latency: a share of downloads is only to"
            " be had within 100ms, 250ms, 500ms, 1s, 2s, 5s, 10s, 20s, 30s, 1m, 2m, 5m, 10m"
        ),
    )


def test_an_objective_of_all_has_no_error_budget():
    own = made(asked(an_objective("verification_success", 1.0)))
    assert alerts(own, "DeliveryErrorBudgetBurn") == []
    assert own.notes == (
        "widget (stable): no error budget of verification_success: 100% leaves no budget to spend",
    )


def test_a_page_that_fewer_than_three_failures_could_cause_is_left_out_and_told():
    one = a_product(an_endpoint("cdn", interval_seconds=60.0))
    objective = an_objective("artifact_availability", 0.999)
    own = made(asked(objective, product=one, regions=("eu-west-1",)))
    assert [page.why for page in own.thin] == [
        (
            "widget (stable): artifact_availability of 99.9% may not page by 5m and 1h, because "
            "fewer than 3 failures could: it takes 209 attempts an hour, and 60 are sure; an "
            "interval of 17s at every endpoint or an objective of 99.65% would do"
        ),
        (
            "widget (stable): artifact_availability of 99.9% may not page by 30m and 6h, because "
            "fewer than 3 failures could: it takes 84 attempts an hour, and 60 are sure; an "
            "interval of 43s at every endpoint or an objective of 99.86% would do"
        ),
    ]
    told = alerts(own, "DeliveryErrorBudgetBurn")
    assert [alert["labels"]["severity"] for alert in told] == ["warning", "warning"]


@pytest.mark.parametrize(("interval", "pages"), [(17.0, 2), (18.0, 1), (43.0, 1), (44.0, 0)])
def test_the_interval_that_would_do_does(interval, pages):
    one = a_product(an_endpoint("cdn", interval_seconds=interval))
    objective = an_objective("artifact_availability", 0.999)
    own = made(asked(objective, product=one, regions=("eu-west-1",)))
    told = alerts(own, "DeliveryErrorBudgetBurn")
    assert sum(alert["labels"]["severity"] == "critical" for alert in told) == pages


def test_an_interval_that_leaves_windows_empty_is_helped_by_no_objective():
    slow = a_product(an_endpoint("cdn", interval_seconds=3600.0))
    objective = an_objective("artifact_availability", 0.5)
    own = made(asked(objective, product=slow, regions=("eu-west-1",)))
    assert own.thin[0].why.endswith(
        "it takes 36 attempts an hour, and 1 are sure; an interval of 100s at every endpoint would "
        "do"
    )


def test_attempts_of_all_regions_count_for_all_and_of_one_for_itself():
    here = an_endpoint("cdn", interval_seconds=60.0)
    there = an_endpoint("s3", interval_seconds=60.0, regions=("eu-west-1",))
    both = (
        an_objective("artifact_availability", 0.998),
        an_objective("regional_availability", 0.998),
    )
    own = made(asked(*both, product=a_product(here, there)))
    assert [(page.kpi, page.burn.long) for page in own.thin] == [
        ("regional_availability", timedelta(hours=1))
    ]


def test_pages_of_another_scope_are_no_matter():
    one = a_product(an_endpoint("cdn", interval_seconds=600.0))
    objective = an_objective("artifact_availability", 0.999)
    own = made(asked(objective, product=one), scopes=(Scope.REGIONAL,))
    assert own.thin == ()
    assert {file.group for file in own.files} == {
        "delivery.targets",
        "delivery.sli",
        "delivery.alerts.regional",
    }


def test_what_is_written_is_known_again_until_somebody_changes_it():
    text = sealed("groups: []\n")
    assert is_ours(text)
    assert not is_ours(text.replace("[]", "[1]"))
    assert not is_ours("groups: []\n")
    assert not is_ours("")
