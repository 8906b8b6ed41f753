"""What a scraper is handed, read back with the parsers of prometheus_client."""

import asyncio
import gzip
import subprocess
from collections.abc import Iterator

import pytest
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as parse_openmetrics,
)
from prometheus_client.parser import text_string_to_metric_families as parse_classic

from probe import series
from probe.exposition import Exposer, SeriesStore
from probe.ports import Rendered
from probe.series import METRICS, Kind
from tests.fakes.clock import FakeClock, settle
from tests.real import program

OPENMETRICS = "application/openmetrics-text; version=1.0.0"


@pytest.fixture
def store() -> SeriesStore:
    """Hold one series of every metric there is."""
    store = SeriesStore(FakeClock())
    for number, metric in enumerate(METRICS):
        labels = tuple(f"{label} {number}" for label in metric.labels)
        if metric.kind is Kind.COUNTER:
            store.inc(metric, labels, number, exemplar="01JPROBE")
        elif metric.kind is Kind.GAUGE:
            store.set(metric, labels, number)
        else:
            store.observe(metric, labels, number, exemplar="01JPROBE")
    return store


@pytest.fixture
async def exposer(store: SeriesStore):
    exposer = Exposer(store, FakeClock())
    yield exposer
    await exposer.close()


def text(rendered: Rendered) -> str:
    body = b"".join(rendered.chunks)
    return (gzip.decompress(body) if rendered.encoding == "gzip" else body).decode()


def values(families) -> dict[str, float]:
    return {
        sample.name: sample.value
        for family in families
        for sample in family.samples
        if not sample.name.endswith("_bucket")
    }


def expected() -> dict[str, float]:
    numbers: dict[str, float] = {}
    for number, metric in enumerate(METRICS):
        if metric.kind is Kind.HISTOGRAM:
            numbers |= {f"{metric.name}_sum": number, f"{metric.name}_count": 1}
        else:
            numbers[metric.name] = number
    return numbers


async def test_every_value_reads_back_from_the_classic_text(exposer):
    rendered = await exposer.render()
    assert rendered.content_type == "text/plain; version=0.0.4; charset=utf-8"
    read = values(parse_classic(text(rendered)))
    assert expected().items() <= read.items()


async def test_every_value_and_exemplar_reads_back_from_openmetrics(exposer):
    rendered = await exposer.render(OPENMETRICS)
    assert rendered.content_type.startswith("application/openmetrics-text; version=1.0.0")
    assert text(rendered).endswith("\n# EOF\n")
    families = list(parse_openmetrics(text(rendered)))
    assert expected().items() <= values(families).items()
    ours = [family for family in families if family.name.startswith("delivery_")]
    exemplars = [s.exemplar.labels for f in ours for s in f.samples if s.exemplar]
    counted = [m for m in METRICS if m.kind is not Kind.GAUGE]
    assert exemplars == [{"probe_id": "01JPROBE"}] * len(counted)


async def test_the_process_itself_is_shown_too(exposer):
    for accept in ("", OPENMETRICS):
        shown = text(await exposer.render(accept))
        assert "\npython_info{" in shown
        assert "\nprocess_resident_memory_bytes " in shown
        assert "\npython_gc_collections_total{" in shown
        assert "_created" not in shown


async def test_a_scraper_that_asks_for_gzip_gets_the_same_text(exposer):
    name = frozenset({series.DOWNLOAD_BYTES.name})
    plain = await exposer.render("", "identity", name)
    zipped = await exposer.render("", "gzip, deflate", name)
    assert (plain.encoding, zipped.encoding) == ("", "gzip")
    assert text(zipped) == text(plain)


async def test_the_names_asked_for_hold_for_both_halves(exposer):
    names = frozenset({"delivery_download_bytes_total", "process_max_fds"})
    for accept, parse in (("", parse_classic), (OPENMETRICS, parse_openmetrics)):
        shown = text(await exposer.render(accept, "", names))
        assert set(values(parse(shown))) == names


async def test_scrapers_who_ask_for_the_same_at_once_share_one_rendering(exposer):
    first, second, other = await asyncio.gather(
        exposer.render(), exposer.render(), exposer.render(OPENMETRICS)
    )
    assert first is second
    assert first is not other


async def test_what_was_rendered_is_shared_for_four_times_as_long_as_it_took(store):
    clock = FakeClock()

    class Slow(SeriesStore):
        def slices(self, *wanted: object, **how: object) -> Iterator[bytes]:
            clock.stall(0.5)
            yield b""

    exposer = Exposer(Slow(clock), clock)
    first = await exposer.render()
    clock.stall(1.9)
    assert await exposer.render() is first
    clock.stall(0.2)
    assert await exposer.render() is not first
    await exposer.close()


async def test_a_rendering_that_failed_is_shared_with_nobody_who_comes_later():
    class Broken(SeriesStore):
        def slices(self, *wanted: object, **how: object) -> Iterator[bytes]:
            del wanted, how
            failures.append(1)
            raise KeyError("a bug")

    failures: list[int] = []
    clock = FakeClock()
    exposer = Exposer(Broken(clock), clock)
    for _ in range(2):
        with pytest.raises(KeyError):
            await exposer.render()
    assert len(failures) == 2
    await exposer.close()


async def test_a_scraper_that_hangs_up_does_not_take_the_answer_of_another(exposer):
    leaving = asyncio.create_task(exposer.render())
    staying = asyncio.create_task(exposer.render())
    await settle(2)
    leaving.cancel()
    assert "delivery_targets" in text(await staying)
    assert leaving.cancelled()


async def test_others_run_between_the_pieces_of_one_rendering():
    store = SeriesStore(FakeClock())
    for number in range(5000):
        store.inc(series.PROBE_LATE, (str(number),))
    exposer = Exposer(store, FakeClock())
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    await exposer.render()
    counting.cancel()
    assert turns >= 10
    await exposer.close()


@pytest.mark.needs("promtool")
def test_promtool_finds_nothing_to_say(store):
    outcome = subprocess.run(
        [program("promtool"), "check", "metrics"],
        input=b"".join(store.slices(frozenset(), openmetrics=False)),
        capture_output=True,
        check=False,
    )
    assert (outcome.stdout, outcome.stderr, outcome.returncode) == (b"", b"", 0)
