"""Six lines for people."""

import io
from dataclasses import replace
from datetime import timedelta

from probe.domain.artifact import Platform
from probe.domain.bucket import Tally
from probe.domain.evidence import Pair, SightedKind, TimeSource
from probe.domain.failure import FailureReason, Phase
from probe.domain.gate import Gate
from probe.domain.propagation import Reached, Rollout
from probe.kpi.evidence import Evidence
from probe.kpi.scorecard import scorecard
from probe.terminal.console import console_for
from probe.terminal.scorecard_lines import scorecard_lines
from probe.terminal.scorecard_report import print_scorecard, scorecard_markdown
from tests.builders import NOON, an_artifact
from tests.unit.kpi.builders import a_segment, an_asset, counted, of, released, the_evidence
from tests.unit.kpi.test_recoverability import INCIDENT

YESTERDAY = NOON - timedelta(days=1)
NOTHING = Gate(NOON, ())
EU, US = "eu-west-1", "us-east-1"

BY = ", by the ledger of this region alone"


def said(evidence: Evidence, title: str) -> tuple[str, ...]:
    [line] = [line for line in scorecard_lines(scorecard(evidence)) if line.title == title]
    return line.said


def test_of_nothing_known_every_line_says_so():
    lines = {line.title: line.said for line in scorecard_lines(scorecard(the_evidence()))}
    assert lines == {
        "completeness": ("unknown",),
        "availability": (
            "unknown: nothing was observed in the window",
            "0 attempts, 0 inconclusive",
        ),
        "propagation": ("unknown",),
        "failures": ("auth 0", "not_found 0", "timeout 0", "checksum_mismatch 0"),
        "integrity": ("nothing that is known against any file",),
        "incidents": ("0 incidents, 0 open",),
    }


def test_what_is_missing_is_named_and_long_lists_are_cut():
    assets = [
        an_asset(an_artifact(f"{number}.tgz"), first_at=None, missed_at=NOON) for number in range(8)
    ]
    release = released(*assets, absent_platforms=(Platform("darwin", "arm64"),))
    assert said(of(release), "completeness") == (
        "fail",
        "missing: platform (darwin/arm64), "
        + ", ".join(f"file {number}.tgz (linux/amd64)" for number in range(7))
        + ", and 1 more",
    )


def test_the_worst_region_stands_beside_the_whole():
    tallies = (
        (a_segment(region=EU), Tally(attempts=2, verified=2, up_ms=1000, known_ms=1000)),
        (
            a_segment(region=US),
            Tally(
                attempts=2,
                verified=1,
                inconclusive=1,
                up_ms=500,
                known_ms=1000,
                faults={(FailureReason.NOT_FOUND, Phase.WAIT): 1},
            ),
        ),
    )
    assert said(counted(*tallies), "availability") == (
        "75%",
        "worst from us-east-1: 50%",
        "4 attempts, 1 inconclusive",
    )
    assert said(counted(*tallies), "failures")[0] == "not_found 1 (25%)"


def test_a_rollout_names_its_pairs():
    fast, slow, late = Pair("cdn", EU), Pair("cdn", US), Pair("mirror", EU)
    rollout = Rollout(
        "widget",
        "stable",
        "1.4.2",
        SightedKind.ASSET,
        YESTERDAY,
        TimeSource.PUBLISHED,
        YESTERDAY,
        reached=(
            Reached(fast, YESTERDAY + timedelta(seconds=30)),
            Reached(slow, YESTERDAY + timedelta(minutes=12), YESTERDAY + timedelta(minutes=11)),
        ),
        pending=(late,),
    )
    assert said(of(released(rollout=rollout)), "propagation") == (
        "under way, 1 pending",
        "fastest 30.00 s at cdn from eu-west-1",
        "median 30.00 s at cdn from eu-west-1",
        "slowest 12 min at cdn from us-east-1 (or up to 1 min earlier)",
        "pending: mirror from eu-west-1",
    )


def test_of_a_release_that_was_out_before_anybody_looked_no_time_is_said():
    rollout = Rollout(
        "widget",
        "stable",
        "1.4.2",
        SightedKind.ASSET,
        YESTERDAY,
        TimeSource.PUBLISHED,
        YESTERDAY,
        found=(Reached(Pair("cdn", EU), NOON),),
    )
    assert said(of(released(rollout=rollout)), "propagation") == (
        "unknown: it was out before anybody looked",
        "there when first looked for: cdn from eu-west-1",
    )


def test_incidents_are_counted_with_their_impact():
    over = replace(
        INCIDENT,
        onset_at=YESTERDAY,
        restored_at=YESTERDAY + timedelta(minutes=90),
        impact_minutes=90.0,
        impact_share=45.0,
    )
    assert said(the_evidence(incidents=(over,)), "incidents") == (
        "1 incident, 0 open",
        "90 region-minutes, 45.0 by share of users",
        "restored in 1 h 30 min, at most 1 h 30 min",
        "0 told by users first",
    )


def test_the_table_names_release_and_window_and_cleans_what_comes_from_outside():
    release = released(an_asset(an_artifact("a\x1b[2J.tgz"), first_at=None, missed_at=NOON))
    stream = io.StringIO()
    print_scorecard(console_for(stream), scorecard(of(release)), NOTHING)
    lines = stream.getvalue().splitlines()
    assert lines[0] == "widget 1.4.2 (stable), 2026-07-21 12:00 to 2026-08-20 12:00 UTC" + BY
    assert lines[-1] == "no targets are configured for it"
    assert "missing: file a[2J.tgz (linux/amd64)" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_the_markdown_says_the_same_and_nothing_from_outside_is_markup():
    release = released(an_asset(an_artifact("<b>|x"), first_at=None, missed_at=NOON))
    text = scorecard_markdown(scorecard(of(release)), NOTHING)
    lines = text.splitlines()
    assert lines[0] == "## widget 1.4.2 (stable), 2026-07-21 12:00 to 2026-08-20 12:00 UTC" + BY
    assert lines[4] == "| completeness | fail; missing: file \\<b\\>\\|x (linux/amd64) |"
    assert lines[-1] == "no targets are configured for it."
