"""What aiohttp, TLS and the system say went wrong, as a failure: one ordered table."""

import errno
import ssl
from collections.abc import Mapping
from http import HTTPStatus

import aiohttp
from aiohttp import http_exceptions

from probe.domain.failure import Failure, FailureReason, Phase
from probe.transport.lookup import Unresolved
from probe.transport.tls import tls_detail


class MalformedBody(aiohttp.ClientPayloadError):
    """A body stopped being HTTP on the way."""


# A connection that breaks means something else in every phase.
_BROKEN_IN: Mapping[Phase, FailureReason] = {
    Phase.RESOLVE: FailureReason.DNS,
    Phase.CONNECT: FailureReason.CONNECT,
    Phase.TLS: FailureReason.TLS,
    Phase.WAIT: FailureReason.PROTOCOL,
    Phase.TRANSFER: FailureReason.TRUNCATED,
}

# The first row that fits decides, so a subclass stands above its base. None: see _BROKEN_IN.
REASONS: tuple[tuple[type[Exception], FailureReason | None], ...] = (
    (aiohttp.ClientConnectorDNSError, FailureReason.DNS),
    (aiohttp.ClientConnectorCertificateError, FailureReason.TLS),
    (aiohttp.ClientConnectorSSLError, FailureReason.TLS),
    (aiohttp.ClientProxyConnectionError, FailureReason.UPLINK),
    (aiohttp.ClientHttpProxyError, FailureReason.UPLINK),
    (aiohttp.ClientResponseError, FailureReason.PROTOCOL),
    (MalformedBody, FailureReason.PROTOCOL),
    (aiohttp.ClientPayloadError, FailureReason.TRUNCATED),
    (aiohttp.ClientConnectionError, None),
    (aiohttp.InvalidURL, FailureReason.INTERNAL),
    (OSError, None),
)

# What the system says whoever asked: our own want of something, or a peer that fell silent.
_ERRNOS: Mapping[int, tuple[FailureReason, str]] = {
    errno.EMFILE: (FailureReason.OVERLOAD, "out of file descriptors"),
    errno.ENFILE: (FailureReason.OVERLOAD, "the system is out of file descriptors"),
    errno.ENOBUFS: (FailureReason.OVERLOAD, "out of buffers"),
    errno.ENOMEM: (FailureReason.OVERLOAD, "out of memory"),
    errno.EADDRNOTAVAIL: (FailureReason.UPLINK, "no such source address, or no port left"),
    errno.ENETDOWN: (FailureReason.UPLINK, "the network is down"),
    errno.ENETUNREACH: (FailureReason.UPLINK, "no route to such addresses from here"),
    errno.ETIMEDOUT: (FailureReason.TIMEOUT, "the system gave up waiting"),
}
_WORDS: Mapping[int, str] = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.EPIPE: "connection reset",
    errno.EHOSTUNREACH: "no route to host",
}
_MALFORMED: tuple[tuple[type[Exception], str], ...] = (
    (MalformedBody, "a malformed chunk"),
    (http_exceptions.LineTooLong, "headers over the limit"),
    (http_exceptions.BadStatusLine, "the answer is not HTTP"),
    (http_exceptions.InvalidHeader, "a malformed header"),
    (http_exceptions.ContentLengthError, "the body ended early"),
    (http_exceptions.TransferEncodingError, "the chunks ended early"),
)

# A proxy that says so could not reach the target; that its own way out is dead shows elsewhere.
_GATEWAY = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)


def failure_of(error: Exception, phase: Phase, *, proxied: bool = False) -> Failure | None:
    """
    Return what *error* means in *phase*; ``None`` if it is none that the network can cause.

    On the way to a proxy it is the proxy, and so our own way out, that failed.
    """
    root = _root(error)
    if isinstance(root, ssl.SSLError):
        return Failure(FailureReason.TLS, phase, tls_detail(root))
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return _refused_by_proxy(error, phase)
    if proxied and phase is Phase.CONNECT:
        return Failure(FailureReason.UPLINK, phase, f"the proxy: {_words(root)}")
    if isinstance(root, Unresolved):
        return Failure(root.reason, phase, root.detail)
    if isinstance(root, OSError) and (known := _ERRNOS.get(root.errno or 0)):
        return Failure(known[0], phase, known[1])
    for kind, reason in REASONS:
        if isinstance(error, kind):
            return Failure(reason or _BROKEN_IN[phase], phase, _words(root))
    return None


def words(error: Exception) -> str:
    """Return what went wrong, in few words: ours, never those of who answered."""
    root = _root(error)
    if isinstance(root, ssl.SSLError):
        return tls_detail(root)
    return root.detail if isinstance(root, Unresolved) else _words(root)


def _root(error: BaseException) -> BaseException:
    """Return the error below aiohttp's own, as far as it is one of the system's or of HTTP's."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error
    while isinstance(error.__cause__, OSError | http_exceptions.HttpProcessingError):
        error = error.__cause__
    return error


def _words(error: BaseException) -> str:
    for kind, words in _MALFORMED:
        if isinstance(error, kind):
            return words
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "closed before any answer"
    if isinstance(error, OSError) and (known := _WORDS.get(error.errno or 0)):
        return known
    if isinstance(error, http_exceptions.HttpProcessingError):
        return "malformed HTTP"
    return "the connection broke"


def _refused_by_proxy(error: aiohttp.ClientHttpProxyError, phase: Phase) -> Failure:
    detail = f"the proxy answered CONNECT with status {error.status}"
    if error.status in _GATEWAY:
        return Failure(FailureReason.CONNECT, phase, detail)
    return Failure(FailureReason.UPLINK, phase, detail)
