"""What a log line may not hold is taken out of it here, whoever wrote it."""

from collections.abc import Mapping, MutableMapping
from functools import lru_cache
from itertools import islice
from math import isfinite
from typing import Any

from probe.domain.discretion import HIDDEN, without_credentials, without_url_secrets
from probe.domain.text import clean

__all__ = ["HIDDEN", "is_secret_key", "redact", "shown", "without_url_secrets"]

MAX_TEXT = 2000
_MAX_ITEMS = 50
_MAX_DEPTH = 10  # an exception inside a group of a group still shows

_SECRET_WORDS = (
    "authorization",
    "token",
    "password",
    "passwd",
    "secret",
    "signature",
    "api_key",
    "apikey",
    "cookie",
    "credential",
    "private_key",
)


@lru_cache(maxsize=1024)
def is_secret_key(key: str) -> bool:
    """Tell whether what stands under *key* is a secret, going by its name."""
    name = key.lower().replace("-", "_")
    return any(word in name for word in _SECRET_WORDS)


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide the values of secret keys, cut URLs, clean every text: a structlog processor."""
    for key, value in event.items():
        if is_secret_key(key):
            event[key] = HIDDEN
        elif type(value) is str:
            if not _is_plain(value):
                event[key] = shown(value)
        elif value is not None and type(value) not in (int, bool):
            event[key] = _nested(value, _MAX_DEPTH)
    return event


def _is_plain(text: str) -> bool:
    # Nearly every value is, and this is asked of each: no pattern, no copy but for prose.
    if len(text) > MAX_TEXT or not text.isprintable():
        return False
    if "://" in text and ("?" in text or "@" in text or "#" in text):
        return False
    return " " not in text or not any(word in text.lower() for word in ("bearer ", "basic "))


def shown(text: str) -> str:
    """Return *text* without credentials and control characters, each line of it cut."""
    if "\n" not in text:
        return _shown_line(text)
    lines = text.splitlines()
    return "\n".join(
        _indent(line) + _shown_line(line.lstrip(" ")) for line in lines[-_MAX_ITEMS * 4 :]
    )


def _indent(line: str) -> str:
    return " " * min(40, len(line) - len(line.lstrip(" ")))


def _shown_line(line: str) -> str:
    if _is_plain(line):
        return line
    head = without_url_secrets(line[: 4 * MAX_TEXT])
    return clean(without_credentials(head), MAX_TEXT)


def _nested(value: object, depth: int) -> object:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, str):
        return shown(value)
    if depth == 0:
        return "…"
    if isinstance(value, Mapping):
        pairs = [(str(key), each) for key, each in islice(value.items(), _MAX_ITEMS)]
        return {
            _shown_line(key): HIDDEN if is_secret_key(key) else _nested(each, depth - 1)
            for key, each in pairs
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_nested(each, depth - 1) for each in islice(value, _MAX_ITEMS)]
    return shown(str(value))
