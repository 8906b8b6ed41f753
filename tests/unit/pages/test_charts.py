"""Charts say what they show, to eyes and ears, and escape what they are given."""

from xml.etree import ElementTree as ET

import pytest

from probe.pages import charts

HOSTILE = '"><script>alert(1)</script>'
DAYS = ["2026-08-19T00:00:00+00:00", "2026-08-20T00:00:00+00:00"]


def drawn(picture: str) -> ET.Element:
    return ET.fromstring(f"<div>{picture}</div>")  # noqa: S314 - drawn by what is tested


def titles(picture: str) -> list[str]:
    return [each.text or "" for each in drawn(picture).iter("title")]


def test_each_day_is_a_bar_and_what_is_unknown_is_not_down():
    days = [{"day": day, "ratio": ratio} for day, ratio in zip(DAYS, [None, 0.98], strict=True)]
    picture = charts.uptime_bars(days, "widget")
    assert titles(picture) == ["2026-08-19: unknown", "2026-08-20: 98 %"]
    assert [each.get("class") for each in drawn(picture).iter("rect")] == ["unknown", "bad"]


def test_a_rollout_climbs_to_the_whole_and_shows_where_it_should_be_by_then():
    picture = charts.steps([(60.0, 0.5), (120.0, 1.0)], 120.0, "rollout", 900.0)
    assert titles(picture) == [
        "target: within 15 min",
        "50 % after 1 min",
        "100 % after 2 min",
    ]


def test_a_rollout_that_has_not_begun_is_a_flat_line():
    assert titles(charts.steps([], 30.0, "rollout")) == []


def test_a_line_is_broken_where_nothing_is_known():
    line = charts.Line("cdn", [(0.0, 1.0), (86400.0, None), (172800.0, 2.0)])
    [path] = [each.get("d") or "" for each in drawn(charts.lines([line], "latency")).iter("path")]
    assert path.count("M") == 2


def test_nothing_measured_is_said():
    assert charts.lines([charts.series("cdn", DAYS, [None, None])], "l") == (
        '<p class="unknown">Nothing was measured yet.</p>'
    )


def test_reasons_are_stacked_with_their_counts():
    columns = charts.columns([{"day": DAYS[0], "counts": {"dns": 2, "timeout": 1}}])
    assert titles(charts.stacked(columns, ["dns", "timeout"], "failures")) == [
        "2026-08-19: 2 dns",
        "2026-08-19: 1 timeout",
    ]


def test_no_failure_is_good_news():
    assert charts.stacked([(0.0, {})], [], "failures") == '<p class="good">None.</p>'


def test_phases_are_as_long_as_their_share_of_the_longest():
    picture = charts.phases({"connect": 0.25, "wait": 0.25}, 1.0, ["connect", "wait"])
    widths = [float(each.get("width") or 0) for each in drawn(picture).iter("rect")]
    assert widths == [60.0, 60.0]


@pytest.mark.parametrize(
    "picture",
    [
        charts.uptime_bars([{"day": DAYS[0], "ratio": 1.0}], HOSTILE),
        charts.steps([(1.0, 1.0)], 1.0, HOSTILE),
        charts.lines([charts.series(HOSTILE, DAYS, [1.0, 2.0])], HOSTILE),
        charts.stacked([(0.0, {HOSTILE: 1.0})], [HOSTILE], HOSTILE),
        charts.phases({HOSTILE: 1.0}, 1.0, [HOSTILE]),
    ],
)
def test_what_comes_from_outside_is_escaped(picture):
    assert "<script" not in picture
    assert drawn(picture) is not None
    assert 'role="img"' in picture
