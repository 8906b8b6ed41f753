"""Selectors: whatever a label holds, it stays a label."""

from probe.domain.promql import Sample, selector


def test_a_metric_without_labels_is_its_name():
    assert selector("up", {}) == "up"


def test_labels_are_quoted_and_cannot_end_their_quotes():
    asked = selector("up", {"product": "widget", "version": 'a"} or vector(1) #\\\n'})
    assert asked == 'up{product="widget", version="a\\"} or vector(1) #\\\\\\n"}'


def test_a_label_that_is_not_there_is_empty():
    assert Sample({"a": "b"}, 1.0).label("c") == ""
