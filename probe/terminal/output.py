"""The standard streams: there even where a parent closed them, and missed when they fail."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper


class OutputLost(OSError):
    """
    What is written to standard output arrives nowhere; the text is one line that says why.

    ``unread`` tells that it is a pipe whose reader has seen enough.
    """

    def __init__(self, fault: OSError) -> None:
        # Without a number of its own: by that, others would take it for their pipe.
        super().__init__(f"standard output: {os.strerror(fault.errno or errno.EIO)}")
        self.unread = isinstance(fault, BrokenPipeError)


class _Output(TextIOWrapper):
    """Standard output, whose faults cannot be taken for those of any other file."""

    def write(self, text: str, /) -> int:
        try:
            return super().write(text)
        except OSError as fault:
            raise self._lost(fault) from fault

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as fault:
            raise self._lost(fault) from fault

    def _lost(self, fault: OSError) -> OutputLost:
        # What is still held back goes nowhere, in silence, when the process ends.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)
        return OutputLost(fault)


@contextmanager
def standard_streams() -> Iterator[None]:
    """
    Let all three streams be there, and write to the end what is printed meanwhile.

    Raises:
        OutputLost: standard output cannot be written.
    """
    _open_closed()
    # Python has no object for a stream that was closed when it began.
    sys.stdin = sys.stdin or os.fdopen(0, closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)
    encoding = sys.stdout.encoding if sys.stdout else "utf-8"
    bytes_out = os.fdopen(1, "wb", closefd=False)
    sys.stdout = _Output(
        bytes_out, encoding, errors="backslashreplace", line_buffering=bytes_out.isatty()
    )
    try:
        yield
    finally:
        sys.stdout.flush()


def _open_closed() -> None:
    # The next file that is opened would become the stream: a socket, or what the loop waits on.
    for descriptor in range(3):
        with suppress(OSError):
            os.fstat(descriptor)
            continue
        os.open(os.devnull, os.O_RDWR)
