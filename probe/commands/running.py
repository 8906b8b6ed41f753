"""How a command runs what takes a loop."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

import typer

from probe.loop import Loop

_T = TypeVar("_T")


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """Return what comes of *work* on a loop of its own, or end as Ctrl-C does."""
    try:
        with asyncio.Runner(loop_factory=Loop) as runner:
            return runner.run(work)
    except KeyboardInterrupt:
        raise typer.Exit(128 + signal.SIGINT) from None
