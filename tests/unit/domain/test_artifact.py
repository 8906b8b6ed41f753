import pytest

from probe.domain.artifact import (
    ANY_PLATFORM,
    GIB,
    MIB,
    AssetClass,
    Digest,
    DigestAlgorithm,
    Platform,
    SizeTier,
)

SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def test_a_digest_is_parsed_from_the_oci_form_in_any_case():
    assert Digest.parse(f" SHA256:{SHA256.upper()}\n") == Digest(DigestAlgorithm.SHA256, SHA256)


def test_sha_2_names_of_openssl_are_the_same_algorithm():
    assert Digest.of("SHA-256", SHA256).algorithm is DigestAlgorithm.SHA256


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SHA256, "expected algorithm:hex"),
        ("md5:d41d8cd98f00b204e9800998ecf8427e", "digest algorithm 'md5' is not accepted"),
        ("sha256:abc", "64 lower-case hexadecimal characters, not 'abc'"),
        (f"sha512:{SHA256}", "128 lower-case hexadecimal characters"),
        (f"sha256:{'g' * 64}", "64 lower-case hexadecimal characters"),
    ],
)
def test_what_is_no_digest_is_refused_with_what_would_be_right(text, message):
    with pytest.raises(ValueError, match=message):
        Digest.parse(text)


def test_a_digest_prints_as_it_is_parsed():
    assert str(Digest.parse(f"sha256:{SHA256}")) == f"sha256:{SHA256}"


@pytest.mark.parametrize(
    ("size", "tier"),
    [
        (None, SizeTier.UNKNOWN),
        (0, SizeTier.XS),
        (MIB - 1, SizeTier.XS),
        (MIB, SizeTier.S),
        (10 * MIB, SizeTier.M),
        (100 * MIB, SizeTier.L),
        (GIB - 1, SizeTier.L),
        (GIB, SizeTier.XL),
    ],
)
def test_size_tiers_begin_at_their_lower_bound(size, tier):
    assert SizeTier.of(size) is tier


def test_a_platform_reads_as_go_spells_it():
    assert [str(Platform("linux", "amd64")), str(ANY_PLATFORM)] == ["linux/amd64", "any"]


def test_what_vouches_for_a_file_is_not_distributable():
    kept_out = {kind for kind in AssetClass if not kind.distributable}
    assert kept_out == {
        AssetClass.CHECKSUM,
        AssetClass.SIGNATURE,
        AssetClass.CERTIFICATE,
        AssetClass.PROVENANCE,
        AssetClass.SBOM,
        AssetClass.METADATA,
    }
