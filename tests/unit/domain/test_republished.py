"""A file that comes anew under its name is noted, whatever else its catalog says anew."""

from dataclasses import replace
from datetime import timedelta

import pytest

from probe.domain.artifact import Digest, DigestAlgorithm
from probe.domain.republished import REPUBLISHED, renewals, republished
from tests.builders import NOON, a_release, an_artifact, sha256

FILE = an_artifact("w.tgz")
OTHER = sha256(b"built again")


def told(after, before=FILE, now=NOON):
    releases = [a_release("1.4.2", each) for each in (before, after)]
    return republished("widget", *releases, now)


def test_other_digests_are_other_bytes():
    [event] = told(replace(FILE, digests=(OTHER,)))
    assert (event.kind, event.product, event.channel) == (REPUBLISHED, "widget", "stable")
    assert (event.version, event.detail, event.at) == ("1.4.2", "w.tgz", NOON)


@pytest.mark.parametrize(
    "after",
    [
        FILE,
        replace(FILE, digests=(OTHER, *FILE.digests)),
        replace(FILE, digests=()),
        replace(FILE, digests=(Digest(DigestAlgorithm.SHA512, "b" * 128),)),
        replace(FILE, name="v.tgz", digests=(OTHER,)),
    ],
    ids=["the same", "one more", "none", "another algorithm", "another file"],
)
def test_nothing_else_is(after):
    assert told(after) == ()


def test_a_digest_where_there_was_none_says_nothing_of_other_bytes():
    assert told(FILE, replace(FILE, digests=())) == ()


def test_a_catalog_that_wavers_is_told_of_once_an_hour():
    other = replace(FILE, digests=(OTHER,))
    moments = [NOON + timedelta(minutes=each) for each in (0, 5, 59, 60)]
    ids = [event.id for at in moments for event in told(other, now=at)]
    assert ids[0] == ids[1] == ids[2] != ids[3]


def test_the_last_time_counts_of_each_file_of_the_version():
    [event] = told(replace(FILE, digests=(OTHER,)))
    later = replace(event, at=NOON + timedelta(hours=1))
    elsewhere = replace(later, version="1.4.1"), replace(later, kind="approval")
    assert renewals([event, later, *elsewhere], "1.4.2") == {"w.tgz": later.at}
