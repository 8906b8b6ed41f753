"""TLS of the server itself."""

import ssl
from dataclasses import dataclass
from pathlib import Path

# What OpenSSL calls the suites of TLS 1.2 that are still good; those of 1.3 cannot be chosen.
SUITES = {
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256": "ECDHE-ECDSA-AES128-GCM-SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": "ECDHE-RSA-AES128-GCM-SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384": "ECDHE-ECDSA-AES256-GCM-SHA384",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": "ECDHE-RSA-AES256-GCM-SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-ECDSA-CHACHA20-POLY1305",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-RSA-CHACHA20-POLY1305",
}
# Names that Go has for the suites of TLS 1.3, where all are used anyway.
SUITES_13 = frozenset(
    {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"}
)


@dataclass(frozen=True, slots=True)
class ServerTls:
    """
    How the server proves who it is, and which proof it asks of clients.

    With ``client_ca`` clients must show a certificate that it vouches for, or may (``optional``).
    """

    certificate: Path
    key: Path
    client_ca: Path | None = None
    optional: bool = False
    oldest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2
    newest: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED
    suites: tuple[str, ...] = ()


class Unusable(Exception):
    """A file that TLS needs is missing or is not what it should be: says which, and why."""

    def __init__(self, part: str, why: str) -> None:
        super().__init__(f"{part} {why}")
        self.part = part
        self.why = why


def context_of(tls: ServerTls) -> ssl.SSLContext:
    """
    Return a context for a server; blocks while files are read.

    Raises:
        Unusable: a certificate or key cannot be read, or they do not belong together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version, context.maximum_version = tls.oldest, tls.newest
    # No HTTP/2 is spoken here, and a client that can only speak that is better told so.
    context.set_alpn_protocols(["http/1.1"])
    if tls.suites:
        context.set_ciphers(":".join(tls.suites))
    load_certificate(context, tls)
    if tls.client_ca is not None:
        context.verify_mode = ssl.CERT_OPTIONAL if tls.optional else ssl.CERT_REQUIRED
        try:
            context.load_verify_locations(tls.client_ca)
        except (OSError, ValueError) as fault:
            raise Unusable("client_ca_file", _why(fault)) from None
    return context


def load_certificate(context: ssl.SSLContext, tls: ServerTls) -> None:
    """
    Show the certificate that is in the file now to whoever comes from here on.

    Raises:
        Unusable: as for ``context_of``; *context* goes on with the certificate it had.
    """
    try:
        # Half a pair must not take the place of a whole one.
        scratch = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        for each in (scratch, context):
            each.load_cert_chain(tls.certificate, tls.key, password=_no_password)
    except (OSError, ValueError) as fault:
        part = "key_file" if _unread(tls.key) and not _unread(tls.certificate) else "cert_file"
        raise Unusable(part, _why(fault)) from None


def _no_password() -> str:
    # Without it OpenSSL asks on the terminal, and waits there.
    raise ValueError("the key is encrypted; it has to be in the clear")


def _unread(path: Path) -> bool:
    try:
        with path.open("rb"):
            return False
    except OSError:
        return True


def _why(fault: OSError | ValueError) -> str:
    if isinstance(fault, ssl.SSLError):
        reason = (fault.reason or "no certificate in PEM").replace("_", " ").lower()
        return f"cannot be used: {reason}"
    if isinstance(fault, OSError):
        return f"cannot be read: {fault.strerror}"
    return f"cannot be used: {fault}"
