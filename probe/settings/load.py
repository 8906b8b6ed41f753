"""From a path, or bytes, to settings or to everything that is wrong with them."""

import errno
import hashlib
import json
import os
import re
import select
from collections.abc import Iterator, Sequence
from io import FileIO
from pathlib import Path

import yaml
from pydantic import ValidationError

from probe.domain.text import clean
from probe.logs.redaction import without_url_secrets
from probe.settings.build import Settings, build
from probe.settings.document import Node, Plain, read
from probe.settings.fault import Fault
from probe.settings.model import Configuration
from probe.settings.rules import broken_rules, unknown_region
from probe.settings.translate import faults_of

MAX_FILE_BYTES = 1024 * 1024
MAX_FAULTS = 500
PIPE_SECONDS = 10.0

# What YAML 1.2 calls printable, the byte order mark aside.
_NOT_PRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def load(
    path: Path, *, regions: Sequence[str] = (), pipe_seconds: float = PIPE_SECONDS
) -> Settings | tuple[Fault, ...]:
    """
    Read the configuration file, for a process that probes from *regions* (none named is all).

    Blocks, on a pipe to which nobody writes for *pipe_seconds*: call it before the loop runs, or in
    a thread.
    """
    file = clean(str(path), 300)
    raw = _bytes(path, file, pipe_seconds)
    if isinstance(raw, Fault):
        return (raw,)
    return parse(raw, file, directory=path.parent, regions=regions)


def parse(
    raw: bytes, file: str, *, directory: Path = Path(), regions: Sequence[str] = ()
) -> Settings | tuple[Fault, ...]:
    """Do the same with the bytes of a file; *directory* is where its relative paths start."""
    text = _text(raw, file)
    if isinstance(text, Fault):
        return (text,)
    root, faults = read(text, file)
    if root is None:
        return faults
    configuration, invalid = _configuration(root, file, directory)
    faults += (*invalid, *broken_rules(root, file), *_absent(regions, root))
    if configuration is None or faults:
        return _in_order(faults, file)
    return build(configuration, regions, _hash(root.plain, regions), _shown(root.plain))


def _in_order(faults: Sequence[Fault], file: str) -> tuple[Fault, ...]:
    ordered = sorted(dict.fromkeys(faults), key=lambda fault: (fault.line, fault.column))
    more = len(ordered) - MAX_FAULTS
    told = [Fault(file, f"and {more} more faults")] if more > 0 else []
    return (*ordered[:MAX_FAULTS], *told)


def _bytes(path: Path, file: str, pipe_seconds: float) -> bytes | Fault:
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


def _text(raw: bytes, file: str) -> str | Fault:
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


def _configuration(
    root: Node, file: str, directory: Path
) -> tuple[Configuration | None, tuple[Fault, ...]]:
    # As JSON, a list may become a tuple and a text an enum, and nothing else may become anything.
    plain = json.dumps(root.plain)
    context = {"directory": str(directory)}
    try:
        return Configuration.model_validate_json(plain, strict=True, context=context), ()
    except ValidationError as error:
        return None, faults_of(error, root, file)


def _absent(wanted: Sequence[str], root: Node) -> Iterator[Fault]:
    regions = root.child("regions")
    names = [entry.child("name") for _, entry in regions.items()] if regions else []
    known = [str(name.plain) for name in names if name]
    for name in wanted:
        if known and name not in known:
            yield Fault("environment", unknown_region(name, known), "PROBE_REGION")


def _hash(plain: Plain, regions: Sequence[str]) -> str:
    said = json.dumps([plain, sorted(set(regions))], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _shown(plain: Plain) -> str:
    return yaml.safe_dump(_bare(plain), sort_keys=False, allow_unicode=True, width=100)


def _bare(plain: Plain) -> Plain:
    if isinstance(plain, dict):
        return {key: _bare(value) for key, value in plain.items()}
    if isinstance(plain, list):
        return [_bare(value) for value in plain]
    return without_url_secrets(plain) if isinstance(plain, str) else plain
