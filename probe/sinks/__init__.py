"""What becomes of an observation: series, history, a log line."""

from probe.sinks.history import HistorySink
from probe.sinks.log import LogSink
from probe.sinks.metrics import MetricsSink

__all__ = ["HistorySink", "LogSink", "MetricsSink"]
