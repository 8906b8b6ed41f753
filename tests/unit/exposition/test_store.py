"""What a series looks like once it is text."""

import pytest
from prometheus_client.utils import floatToGoString

from probe import series
from probe.exposition.cells import bound_texts
from probe.exposition.store import SLICE_LINES, SeriesStore
from probe.series import METRICS, Kind, Metric
from tests.builders import NOON
from tests.fakes.clock import FakeClock

COUNTER = Metric("eaten_total", Kind.COUNTER, "Apples eaten.", ("who",))
GAUGE = Metric("stock", Kind.GAUGE, 'Apples "in" stock\\store.')
SECONDS = Metric("chew_seconds", Kind.HISTOGRAM, "Time to chew.", ("who",), (0.1, 1.0))


def a_store(*metrics: Metric) -> SeriesStore:
    return SeriesStore(FakeClock(), metrics or (COUNTER, GAUGE, SECONDS))


def text(store: SeriesStore, *names: str, openmetrics: bool = False) -> str:
    return b"".join(store.slices(frozenset(names), openmetrics=openmetrics)).decode()


def test_a_counter_adds_up():
    store = a_store()
    store.inc(COUNTER, ("eve",))
    store.inc(COUNTER, ("eve",), 2.5)
    assert text(store) == (
        '# HELP eaten_total Apples eaten.\n# TYPE eaten_total counter\neaten_total{who="eve"} 3.5\n'
    )


def test_a_counter_cannot_fall():
    with pytest.raises(ValueError, match="eaten_total: a counter cannot fall by -1"):
        a_store().inc(COUNTER, ("eve",), -1)


def test_a_gauge_holds_what_was_set_last():
    store = a_store()
    store.set(GAUGE, (), 5)
    store.set(GAUGE, (), 1e20)
    assert text(store).endswith("# TYPE stock gauge\nstock 1e+20\n")


@pytest.mark.parametrize(
    ("value", "shown"), [(float("inf"), "+Inf"), (float("-inf"), "-Inf"), (float("nan"), "NaN")]
)
def test_numbers_that_are_none_are_written_as_prometheus_writes_them(value, shown):
    store = a_store()
    store.set(GAUGE, (), value)
    assert text(store).endswith(f"stock {shown}\n")


def test_a_histogram_counts_a_bound_into_its_own_bucket():
    store = a_store()
    for value in (0.1, 0.5, 1.0, 7.0):
        store.observe(SECONDS, ("eve",), value)
    assert text(store).splitlines()[2:] == [
        'chew_seconds_bucket{who="eve",le="0.1"} 1',
        'chew_seconds_bucket{who="eve",le="1.0"} 3',
        'chew_seconds_bucket{who="eve",le="+Inf"} 4',
        'chew_seconds_sum{who="eve"} 8.6',
        'chew_seconds_count{who="eve"} 4',
    ]


def test_a_declared_histogram_is_there_with_nothing_in_it():
    store = a_store()
    store.observe(SECONDS, ("eve",), 1.0)
    store.declare(SECONDS, ("eve",))
    store.declare(SECONDS, ("adam",))
    assert 'chew_seconds_count{who="eve"} 1' in text(store)
    assert 'chew_seconds_bucket{who="adam",le="1.0"} 0' in text(store)


def test_a_removed_series_is_gone_and_removing_it_again_is_no_fault():
    store = a_store()
    store.declare(COUNTER, ("eve",))
    store.remove(COUNTER, ("eve",))
    store.remove(COUNTER, ("eve",))
    assert text(store) == ""


def test_a_series_needs_one_value_for_each_label():
    with pytest.raises(ValueError, match="shorter"):
        a_store().inc(COUNTER, ())


def test_a_metric_of_another_kind_or_store_is_refused():
    with pytest.raises(KeyError):
        a_store().inc(GAUGE)
    with pytest.raises(KeyError):
        a_store(GAUGE).inc(COUNTER, ("eve",))


