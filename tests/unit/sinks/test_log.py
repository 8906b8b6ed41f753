"""The line that an observation leaves in the log."""

from dataclasses import replace

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Failed, Inconclusive, Origin
from probe.sinks import LogSink
from tests.builders import a_download, an_observation


class FakeLogger:
    def __init__(self) -> None:
        self.lines: list[tuple[str, str, dict[str, object]]] = []

    def info(self, event: str, **values: object) -> None:
        self.lines.append(("info", event, values))

    def warning(self, event: str, **values: object) -> None:
        self.lines.append(("warning", event, values))


def logged(*args: object, **fields: object) -> tuple[str, str, dict[str, object]]:
    logger = FakeLogger()
    LogSink(logger).record(an_observation(*args, **fields))
    (line,) = logger.lines
    return line


def test_a_pass_is_one_line_with_the_id_of_the_probe():
    level, event, values = logged()
    assert (level, event) == ("info", "download passed")
    assert values["probe_id"] == "01JPROBE"
    assert values["artifact"] == "widget_1.4.2_linux_amd64.tar.gz"
    assert "reason" not in values


def test_a_failure_says_why_where_and_through_which_edge():
    failure = Failure(FailureReason.STALE, Phase.VERIFY, "this is 1.4.1")
    download = replace(a_download(), edge="fra1\x1b[0m")
    level, event, values = logged(Failed(failure), download=download, origin=Origin.EDGE)
    assert (level, event) == ("warning", "download failed")
    assert (values["reason"], values["phase"], values["detail"]) == (
        "stale",
        "verify",
        "this is 1.4.1",
    )
    assert (values["origin"], values["edge"]) == ("edge", "fra1[0m")


def test_our_own_fault_is_not_called_a_failed_download():
    failure = Failure(FailureReason.UPLINK, Phase.CONNECT)
    assert logged(Inconclusive(failure))[:2] == ("warning", "download inconclusive")
