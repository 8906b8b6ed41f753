"""Durations, sizes and shares as types of the configuration."""

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from probe.domain.quantity import duration, percent, seconds, share, size, size_bytes

# As JSON Schema has it, for editors.
DURATION_PATTERN = r"^(?=\d)(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$"
SIZE_PATTERN = r"^\d+(\.\d+)? ?([KMGT]i?B|B)?$"
SHARE_PATTERN = r"^\d{1,3}(\.\d{1,6})?%$"


def _to_seconds(given: object) -> float:
    if isinstance(given, str):
        return seconds(given)
    raise ValueError("must be a duration with its unit, as in 500ms, 60s, 5m or 1h30m")


def _to_bytes(given: object) -> int:
    if isinstance(given, str):
        return size_bytes(given)
    if isinstance(given, int) and not isinstance(given, bool) and given >= 0:
        return given
    raise ValueError("must be a size in bytes, as in 1024, 10MB or 50GiB")


def lasting(least: str, most: str) -> tuple[object, ...]:
    """Return what makes a ``float`` of seconds a duration between two others, both included."""

    def bounded(given: object) -> float:
        amount = _to_seconds(given)
        if not seconds(least) <= amount <= seconds(most):
            raise ValueError(f"must be between {least} and {most}")
        return amount

    return (
        BeforeValidator(bounded),
        WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN}),
        PlainSerializer(duration, return_type=str),
    )


def holding(least: str, most: str) -> tuple[object, ...]:
    """Return what makes an ``int`` of bytes a size between two others, both included."""

    def bounded(given: object) -> int:
        amount = _to_bytes(given)
        if not size_bytes(least) <= amount <= size_bytes(most):
            raise ValueError(f"must be between {least} and {most}")
        return amount

    return (
        BeforeValidator(bounded),
        WithJsonSchema({"type": ["string", "integer"], "pattern": SIZE_PATTERN, "minimum": 0}),
        PlainSerializer(size, return_type=str),
    )


def sharing() -> tuple[object, ...]:
    """Return what makes a ``float`` a share in percent."""

    def read(given: object) -> float:
        return share(given if isinstance(given, str) else "")

    return (
        BeforeValidator(read),
        WithJsonSchema({"type": "string", "pattern": SHARE_PATTERN}),
        PlainSerializer(percent, return_type=str),
    )