def test_help_is_escaped_as_each_format_wants_it():
    store = a_store()
    store.set(GAUGE)
    assert '# HELP stock Apples "in" stock\\\\store.\n' in text(store)
    assert '# HELP stock Apples \\"in\\" stock\\\\store.\n' in text(store, openmetrics=True)


def test_openmetrics_names_the_family_without_total_and_says_the_unit():
    store = a_store()
    store.inc(COUNTER, ("eve",))
    store.observe(SECONDS, ("eve",), 1.0)
    shown = text(store, openmetrics=True)
    assert "# TYPE eaten counter\n" in shown
    assert 'eaten_total{who="eve"} 1.0\n' in shown
    assert "# UNIT chew_seconds seconds\n" in shown


def test_exemplars_are_written_in_openmetrics_only():
    store = a_store()
    store.inc(COUNTER, ("eve",), exemplar="01J")
    store.observe(SECONDS, ("eve",), 0.5, exemplar="01K")
    at = f"{NOON.timestamp():.3f}"
    shown = text(store, openmetrics=True).splitlines()
    assert f'eaten_total{{who="eve"}} 1.0 # {{probe_id="01J"}} 1.0 {at}' in shown
    assert f'chew_seconds_bucket{{who="eve",le="1.0"}} 1 # {{probe_id="01K"}} 0.5 {at}' in shown
    assert 'chew_seconds_bucket{who="eve",le="+Inf"} 1' in shown
    assert "probe_id" not in text(store)


def test_an_exemplar_of_more_than_128_characters_is_left_out():
    store = a_store()
    store.inc(COUNTER, ("eve",), exemplar="x" * 120)
    assert "probe_id" in text(store, openmetrics=True)
    store.inc(COUNTER, ("eve",), exemplar="x" * 121)
    assert "probe_id" not in text(store, openmetrics=True)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("eaten", {"eaten_total"}),
        ("eaten_total", {"eaten_total"}),
        ("chew_seconds_count", {"chew_seconds"}),
        ("nothing", set()),
    ],
)
def test_a_scraper_may_ask_for_families_by_any_of_their_names(name, shown):
    store = a_store()
    store.inc(COUNTER, ("eve",))
    store.set(GAUGE)
    store.observe(SECONDS, ("eve",), 1.0)
    families = {line.split()[2] for line in text(store, name).splitlines() if "# TYPE" in line}
    assert families == shown


def test_no_piece_of_rendering_is_longer_than_a_slice_and_one_series():
    store = a_store()
    for number in range(3 * SLICE_LINES):
        store.inc(COUNTER, (str(number),))
    pieces = list(store.slices(frozenset(), openmetrics=False))
    assert [piece.count(b"\n") for piece in pieces] == [
        SLICE_LINES + 1,
        SLICE_LINES,
        SLICE_LINES,
        1,
    ]


def test_series_may_come_and_go_between_two_pieces():
    store = a_store()
    for number in range(2 * SLICE_LINES):
        store.inc(COUNTER, (str(number),))
    pieces = store.slices(frozenset(), openmetrics=False)
    next(pieces)
    store.remove(COUNTER, ("0",))
    store.inc(COUNTER, ("new",))
    assert b"".join(pieces).endswith(b'eaten_total{who="999"} 1.0\n')


@pytest.mark.parametrize("metric", [m for m in METRICS if m.buckets], ids=lambda m: m.name)
def test_bounds_are_written_as_prometheus_client_writes_them(metric):
    assert bound_texts(metric) == (*map(floatToGoString, metric.buckets), "+Inf")


def test_labels_that_are_members_of_an_enumeration_are_their_values():
    store = SeriesStore(FakeClock())
    store.inc(series.PROBE_ERRORS, ("eu", series.Kind.GAUGE))
    store.inc(series.PROBE_ERRORS, ("eu", "gauge"))
    assert '{probe_region="eu",reason="gauge"} 2.0' in text(store)
