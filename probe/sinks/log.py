"""One log line per observation."""

from typing import Protocol

from probe.domain.observation import Inconclusive, Observation, Passed
from probe.domain.record import as_record
from probe.domain.text import clean


class Logger(Protocol):
    """As much of a structlog logger as is used."""

    def info(self, event: str, **values: object) -> object:
        """Log what went well."""

    def warning(self, event: str, **values: object) -> object:
        """Log what somebody should look at."""


class LogSink:
    """Writes the record of each observation with its id; passes at info, the rest at warning."""

    def __init__(self, logger: Logger) -> None:
        self._logger = logger

    def record(self, observation: Observation) -> None:
        """Write one line."""
        download = observation.download
        fields = {
            name: value for name, value in as_record(observation).items() if value is not None
        }
        fields |= {
            "probe_id": observation.id,
            "cache": download.cache.value,
            "peer_address": download.peer_address,
        }
        if download.edge:
            fields["edge"] = clean(download.edge)
        match observation.verdict:
            case Passed():
                self._logger.info("download passed", **fields)
            case Inconclusive():
                self._logger.warning("download inconclusive", **fields)
            case _:
                fields["origin"] = observation.origin.value
                self._logger.warning("download failed", **fields)
