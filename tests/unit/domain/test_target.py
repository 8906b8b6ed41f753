import pytest

from probe.domain.artifact import MIB, Platform
from probe.domain.target import Depth, Earlier, Probe, Region, Slice
from tests.builders import a_release, a_target, an_artifact, an_endpoint, sha256


def test_the_key_names_artifact_and_pair():
    assert a_target().key == (
        "widget/stable/1.4.2/widget_1.4.2_linux_amd64.tar.gz@origin/eu-west-1"
    )


def test_a_pinned_address_is_a_target_of_its_own_with_the_same_url():
    plain, pinned = a_target(), a_target(address="192.0.2.7")
    assert pinned.key == f"{plain.key}#192.0.2.7"
    assert pinned.url == plain.url


def test_the_url_is_filled_from_the_release_and_its_artifact():
    artifact = an_artifact("w.zip", platform=Platform("windows", "amd64"))
    endpoint = an_endpoint(url="https://dl.example/{product}/{channel}/{tag}/{os}-{arch}/{name}")
    target = a_target(artifact=artifact, release=a_release("1.4.2", artifact), endpoint=endpoint)
    assert target.url == "https://dl.example/widget/stable/v1.4.2/windows-amd64/w.zip"


def test_what_a_path_may_not_hold_is_percent_encoded_and_what_it_may_is_not():
    artifact = an_artifact("a b#c?d%e+f~g@h.zip")
    endpoint = an_endpoint(url="https://dl.example/{name}?sig=a%2Fb")
    target = a_target(artifact=artifact, endpoint=endpoint)
    assert target.url == "https://dl.example/a%20b%23c%3Fd%25e+f~g@h.zip?sig=a%2Fb"


def test_reading_goes_one_byte_past_the_largest_size_the_artifact_ever_had():
    older = Earlier("1.4.1", 5000, (sha256(b"old"),))
    assert a_target(artifact=an_artifact(size=3000), history=(older,)).byte_limit == 5001


def test_an_unpublished_size_sets_no_limit_of_its_own():
    assert a_target(artifact=an_artifact(body=None)).byte_limit is None


@pytest.mark.parametrize(
    ("size", "part", "span"),
    [
        (3 * MIB, Slice.FIRST, (0, MIB - 1)),
        (3 * MIB, Slice.LAST, (2 * MIB, 3 * MIB - 1)),
        (10, Slice.FIRST, (0, 9)),
        (10, Slice.LAST, (0, 9)),
    ],
)
def test_a_range_covers_one_end(size, part, span):
    target = a_target(artifact=an_artifact(size=size))
    assert Probe(target, Depth.RANGE, part).byte_range == span


def test_only_a_range_asks_for_a_range():
    assert Probe(a_target(), Depth.FULL).byte_range is None


def test_a_range_of_an_unknown_size_is_our_mistake():
    probe = Probe(a_target(artifact=an_artifact(body=None)), Depth.RANGE)
    with pytest.raises(ValueError, match="a range needs a published size"):
        _ = probe.byte_range


def test_two_regions_are_two_targets():
    assert a_target(region=Region("a")).key != a_target(region=Region("b")).key
