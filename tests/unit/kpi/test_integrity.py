"""I1-I4: what is proven, and what nobody has looked at."""

from probe.domain.artifact import AssetClass
from probe.domain.bucket import Tally
from probe.domain.failure import FailureReason, Phase
from probe.kpi import Measured, Signed, Unknown
from probe.kpi.integrity import (
    CHECKSUM_COVERAGE,
    PROVENANCE_COVERAGE,
    SIGNATURE_COVERAGE,
    VERIFICATION_SUCCESS,
)
from tests.builders import an_artifact
from tests.unit.kpi.builders import a_segment, an_asset, counted, of, released

SUMS = an_asset(an_artifact("SHA256SUMS", asset_class=AssetClass.CHECKSUM))


def test_a_digest_covers_a_file_once_bytes_had_it():
    refuted = an_asset(proven=False)
    without = an_asset(an_artifact(digests=()), proven=True)
    release = released(an_asset(proven=True), refuted, without, SUMS)
    assert CHECKSUM_COVERAGE.value(of(release)) == Measured(1 / 3, 3)


def test_a_release_of_which_not_all_was_read_is_in_neither_side():
    unread = released(an_asset(proven=True), an_asset())
    assert CHECKSUM_COVERAGE.value(of(unread)) == Unknown("not all of 2 files were looked at")
    sound = released(an_asset(proven=True))
    assert CHECKSUM_COVERAGE.value(of(unread, sound)) == Measured(1.0, 1, excluded=2)


def test_only_a_signature_that_verifies_covers_a_file():
    signed = [an_asset(signed=each) for each in Signed]
    assert SIGNATURE_COVERAGE.value(of(released(*signed))) == Measured(1 / 3, 3)


def test_signatures_that_nobody_looked_at_are_unknown():
    value = SIGNATURE_COVERAGE.value(of(released(an_asset(), an_asset())))
    assert value == Unknown("not all of 2 files were looked at")


def test_provenance_is_of_a_release_in_which_every_file_has_it():
    whole = released(an_asset(attested=True), an_asset(attested=True))
    half = released(an_asset(attested=True), an_asset(attested=False))
    unseen = released(an_asset(attested=True), an_asset())
    assert PROVENANCE_COVERAGE.value(of(whole, half, unseen)) == Measured(0.5, 2, excluded=1)


def test_only_bytes_that_were_all_there_can_fail_to_verify():
    faults = {
        (FailureReason.CHECKSUM_MISMATCH, Phase.VERIFY): 1,
        (FailureReason.STALE, Phase.VERIFY): 1,
        (FailureReason.TRUNCATED, Phase.TRANSFER): 30,
    }
    tally = Tally(attempts=40, verified=8, full_attempts=40, full_verified=8, faults=faults)
    assert VERIFICATION_SUCCESS.value(counted((a_segment(), tally))) == Measured(0.8, 10)
