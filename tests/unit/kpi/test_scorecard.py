"""Six lines that say what is known of a release, and what is not."""

import json
from dataclasses import replace
from datetime import timedelta

import jsonschema
import pytest

from probe.domain.artifact import Platform
from probe.domain.bucket import Tally
from probe.domain.evidence import DetectedBy, Pair, SightedKind, TimeSource
from probe.domain.failure import FailureReason, Phase
from probe.domain.gate import Mode, Objective, Reading, Ruling, evaluate
from probe.domain.propagation import Reached, Rollout
from probe.kpi import Measured, Signed
from probe.kpi.evidence import Notes
from probe.kpi.lacking import Lack, Missing
from probe.kpi.scorecard import Completeness, Integrity, scorecard
from probe.kpi.scorecard_record import SCORECARD_SCHEMA, scorecard_record
from tests.builders import NOON, an_artifact
from tests.unit.kpi.builders import a_segment, an_asset, counted, of, released, the_evidence
from tests.unit.kpi.test_recoverability import INCIDENT

EU, US = "eu-west-1", "us-east-1"
YESTERDAY = NOON - timedelta(days=1)


def test_of_nothing_known_every_line_is_unknown_and_none_is_left_out():
    record = scorecard_record(scorecard(the_evidence()))
    jsonschema.validate(record, SCORECARD_SCHEMA)
    assert record["completeness"] == {
        "ruling": "unknown",
        "missing": [],
        "expected_by": "catalog",
        "unexpected": [],
        "renamed": [],
        "complete_at": None,
    }
    assert record["fallback"] == {"ratio": None, "missing": [], "failed_publications": []}
    assert record["availability"]["ratio"] is None
    assert record["propagation"] is None
    assert record["failures"] == {
        "attempts": 0,
        "of_product": False,
        "reasons": {
            name: {"count": 0, "ratio": None}
            for name in ("auth", "not_found", "timeout", "checksum_mismatch")
        },
    }
    assert record["incidents"]["mean_restore_seconds"] is None
    assert record["ruling"] == "unknown"


def test_what_is_missing_is_named():
    linux, macos = Platform("linux", "amd64"), Platform("darwin", "arm64")
    release = released(
        an_asset(an_artifact("late.tar.gz"), first_at=None, missed_at=NOON),
        an_asset(an_artifact("bare.tar.gz", digests=())),
        absent_platforms=(macos,),
        notes=Notes.LACKING,
    )
    assert scorecard(of(release)).completeness == Completeness(
        Ruling.FAIL,
        (
            Missing(Lack.PLATFORM, platform=macos),
            Missing(Lack.FILE, "late.tar.gz", linux),
            Missing(Lack.CHECKSUM, "bare.tar.gz", linux),
            Missing(Lack.NOTES),
        ),
    )


@pytest.mark.parametrize(
    ("asset", "published_at", "ruling"),
    [
        (an_asset(), YESTERDAY, Ruling.PASS),
        (
            an_asset(first_at=YESTERDAY + timedelta(hours=1), missed_at=YESTERDAY),
            YESTERDAY,
            Ruling.FAIL,
        ),
        (an_asset(first_at=None), NOON - timedelta(minutes=5), Ruling.UNKNOWN),
    ],
    ids=["in time", "late", "still has time"],
)
def test_completeness_is_held_against_the_deadline(asset, published_at, ruling):
    release = released(asset, published_at=published_at)
    assert scorecard(of(release)).completeness.ruling is ruling


def test_the_worst_region_is_named():
    evidence = counted(
        (a_segment(region=EU), Tally(attempts=10, up_ms=10_000, known_ms=10_000)),
        (a_segment(region=US), Tally(attempts=5, inconclusive=2, up_ms=5_000, known_ms=10_000)),
    )
    line = scorecard(evidence).availability
    assert (line.share, line.worst_region) == (Measured(0.75, 20.0), US)
    assert (line.worst_share, line.attempts, line.inconclusive) == (Measured(0.5, 10.0), 15, 2)


