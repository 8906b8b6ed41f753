"""Types of the fields that documents from outside have in common, each with its rule."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from probe.domain.artifact import Digest, DigestAlgorithm
from probe.domain.naming import name_fault, version_fault

MAX_RELEASES = 1000
MAX_ASSETS = 10_000
MAX_SIZE_BYTES = 2**63 - 1

_MAX_TIME_LENGTH = 64


class Outside(BaseModel):
    """A part of a document from outside: unknown keys are let be, wrong types are not."""

    model_config = ConfigDict(
        strict=True, extra="ignore", frozen=True, hide_input_in_errors=True, populate_by_name=True
    )


def instant(value: object) -> datetime:
    """
    Read a time of RFC 3339 into UTC.

    Raises:
        ValueError: not such a time, or one without an offset.
    """
    if not isinstance(value, str) or len(value) > _MAX_TIME_LENGTH:
        raise ValueError("a time such as 2026-08-20T10:00:00Z is expected")
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("a time such as 2026-08-20T10:00:00Z is expected") from None
    raise ValueError("a time needs an offset from UTC, as in 2026-08-20T10:00:00Z")


def _named(name: str) -> str:
    if fault := name_fault(name):
        raise ValueError(fault)
    return name


def _version(version: str) -> str:
    if fault := version_fault(version):
        raise ValueError(fault)
    return version


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("control characters are not allowed")
    return text


Name = Annotated[str, AfterValidator(_named)]
Version = Annotated[str, AfterValidator(_version)]
Text = Annotated[str, Field(max_length=2048), AfterValidator(_printable)]
Instant = Annotated[datetime, BeforeValidator(instant)]
Size = Annotated[int, Field(ge=0, le=MAX_SIZE_BYTES)]


def digests_of(hashes: dict[str, str]) -> tuple[Digest, ...]:
    """
    Return the accepted digests of a mapping from algorithm to hexadecimal digest.

    Algorithms that prove nothing, or are unknown, are let be.

    Raises:
        ValueError: a digest is not one of its algorithm, or an algorithm has two.
    """
    found: dict[DigestAlgorithm, Digest] = {}
    for name, value in hashes.items():
        if name.lower().replace("-", "") in _ACCEPTED:
            digest = Digest.of(name, value)
            if found.setdefault(digest.algorithm, digest) != digest:
                raise ValueError(f"two different {digest.algorithm} digests")
    return tuple(found.values())


_ACCEPTED = frozenset(DigestAlgorithm)
