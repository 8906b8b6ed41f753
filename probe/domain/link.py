"""
HTTP URLs as they are asked for: byte for byte, except that case and user are made harmless.

Nothing is decoded, encoded anew or reordered, because a signed URL is signed as it stands.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self
from urllib.parse import quote

_PARTS = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?", re.DOTALL)
_HOST = re.compile(r"[a-z0-9._~!$&'()*+,;=-]+|\[[0-9a-f:.]+\]")
_PORTS = {"http": 80, "https": 443}
_MAX_PORT = 65535
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

# Every visible ASCII character: what is there stays, the rest is percent-encoded.
_VISIBLE = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class Link:
    """
    An absolute ``http`` or ``https`` URL; scheme and host are in lower case, no fragment.

    A host beyond ASCII is expected in its ``xn--`` form.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read an absolute URL. A user and password in it are left out.

        Raises:
            ValueError: not http or https, no host, or an impossible port.
        """
        return cls._of(*_parts(visible(text)))

    @classmethod
    def _of(cls, scheme: str, authority: str | None, path: str, query: str | None) -> Self:
        if scheme not in _PORTS:
            raise ValueError(f"the scheme is {scheme[:20]!r}, not http or https")
        host, port = _host_and_port(authority or "", _PORTS[scheme])
        return cls(scheme, host, port, path or "/", query)

    def join(self, reference: str) -> Self:
        """
        Return where *reference* leads from here (RFC 3986 section 5.2).

        Raises:
            ValueError: it leads to no http or https URL.
        """
        scheme, authority, path, query = _parts(visible(reference))
        if scheme:
            return self._of(scheme, authority, path, query)
        if authority is not None:
            return self._of(self.scheme, authority, path, query)
        if not path:
            return self._at(self.path, self.query if query is None else query)
        base = "" if path.startswith("/") else self.path.rpartition("/")[0] + "/"
        return self._at(without_dot_segments(base + path), query)

    def _at(self, path: str, query: str | None) -> Self:
        return type(self)(self.scheme, self.host, self.port, path, query)

    @property
    def origin(self) -> tuple[str, str, int]:
        """Return scheme, host and port: within these three credentials may be sent (RFC 6454)."""
        return (self.scheme, self.host, self.port)

    @property
    def shown(self) -> str:
        """Return the URL without its query, which may be a signature."""
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}{self.path}"

    def __str__(self) -> str:
        return self.shown if self.query is None else f"{self.shown}?{self.query}"


@lru_cache(maxsize=4096)
def link(text: str) -> Link:
    """Return ``Link.parse(text)``, remembered: the same targets are asked for again and again."""
    return Link.parse(text)


def visible(text: str) -> str:
    """
    Return *text* with what a URL cannot hold percent-encoded, as browsers do; ``%`` stays.

    Raises:
        ValueError: a control character, which no encoding makes innocent.
    """
    text = text.strip(" \t")
    if text.isascii() and text.isprintable() and " " not in text:
        return text
    if _CONTROL.search(text):
        raise ValueError("a control character")
    return quote(text.encode("utf-8", "surrogateescape"), safe=_VISIBLE)


def without_dot_segments(path: str) -> str:
    """Return an absolute *path* with ``.`` and ``..`` resolved (RFC 3986 section 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            kept[-1:] = []
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _parts(text: str) -> tuple[str, str | None, str, str | None]:
    found = _PARTS.fullmatch(text)
    if found is None:
        raise ValueError("not a URL")
    scheme, authority, path, query = found.groups()
    return (scheme or "").lower(), authority, path, query


def _host_and_port(authority: str, default: int) -> tuple[str, int]:
    address = authority.rpartition("@")[2].lower()
    host, colon, port = address.rpartition(":")
    if not colon or port.endswith("]"):
        host, port = address, ""
    if not _HOST.fullmatch(host):
        raise ValueError("no host")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port[:9]) <= _MAX_PORT):
        raise ValueError("no such port")
    return host, int(port) if port else default
