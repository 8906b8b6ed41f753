"""Texts of the configuration that must have a form: names, URLs, hosts, addresses, platforms."""

import ipaddress
import re
import string
from difflib import get_close_matches
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, WithJsonSchema

from probe.domain.release_range import bound_of
from probe.domain.target import TEMPLATE_FIELDS
from probe.domain.text import clean
from probe.domain.version import MAX_VERSION_LENGTH
from probe.logs.redaction import is_secret_key

_NAME_FIELDS = frozenset({"version", "tag", "channel", "os", "arch"})
_LONGEST_NAME = 255
_NAME = r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}"
_HOST = r"(?:\*\.)?(?:[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\.?){1,40}(?<!\.)"
_PLATFORM = r"[a-z0-9_]{1,30}/[a-z0-9_]{1,30}"
_URL_EXAMPLE = "must be an http or https URL with a host, as in https://dl.example.com/widget"


def _name(text: str) -> str:
    if not re.fullmatch(_NAME, text):
        raise ValueError(
            "must be 1 to 100 letters, digits and . _ + -, and begin with a letter or digit"
        )
    return text


def _url(text: str) -> str:
    if not text.isprintable() or " " in text:
        raise ValueError("a URL holds no spaces and no control characters")
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        has_host = False
    if not has_host or parts.scheme not in ("http", "https"):
        raise ValueError(_URL_EXAMPLE)
    if "@" in parts.netloc:
        raise ValueError("a URL holds no user and password; they are given by reference, apart")
    if "#" in text:
        raise ValueError("a URL holds no fragment (#…): it is never sent")
    names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    if any(is_secret_key(name) or name.lower() == "sig" for name in names):
        raise ValueError("a URL holds no token or signature: that is a secret, sent by auth:")
    return text


def _template(text: str) -> str:
    _fields(text, TEMPLATE_FIELDS)
    return _with_fixed_host(text)


def _name_template(text: str) -> str:
    _fields(text, _NAME_FIELDS)
    if not text.isprintable() or not text.strip() or len(text) > _LONGEST_NAME:
        raise ValueError(f"must be a file name of 1 to {_LONGEST_NAME} characters")
    return text


def _page_template(text: str) -> str:
    _fields(text, frozenset({"version"}))
    return _with_fixed_host(text) if text else text


def _with_fixed_host(text: str) -> str:
    if "{" in text.partition("//")[2].partition("/")[0]:
        raise ValueError("a field stands in the path or the query, not in the host")
    return _url(text)


def _fields(text: str, known: frozenset[str]) -> None:
    try:
        fields = list(string.Formatter().parse(text))
    except ValueError:
        raise ValueError("its braces do not match; a field is written {version}") from None
    unknown = tuple(name for _, name, _, _ in fields if name is not None and name not in known)
    if unknown:
        raise ValueError(_about_fields(unknown, known))
    if any(spec or conversion for _, _, spec, conversion in fields):
        raise ValueError("a field is a plain name in braces, as in {version}")


def _about_fields(unknown: tuple[str, ...], among: frozenset[str]) -> str:
    names = sorted(among)
    listed = ", ".join(f"{{{clean(name, 40)}}}" for name in unknown[:5])
    known = " ".join(f"{{{name}}}" for name in names)
    near = get_close_matches(unknown[0], names, n=1)
    meant = f"; did you mean {{{near[0]}}}?" if near else ";"
    return f"unknown field {listed}{meant} use one of {known}"


def _proxy(text: str) -> str:
    url = _url(text)
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.path.strip("/") or parts.query:
        raise ValueError("must be the URL of a proxy, as in http://proxy.example.com:3128")
    return url


def _host(text: str) -> str:
    bracketed = text.startswith("[") and text.endswith("]") and _is_address(text[1:-1])
    if not bracketed and not re.fullmatch(_HOST, text):
        raise ValueError("must be a host, or *.example.com for every host below it")
    return text


def _address(text: str) -> str:
    if not _is_address(text):
        raise ValueError("must be an IP address, as in 192.0.2.7 or 2001:db8::7")
    return text


def _nameserver(text: str) -> str:
    bracketed = re.fullmatch(r"\[([^\]]*)\](?::(\d{1,5}))?|([0-9.]+)(?::(\d{1,5}))?", text)
    address = (bracketed[1] or bracketed[3] or "") if bracketed else text
    port = int((bracketed[2] or bracketed[4] or 53) if bracketed else 53)
    if not _is_address(address) or not 0 < port < 65536:  # noqa: PLR2004 - the range of ports
        raise ValueError("must be an address of a name server, as in 9.9.9.9 or [::1]:5353")
    return text


def _platform(text: str) -> str:
    if not re.fullmatch(_PLATFORM, text):
        raise ValueError("must be os/arch in Go's spelling, as in linux/amd64")
    return text


def _bound(text: str) -> str:
    bound_of(text)
    return text


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


Name = Annotated[
    str, AfterValidator(_name), WithJsonSchema({"type": "string", "pattern": f"^{_NAME}$"})
]
Url = Annotated[
    str,
    AfterValidator(_url),
    WithJsonSchema({"type": "string", "format": "uri", "pattern": "^https?://"}),
]
UrlTemplate = Annotated[
    str, AfterValidator(_template), WithJsonSchema({"type": "string", "pattern": "^https?://"})
]
NameTemplate = Annotated[str, AfterValidator(_name_template)]
PageTemplate = Annotated[str, AfterValidator(_page_template)]
ProxyUrl = Annotated[
    str, AfterValidator(_proxy), WithJsonSchema({"type": "string", "pattern": "^http://"})
]
Host = Annotated[str, AfterValidator(_host)]
Address = Annotated[str, AfterValidator(_address)]
Nameserver = Annotated[str, AfterValidator(_nameserver)]
BoundText = Annotated[
    str,
    AfterValidator(_bound),
    WithJsonSchema({"type": "string", "pattern": "[0-9]", "maxLength": MAX_VERSION_LENGTH}),
]
PlatformName = Annotated[
    str, AfterValidator(_platform), WithJsonSchema({"type": "string", "pattern": f"^{_PLATFORM}$"})
]
