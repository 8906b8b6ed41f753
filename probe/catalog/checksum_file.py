r"""
The grammar of checksum files, as the tools that write them do it.

One line per file: GNU coreutils (``hex  name``, ``hex *name``, ``\hex`` with an escaped name), BSD
and ``--tag`` (``SHA256 (name) = hex``), OpenSSL (``SHA2-256(name)= hex``), ``algorithm:hex  name``,
or a bare digest in a file that is named after its subject. An OpenPGP clear-signed wrapper (RFC
9580, section 7) and a signify header are taken off; no signature is verified here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from probe.catalog.checksum_line import Reading, read_line, subject_of
from probe.domain.artifact import Digest
from probe.domain.text import clean

MAX_LINES = 200_000
MAX_LINE_LENGTH = 8192
MAX_FAULTS = 10

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_END = "-----END PGP SIGNATURE-----"
_SIGNIFY = re.compile(r"untrusted comment: ")

_Line = tuple[int, str]


@dataclass(frozen=True, slots=True)
class ChecksumEntry:
    """
    One file's digest. ``name`` may hold directories, but no leading ``./``.

    ``algorithm`` is in lower case without dashes; it may be one that proves nothing.
    """

    name: str
    algorithm: str
    hex: str

    @property
    def base_name(self) -> str:
        """Return the name without directories."""
        return self.name.rpartition("/")[2]

    @property
    def digest(self) -> Digest | None:
        """Return the digest, or None where the algorithm (MD5, SHA-1, …) is not accepted."""
        try:
            return Digest.of(self.algorithm, self.hex)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class ChecksumFile:
    """
    What a checksum file says, and what in it was not understood or contradicts itself.

    ``faults`` holds the first ten of ``fault_count``. ``contradicted`` holds the names that have
    two different digests of one algorithm. ``signed`` tells of a clear-signed wrapper, which
    vouches for nothing until somebody verifies it.
    """

    entries: tuple[ChecksumEntry, ...]
    faults: tuple[str, ...] = ()
    fault_count: int = 0
    contradicted: tuple[str, ...] = ()
    signed: bool = False


def parse_checksums(body: bytes, file_name: str = "") -> ChecksumFile:
    """
    Read a checksum file called *file_name*; never raises, whatever the bytes are.

    The file's name tells the algorithm where a digest's length leaves it open, and the subject of
    a bare digest. The same digest listed twice is one entry; two different ones are a fault.
    """
    return _Parser(file_name.rpartition("/")[2]).parse(body)


class _Parser:
    def __init__(self, file_name: str) -> None:
        self._file_name = file_name
        self._found: dict[tuple[str, str], str] = {}
        self._bare: list[tuple[int, Reading]] = []
        self._contradicted: list[str] = []
        self._faults: list[str] = []
        self._fault_count = 0

    def parse(self, body: bytes) -> ChecksumFile:
        lines = _numbered(_decoded(body))
        signed = any(line.rstrip() == _SIGNED for _, line in lines)
        for number, line in self._unwrapped(lines) if signed else _without_signify(lines):
            self._take(number, line.strip())
        self._take_bare()
        entries = tuple(ChecksumEntry(*key, digits) for key, digits in self._found.items())
        return ChecksumFile(
            entries, tuple(self._faults), self._fault_count, tuple(self._contradicted), signed
        )

    def _take(self, number: int, line: str) -> None:
        if not line or line.startswith("#"):
            return
        if number > MAX_LINES or len(line) > MAX_LINE_LENGTH:
            self._fault(number, "the file or the line is too long")
            return
        reading = read_line(line, self._file_name)
        if isinstance(reading, str):
            self._fault(number, f"{reading}: {clean(line, 60)}")
        elif reading.name:
            self._add(number, reading)
        else:
            self._bare.append((number, reading))

    def _take_bare(self) -> None:
        subject = subject_of(self._file_name)
        alone = not self._found and len({reading.hex for _, reading in self._bare}) == 1
        for number, reading in self._bare:
            if subject and alone:
                self._add(number, Reading(subject, reading.algorithm, reading.hex))
            else:
                self._fault(number, "a digest without a name")

    def _add(self, number: int, reading: Reading) -> None:
        key = (reading.name, reading.algorithm)
        if self._found.setdefault(key, reading.hex) != reading.hex:
            self._contradicted.append(reading.name)
            shown = clean(reading.name, 80)
            self._fault(number, f"a second, different {reading.algorithm} digest for {shown}")

    def _unwrapped(self, lines: Sequence[_Line]) -> Iterator[_Line]:
        """Yield the lines that are signed (dash-escaping undone), and fault all others."""
        part = "before"
        for number, line in lines:
            mark = line.rstrip()
            if part == "before" and mark == _SIGNED:
                part = "headers"
            elif part == "headers":
                part = "text" if not mark else part
            elif part == "text" and mark == _SIGNATURE:
                part = "signature"
            elif part == "text":
                yield number, line.removeprefix("- ")
            elif part == "signature":
                part = "after" if mark == _END else part
            elif mark:
                self._fault(number, "text outside of what is signed")
        if part in {"headers", "text"}:
            self._fault(len(lines), "the signed text is cut off")

    def _fault(self, number: int, text: str) -> None:
        self._fault_count += 1
        if len(self._faults) < MAX_FAULTS:
            self._faults.append(f"line {number}: {text}")


def _decoded(body: bytes) -> str:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    return body.decode("utf-8", "replace")


def _numbered(text: str) -> list[_Line]:
    # Not splitlines(): a name may hold what Unicode takes for the end of a line. And not to the
    # end: 64 MiB of newlines would be a list of half a gigabyte, made while nothing else runs.
    return list(islice(enumerate(text.split("\n", MAX_LINES + 1), 1), MAX_LINES + 1))


def _without_signify(lines: Sequence[_Line]) -> Sequence[_Line]:
    # signify(1): a comment, the signature in base64, and then what is signed.
    return lines[2:] if lines and _SIGNIFY.match(lines[0][1]) else lines
