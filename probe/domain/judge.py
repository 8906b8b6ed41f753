"""
From facts to a verdict: the failure classifier.

The order of the questions is the order of the reasons: the first that fits decides. A whole body
is first asked whether it is the artifact or an older release of it, because an older release
usually has another size too.
"""

import json
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus

from probe.domain.content import has_wrong_magic, is_html, page_title
from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Download, Failed, Inconclusive, Passed, Proof, Verdict
from probe.domain.target import Depth, Probe
from probe.domain.text import clean

# Longer numbers are no sizes, and Python refuses to read very long ones.
_CONTENT_RANGE = re.compile(
    r"\s*bytes\s+(\d{1,19})-(\d{1,19})/(\d{1,19}|\*)\s*", re.ASCII | re.IGNORECASE
)
_XML_CODE = re.compile(rb"<Code>\s*([A-Za-z]{1,60})\s*</Code>")
_XML_MESSAGE = re.compile(rb"<Message>\s*([^<]{1,200})")

# Error codes of S3 (its API reference, "Error responses") and of the OCI distribution
# specification ("Error codes"), read from the body because the status alone does not tell.
_CODES: Mapping[str, FailureReason] = {
    "SlowDown": FailureReason.RATE_LIMITED,
    "TOOMANYREQUESTS": FailureReason.RATE_LIMITED,
    "ExpiredToken": FailureReason.AUTH_EXPIRED,
    "ExpiredRequest": FailureReason.AUTH_EXPIRED,
    "SignatureDoesNotMatch": FailureReason.AUTH_DENIED,
    "InvalidAccessKeyId": FailureReason.AUTH_DENIED,
    "RequestTimeTooSkewed": FailureReason.AUTH_DENIED,
    "UNAUTHORIZED": FailureReason.AUTH_DENIED,
    "DENIED": FailureReason.AUTH_DENIED,
    "NoSuchKey": FailureReason.NOT_FOUND,
    "MANIFEST_UNKNOWN": FailureReason.NOT_FOUND,
    "BLOB_UNKNOWN": FailureReason.NOT_FOUND,
    "NAME_UNKNOWN": FailureReason.NOT_FOUND,
}
_STATUSES: Mapping[int, FailureReason] = {
    HTTPStatus.TOO_MANY_REQUESTS: FailureReason.RATE_LIMITED,
    HTTPStatus.UNAUTHORIZED: FailureReason.AUTH_DENIED,
    HTTPStatus.FORBIDDEN: FailureReason.AUTH_DENIED,
    HTTPStatus.NOT_FOUND: FailureReason.NOT_FOUND,
    HTTPStatus.GONE: FailureReason.NOT_FOUND,
}
# GitHub's documentation, "Rate limits for the REST API": the primary and the secondary one.
_RATE_LIMITS = (b"API rate limit exceeded", b"secondary rate limit")
_DETAILS: Mapping[str, str] = {"RequestTimeTooSkewed": "clock_skew"}


def judge(probe: Probe, download: Download) -> Verdict:
    """Decide what *download* proves about the target of *probe*."""
    failure = _fault(probe, download)
    if failure is None:
        return Passed(_proof(probe, download))
    return Inconclusive(failure) if failure.reason.ours else Failed(failure)


def _proof(probe: Probe, download: Download) -> Proof:
    artifact = probe.target.artifact
    if probe.depth is Depth.FULL and artifact.digests:
        return Proof.DIGEST
    announced = probe.depth is not Depth.HEAD or "content-length" in download.headers
    return Proof.SIZE if artifact.size_bytes is not None and announced else Proof.TRANSFER


def _fault(probe: Probe, download: Download) -> Failure | None:
    if download.failure is not None and download.failure.reason.ours:
        return download.failure
    if download.status is None:
        if download.failure is None:
            raise ValueError("a download without an answer needs a failure")
        return download.failure
    if download.failure is not None and download.failure.phase is Phase.REDIRECT:
        return download.failure
    return (
        _status_fault(probe, download)
        or _encoding_fault(download)
        or _BY_DEPTH[probe.depth](probe, download)
    )


def _status_fault(probe: Probe, download: Download) -> Failure | None:
    status = download.status or 0
    if status in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        return None
    code = _error_code(download.sample)
    reason = _status_reason(probe, download, status, code)
    label = clean(code) if code else page_title(download.sample)
    detail = _DETAILS.get(code, f"status {status}" + (f" ({label})" if label else ""))
    return Failure(reason, Phase.WAIT, detail)


def _status_reason(probe: Probe, download: Download, status: int, code: str) -> FailureReason:
    if _is_rate_limit(download, status):
        return FailureReason.RATE_LIMITED
    if code == "AccessDenied" and b"Request has expired" in _message(download.sample):
        return FailureReason.AUTH_EXPIRED
    if code in _CODES:
        return _CODES[code]
    if status in probe.target.endpoint.missing_status:
        return FailureReason.NOT_FOUND
    if status in _STATUSES:
        return _STATUSES[status]
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return FailureReason.HTTP_5XX
    if status >= HTTPStatus.BAD_REQUEST:
        return FailureReason.HTTP_4XX
    return FailureReason.WRONG_CONTENT


def _is_rate_limit(download: Download, status: int) -> bool:
    if status != HTTPStatus.FORBIDDEN:
        return False
    return download.headers.get("x-ratelimit-remaining", "").strip() == "0" or any(
        words in download.sample for words in _RATE_LIMITS
    )


def _error_code(sample: bytes) -> str:
    if found := _XML_CODE.search(sample):
        return found.group(1).decode("ascii")
    if not sample.lstrip().startswith(b"{"):
        return ""
    try:
        return str(json.loads(sample)["errors"][0]["code"])[:60]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return ""


