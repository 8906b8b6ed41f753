"""What the process says to the shell."""

from collections.abc import Iterable
from enum import IntEnum

from probe.domain.observation import Failed, Passed, Verdict


class ExitCode(IntEnum):
    """The exit codes of every command."""

    PASSED = 0
    FAILED = 1
    USAGE = 2
    INCONCLUSIVE = 3


def exit_code(verdicts: Iterable[Verdict]) -> ExitCode:
    """
    Return the code for what was found.

    Failed if anything failed; inconclusive if nothing failed but something is not known, or if
    there was nothing to probe, because then nothing has been proven.
    """
    kinds = {type(verdict) for verdict in verdicts}
    if Failed in kinds:
        return ExitCode.FAILED
    return ExitCode.PASSED if kinds == {Passed} else ExitCode.INCONCLUSIVE
