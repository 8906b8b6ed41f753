"""Whatever a label holds, it reads back the same."""

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as parse_openmetrics,
)
from prometheus_client.parser import text_string_to_metric_families as parse_classic

from probe.exposition import SeriesStore
from probe.exposition.negotiation import accepts_gzip, choose_format
from probe.series import Kind, Metric
from tests.fakes.clock import FakeClock

COUNTER = Metric("eaten_total", Kind.COUNTER, "Apples eaten.", ("what", "who"))
GAUGE = Metric("stock", Kind.GAUGE, "Apples in store.", ("what", "who"))
SECONDS = Metric("chew_seconds", Kind.HISTOGRAM, "Time to chew.", ("what", "who"), (0.5, 1.0))
METRICS = (COUNTER, GAUGE, SECONDS)

label_values = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
numbers = st.floats(min_value=0, allow_infinity=False)


@given(label_values, label_values, numbers)
def test_labels_and_values_read_back_from_both_formats(what, who, value):
    store = SeriesStore(FakeClock(), METRICS)
    store.inc(COUNTER, (what, who), value)
    store.set(GAUGE, (what, who), value)
    store.observe(SECONDS, (what, who), value)
    wanted = {"eaten_total": value, "stock": value, "chew_seconds_sum": value}
    classic = b"".join(store.slices(frozenset(), openmetrics=False)).decode()
    modern = b"".join(store.slices(frozenset(), openmetrics=True)).decode() + "# EOF\n"
    for families in (list(parse_classic(classic)), list(parse_openmetrics(modern))):
        samples = [sample for family in families for sample in family.samples]
        read = {sample.name: sample.value for sample in samples}
        assert wanted.items() <= read.items()
        for sample in samples:
            labels = {key: text for key, text in sample.labels.items() if key != "le"}
            assert labels == {"what": what, "who": who}


@given(st.text(max_size=30))
def test_any_label_can_be_sent(value):
    store = SeriesStore(FakeClock(), METRICS)
    store.set(GAUGE, (value, ""))
    assert b"".join(store.slices(frozenset(), openmetrics=False)).endswith(b"} 1.0\n")


@given(st.text())
def test_any_header_is_understood(header):
    choose_format(header)
    accepts_gzip(header)
