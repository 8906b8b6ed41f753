"""Lines on their way out, so that a slow reader of the log cannot stall what is measured."""

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TextIO

CAPACITY_LINES = 4096
_GATHER_SECONDS = 0.05


class LineWriter:
    """
    Takes lines from any thread and writes them from a thread of its own.

    ``write`` never blocks: where more than ``capacity`` lines wait, the newest is dropped and
    counted, and the next line that can be written is what *notice* says of that number.
    """

    def __init__(
        self,
        stream: TextIO,
        notice: Callable[[int], str],
        capacity: int = CAPACITY_LINES,
        gather_seconds: float = _GATHER_SECONDS,
    ) -> None:
        self.dropped = 0
        self._stream = stream
        self._notice = notice
        self._capacity = capacity
        self._gather_seconds = gather_seconds
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._closing = threading.Event()
        self._noticed = 0
        self._thread = threading.Thread(target=self._run, name="log-writer", daemon=True)
        self._thread.start()

    def write(self, line: str) -> None:
        """Take one line without its newline; it is dropped where too many wait already."""
        if self._closing.is_set() or self._lines.qsize() >= self._capacity:
            self.dropped += 1
        else:
            self._lines.put(line)

    def close(self, timeout_seconds: float = 2.0) -> None:
        """Write what waits and end the thread; a reader that is stuck is not waited for longer."""
        if not self._closing.is_set():
            self._closing.set()
            self._lines.put(None)
        self._thread.join(timeout_seconds)

    def _run(self) -> None:
        open_ = True
        while open_:
            batch = [self._lines.get()]
            # To gather lines for a moment costs a wake-up per batch and not per line.
            self._closing.wait(self._gather_seconds)
            batch += self._waiting()
            open_ = None not in batch
            self._put([line for line in batch if line is not None])

    def _waiting(self) -> list[str | None]:
        lines: list[str | None] = []
        try:
            while len(lines) < self._capacity:
                lines.append(self._lines.get_nowait())
        except Empty:
            pass
        return lines

    def _put(self, lines: list[str]) -> None:
        dropped = self.dropped
        if dropped > self._noticed:
            lines = [*lines, self._notice(dropped - self._noticed)]
            self._noticed = dropped
        try:
            self._stream.write("".join(f"{line}\n" for line in lines))
            self._stream.flush()
        except (OSError, ValueError):  # the reader went away, or the stream is closed
            self.dropped += len(lines)
