"""Series, and their text in the Prometheus and OpenMetrics formats."""

from probe.exposition.rendering import Exposer
from probe.exposition.single import render_one
from probe.exposition.store import SeriesStore

__all__ = ["Exposer", "SeriesStore", "render_one"]
