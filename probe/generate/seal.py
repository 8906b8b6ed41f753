"""Written files that can be told from those of somebody, or that somebody has changed."""

from hashlib import sha256

_MARK = "# delivery-probe rules, unchanged while this is "


def sealed(text: str) -> str:
    """Return *text* with a first line by which it is known to be whole and ours."""
    return f"{_MARK}{_seal(text)}\n{text}"


def is_ours(text: str) -> bool:
    """Tell whether *text* was sealed, and not touched since."""
    first, _, rest = text.partition("\n")
    return first == f"{_MARK}{_seal(rest)}"


def _seal(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
