"""How long one probe on demand may take."""

from dataclasses import replace
from math import inf, isfinite

from probe.domain.target import Limits


def scrape_timeout(header: str) -> float:
    """
    Return the seconds of ``X-Prometheus-Scrape-Timeout-Seconds``; none or 0 means no limit.

    Raises:
        ValueError: not a number of seconds.
    """
    if not header:
        return inf
    seconds = float(header)
    if seconds < 0 or not isfinite(seconds):
        raise ValueError(f"{header[:20]} seconds")
    return seconds or inf


def capped(limits: Limits, timeout_seconds: float, offset_seconds: float) -> Limits:
    """Return *limits* with no wait longer than the timeout less the offset, or half of it."""
    most = max(timeout_seconds - offset_seconds, timeout_seconds / 2)
    return replace(
        limits,
        connect_seconds=min(limits.connect_seconds, most),
        first_byte_seconds=min(limits.first_byte_seconds, most),
        stall_seconds=min(limits.stall_seconds, most),
        total_seconds=min(limits.total_seconds, most),
    )
