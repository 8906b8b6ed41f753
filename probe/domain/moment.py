"""Moments as numbers since the epoch; kept as whole milliseconds, so that sums lose nothing."""

from datetime import UTC, datetime, timedelta

MILLISECOND = timedelta(milliseconds=1)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(moment: datetime) -> int:
    """Return the milliseconds since the epoch of an aware *moment*, rounded down."""
    return (moment - _EPOCH) // MILLISECOND


def from_ms(ms: int) -> datetime:
    """
    Return the moment, in UTC.

    Raises:
        OverflowError: before the year 1 or after 9999.
    """
    return _EPOCH + timedelta(milliseconds=ms)


def from_seconds(seconds: float) -> datetime | None:
    """Return the moment so many *seconds* after the epoch, in UTC; ``None`` if there is none."""
    try:
        return _EPOCH + timedelta(seconds=seconds) if seconds > 0 else None
    except (OverflowError, ValueError):
        return None
