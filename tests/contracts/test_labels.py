"""What a label may be: bounded, and nothing that belongs into a log or must not be shown."""

import pytest

from probe.series import METRICS, Kind

# A label multiplies series, and a URL, a digest, an address or a probe id has no end of values;
# "region" clashes with the target labels that users set in their scrape configuration.
BOUNDED = {
    "artifact", "aspect", "auth_mode", "cache", "cadence", "channel", "class", "control", "depth",
    "detected_by", "endpoint", "endpoint_kind", "event", "fault", "gate", "kind", "kpi", "mode",
    "object", "outcome", "owner", "phase", "platform", "probe_region", "product", "python_version",
    "reason", "recurrence", "size_tier", "source", "t0_source", "version",
}  # fmt: skip

every_metric = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)


@every_metric
def test_labels_are_among_those_whose_values_are_bounded(metric):
    assert set(metric.labels) <= BOUNDED


@every_metric
def test_names_have_the_prefix_and_counters_alone_are_totals(metric):
    assert metric.name.startswith("delivery_")
    assert metric.name.endswith("_total") == (metric.kind is Kind.COUNTER)


@every_metric
def test_help_is_one_sentence(metric):
    assert metric.help.endswith(".")
    assert "\n" not in metric.help
