"""The same request as a curl command, without its secrets."""

import re
import shlex
from urllib.parse import urlsplit

from probe.domain.request import Request, request_for
from probe.domain.target import AddressFamily, Probe
from probe.domain.text import clean

HIDDEN = "***"

_USER = re.compile(r"(?<=//)[^/?#]*@")
_PAIR = re.compile(r"([^&=]*=)?[^&]*")
_MAX_SHOWN = 2000
_FAMILIES = {AddressFamily.IPV4: "--ipv4", AddressFamily.IPV6: "--ipv6"}
_DEFAULT_PORTS = {"http": 80, "https": 443}


def masked_url(url: str) -> str:
    """Return a URL, cleaned, with user and values of the query hidden, and without fragment."""
    base, mark, query = clean(url.partition("#")[0], _MAX_SHOWN).partition("?")
    hidden = "&".join(_PAIR.sub(_masked, pair, count=1) for pair in query.split("&"))
    return _USER.sub(f"{HIDDEN}@", base, count=1) + (mark + hidden if mark else "")


def _masked(pair: re.Match[str]) -> str:
    return f"{pair[1] or ''}{HIDDEN}"


def curl_command(probe: Probe) -> str:
    """Return a command that asks for what *probe* asks for; credentials appear as ``***``."""
    request = request_for(probe)
    words = ["curl", *_following(request), *_leaving(request), *_asking(probe, request)]
    return shlex.join([*words, masked_url(request.url)])


def _following(request: Request) -> list[str]:
    limits = request.endpoint.limits
    return [
        "--fail",
        "--location",
        "--max-redirs",
        str(limits.redirects),
        "--connect-timeout",
        f"{limits.connect_seconds:g}",
        "--max-time",
        f"{limits.total_seconds:g}",
    ]


def _leaving(request: Request) -> list[str]:
    egress = request.egress
    words = [_FAMILIES[request.endpoint.family]] if request.endpoint.family in _FAMILIES else []
    if egress.proxy:
        words += ["--proxy", masked_url(egress.proxy)]
    if egress.source_address:
        words += ["--interface", egress.source_address]
    if request.address:
        parts = urlsplit(request.url)
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
        words += ["--connect-to", f"{parts.hostname}:{port}:{request.address}:{port}"]
    return words


def _asking(probe: Probe, request: Request) -> list[str]:
    words = ["--header", "Accept-Encoding: identity"]
    if request.endpoint.auth_mode != "none":
        words += ["--header", f"Authorization: {HIDDEN}"]
    if request.method == "HEAD":
        return [*words, "--head"]
    if request.byte_range:
        words += ["--range", "{}-{}".format(*request.byte_range)]
    return [*words, "--output", clean(probe.target.artifact.name)]
