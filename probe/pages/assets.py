"""The one style sheet and the one script, under names that change with what is in them."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that pages refer to; ``name`` may be kept for ever, since another body has another."""

    name: str
    content_type: str
    body: bytes


@cache
def assets() -> dict[str, Asset]:
    """Return every asset by what templates call it: ``style.css`` and ``live.js``."""
    return {plain: _asset(plain) for plain in ("style.css", "live.js")}


def _asset(plain: str) -> Asset:
    body = (files("probe.pages") / "static" / plain).read_bytes()
    stem, _, suffix = plain.rpartition(".")
    return Asset(f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{suffix}", _TYPES[suffix], body)
