"""Moments as whole milliseconds since the epoch, so that adding them up loses nothing."""

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
