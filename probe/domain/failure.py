"""The whole vocabulary of failure: reasons, phases, and whose fault each reason is."""

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """The step of a download in which something happened."""

    RESOLVE = "resolve"
    CONNECT = "connect"
    TLS = "tls"
    AUTH = "auth"
    WAIT = "wait"
    REDIRECT = "redirect"
    TRANSFER = "transfer"
    VERIFY = "verify"


class FailureReason(StrEnum):
    """Why a download did not prove the artifact. Label values: never renamed."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    PROTOCOL = "protocol"
    TIMEOUT = "timeout"
    REDIRECT = "redirect"
    AUTH_DENIED = "auth_denied"
    AUTH_EXPIRED = "auth_expired"
    AUTH_IDP = "auth_idp"
    RATE_LIMITED = "rate_limited"
    NOT_FOUND = "not_found"
    HTTP_4XX = "http_4xx"
    HTTP_5XX = "http_5xx"
    WRONG_CONTENT = "wrong_content"
    TRUNCATED = "truncated"
    SIZE_MISMATCH = "size_mismatch"
    CHECKSUM_MISMATCH = "checksum_mismatch"
    STALE = "stale"

    UPLINK = "uplink"
    RESOLVER = "resolver"
    OVERLOAD = "overload"
    BUDGET = "budget"
    CANCELLED = "cancelled"
    INTERNAL = "internal"

    @property
    def ours(self) -> bool:
        """Tell whether the prober is at fault, so that nothing is known about the artifact."""
        return self in _OURS


_OURS = frozenset(
    {
        FailureReason.UPLINK,
        FailureReason.RESOLVER,
        FailureReason.OVERLOAD,
        FailureReason.BUDGET,
        FailureReason.CANCELLED,
        FailureReason.INTERNAL,
    }
)

DELIVERY_REASONS = tuple(reason for reason in FailureReason if not reason.ours)
OWN_REASONS = tuple(reason for reason in FailureReason if reason.ours)


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure. *detail* is for people: bounded, without secrets, never a label."""

    reason: FailureReason
    phase: Phase
    detail: str = ""
