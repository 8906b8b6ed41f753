"""No marker, however broken, does more than say nothing."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from probe.domain.marker import Marker, MarkerKind, Sign, moment_of, sign_of, version_named

moments = st.integers(788_918_400, 7_258_118_399).map(lambda at: datetime.fromtimestamp(at, UTC))
versions = st.lists(
    st.from_regex(r"v?[1-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2}", fullmatch=True), unique=True
)


@given(st.sampled_from(MarkerKind), st.binary(max_size=300), st.text(max_size=60))
def test_whatever_a_mirror_answers_is_a_sign_or_none(kind, body, value):
    sign = sign_of(Marker(kind, "https://m.example/", header="h"), {"h": value}, body)
    assert sign is None or isinstance(sign, Sign)
    if sign is not None and sign.synced_at is not None:
        assert sign.synced_at.tzinfo is UTC


@given(st.text(max_size=120))
def test_any_text_is_a_moment_or_none(text):
    moment = moment_of(text)
    assert moment is None or 1995 <= moment.year < 2200


@given(moments)
def test_every_way_to_write_a_moment_is_read(moment):
    written = [
        moment.isoformat(),
        moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        moment.strftime("%a %b %d %H:%M:%S UTC %Y"),
        moment.strftime("%a, %d %b %Y %H:%M:%S GMT"),
    ]
    assert {moment_of(text) for text in written} == {moment}


@given(versions, st.binary(max_size=300))
def test_a_pointer_names_a_known_version_or_none(known, body):
    assert version_named(body, known) in {*known, ""}


@given(versions.filter(bool), st.data())
def test_a_pointer_that_is_a_version_names_it(known, data):
    version = data.draw(st.sampled_from(known))
    named = version_named(version.encode() + b"\n", known)
    assert named.removeprefix("v") == version.removeprefix("v")
