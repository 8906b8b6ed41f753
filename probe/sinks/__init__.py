"""What becomes of an observation: series, history, a log line, evidence, incidents, rollouts."""

from probe.sinks.board import Board
from probe.sinks.caches import CacheSink
from probe.sinks.configured import ConfiguredSeries
from probe.sinks.facts import FactSeries
from probe.sinks.history import HistorySink
from probe.sinks.incidents import IncidentSink
from probe.sinks.ledger import LedgerSink
from probe.sinks.log import LogSink
from probe.sinks.markers import MarkerSink
from probe.sinks.metrics import MetricsSink
from probe.sinks.reception import Reception
from probe.sinks.register import Register
from probe.sinks.rollouts import RolloutSink

__all__ = [
    "Board",
    "CacheSink",
    "ConfiguredSeries",
    "FactSeries",
    "HistorySink",
    "IncidentSink",
    "LedgerSink",
    "LogSink",
    "MarkerSink",
    "MetricsSink",
    "Reception",
    "Register",
    "RolloutSink",
]
