"""Text from outside, made fit to be shown: bounded, on one line, without control characters."""

import unicodedata

# Cc: controls, Cf: bidirectional overrides and zero-width characters, Cs/Co/Cn: no glyph at all.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def clean(text: str, limit: int = 120) -> str:
    """Return *text* on one line, with what a terminal could obey removed, cut to *limit*."""
    head = text[: limit * 8]
    visible = "".join(
        " " if ch.isspace() else "" if unicodedata.category(ch) in _UNPRINTABLE else ch
        for ch in head
    )
    line = " ".join(visible.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
