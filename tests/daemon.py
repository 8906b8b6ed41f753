"""Programs that run beside a test: started, waited for, and ended by their own process id."""

import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from probe.clock import SystemClock
from tests import real

_CLOCK = SystemClock()
T = TypeVar("T")


def until(condition: Callable[[], T], seconds: float = 30.0, pace: float = 0.05) -> T:
    """Return the first true value of *condition*; fail when it stays false for *seconds*."""
    pause = threading.Event()
    deadline = _CLOCK.monotonic() + seconds
    while not (value := condition()):
        if _CLOCK.monotonic() > deadline:
            raise AssertionError(f"still {value!r} after {seconds} s")
        pause.wait(pace)
    return value


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


class Daemon:
    """A program in the background; leaving the block ends it. Its output goes to *log*."""

    def __init__(
        self,
        command: Sequence[str | Path],
        log: Path,
        ready: Callable[[], bool],
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.log = log
        self._command = [real.program(str(command[0])) or str(command[0]), *map(str, command[1:])]
        self._ready = ready
        self._environment = environment

    def __enter__(self) -> Self:
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._environment,
            )
        try:
            until(lambda: self._process.poll() is not None or self._ready())
            assert self._process.poll() is None, self.log.read_text()[-4000:]
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def end(self, seconds: float = 30.0) -> int:
        """Ask it to stop, wait, and return its exit status; kill it if it does not."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise
