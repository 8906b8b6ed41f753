"""Whether to go where an answer leads."""

import pytest

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.link import Link
from probe.domain.redirect import follow, may_end_at, method_after, refused

START = Link.parse("https://dl.example.com/w?sig=a%2Fb")


def test_a_goal_is_the_next_stop():
    assert follow([START], "https://cdn.example.net/w", limit=5) == Link.parse(
        "https://cdn.example.net/w"
    )


@pytest.mark.parametrize("location", [None, ""])
def test_without_a_location_there_is_no_next_stop(location):
    assert follow([START], location, limit=5) == refused("a redirect without Location")


def test_a_failed_walk_says_so_in_reason_and_phase():
    assert refused("x") == Failure(FailureReason.REDIRECT, Phase.REDIRECT, "x")


def test_a_loop_is_one_whatever_the_limit():
    assert follow([START], "?sig=a%2Fb", limit=99) == refused("a loop by way of dl.example.com")


def test_another_query_is_another_place():
    assert isinstance(follow([START], "?sig=a/b", limit=5), Link)


def test_the_limit_counts_redirects_not_requests():
    visited = [Link.parse(f"https://h/{step}") for step in range(6)]
    assert isinstance(follow(visited[:5], "/x", limit=5), Link)
    assert follow(visited, "/x", limit=5) == refused("more than 5 redirects")


def test_a_downgrade_needs_leave():
    goal = "http://dl.example.com/w"
    assert follow([START], goal, limit=5) == refused("from https down to http at dl.example.com")
    assert isinstance(follow([START], goal, limit=5, allow_downgrade=True), Link)


@pytest.mark.parametrize(
    ("host", "allowed", "may"),
    [
        ("dl.example.com", ("x.example",), True),
        ("cdn.example.net", (), True),
        ("cdn.example.net", ("CDN.example.net",), True),
        ("cdn.example.net", ("*.example.net",), True),
        ("a.b.example.net", ("*.example.net",), True),
        ("example.net", ("*.example.net",), False),
        ("evilexample.net", ("*.example.net",), False),
        ("cdn.example.net.evil", ("cdn.example.net",), False),
    ],
)
def test_where_a_walk_may_end(host, allowed, may):
    assert may_end_at([START, Link.parse(f"https://{host}/")], allowed) is may


@pytest.mark.parametrize(
    ("status", "method", "after"),
    [
        (301, "GET", "GET"), (302, "GET", "GET"), (303, "GET", "GET"), (307, "GET", "GET"),
        (301, "HEAD", "HEAD"), (303, "HEAD", "HEAD"), (301, "POST", "GET"), (302, "POST", "GET"),
        (303, "POST", "GET"), (307, "POST", "POST"), (308, "POST", "POST"), (301, "PUT", "PUT"),
        (303, "PUT", "GET"),
    ],
)  # fmt: skip
def test_the_method_after_a_redirect(status, method, after):
    assert method_after(status, method) == after