def _message(sample: bytes) -> bytes:
    found = _XML_MESSAGE.search(sample)
    return found.group(1) if found else b""


def _encoding_fault(download: Download) -> Failure | None:
    encoding = download.headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return None
    # RFC 9110 section 8.4: the bytes are an encoded form of something else, though none was asked.
    detail = f"Content-Encoding {clean(encoding, 40)} was not asked for"
    return Failure(FailureReason.WRONG_CONTENT, Phase.WAIT, detail)


def _full_fault(probe: Probe, download: Download) -> Failure | None:
    if download.status == HTTPStatus.PARTIAL_CONTENT:
        return _size_fault("status 206 to a request without Range")
    if download.complete:
        return _whole_body_fault(probe, download)
    return _content_fault(probe, download) or _cut_body_fault(probe, download)


def _whole_body_fault(probe: Probe, download: Download) -> Failure | None:
    artifact = probe.target.artifact
    matches = bool(artifact.digests) and set(artifact.digests) <= set(download.digests)
    if matches:
        return None
    for earlier in probe.target.history:
        if set(earlier.digests) & set(download.digests):
            detail = f"serves version {clean(earlier.version, 60)}"
            return Failure(FailureReason.STALE, Phase.VERIFY, detail)
    return (
        _content_fault(probe, download)
        or _length_fault(artifact.size_bytes, download.bytes_received)
        or _digest_fault(probe, download)
    )


def _digest_fault(probe: Probe, download: Download) -> Failure | None:
    received = {digest.algorithm: digest for digest in download.digests}
    for expected in probe.target.artifact.digests:
        actual = received.get(expected.algorithm)
        if actual != expected:
            detail = f"expected {expected}, got {actual}"
            return Failure(FailureReason.CHECKSUM_MISMATCH, Phase.VERIFY, detail)
    return None


def _cut_body_fault(probe: Probe, download: Download) -> Failure:
    size = probe.target.artifact.size_bytes
    if size is not None and download.bytes_received > size:
        return _size_fault(f"more than {size} bytes")
    if download.failure is not None:
        return download.failure
    # Nothing went wrong and yet the end was not seen: we stopped reading.
    return _size_fault(f"no end after {download.bytes_received} bytes")


def _length_fault(size: int | None, received: int) -> Failure | None:
    if size is None or received == size:
        return None
    detail = f"{received} bytes of {size}"
    if received > size:
        return _size_fault(detail)
    return Failure(FailureReason.TRUNCATED, Phase.TRANSFER, detail)


def _content_fault(probe: Probe, download: Download) -> Failure | None:
    name = probe.target.artifact.name
    if is_html(name, download.headers.get("content-type", ""), download.sample):
        title = page_title(download.sample)
        return _content("an HTML page" + (f" titled {title!r}" if title else ""))
    if download.complete and not download.bytes_received and probe.target.artifact.size_bytes != 0:
        return _content("an empty body")
    if has_wrong_magic(name, download.sample):
        return _content(f"begins with {download.sample[:8].hex(' ')}")
    return None


def _head_fault(probe: Probe, download: Download) -> Failure | None:
    name, size = probe.target.artifact.name, probe.target.artifact.size_bytes
    if is_html(name, download.headers.get("content-type", ""), b""):
        return _content("an HTML page", Phase.WAIT)
    announced = download.headers.get("content-length", "")
    if size is None or not (announced.isascii() and announced.isdigit()):
        return None
    if (announced.lstrip("0") or "0") != str(size):
        return _size_fault(f"announces {announced[:20]} bytes of {size}", Phase.WAIT)
    return None


def _range_fault(probe: Probe, download: Download) -> Failure | None:
    if (etag := download.headers.get("etag", "")) and probe.etag and etag != probe.etag:
        return _content("the ETag changed between two ranges", Phase.WAIT)
    if download.status == HTTPStatus.OK:
        return _size_fault("the Range was ignored: status 200 with the whole file")
    if download.headers.get("content-type", "").lower().startswith("multipart/byteranges"):
        return _content("multipart/byteranges for a single range", Phase.WAIT)
    return _content_range_fault(probe, download) or _slice_fault(probe, download)


def _content_range_fault(probe: Probe, download: Download) -> Failure | None:
    text = download.headers.get("content-range", "")
    found = _CONTENT_RANGE.fullmatch(text)
    if not found:
        return _size_fault(f"status 206 with Content-Range {clean(text, 60)!r}", Phase.WAIT)
    first, last, whole = found.groups()
    size = probe.target.artifact.size_bytes
    if (int(first), int(last)) != probe.byte_range or (whole != "*" and int(whole) != size):
        return _size_fault(f"Content-Range {clean(text, 60)!r} of {size} bytes", Phase.WAIT)
    return None


def _slice_fault(probe: Probe, download: Download) -> Failure | None:
    first, last = probe.byte_range or (0, -1)
    if first == 0 and has_wrong_magic(probe.target.artifact.name, download.sample):
        return _content(f"begins with {download.sample[:8].hex(' ')}")
    if download.failure is not None:
        return download.failure
    return _length_fault(last - first + 1, download.bytes_received)


def _content(detail: str, phase: Phase = Phase.TRANSFER) -> Failure:
    return Failure(FailureReason.WRONG_CONTENT, phase, detail)


def _size_fault(detail: str, phase: Phase = Phase.TRANSFER) -> Failure:
    return Failure(FailureReason.SIZE_MISMATCH, phase, detail)


_BY_DEPTH: Mapping[Depth, Callable[[Probe, Download], Failure | None]] = {
    Depth.FULL: _full_fault,
    Depth.HEAD: _head_fault,
    Depth.RANGE: _range_fault,
}