def test_reasons_of_authorization_are_one_and_our_own_faults_are_none():
    faults = {
        (FailureReason.AUTH_DENIED, Phase.AUTH): 2,
        (FailureReason.AUTH_IDP, Phase.AUTH): 1,
        (FailureReason.TLS, Phase.TLS): 4,
        (FailureReason.UPLINK, Phase.CONNECT): 9,
    }
    line = scorecard(counted((a_segment(), Tally(attempts=20, faults=faults)))).reasons
    assert list(line.counts.items()) == [
        ("tls", 4),
        ("auth", 3),
        ("not_found", 0),
        ("timeout", 0),
        ("checksum_mismatch", 0),
    ]


def test_files_that_are_not_proven_are_named_by_what_they_lack():
    release = released(
        an_asset(an_artifact("sound"), proven=True, signed=Signed.VERIFIED),
        an_asset(an_artifact("unsigned"), proven=True, signed=Signed.ABSENT),
        an_asset(an_artifact("forged"), proven=True, signed=Signed.UNVERIFIABLE),
        an_asset(an_artifact("bare", digests=())),
        an_asset(an_artifact("unread")),
    )
    assert scorecard(of(release)).integrity == Integrity(
        unsigned=("unsigned",), without_hash=("bare",), failed=("forged",), unchecked=("unread",)
    )


def test_parts_of_an_incident_add_to_its_impact_and_not_to_the_count():
    first = replace(INCIDENT, impact_minutes=10.0, impact_share=4.0)
    part = replace(INCIDENT, id="2", region=US, joined="1", impact_minutes=6.0, impact_share=1.0)
    told = replace(INCIDENT, id="3", detected_by=DetectedBy.USER, restored_at=None, served_at=None)
    line = scorecard(the_evidence(incidents=(first, part, told))).incidents
    assert (line.count, line.open, line.told_by_users) == (2, 1, 1)
    assert (line.minutes, line.share) == (16.0, 5.0)
    assert line.mean_restore == line.longest_restore == timedelta(minutes=30)


def test_a_whole_record_is_what_its_schema_says():
    rollout = Rollout(
        "widget",
        "stable",
        "1.4.2",
        SightedKind.ASSET,
        YESTERDAY,
        TimeSource.PUBLISHED,
        YESTERDAY,
        reached=(
            Reached(Pair("cdn", EU), YESTERDAY + timedelta(seconds=60), YESTERDAY),
            Reached(Pair("cdn", US), YESTERDAY + timedelta(seconds=90)),
        ),
        pending=(Pair("s3", EU),),
        excluded=(Pair("s3", US),),
        found=(Reached(Pair("origin", EU), YESTERDAY),),
    )
    release = released(an_asset(first_at=None), rollout=rollout)
    objective = Objective("artifact_availability", 0.999, higher_is_better=True, mode=Mode.GATE)
    gate = evaluate([objective], {objective.kpi: Reading(1.0, NOON)}, NOON)
    evidence = the_evidence(
        releases=(release, released(version="1.4.1", published_at=YESTERDAY - timedelta(days=9))),
        tallies={a_segment(): Tally(attempts=1, verified=1, up_ms=1000, known_ms=1000)},
        incidents=(INCIDENT,),
    )
    record = scorecard_record(scorecard(evidence), gate)
    jsonschema.validate(json.loads(json.dumps(record)), SCORECARD_SCHEMA)
    assert (record["version"], record["ruling"]) == ("1.4.2", "pass")
    assert record["propagation"] == {
        "published_at": "2026-08-19T12:00:00+00:00",
        "start_source": "published",
        "seconds": None,
        "fastest": {
            "endpoint": "cdn",
            "region": EU,
            "seconds": 60.0,
            "uncertainty_seconds": 60.0,
        },
        "median": {"endpoint": "cdn", "region": EU, "seconds": 60.0, "uncertainty_seconds": 60.0},
        "slowest": {"endpoint": "cdn", "region": US, "seconds": 90.0, "uncertainty_seconds": 90.0},
        "early": False,
        "pending": [{"endpoint": "s3", "region": EU}],
        "excluded": [{"endpoint": "s3", "region": US}],
        "found": [{"endpoint": "origin", "region": EU}],
    }
