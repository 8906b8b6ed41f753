"""An artifact came to be there between the last miss and the first download."""

from dataclasses import replace

import pytest

from probe.domain.arrival import NOWHERE, Arrival, look
from probe.domain.bucket import Attempt
from probe.domain.failure import FailureReason, Phase
from probe.domain.moment import to_ms
from probe.domain.target import Depth
from tests.builders import NOON, a_target, an_artifact
from tests.ledgers import TARGET, an_attempt

START = to_ms(NOON)
DIGEST = TARGET.artifact.digests[0]
# The same file, published anew.
ANEW = a_target(artifact=an_artifact(body=b"built again"))


def after(*attempts: Attempt):
    arrival = NOWHERE
    for attempt in attempts:
        arrival = look(arrival, attempt)
    return arrival


def test_the_first_download_is_kept_with_the_last_miss_before_it():
    found = after(an_attempt(0, passed=False), an_attempt(15, passed=False), an_attempt(30))
    assert (found.first_ms, found.last_miss_ms) == (START + 30_000, START + 15_000)


def test_nothing_after_the_first_download_changes_it():
    found = after(an_attempt(0), an_attempt(15, passed=False), an_attempt(30))
    assert found == Arrival(START, None, DIGEST, matched=True)


def test_an_inconclusive_attempt_is_no_miss():
    assert after(an_attempt(0, passed=None)) is NOWHERE


def test_a_pass_that_proves_no_bytes_is_neither_a_sight_nor_a_miss():
    found = after(an_attempt(0, passed=False), an_attempt(15, depth=Depth.HEAD), an_attempt(30))
    assert (found.first_ms, found.last_miss_ms) == (START + 30_000, START)


def test_misses_that_come_in_late_do_not_move_the_last_one_back():
    assert after(an_attempt(15, passed=False), an_attempt(0, passed=False)).last_miss_ms == (
        START + 15_000
    )


def failing(reason: FailureReason, depth: Depth = Depth.FULL):
    return an_attempt(15, passed=False, depth=depth, fault=(reason, Phase.WAIT))


@pytest.mark.parametrize(
    ("later", "matched"),
    [
        (failing(FailureReason.CHECKSUM_MISMATCH), False),
        (failing(FailureReason.STALE), False),
        (failing(FailureReason.SIZE_MISMATCH), False),
        (failing(FailureReason.TIMEOUT), True),
        (failing(FailureReason.SIZE_MISMATCH, Depth.HEAD), True),
        (an_attempt(15, passed=None), True),
    ],
    ids=["mismatch", "stale", "another size", "timeout", "head alone", "inconclusive"],
)
def test_bytes_are_right_until_others_are_read_to_their_end(later, matched):
    assert after(an_attempt(0), later).matched is matched


def test_bytes_are_held_against_what_is_published_when_they_are_read():
    seen = after(an_attempt(0))
    assert (seen.is_of_other(TARGET.artifact), seen.is_of_other(ANEW.artifact)) == (False, True)
    found = look(seen, an_attempt(15, target=ANEW))
    assert found == replace(seen, digest=ANEW.artifact.digests[0])


def test_what_has_no_published_digest_is_held_against_nothing():
    bare = a_target(artifact=replace(TARGET.artifact, digests=()))
    assert after(an_attempt(0, target=bare)) == Arrival(START)
    assert not after(an_attempt(0)).is_of_other(bare.artifact)
