"""What counts as an answer of Prometheus, and what does not."""

import json
import math
from datetime import UTC, datetime

import pytest

from probe.domain.promql import Sample, Series
from probe.transport.prometheus_answer import Unusable, fault_of, samples_of, series_of

AT = datetime(2026, 8, 20, 12, tzinfo=UTC)
STAMP = AT.timestamp()


def said(kind: str, result: object, **more: object) -> bytes:
    data = {"resultType": kind, "result": result}
    return json.dumps({"status": "success", "data": data, **more}).encode()


def row(value: object, **labels: object) -> dict[str, object]:
    return {"metric": labels, "value": value}


ONE = [row([STAMP, "1"], __name__="up", job="a")]


def test_a_vector_is_samples_without_the_name_of_the_metric():
    assert samples_of(said("vector", ONE)) == (Sample({"job": "a"}, 1.0),)
    assert samples_of(said("vector", [])) == ()
    assert samples_of(said("scalar", [STAMP, "2.5"])) == (Sample({}, 2.5),)


@pytest.mark.parametrize("text", ["NaN", "+Inf", "-Inf"])
def test_what_is_not_finite_is_kept_as_it_is(text):
    [sample] = samples_of(said("vector", [row([STAMP, text])]))
    assert not math.isfinite(sample.value)


def test_a_matrix_is_series():
    rows = [{"metric": {"job": "a"}, "values": [[STAMP, "1"], [STAMP + 60, "2"]]}]
    later = datetime(2026, 8, 20, 12, 1, tzinfo=UTC)
    assert series_of(said("matrix", rows)) == (Series({"job": "a"}, ((AT, 1.0), (later, 2.0))),)


def test_a_remark_does_not_make_an_answer_partial():
    remark = ["PromQL info: metric might not be a counter"]
    assert samples_of(said("vector", ONE, warnings=remark)) == samples_of(said("vector", ONE))
    assert samples_of(said("vector", ONE, warnings=None)) == samples_of(said("vector", ONE))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html>", "its answer is not JSON: Expecting value"),
        (b"[]", "its answer is JSON, but not that of Prometheus"),
        (b"{}", "its answer is JSON, but not that of Prometheus"),
        (b'{"status": "error", "error": "no\\u0007 rules"}', "it answers: no rules"),
        (b'{"status": "error"}', "it answers: an error"),
        (b'{"status": "success"}', "its answer has no data"),
        (b'{"status": "success", "data": {"resultType": 1}}', "its answer has no data"),
        (said("matrix", []), "its answer is a matrix, not a vector"),
        (said("vector", {}), "its answer holds no list of series"),
        (said("vector", [1]), "a series of its answer is none"),
        (said("vector", [{"value": [STAMP, "1"]}]), "a series of its answer has no labels"),
        (said("vector", [row([STAMP, "1"], job=7)]), "a series of its answer has no labels"),
        (said("vector", [row([STAMP, 1])]), "a sample of its answer is no number at a time"),
        (said("vector", [row([STAMP, "one"])]), "a sample of its answer is no number at a time"),
        (said("vector", [row("12")]), "a sample of its answer is no number at a time"),
        (said("vector", [row([1e300, "1"])]), "a sample of its answer is no number at a time"),
        (said("vector", [{"metric": {}}]), "a sample of its answer is no number at a time"),
        (
            said("vector", ONE, warnings=["store a: connection refused"]),
            "its answer is partial: store a: connection refused",
        ),
        (said("vector", ONE, warnings="all is lost"), "its answer is partial: all is lost"),
        (
            said("vector", ONE, isPartial=True),
            "its answer is partial: some of its storage did not answer",
        ),
    ],
)
def test_from_anything_else_nothing_follows(body, why):
    with pytest.raises(Unusable) as refused:
        samples_of(body)
    assert str(refused.value).startswith(why)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (said("vector", []), "its answer is a vector, not a matrix"),
        (said("matrix", [{"metric": {}}]), "a series of its answer has no values"),
        (said("matrix", [{"metric": {}, "values": [[1]]}]), "a sample of its answer is no number"),
        (
            said("matrix", [{"metric": {}, "values": [0] * 500_001}]),
            "its answer has more than 500000 points",
        ),
    ],
)
def test_from_anything_but_a_matrix_no_series_follow(body, why):
    with pytest.raises(Unusable) as refused:
        series_of(body)
    assert str(refused.value).startswith(why)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"status": "error", "error": "parse error"}', "parse error"),
        (b"Bad Gateway", ""),
        (b"[1]", ""),
    ],
)
def test_an_error_says_what_it_says(body, said):
    assert fault_of(body) == said
