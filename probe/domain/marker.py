"""What a mirror says of itself: when it was synced, and which release it has (A4)."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

from probe.domain.artifact import Digest
from probe.domain.text import clean

MAX_MARKER_BYTES = 1024 * 1024

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime(1995, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SECONDS = re.compile(r"\d{9,10}", re.ASCII)
# What `date -u` prints: Thu Aug 20 12:00:00 UTC 2026.
_DATE_U = re.compile(
    r"\w{3} +(\w{3}) +(\d{1,2}) +(\d\d):(\d\d):(\d\d) +(?:UTC|GMT) +(\d{4})", re.ASCII
)
_SERIAL = re.compile(r"[0-9]{1,20}", re.ASCII)
_POINTS_BY = ("version", "tag_name", "tag", "latest", "release", "name")
_BEFORE = r"(?<![0-9A-Za-z.])v?"
# Not a part of a longer version, and not a version before the one it looks like.
_AFTER = r"(?![0-9A-Za-z])(?!\.[0-9])(?![-.+~_]?(?:rc|alpha|beta|pre|dev|nightly|snapshot))"


class MarkerKind(StrEnum):
    """How an endpoint says how far it is."""

    EPOCH = "epoch"
    TRACE = "trace"
    DEBIAN_TRACE = "debian-trace"
    HEADER = "header"
    POINTER = "pointer"
    INDEX = "index"

    @property
    def names_a_release(self) -> bool:
        """Tell whether it says which release is there, and not only when it was synced."""
        return self in {MarkerKind.POINTER, MarkerKind.INDEX}


@dataclass(frozen=True, slots=True)
class Marker:
    """
    Where an endpoint says how far it is; ``name`` is that of its digests in the ledger.

    ``header`` is in lower case, and only of kind ``header``.
    """

    kind: MarkerKind
    url: str
    name: str = ""
    header: str = ""
    interval_seconds: float = 300.0


@dataclass(frozen=True, slots=True)
class Sign:
    """What a marker said; ``serial`` is a number that grows, of no meaning elsewhere."""

    synced_at: datetime | None = None
    serial: str = ""


@dataclass(frozen=True, slots=True)
class MarkerReading:
    """What a marker said, read from a region; ``digest`` is that of ``body``."""

    product: str
    channel: str
    endpoint: str
    region: str
    marker: Marker
    at: datetime
    sign: Sign
    digest: Digest | None = None
    body: bytes = field(default=b"", repr=False)


def sign_of(marker: Marker, headers: Mapping[str, str], body: bytes) -> Sign | None:
    """Return what an answer says of the last sync; ``None`` if it is no such marker."""
    match marker.kind:
        case MarkerKind.EPOCH:
            return _dated(_from_epoch(_first_line(body)))
        case MarkerKind.TRACE:
            return _dated(moment_of(_first_line(body)))
        case MarkerKind.DEBIAN_TRACE:
            return _debian(body)
        case MarkerKind.HEADER:
            return _from_header(headers.get(marker.header, ""))
        case MarkerKind.POINTER | MarkerKind.INDEX:
            return Sign(moment_of(headers.get("last-modified", "")))


def moment_of(text: str) -> datetime | None:
    """Return the moment that *text* gives: epoch, ``date -u``, RFC 5322, or ISO 8601 (UTC)."""
    text = text.strip()[:100]
    for read in (_from_epoch, _from_date_u, _from_iso, _from_mail):
        moment = read(text)
        if moment is not None:
            return moment if _FIRST <= moment < _LAST else None
    return None


def version_named(body: bytes, versions: Sequence[str]) -> str:
    """
    Return which of the known *versions*, newest first, a pointer or an index names.

    It is what the text is, but for a leading ``v``; or what its JSON says under a usual key; or
    the newest of those that are mentioned in it. Empty if it names none.
    """
    text = body[:MAX_MARKER_BYTES].decode("utf-8", "replace")
    by_bare = {_bare(version): version for version in reversed(versions)}
    for said in _plain_words(text):
        if _bare(said) in by_bare:
            return by_bare[_bare(said)]
    return next((each for each in versions if _mentions(text, each)), "")


def _dated(moment: datetime | None) -> Sign | None:
    return None if moment is None else Sign(moment)


def _first_line(body: bytes) -> str:
    lines = body[:1024].decode("utf-8", "replace").splitlines()
    return lines[0] if lines else ""


def _debian(body: bytes) -> Sign | None:
    """Read ``project/trace/HOST`` as ftpsync writes it: a date, then ``Key: value`` lines."""
    lines = body[: 64 * 1024].decode("utf-8", "replace").splitlines()
    if not lines:
        return None
    fields = dict(_pairs(lines[1:]))
    moment = moment_of(fields.get("date", "")) or moment_of(lines[0])
    serial = fields.get("archive serial", "")
    return None if moment is None else Sign(moment, serial if _SERIAL.fullmatch(serial) else "")


def _pairs(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _from_header(value: str) -> Sign | None:
    value = value.strip()
    # A number of eight digits could be a date, but no header gives one so.
    if _SERIAL.fullmatch(value) and not _SECONDS.fullmatch(value):
        return Sign(serial=value)
    return _dated(moment_of(value))


def _from_epoch(text: str) -> datetime | None:
    text = text.strip()
    return _EPOCH + timedelta(seconds=int(text)) if _SECONDS.fullmatch(text) else None


def _from_date_u(text: str) -> datetime | None:
    found = _DATE_U.fullmatch(text)
    if found is None or found[1] not in _MONTHS:
        return None
    day, hour, minute, second, year = map(int, found.groups()[1:])
    try:
        return datetime(year, _MONTHS.index(found[1]) + 1, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _from_iso(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _in_utc(moment)


def _from_mail(text: str) -> datetime | None:
    try:
        return _in_utc(parsedate_to_datetime(text))
    except (ValueError, IndexError, TypeError):
        return None


def _in_utc(moment: datetime) -> datetime | None:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None


def _bare(version: str) -> str:
    return version.strip().removeprefix("v")


def _plain_words(text: str) -> Iterable[str]:
    yield clean(text, 200)
    if not text.lstrip().startswith("{"):
        return
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return
    for key in _POINTS_BY:
        if isinstance(told.get(key), str):
            yield told[key]


def _mentions(text: str, version: str) -> bool:
    bare = _bare(version)
    return bool(bare) and re.search(_BEFORE + re.escape(bare) + _AFTER, text) is not None
