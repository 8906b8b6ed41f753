"""What reviews were held against."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probe.domain.basis import Basis, Way, basis_text, read_basis, reviewed_at
from probe.domain.evidence import Review
from probe.domain.target import EndpointKind
from tests.builders import NOON

DAY = timedelta(days=1)
BASIS = Basis(
    targets={"release_completeness": 0.98, "global_propagation": 1800.0},
    ways={"github": Way(EndpointKind.GITHUB, "none", True)},
    regions=frozenset({"eu-west-1"}),
    platforms=frozenset({"linux/amd64", "windows/amd64"}),
    size_p95_bytes=10_485_760,
    releases_a_month=2.5,
    signed=True,
    cached=frozenset({"github"}),
)

names = st.text(max_size=20)
sets = st.frozensets(names, max_size=4)
ways = st.builds(Way, st.sampled_from(EndpointKind), names, st.booleans())
bases = st.builds(
    Basis,
    targets=st.dictionaries(names, st.floats(0, 1e9), max_size=4),
    ways=st.dictionaries(names, ways, max_size=4),
    regions=sets,
    platforms=sets,
    size_p95_bytes=st.none() | st.integers(0, 2**60),
    releases_a_month=st.none() | st.floats(0, 1e6),
    signed=st.booleans(),
    attested=st.booleans(),
    cached=sets,
    refused=sets,
)


@given(bases)
def test_what_is_written_is_what_is_read(basis):
    assert read_basis(basis_text(basis)) == basis


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        "[" * 100_000,
        json.dumps({**json.loads(basis_text(BASIS)), "form": 2}),
        json.dumps({**json.loads(basis_text(BASIS)), "ways": {"a": ["ftp", "none", True]}}),
        json.dumps({**json.loads(basis_text(BASIS)), "targets": [1]}),
        json.dumps({**json.loads(basis_text(BASIS)), "regions": 7}),
        json.dumps({**json.loads(basis_text(BASIS)), "size_p95_bytes": 1e999}),
    ],
)
def test_what_an_import_brings_and_cannot_be_read_is_no_basis(text):
    assert read_basis(text) is None


def review(at, basis=BASIS):
    return Review("widget", "stable", at, "ada", basis_text(basis), "")


def test_a_kpi_was_reviewed_when_it_had_a_target():
    later = Basis(targets={"release_completeness": 0.99})
    reviews = [review(NOON, later), review(NOON - 9 * DAY), review(NOON - 99 * DAY)]
    assert reviewed_at(reviews, "release_completeness") == NOON
    assert reviewed_at(reviews, "global_propagation") == NOON - 9 * DAY
    assert reviewed_at(reviews, "mirror_coverage") is None
