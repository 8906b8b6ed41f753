"""PromQL for every product becomes PromQL for one."""

from decimal import Decimal

import pytest

from probe.generate.narrowing import OfAnother, Train, number
from probe.kpi import ALERTS, RULES
from probe.kpi.asked import asked

WIDGET = Train(
    "widget",
    "stable",
    {"global_propagation": Decimal(1800), "mirror_coverage": Decimal("0.9")},
    {"artifact_availability": Decimal("0.999")},
)
OWN = 'product="widget", channel="stable"'


@pytest.mark.parametrize(
    ("expr", "narrow"),
    [
        ("delivery_endpoint_current", f"delivery_endpoint_current{{{OWN}}}"),
        (
            'rate(delivery_download_failures_total{reason="tls", depth!="full"}[5m])',
            f'rate(delivery_download_failures_total{{{OWN}, reason="tls", depth!="full"}}[5m])',
        ),
        (
            "delivery_download_duration_seconds_bucket",
            f"delivery_download_duration_seconds_bucket{{{OWN}}}",
        ),
        (
            'delivery_release_complete{channel="stable", version="1"}',
            f'delivery_release_complete{{{OWN}, version="1"}}',
        ),
        (
            'delivery_release_complete{channel!="nightly"}',
            f"delivery_release_complete{{{OWN}}}",
        ),
        ("delivery:prober_healthy:bool == 1", "delivery:prober_healthy:bool == 1"),
        ("up == 0", "up == 0"),
        ("delivery_probe_start_delay_seconds_count", "delivery_probe_start_delay_seconds_count"),
        (
            "sum by (product, channel) (delivery:outages:count_90d)",
            f"sum by (product, channel) (delivery:outages:count_90d{{{OWN}}})",
        ),
    ],
)
def test_what_is_of_a_product_is_of_this_one(expr, narrow):
    assert WIDGET.narrow(expr) == narrow


@pytest.mark.parametrize(
    ("held_against", "value"),
    [
        (asked("global_propagation", "seconds"), "1800"),
        (asked("global_propagation", "seconds", times=4), "4 * 1800"),
        (asked("mirror_coverage"), "0.9"),
        (
            (
                "on (product, channel) group_left () (14.4 * max by (product, channel) "
                '(slo:error_budget:ratio{sloth_slo="artifact_availability"}))'
            ),
            "14.4 * 0.001",
        ),
    ],
)
def test_what_it_is_held_against_is_a_number(held_against, value):
    assert WIDGET.narrow(f"x > {held_against}") == f"x > {value}"


@pytest.mark.parametrize("selector", ['channel="nightly"', 'channel!="stable"'])
def test_what_is_about_other_channels_is_not_for_this_one(selector):
    with pytest.raises(OfAnother):
        WIDGET.narrow(f"delivery_release_complete{{{selector}}}")


@pytest.mark.parametrize(
    ("value", "text"),
    [("0.999", "0.999"), ("1800.0", "1800"), ("0.0000010", "0.000001"), ("100", "100")],
)
def test_numbers_are_written_without_noise(value, text):
    assert number(Decimal(value)) == text


def test_every_alert_that_is_held_against_a_target_is_held_against_a_number_of_one_product():
    everything = {kpi.name: Decimal("0.5") for kpi, _ in ALERTS if kpi is not None}
    train = Train("widget", "stable", everything, everything)
    for kpi, alert in ALERTS:
        if kpi is not None and 'channel!="stable"' not in alert.expr:
            assert not {"slo_target", "error_budget"} & set(train.narrow(alert.expr).split(":"))


def test_every_rule_that_knows_products_can_be_narrowed():
    every = {rule.record for rule in RULES}
    assert {name for name in every if WIDGET.narrow(name) == name} == {
        "delivery:prober_healthy:bool",
        "sloth_slo_info",
    }
