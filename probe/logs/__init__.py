"""
The log: one event a line, JSON for machines or colours for a terminal, UTC, without secrets.

Records of libraries that use ``logging`` take the same way out and the same form.
"""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from probe.logs.redaction import redact
from probe.logs.writer import LineWriter

# Libraries that tell at INFO what this service tells itself.
_QUIET = ("apscheduler", "aiohttp.access", "asyncio", "urllib3")


class LogLevel(StrEnum):
    """From which severity on lines are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def number(self) -> int:
        """Return the level as ``logging`` counts."""
        return logging.getLevelNamesMapping()[self.upper()]


class LogFormat(StrEnum):
    """The form of a line; ``AUTO`` is console on a terminal and JSON elsewhere."""

    AUTO = "auto"
    JSON = "json"
    CONSOLE = "console"


@contextmanager
def logging_to(
    stream: TextIO, level: LogLevel, form: LogFormat, now: Callable[[], datetime]
) -> Iterator[LineWriter]:
    """Log to *stream* until the context ends; what waits then is still written."""
    console = form is LogFormat.CONSOLE or (form is LogFormat.AUTO and stream.isatty())
    chain = _chain(now, _console(stream) if console else _json)
    writer = LineWriter(stream, lambda count: _notice(chain, count))
    handler = _Handler(writer, chain)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(level.number)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, level.number))
    structlog.configure(
        processors=[_own_name, *chain],
        wrapper_class=structlog.make_filtering_bound_logger(level.number),
        logger_factory=lambda *names: _Lines(writer.write, *names),
        # A cached logger would outlive its writer; to look it up costs less than a microsecond.
        cache_logger_on_first_use=False,
    )
    try:
        yield writer
    finally:
        structlog.reset_defaults()
        root.removeHandler(handler)
        root.setLevel(before)
        writer.close()


def _chain(now: Callable[[], datetime], render: Processor) -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        _timestamper(now),
        _exceptions() if render is _json else structlog.processors.format_exc_info,
        redact,
        render,
    ]


def _timestamper(now: Callable[[], datetime]) -> Processor:
    def stamp(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["timestamp"] = now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return event

    return stamp


def _exceptions() -> Processor:
    transformer = structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=20)
    return structlog.processors.ExceptionRenderer(transformer)


_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def _json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    head = {key: event.pop(key, "") for key in ("timestamp", "level", "event")}
    return _encode({**head, **event})


def _console(stream: TextIO) -> Processor:
    return structlog.dev.ConsoleRenderer(
        colors=stream.isatty(),
        exception_formatter=structlog.dev.plain_traceback,
        sort_keys=False,
    )


def _notice(chain: list[Processor], count: int) -> str:
    event: Any = {"event": "log lines were dropped", "lines": count, "logger": __name__}
    for processor in chain:
        event = processor(None, "warning", event)
    return str(event)


class _Lines:
    """What structlog calls with a finished line; one for each name a logger has."""

    __slots__ = ("critical", "debug", "error", "info", "name", "warning")

    def __init__(self, write: Callable[[str], None], name: str = "") -> None:
        self.name = name
        self.debug = self.info = self.warning = self.error = self.critical = write


def _own_name(logger: _Lines, _method: str, event: EventDict) -> EventDict:
    event["logger"] = logger.name
    return event


class _Handler(logging.Handler):
    """Takes the records of ``logging``."""

    def __init__(self, writer: LineWriter, chain: list[Processor]) -> None:
        super().__init__()
        self._writer = writer
        self.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=[structlog.stdlib.ExtraAdder(), _foreign_name],
                processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *chain],
            )
        )

    def emit(self, record: logging.LogRecord) -> None:
        self._writer.write(self.format(record))


def _foreign_name(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event["logger"] = event["_record"].name
    event.pop("message", None)  # the event once more, where another handler was first
    return event
