"""Durations, sizes and shares as people write them: ``1h30m``, ``500ms``, ``50GiB``, ``99.9%``."""

import re
from decimal import Decimal

_UNITS_SECONDS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_DURATION = re.compile(
    r"(?=\d)(?:(?P<d>\d{1,6})d)?(?:(?P<h>\d{1,6})h)?(?:(?P<m>\d{1,6})m)?(?:(?P<s>\d{1,9})s)?"
    r"(?:(?P<ms>\d{1,9})ms)?",
    re.ASCII,
)
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)%", re.ASCII)

_UNITS_BYTES: dict[str, int] = {"": 1, "B": 1} | {
    f"{prefix}{ending}": base ** (power + 1)
    for power, prefix in enumerate("KMGT")
    for ending, base in (("B", 1000), ("iB", 1024))
}
_SIZE = re.compile(r"(?P<number>\d{1,15}(?:\.\d{1,3})?) ?(?P<unit>[KMGT]i?B|B|)", re.ASCII)


def seconds(text: str) -> float:
    """
    Return how many seconds ``1h30m`` is: whole numbers with units d, h, m, s, ms, largest first.

    Raises:
        ValueError: the text is not of that form.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError("must be a duration with its unit, as in 500ms, 60s, 5m or 1h30m")
    given = {unit: value for unit, value in found.groupdict().items() if value}
    return sum(int(value) * _UNITS_SECONDS[unit] for unit, value in given.items())


def duration(amount: float) -> str:
    """Return *amount* of seconds as ``seconds`` reads it, to the millisecond."""
    left = round(amount * 1000)
    parts = []
    for unit, unit_seconds in _UNITS_SECONDS.items():
        count, left = divmod(left, round(unit_seconds * 1000))
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def share(text: str) -> float:
    """
    Return the ratio that ``99.9%`` is.

    Raises:
        ValueError: the text is not of that form, or more than 100%.
    """
    found = _SHARE.fullmatch(text)
    # In binary, a hundredth of 99.9 is a little more than 0.999.
    ratio = Decimal(found[1]) / 100 if found else None
    if ratio is None or ratio > 1:
        raise ValueError("must be a share in percent, as in 99.9%")
    return float(ratio)


def percent(ratio: float) -> str:
    """Return *ratio* as ``share`` reads it."""
    return f"{ratio * 100:.6f}".rstrip("0").rstrip(".") + "%"


def size_bytes(text: str) -> int:
    """
    Return how many bytes ``50GiB`` (powers of 1024), ``10MB`` (of 1000) or ``1024`` are.

    Raises:
        ValueError: the text is not of that form.
    """
    found = _SIZE.fullmatch(text)
    if found is None:
        raise ValueError("must be a size in bytes, as in 1024, 10MB or 50GiB")
    number: str = found["number"]
    unit = _UNITS_BYTES[found["unit"]]
    return int(number) * unit if "." not in number else round(float(number) * unit)


def size(amount: int) -> str:
    """Return *amount* of bytes as ``size_bytes`` reads it, exactly and in the largest unit."""
    for unit in ("TiB", "GiB", "MiB", "KiB", "TB", "GB", "MB", "KB"):
        count, rest = divmod(amount, _UNITS_BYTES[unit])
        if count and not rest:
            return f"{count}{unit}"
    return str(amount)
