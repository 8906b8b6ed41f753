"""A file with settings, as bytes and as text; a pipe is waited for, but not for ever."""

import errno
import os
import re
import select
from io import FileIO
from pathlib import Path

from probe.domain.fault import Fault

MAX_FILE_BYTES = 1024 * 1024
PIPE_SECONDS = 10.0

# What YAML 1.2 calls printable, the byte order mark aside.
_NOT_PRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def bytes_of(path: Path, file: str, pipe_seconds: float = PIPE_SECONDS) -> bytes | Fault:
    """Return what is in *path*, or why that cannot be; blocks, see ``pipe_seconds``."""
    try:
        raw = _read(path, pipe_seconds)
    except FileNotFoundError:
        return Fault(file, "there is no such file; --config or PROBE_CONFIG names another")
    except IsADirectoryError:
        return Fault(file, "is a directory, not a file")
    except OSError as error:
        return Fault(file, f"cannot be read: {error.strerror}")
    except ValueError:
        return Fault(file, "is not a path")
    if len(raw) > MAX_FILE_BYTES:
        return Fault(file, "is larger than 1 MiB")
    return raw


def _read(path: Path, pipe_seconds: float) -> bytes:
    # A pipe may be a shell's <(…), so it is waited for; one that nobody writes to, not for ever.
    raw = b""
    with FileIO(path, opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as stream:
        while len(raw) <= MAX_FILE_BYTES and _comes(stream, pipe_seconds):
            piece = stream.read(MAX_FILE_BYTES + 1 - len(raw))
            if not piece:
                return raw
            raw += piece
    return raw


def _comes(stream: FileIO, seconds: float) -> bool:
    waiting = select.poll()
    waiting.register(stream, select.POLLIN)
    if waiting.poll(seconds * 1000):
        return True
    raise TimeoutError(errno.ETIMEDOUT, "nothing comes from the pipe")


def text_of(raw: bytes, file: str) -> str | Fault:
    """Return *raw* as text that YAML may be read from, or why that cannot be."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Fault(file, "is UTF-16; save it as UTF-8", line=1, column=1)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        return _at(file, before, "is not UTF-8 here; save the file as UTF-8")
    if found := _NOT_PRINTABLE.search(text):
        code = f"U+{ord(found[0]):04X}"
        return _at(file, text[: found.start()], f"the character {code} cannot stand in YAML")
    return text


def _at(file: str, before: str, message: str) -> Fault:
    line = before.count("\n") + 1
    return Fault(file, message, line=line, column=len(before) - before.rfind("\n"))
