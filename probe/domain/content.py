"""What the first bytes of a body say it is."""

import re

from probe.domain.text import clean

_HTML_START = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_TITLE = re.compile(r"<title[^>]*>(.*?)(?:</title>|\Z)", re.IGNORECASE | re.DOTALL)
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_HTML_NAMES = (".html", ".htm", ".xhtml")

# Sources: the formats' own specifications, as file(1) has them.
_MAGIC: tuple[tuple[tuple[str, ...], tuple[bytes, ...]], ...] = (
    ((".gz", ".tgz", ".crate", ".apk"), (b"\x1f\x8b", b"PK\x03\x04")),
    ((".zip", ".whl", ".jar", ".nupkg", ".vsix", ".xpi", ".aab"), (b"PK\x03\x04", b"PK\x05\x06")),
    ((".xz", ".txz"), (b"\xfd7zXZ\x00",)),
    ((".bz2", ".tbz", ".tbz2"), (b"BZh",)),
    ((".zst", ".tzst"), (b"\x28\xb5\x2f\xfd",)),
    ((".7z",), (b"7z\xbc\xaf\x27\x1c",)),
    ((".exe", ".dll"), (b"MZ",)),
    ((".msi",), (b"\xd0\xcf\x11\xe0",)),
    ((".deb",), (b"!<arch>\n",)),
    ((".rpm",), (b"\xed\xab\xee\xdb",)),
    ((".pkg",), (b"xar!",)),
    ((".appimage",), (b"\x7fELF",)),
)


def is_html(name: str, content_type: str, sample: bytes) -> bool:
    """Tell whether a page arrived where the file *name* was asked for."""
    if name.lower().endswith(_HTML_NAMES):
        return False
    kind = content_type.partition(";")[0].strip().lower()
    return kind in _HTML_TYPES or _HTML_START.match(sample) is not None


def page_title(sample: bytes) -> str:
    """Return the title of an HTML page, cleaned and cut; empty if it has none."""
    found = _TITLE.search(sample.decode("utf-8", "replace"))
    return clean(found.group(1)) if found else ""


def expected_magic(name: str) -> tuple[bytes, ...]:
    """Return the byte strings a file of this name may begin with; empty if any may."""
    lower = name.lower()
    for suffixes, magics in _MAGIC:
        if lower.endswith(suffixes):
            return magics
    return ()


def has_wrong_magic(name: str, sample: bytes) -> bool:
    """Tell whether a body's first bytes cannot belong to a file of this name."""
    magics = expected_magic(name)
    return bool(magics and sample) and not sample.startswith(magics)
