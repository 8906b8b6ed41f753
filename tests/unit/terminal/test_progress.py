import io

from rich.console import Console

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Failed
from probe.terminal.console import console_for
from probe.terminal.progress import progress_bar
from tests.builders import an_observation

FAILED = an_observation(Failed(Failure(FailureReason.STALE, Phase.VERIFY)))


def test_a_pipe_gets_no_bar_at_all():
    stream = io.StringIO()
    with progress_bar(console_for(stream), 2) as advance:
        advance(an_observation())
        advance(FAILED)
    assert stream.getvalue() == ""


def test_a_terminal_sees_how_many_are_done_and_how_many_failed():
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=100)
    with progress_bar(console, 2) as advance:
        advance(an_observation())
        advance(FAILED)
    assert "probing, 1 failed" in stream.getvalue()
    assert "2/2" in stream.getvalue()
