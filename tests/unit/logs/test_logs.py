"""What the log looks like, whoever writes to it."""

import io
import json
import logging
import threading
from collections.abc import Callable
from typing import Any

import structlog

from probe.logs import LogFormat, LogLevel, logging_to
from probe.logs.writer import CAPACITY_LINES
from tests.builders import NOON

NOW = "2026-08-20T12:00:00.000Z"


def logged(
    act: Callable[[], object],
    level: LogLevel = LogLevel.INFO,
    form: LogFormat = LogFormat.AUTO,
    stream: io.StringIO | None = None,
) -> str:
    out = stream or io.StringIO()
    with logging_to(out, level, form, lambda: NOON):
        act()
    return out.getvalue()


def records(act: Callable[[], object], level: LogLevel = LogLevel.INFO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in logged(act, level).splitlines()]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def fail(error: Exception) -> None:
    raise error


def test_a_line_is_one_json_object_with_time_level_and_logger():
    assert records(lambda: structlog.get_logger("engine").info("probed", bytes=12)) == [
        {"logger": "engine", "bytes": 12, "event": "probed", "level": "info", "timestamp": NOW}
    ]


def test_a_line_begins_with_when_how_bad_and_what():
    text = logged(lambda: structlog.get_logger("engine").info("probed"))
    assert text == f'{{"timestamp":"{NOW}","level":"info","event":"probed","logger":"engine"}}\n'


def test_a_terminal_gets_console_lines_without_being_asked():
    text = logged(
        lambda: structlog.get_logger("engine").info("probed", bytes=12), stream=Terminal()
    )
    assert "probed" in text
    assert "\x1b[" in text
    assert not text.startswith("{")


def test_console_lines_in_a_file_have_no_colours():
    text = logged(
        lambda: structlog.get_logger("engine").info("probed", bytes=12), form=LogFormat.CONSOLE
    )
    assert text == f"{NOW} [info     ] probed                         [engine] bytes=12\n"


def test_records_of_libraries_have_the_same_form():
    def act() -> None:
        logging.getLogger("somebody.else").warning("took %d s", 3, extra={"host": "a"})

    assert records(act) == [
        {
            "event": "took 3 s",
            "host": "a",
            "logger": "somebody.else",
            "level": "warning",
            "timestamp": NOW,
        }
    ]


def test_what_is_bound_to_the_context_is_on_every_line():
    def act() -> None:
        with structlog.contextvars.bound_contextvars(probe_id="01J"):
            structlog.get_logger("engine").info("probed")
            logging.getLogger("somebody.else").warning("hello")

    assert [each["probe_id"] for each in records(act)] == ["01J", "01J"]


def test_lines_below_the_level_are_left_out():
    def act() -> None:
        structlog.get_logger("engine").info("no")
        logging.getLogger("somebody.else").info("no")
        structlog.get_logger("engine").warning("yes")

    assert [each["event"] for each in records(act, LogLevel.WARNING)] == ["yes"]


def test_the_scheduler_is_not_heard_at_info():
    def act() -> None:
        logging.getLogger("apscheduler.executors.default").info("Running job")
        logging.getLogger("apscheduler.scheduler").warning("missed")

    assert [each["event"] for each in records(act)] == ["missed"]


def test_a_traceback_shows_where_and_no_local_variable():
    def act() -> None:
        passphrase = "hunter2-local"
        try:
            fail(RuntimeError("boom at https://a.example/x?sig=hunter2-query"))
        except RuntimeError:
            structlog.get_logger("engine").exception("bug", length=len(passphrase))

    [record] = records(act)
    [shown] = record["exception"]
    assert shown["exc_type"] == "RuntimeError"
    assert shown["exc_value"] == "boom at https://a.example/x?…"
    assert shown["frames"][-1]["name"] == "fail"
    assert "hunter2" not in json.dumps(record)
    console = logged(act, form=LogFormat.CONSOLE)
    assert "RuntimeError: boom at https://a.example/x?…" in console
    assert "hunter2" not in console


def test_a_traceback_of_a_group_shows_what_is_in_it():
    def act() -> None:
        try:
            fail(ExceptionGroup("two", [ValueError("inner")]))
        except ExceptionGroup:
            structlog.get_logger("engine").exception("bug")

    assert '"exc_value":"inner"' in logged(act)


def test_what_is_not_json_is_shown_as_text():
    def act() -> None:
        structlog.get_logger("engine").info(
            "odd", lag=float("nan"), where=NOON, reason={"a", "b"} - {"b"}
        )

    [record] = records(act)
    assert (record["lag"], record["where"], record["reason"]) == (
        "nan",
        "2026-08-20 12:00:00+00:00",
        ["a"],
    )


def test_after_the_context_logging_is_as_it_was():
    handlers, level = list(logging.getLogger().handlers), logging.getLogger().level
    logged(lambda: None, LogLevel.DEBUG)
    assert (logging.getLogger().handlers, logging.getLogger().level) == (handlers, level)
    assert not structlog.is_configured()


def test_a_log_that_lost_lines_says_how_many():
    class Stuck(io.StringIO):
        asked, released = threading.Event(), threading.Event()

        def write(self, text: str) -> int:
            self.asked.set()
            self.released.wait()
            return super().write(text)

    stream = Stuck()
    with logging_to(stream, LogLevel.INFO, LogFormat.JSON, lambda: NOON) as writer:
        structlog.get_logger("engine").info("first")
        assert stream.asked.wait(10)
        for _ in range(CAPACITY_LINES + 3):
            structlog.get_logger("engine").info("more")
        assert writer.dropped == 3
        stream.released.set()
    last = json.loads(stream.getvalue().splitlines()[-1])
    assert last == {
        "timestamp": NOW,
        "level": "warning",
        "event": "log lines were dropped",
        "lines": 3,
        "logger": "probe.logs",
    }
