"""What the first bytes of a body say it is."""

import re

from probe.domain.discretion import without_credentials, without_url_secrets
from probe.domain.text import clean

# Piece by piece, so that a hostile page cannot make one pattern go back and forth. (A possessive
# group would do as well, but Python before 3.11.5 matches those wrongly.)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BEFORE_HTML = re.compile(rb"\s*+(?:<!--.*?-->|<\?xml.*?\?>)", re.IGNORECASE | re.DOTALL)
_HTML_START = re.compile(rb"\s*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_TITLE_CHARACTERS = 500
_TITLE = re.compile(rf"<title[^<>]*>([^<]{{0,{_TITLE_CHARACTERS}}})", re.IGNORECASE)
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_HTML_NAMES = (".html", ".htm", ".xhtml")

_GZIP = (b"\x1f\x8b",)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_XZ = (b"\xfd7zXZ\x00",)
# RFC 8878 section 3.1: a frame, or one of sixteen skippable frames before it.
_ZSTD = (b"\x28\xb5\x2f\xfd", *(bytes([0x50 + n]) + b"\x2a\x4d\x18" for n in range(16)))

# Sources: the formats' own specifications, as file(1) has them.
_MAGIC: tuple[tuple[tuple[str, ...], tuple[bytes, ...]], ...] = (
    ((".gz", ".tgz", ".crate"), _GZIP),
    # Alpine's packages are gzip, Android's are zip.
    ((".apk",), _GZIP + _ZIP),
    ((".zip", ".whl", ".jar", ".nupkg", ".vsix", ".xpi", ".aab"), _ZIP),
    ((".xz", ".txz"), _XZ),
    ((".bz2", ".tbz", ".tbz2"), (b"BZh",)),
    ((".zst", ".tzst"), _ZSTD),
    ((".7z",), (b"7z\xbc\xaf\x27\x1c",)),
    ((".exe", ".dll"), (b"MZ",)),
    ((".msi",), (b"\xd0\xcf\x11\xe0",)),
    ((".deb",), (b"!<arch>\n",)),
    ((".rpm",), (b"\xed\xab\xee\xdb",)),
    # An installer of macOS, or a package of FreeBSD.
    ((".pkg",), (b"xar!", *_XZ, *_ZSTD)),
    ((".appimage",), (b"\x7fELF",)),
)


def is_html(name: str, content_type: str, sample: bytes) -> bool:
    """Tell whether a page arrived where the file *name* was asked for."""
    if name.lower().endswith(_HTML_NAMES):
        return False
    kind = content_type.partition(";")[0].strip().lower()
    return kind in _HTML_TYPES or _begins_as_html(sample)


def _begins_as_html(sample: bytes) -> bool:
    position = len(_BYTE_ORDER_MARK) if sample.startswith(_BYTE_ORDER_MARK) else 0
    while before := _BEFORE_HTML.match(sample, position):
        position = before.end()
    return _HTML_START.match(sample, position) is not None


def page_title(sample: bytes) -> str:
    """
    Return the title of an HTML page, cleaned and cut; empty if it has none.

    A page may repeat what it was sent: credentials and the queries of URLs are left out.
    """
    found = _TITLE.search(sample.decode("utf-8", "replace"))
    title = clean(found.group(1), _TITLE_CHARACTERS) if found else ""
    return clean(without_credentials(without_url_secrets(title)))


def expected_magic(name: str) -> tuple[bytes, ...]:
    """Return the byte strings a file of this name may begin with; empty if any may."""
    lower = name.lower()
    for suffixes, magics in _MAGIC:
        if lower.endswith(suffixes):
            return magics
    return ()


def has_wrong_magic(name: str, sample: bytes) -> bool:
    """Tell whether a body's first bytes, be they few, cannot belong to a file of this name."""
    magics = expected_magic(name)
    return bool(magics) and not any(magic.startswith(sample[: len(magic)]) for magic in magics)
