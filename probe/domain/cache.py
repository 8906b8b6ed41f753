"""What caches on the way say of themselves, in their vendors' many words."""

import re
from collections.abc import Mapping

from probe.domain.observation import Cache
from probe.domain.text import clean

_MEMBERS = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')
_PARAMETERS = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*")+')

# Served from a copy beats fetched anew: one hit anywhere on the way says where the bytes are from.
_STRONGEST = (Cache.STALE, Cache.HIT, Cache.MISS, Cache.BYPASS)

# https://developers.cloudflare.com/cache/concepts/cache-responses/
_CLOUDFLARE = {
    "HIT": Cache.HIT,
    "REVALIDATED": Cache.HIT,
    "MISS": Cache.MISS,
    "EXPIRED": Cache.MISS,
    "STALE": Cache.STALE,
    "UPDATING": Cache.STALE,
    "BYPASS": Cache.BYPASS,
    "DYNAMIC": Cache.BYPASS,
    "NONE": Cache.BYPASS,
}

# CloudFront, Fastly, Varnish, Squid, Akamai, Azure, nginx and Bunny; first fit wins.
_WORDS = (
    (re.compile(r"STALE|UPDATING|REFRESH_FAIL"), Cache.STALE),
    (re.compile(r"HIT\b|REVALIDATED|REFRESHHIT"), Cache.HIT),
    (re.compile(r"MISS\b|EXPIRED"), Cache.MISS),
    (re.compile(r"PASS\b|BYPASS|NOSTORE|NOCACHE|DYNAMIC|UNCACHEABLE"), Cache.BYPASS),
)
_VENDOR_HEADERS = ("x-cache-status", "x-cache", "x-proxy-cache", "cdn-cache")

_EDGE_CHARACTERS = 60


def cache_of(headers: Mapping[str, str]) -> Cache:
    """Reduce the headers of an answer, their names in lower case, to one word."""
    if status := headers.get("cache-status"):
        return _strongest([_standard(member) for member in _MEMBERS.findall(status)])
    if status := headers.get("cf-cache-status"):
        return _CLOUDFLARE.get(status.strip().upper(), Cache.UNKNOWN)
    for name in _VENDOR_HEADERS:
        if status := headers.get(name):
            return _strongest([_vendor(word) for word in status.split(",")])
    age = headers.get("age", "").strip()
    return Cache.HIT if age.isascii() and age.isdigit() and age.strip("0") else Cache.UNKNOWN


def _strongest(seen: list[Cache]) -> Cache:
    return next((word for word in _STRONGEST if word in seen), Cache.UNKNOWN)


def _standard(member: str) -> Cache:
    # RFC 9211 section 2: hit and fwd exclude one another; a negative ttl is staleness.
    parts = [part.strip().partition("=") for part in _PARAMETERS.findall(member)]
    parameters = {name: value for name, _, value in parts[1:]}
    if "hit" in parameters and parameters["hit"] != "?0":
        return Cache.STALE if parameters.get("ttl", "").startswith("-") else Cache.HIT
    match parameters.get("fwd"):
        case None:
            return Cache.UNKNOWN
        case "bypass" | "method" | "request":
            return Cache.BYPASS
        case _:
            # A stale copy that the origin confirmed is served from the cache after all.
            return Cache.HIT if parameters.get("fwd-status") == "304" else Cache.MISS


def _vendor(word: str) -> Cache:
    upper = word.upper()
    return next((cache for pattern, cache in _WORDS if pattern.search(upper)), Cache.UNKNOWN)


def edge_of(headers: Mapping[str, str]) -> str:
    """Return the name of the edge that answered, for people; empty if it gave none."""
    if ray := headers.get("cf-ray"):
        return clean(ray.rpartition("-")[2], _EDGE_CHARACTERS)
    if pop := headers.get("x-amz-cf-pop"):
        return clean(pop, _EDGE_CHARACTERS)
    if served := headers.get("x-served-by"):
        return clean(served.rpartition(",")[2], _EDGE_CHARACTERS)
    via = headers.get("via", "").rpartition(",")[2].strip()
    return clean(via.partition(" ")[2], _EDGE_CHARACTERS)
