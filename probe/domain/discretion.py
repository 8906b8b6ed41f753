"""What a text from outside may give away, taken out of it: credentials, and parts of URLs."""

import re

HIDDEN = "[hidden]"

_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,19}://)"
    r"(?:[^\s/?#\"'<>]*@)?"
    r"(?P<place>[^\s?#\"'<>]*)"
    r"(?P<rest>[?#][^\s\"'<>]*)?"
)
_CREDENTIALS = re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{6,}", re.IGNORECASE)


def without_url_secrets(text: str) -> str:
    """Return *text* with user, query and fragment of every URL in it left out."""
    return _URL.sub(_bare, text) if "://" in text else text


def without_credentials(text: str) -> str:
    """Return *text* with what follows ``Bearer`` or ``Basic`` hidden."""
    return _CREDENTIALS.sub(rf"\1 {HIDDEN}", text)


def _bare(url: re.Match[str]) -> str:
    return f"{url['scheme']}{url['place']}{'?…' if url['rest'] else ''}"
