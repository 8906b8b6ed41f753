"""Whether to go where an answer leads (RFC 9110 section 15.4)."""

from collections.abc import Sequence
from http import HTTPStatus

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.link import Link
from probe.domain.text import clean

REDIRECTS = frozenset({301, 302, 303, 307, 308})


def follow(
    visited: Sequence[Link], location: str | None, *, limit: int, allow_downgrade: bool = False
) -> Link | Failure:
    """
    Return the next stop of a walk, or why it ends.

    *visited* holds every stop so far, the last one being where *location* was given. *limit* is
    how many redirects are followed.
    """
    if not location:
        return refused("a redirect without Location")
    try:
        goal = visited[-1].join(location)
    except ValueError as error:
        return refused(f"an invalid Location: {error}")
    if visited[-1].scheme == "https" and goal.scheme == "http" and not allow_downgrade:
        return refused(f"from https down to http at {clean(goal.host, 80)}")
    if goal in visited:
        return refused(f"a loop by way of {clean(goal.host, 80)}")
    if len(visited) > limit:
        return refused(f"more than {limit} redirects")
    return goal


def may_end_at(walk: Sequence[Link], allowed_hosts: Sequence[str]) -> bool:
    """Tell whether a walk may end where it did; ``*.example.com`` allows every host below."""
    host = walk[-1].host
    if not allowed_hosts or host == walk[0].host:
        return True
    return any(_covers(pattern.lower(), host) for pattern in allowed_hosts)


def _covers(pattern: str, host: str) -> bool:
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def method_after(status: int, method: str) -> str:
    """Return the method for the next stop, as browsers and curl have it (section 15.4)."""
    if method == "HEAD":
        return method
    if status == HTTPStatus.SEE_OTHER:
        return "GET"
    if status in (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND) and method == "POST":
        return "GET"
    return method


def refused(detail: str) -> Failure:
    """Return the failure of a walk that ends before its goal."""
    return Failure(FailureReason.REDIRECT, Phase.REDIRECT, detail)
