"""What is kept of an answer's headers: names that matter, values bounded and fit to be shown."""

from collections.abc import Mapping

from multidict import CIMultiDictProxy

from probe.domain.text import clean

VALUE_CHARACTERS = 256

# A challenge names the realm, the service and the scope that a token is asked for with.
_LIMITS = {"www-authenticate": 2048}

# Never Set-Cookie, Location or Authorization: they may hold what lets others in.
KEPT = frozenset(
    {
        "accept-ranges",
        "age",
        "cache-control",
        "cache-status",
        "cdn-cache",
        "cf-cache-status",
        "cf-ray",
        "content-encoding",
        "content-length",
        "content-range",
        "content-type",
        "date",
        "docker-content-digest",
        "etag",
        "last-modified",
        "ratelimit-remaining",
        "ratelimit-reset",
        "retry-after",
        "server",
        "via",
        "www-authenticate",
        "x-amz-cf-id",
        "x-amz-cf-pop",
        "x-amz-request-id",
        "x-cache",
        "x-cache-status",
        "x-github-request-id",
        "x-proxy-cache",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-request-id",
        "x-served-by",
    }
)


def kept(headers: CIMultiDictProxy[str]) -> Mapping[str, str]:
    """Return the headers that are kept, names in lower case, repeated ones joined by a comma."""
    found: dict[str, str] = {}
    for name, value in headers.items():
        lower = name.lower()
        if lower in KEPT:
            found[lower] = f"{found[lower]}, {value}" if lower in found else value
    return {
        name: clean(value, _LIMITS.get(name, VALUE_CHARACTERS)) for name, value in found.items()
    }
