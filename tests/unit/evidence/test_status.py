"""How the ledger fares, as series."""

from probe.evidence import LedgerSeries, LedgerStatus, Trouble
from probe.series import LEDGER_BYTES, LEDGER_DROPPED, LEDGER_LAST_COMMIT, LEDGER_UP
from tests.builders import NOON
from tests.fakes.metrics import FakeMetrics


def test_before_anything_is_known_the_ledger_is_down():
    metrics = FakeMetrics()
    LedgerSeries(metrics)
    assert metrics.value(LEDGER_UP) == 0.0
    assert metrics.value(LEDGER_DROPPED) == 0.0
    assert metrics.value(LEDGER_LAST_COMMIT) is None


def test_what_is_dropped_is_counted_once():
    metrics = FakeMetrics()
    series = LedgerSeries(metrics)
    status = LedgerStatus(up=True, size_bytes=4096, committed_at=NOON)
    series.show(status, 3)
    series.show(status, 5)
    assert metrics.value(LEDGER_UP) == 1.0
    assert metrics.value(LEDGER_DROPPED) == 5.0
    assert metrics.value(LEDGER_BYTES) == 4096
    assert metrics.value(LEDGER_LAST_COMMIT) == NOON.timestamp()


def test_a_ledger_that_falls_is_shown_to_be_down():
    metrics = FakeMetrics()
    series = LedgerSeries(metrics)
    series.show(LedgerStatus(up=True), 0)
    series.show(LedgerStatus(trouble=Trouble.FULL), 0)
    assert metrics.value(LEDGER_UP) == 0.0
