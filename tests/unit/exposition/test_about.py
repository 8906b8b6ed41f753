"""What the service says of itself."""

import platform

from probe import series
from probe.exposition import show_build, show_reload
from tests.builders import NOON
from tests.fakes.clock import FakeClock
from tests.fakes.metrics import FakeMetrics


def test_the_versions_are_shown():
    metrics = FakeMetrics()
    show_build(metrics, "1.2.3")
    assert metrics.value(series.BUILD_INFO, "1.2.3", platform.python_version()) == 1


async def test_a_refused_configuration_leaves_the_time_of_the_last_that_was_taken():
    metrics, clock = FakeMetrics(), FakeClock()
    show_reload(metrics, clock, taken=True)
    await clock.advance(60)
    show_reload(metrics, clock, taken=False)
    assert metrics.value(series.CONFIG_RELOAD_SUCCESSFUL) == 0
    assert metrics.value(series.CONFIG_RELOAD_TIMESTAMP) == NOON.timestamp()
