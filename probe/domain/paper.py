"""Notes and instructions: documents that have to be there, and to name a version."""

import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from http import HTTPStatus

from probe.domain.artifact import Digest, DigestAlgorithm

PAPER = "paper"

_MINUTE, _HOUR = 60.0, 3600.0
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


@dataclass(frozen=True, slots=True, order=True)
class Paper:
    """A document at a URL, and the version that it has to name."""

    url: str
    version: str

    @property
    def subject(self) -> Digest:
        """Return what stands for the URL in the ledger: it may hold what nobody should read."""
        return Digest(DigestAlgorithm.SHA256, sha256(self.url.encode()).hexdigest())

    @property
    def key(self) -> tuple[Digest, str]:
        """Return by what evidence of it is found again."""
        return (self.subject, self.version)


class Found(StrEnum):
    """What a document turned out to be. Kept in the ledger: never renamed."""

    NAMES = "names"
    SILENT = "silent"
    EMPTY = "empty"
    ABSENT = "absent"

    @property
    def there(self) -> bool:
        """Tell whether there is something to read."""
        return self in {Found.NAMES, Found.SILENT}


def look(paper: Paper, status: int, body: bytes) -> Found | None:
    """Return what an answer makes of *paper*; ``None`` if it says nothing of it."""
    if status in _GONE:
        return Found.ABSENT
    if status != HTTPStatus.OK:
        return None
    text = body.decode("utf-8", "replace")
    if not text.strip():
        return Found.EMPTY
    return Found.NAMES if _mentions(text, paper.version) else Found.SILENT


def again_after(found: Found | None, lacking_seconds: float) -> float:
    """
    Return in how many seconds to read a document again that was *found* just now.

    It has been *lacking_seconds* that it does not name its version, or nobody can tell. Within the
    first hour it is put up, or its host is back, in time for somebody's deadline.
    """
    if found is Found.NAMES:
        return _HOUR
    if lacking_seconds < _HOUR:
        return _MINUTE
    return 10 * _MINUTE if found is None else _HOUR


def _mentions(text: str, version: str) -> bool:
    # 1.4.1 is neither 11.4.1 nor 1.4.10 nor 1.4.1.2.
    exact = re.escape(version.removeprefix("v"))
    whole = rf"(?<![0-9A-Za-z])(?<![0-9]\.)v?{exact}(?![0-9A-Za-z])(?!\.[0-9])"
    return re.search(whole, text) is not None
