"""What makes one look at KPIs again."""

from dataclasses import replace

import pytest

from probe.domain.basis import Basis, Way
from probe.domain.revisit import Change, Trigger, triggers
from probe.domain.target import EndpointKind

GITHUB = Way(EndpointKind.GITHUB, "none", True)
BEFORE = Basis(
    targets={"release_completeness": 0.98},
    ways={"github": GITHUB},
    regions=frozenset({"eu-west-1"}),
    platforms=frozenset({"linux/amd64"}),
    size_p95_bytes=1000,
    releases_a_month=2.0,
)


def changed(**fields: object) -> list[tuple[Change, str]]:
    found = triggers(BEFORE, replace(BEFORE, **fields), ())
    return [(each.change, each.what) for each in found]


def test_what_is_the_same_triggers_nothing():
    assert triggers(BEFORE, BEFORE, ()) == ()


@pytest.mark.parametrize(
    ("fields", "change", "what"),
    [
        (
            {"regions": frozenset({"eu-west-1", "us-east-1"})},
            Change.REGIONS,
            "it has to be there in 2 regions, and had to in one",
        ),
        (
            {"ways": {"github": replace(GITHUB, auth_mode="bearer")}},
            Change.ACCESS,
            "one gets in by bearer",
        ),
        (
            {"refused": frozenset({"github"})},
            Change.ACCESS,
            "github asks for no credentials, and turned somebody away",
        ),
        ({"signed": True}, Change.PROOFS, "files are signed"),
        ({"attested": True}, Change.PROOFS, "files can show where they were built"),
        (
            {"targets": {**BEFORE.targets, "signature_coverage": 1.0}},
            Change.PROOFS,
            "signature_coverage has a target",
        ),
        (
            {"platforms": frozenset({"linux/amd64", "darwin/arm64"})},
            Change.GROWTH,
            "there are files for darwin/arm64",
        ),
        ({"size_p95_bytes": 1500}, Change.GROWTH, "the largest files are 1.5 times as large"),
        ({"releases_a_month": 4.0}, Change.GROWTH, "releases come 2.0 times as often"),
        (
            {"ways": {"repo": Way(EndpointKind.REPOSITORY, "none", True)}},
            Change.HOSTING,
            "it is hosted at repository, and was at github",
        ),
        (
            {"ways": {"github": GITHUB, "cdn": Way(EndpointKind.CDN, "none", True)}},
            Change.CACHING,
            "a cdn serves it",
        ),
        (
            {"cached": frozenset({"github"})},
            Change.CACHING,
            "a cache answers at github, which is none",
        ),
    ],
)
def test_each_kind_of_change_is_seen(fields, change, what):
    assert changed(**fields) == [(change, what)]


@pytest.mark.parametrize(
    "fields",
    [
        {"size_p95_bytes": 1499},
        {"size_p95_bytes": None},
        {"releases_a_month": 3.9},
        {"releases_a_month": None},
        {"platforms": frozenset()},
        {"regions": frozenset()},
        {"ways": {"other": GITHUB}},
        {"ways": {"github": GITHUB, "s3": Way(EndpointKind.S3, "none", True)}},
        {"targets": {}},
    ],
)
def test_what_is_no_other_delivery_triggers_nothing(fields):
    assert changed(**fields) == []


def test_one_release_more_in_a_quarter_is_not_twice_as_often():
    before = replace(BEFORE, releases_a_month=1 / 3)
    assert triggers(before, replace(before, releases_a_month=2 / 3), ()) == ()


def test_what_was_not_known_before_has_not_grown():
    before = replace(BEFORE, size_p95_bytes=None, releases_a_month=None, platforms=frozenset())
    assert triggers(before, BEFORE, ()) == ()


def test_failures_that_come_again_are_named():
    assert triggers(BEFORE, BEFORE, ["timeout:cdn"]) == (
        Trigger(Change.REPETITION, "incidents of timeout:cdn came again"),
    )
