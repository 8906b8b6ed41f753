"""Series, and their text in the Prometheus and OpenMetrics formats."""

from probe.exposition.about import show_build, show_reload
from probe.exposition.rendering import Exposer
from probe.exposition.single import render_one
from probe.exposition.store import SeriesStore

__all__ = ["Exposer", "SeriesStore", "render_one", "show_build", "show_reload"]
