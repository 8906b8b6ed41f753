import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TextIO

from rich.console import Console

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Cache, Failed, Hop, Observation, Timings
from probe.terminal.console import console_for
from probe.terminal.probe_report import print_probe
from tests.builders import BODY, NOON, a_download, a_probe, an_endpoint, an_observation, sha256


def report(
    observation: Observation, console: Callable[[TextIO], Console] = console_for
) -> dict[str, str]:
    stream = io.StringIO()
    print_probe(console(stream), observation, NOON)
    lines = stream.getvalue().splitlines()
    rows = {line[:12].strip(): line[13:].strip() for line in lines[1:]}
    return {"verdict": lines[0], **rows}


def test_a_pass_says_what_it_rests_on():
    assert report(an_observation())["verdict"] == "✓ passed  proven by digest"


def test_a_failure_says_reason_phase_and_detail():
    verdict = Failed(Failure(FailureReason.STALE, Phase.VERIFY, "serves version 1.4.1"))
    shown = report(an_observation(verdict))
    assert shown["verdict"] == "✗ failed  stale in phase verify: serves version 1.4.1"


def test_the_answer_has_status_and_size_beside_the_expected_one():
    assert report(an_observation())["answer"] == "status 200, full: 18 bytes of 18 (18 B)"


def test_an_answer_that_never_came_is_said_to_be_none():
    assert report(an_observation(download=a_download(status=None)))["answer"] == "none"


def test_digests_are_compared():
    shown = report(an_observation(download=a_download(b"other")))
    assert shown["expected"] == str(sha256(BODY))
    assert shown["received"] == f"{sha256(b'other')} (different)"


def test_every_redirect_is_shown_without_the_query_of_where_it_led():
    download = replace(
        a_download(),
        hops=(Hop("github.com", 302, 0.031), Hop("a.example", 307, 1.5)),
        url="https://b.example/x?sig=1",
    )
    shown = report(an_observation(download=download))
    assert shown["redirects"] == (
        "github.com 302 (31 ms) → a.example 307 (1.50 s) → https://b.example/x?sig=***"
    )


def test_cache_edge_peer_and_certificate_are_shown_where_known():
    download = replace(
        a_download(),
        cache=Cache.HIT,
        edge="FRA56\x1b[0m",
        peer_address="192.0.2.1",
        certificate_expires_at=NOON + timedelta(days=9),
    )
    shown = report(an_observation(download=download))
    assert shown["cache"] == "hit at FRA56[0m"
    assert shown["peer"] == "192.0.2.1"
    assert shown["certificate"] == "expires 2026-08-29 12:00 UTC (in 9 days)"


def test_an_expired_certificate_says_since_when():
    download = replace(a_download(), certificate_expires_at=NOON - timedelta(days=2))
    shown = report(an_observation(download=download))
    assert shown["certificate"] == "expires 2026-08-18 12:00 UTC (2 days ago)"


def test_phases_are_bars_in_proportion_to_the_longest():
    timings = Timings(connect=0.1, wait=0.4, transfer=0.2)
    shown = report(an_observation(download=a_download(timings=timings)))
    assert shown["connect"].split() == ["100", "ms", "█" * 10]
    assert shown["wait"].split() == ["400", "ms", "█" * 40]
    assert shown["transfer"].split() == ["200", "ms", "█" * 20]
    assert shown["total"] == "700 ms"
    assert "tls" not in shown


def test_the_report_ends_with_the_same_as_a_curl_command():
    endpoint = an_endpoint(url="https://dl.example/{name}?key=verysecret", auth_mode="basic")
    stream = io.StringIO()
    print_probe(console_for(stream), an_observation(probe=a_probe(endpoint=endpoint)), NOON)
    assert "key=***" in stream.getvalue().splitlines()[-1]
    assert "verysecret" not in stream.getvalue()


def test_no_color_leaves_the_words():
    def colourless(stream: TextIO) -> Console:
        return Console(file=stream, force_terminal=True, no_color=True, width=200)

    assert "✓ passed" in report(an_observation(), colourless)["verdict"]
