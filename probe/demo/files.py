"""How a file answers a request: ranges, conditions and validators of RFC 9110, without IO."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cached_property
from http import HTTPStatus

_ONE_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})-(\d{0,18})\s*", re.IGNORECASE)
_TYPES = {
    ".whl": "application/zip",
    ".zip": "application/zip",
    ".gz": "application/gzip",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".html": "text/html; charset=utf-8",
}


@dataclass(frozen=True)
class File:
    """A body with what its validators are made of."""

    body: bytes = field(repr=False)
    content_type: str
    modified_at: datetime

    @cached_property
    def etag(self) -> str:
        """Return a strong entity tag of the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'

    @property
    def last_modified(self) -> str:
        """Return the modification time as an HTTP date."""
        return format_datetime(self.modified_at.astimezone(UTC), usegmt=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, headers, and the part of a body that goes with them."""

    status: int
    headers: Mapping[str, str]
    body: memoryview = field(repr=False, default=memoryview(b""))


def content_type(name: str) -> str:
    """Return the media type for a file's name."""
    suffix = "." + name.rpartition(".")[2]
    return _TYPES.get(suffix, "application/octet-stream")


def answer(file: File, method: str, headers: Mapping[str, str]) -> Answer:
    """Answer a GET or HEAD for *file*; *headers* are in ``Title-Case`` or fold case."""
    common = {
        "ETag": file.etag,
        "Last-Modified": file.last_modified,
        "Accept-Ranges": "bytes",
        "Content-Type": file.content_type,
    }
    if file.etag in headers.get("If-None-Match", ""):
        return Answer(HTTPStatus.NOT_MODIFIED, common)
    size = len(file.body)
    # RFC 9110 section 14.2: only a GET has ranges.
    span = _asked_range(file, headers) if method == "GET" else None
    if span is None:
        return _with_body(HTTPStatus.OK, common, memoryview(file.body))
    if not span:
        headers_416 = {**common, "Content-Range": f"bytes */{size}", "Content-Length": "0"}
        return Answer(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers_416)
    part = memoryview(file.body)[span.start : span.stop]
    content_range = f"bytes {span.start}-{span.stop - 1}/{size}"
    return _with_body(HTTPStatus.PARTIAL_CONTENT, {**common, "Content-Range": content_range}, part)


def _with_body(status: int, headers: Mapping[str, str], body: memoryview) -> Answer:
    return Answer(status, {**headers, "Content-Length": str(len(body))}, body)


def _asked_range(file: File, headers: Mapping[str, str]) -> range | None:
    """Return the bytes asked for: None for all, an empty range for one that is not there."""
    condition = headers.get("If-Range", "")
    if condition and condition not in (file.etag, file.last_modified):
        return None
    asked = _ONE_RANGE.fullmatch(headers.get("Range", ""))
    # RFC 9110 section 14.2: a Range that is not understood is ignored.
    return _span(asked.group(1), asked.group(2), len(file.body)) if asked else None


def _span(first: str, last: str, size: int) -> range | None:
    if first:
        if last and int(last) < int(first):
            return None
        return range(int(first), min(int(last) + 1 if last else size, size))
    return range(max(0, size - int(last)), size) if last else None
