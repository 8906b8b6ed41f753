"""One line of a checksum file, and what the file's own name adds to it."""

import re
from dataclasses import dataclass

_LENGTHS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
_BY_LENGTH = {length: algorithm for algorithm, length in _LENGTHS.items()}

# algorithm:hex, a mark and a name: all but the hex may be missing.
_PLAIN = re.compile(
    r"(\\?)(?:([A-Za-z0-9-]{2,16}):)?([0-9A-Fa-f]{32,128})(?:[ \t]+\*?([^ \t*].*|\*.+))?", re.DOTALL
)
_TAGGED = re.compile(
    r"(\\?)([A-Za-z0-9/-]{2,16})[ ]?\((.+)\)[ ]?=[ ]?([0-9A-Fa-f]{8,128})", re.DOTALL
)

_ALGORITHM = (
    r"sha3[-_]?(?:224|256|384|512)|sha[-_]?(?:1|224|256|384|512)|md5|blake3|b3|blake2[bs]?|b2"
)
_HINT = re.compile(
    rf"(?:^|[-_.])(?:({_ALGORITHM})[-_.]?(?:sums?|check_?sums?|hashes|digests)?|shasums?(256|512))"
    r"(?:\.txt|\.sum)?$",
    re.IGNORECASE,
)
_SIDECAR = re.compile(
    rf"(.+)\.(?:(?:{_ALGORITHM})(?:sums?)?|checksums?|digest)(?:\.txt)?", re.IGNORECASE
)
_NO_NAMES = frozenset({"-", "stdin", "(stdin)"})
_ESCAPES = {"\\\\": "\\", "\\n": "\n", "\\r": "\r"}
_ESCAPE = re.compile(r"\\[\\nr]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one line says; ``name`` is empty for a digest alone. ``hex`` is in lower case."""

    name: str
    algorithm: str
    hex: str


def read_line(line: str, file_name: str) -> Reading | str:
    """Return what *line* (neither blank nor a comment) says, or what is wrong with it."""
    if tagged := _TAGGED.fullmatch(line):
        escape, algorithm, name, digits = tagged.groups()
    elif plain := _PLAIN.fullmatch(line):
        escape, algorithm, digits, name = plain.groups()
    else:
        return "not a line of a checksum file"
    known = canonical(algorithm) if algorithm else _guessed(len(digits), file_name)
    if not known or _LENGTHS.get(known, len(digits)) != len(digits):
        return f"{len(digits)} hexadecimal digits are no {known or 'known'} digest"
    return Reading(_name(name or "", escaped=bool(escape)), known, digits.lower())


def canonical(algorithm: str) -> str:
    """Return an algorithm's name in lower case without dashes; ``SHA2-256`` is ``sha256``."""
    bare = re.sub(r"[-_/]", "", algorithm.lower())
    family, size = bare[:4], bare[4:]
    return f"sha{size}" if family == "sha2" and f"sha{size}" in _LENGTHS else bare


def subject_of(file_name: str) -> str:
    """Return the file that a checksum file of this name is about; empty if it is not one's."""
    sidecar = _SIDECAR.fullmatch(file_name)
    return sidecar.group(1) if sidecar else ""


def _guessed(length: int, file_name: str) -> str:
    hint = _HINT.search(file_name)
    if hint:
        named = canonical(hint.group(1) or f"sha{hint.group(2)}")
        # A file called b2sums holds no SHA-512, though the digests are as long.
        if _LENGTHS.get(named, length) == length:
            return named
    return _BY_LENGTH.get(length, "")


def _name(written: str, *, escaped: bool) -> str:
    if escaped:
        name = _ESCAPE.sub(lambda match: _ESCAPES[match.group()], written)
    else:
        # GNU tools escape a backslash, so one that stands alone separates directories.
        name = written.replace("\\", "/")
    if name in _NO_NAMES:
        return ""
    while name.startswith("./"):
        name = name[2:].lstrip("/")
    return name
