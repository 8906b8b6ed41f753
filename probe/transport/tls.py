"""TLS as the probe sees it: when the handshake began, and when the certificates shown expire."""

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from probe.transport.leg import current

# X509_V_ERR_… of OpenSSL's x509_vfy.h.
_VERIFY_ERRORS: Mapping[int, str] = {
    9: "the certificate is not yet valid",
    10: "the certificate has expired",
    18: "the certificate is self-signed",
    19: "a self-signed certificate in the chain",
    20: "the certificate's issuer is unknown",
    21: "the certificate's issuer is missing from the chain",
    23: "the certificate is revoked",
    62: "the certificate is for another host",
    64: "the certificate is for another address",
}


class WatchedSSLObject(ssl.SSLObject):
    """
    Tells the leg under way when its handshake begins and what certificates it is shown.

    aiohttp has no signal between the TCP connection and the end of the TLS handshake.
    """

    def do_handshake(self) -> None:
        """Take the next step of the handshake."""
        leg = current.get()
        if leg is None:
            super().do_handshake()
            return
        leg.handshake_begins(self)
        try:
            super().do_handshake()
        except ssl.SSLWantReadError:
            raise
        except ssl.SSLError:
            leg.certificate_expires_at = self._expires_at()
            raise
        leg.certificate_expires_at = self._expires_at()

    def _expires_at(self) -> datetime | None:
        # The public methods hide the chain of a handshake that failed, and before Python 3.13
        # that of any.
        chain = self._sslobj.get_unverified_chain()  # type: ignore[attr-defined]
        return min(map(_not_after, chain), default=None) if chain else None


@lru_cache(maxsize=1024)
def _not_after(certificate: Any) -> datetime:
    text = certificate.get_info()["notAfter"]
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC)


def client_context(authorities: str = "") -> ssl.SSLContext:
    """
    Return a context that trusts the *authorities* of a file in PEM. Reads files.

    Without one it trusts what the system trusts, or ``SSL_CERT_FILE``.
    """
    return watched(ssl.create_default_context(cafile=authorities or None))


def watched(context: ssl.SSLContext) -> ssl.SSLContext:
    """Make *context* tell the leg under way of its handshakes, and speak HTTP/1.1 only."""
    context.sslobject_class = WatchedSSLObject
    context.set_alpn_protocols(["http/1.1"])
    return context


def tls_detail(error: BaseException) -> str:
    """Return what went wrong in a handshake, in few words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _VERIFY_ERRORS.get(error.verify_code, f"certificate error {error.verify_code}")
    reason = error.reason if isinstance(error, ssl.SSLError) else None
    return reason.replace("_", " ").lower() if reason else "the handshake broke off"
