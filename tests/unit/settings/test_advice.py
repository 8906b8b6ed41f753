"""What a configuration that is right could do better."""

from pathlib import Path

import pytest

from probe.settings import Settings, load, parse
from tests.contracts.source import ROOT

WHO = 'owner: ada, cadence: 31d, runbook: "https://run.example.com/"'
ENDPOINTS = """\
    endpoints:
      - {name: origin, kind: repository, url: "https://o.example.com/{name}"}
      - {name: cdn, kind: cdn, url: "https://c.example.com/{name}"}
"""


def targets(**asked: str) -> str:
    lines = "".join(f"      {kpi}: {{{what}, {WHO}}}\n" for kpi, what in asked.items())
    return f"    targets:\n{lines}"


GOOD_TARGETS = {
    "release_completeness": "slo: 98%, mode: gate",
    "regional_availability": "slo: 99.5%",
    "global_propagation": "within: 30m",
    "signature_coverage": "slo: 100%",
    "time_to_restore": "within: 4h",
    "metadata_completeness": "slo: 98%",
}


def a_product(
    *parts: str,
    channel: str = "stable",
    owner: str = "release-team",
    endpoints: str = ENDPOINTS,
    asked: str = targets(**GOOD_TARGETS),
) -> str:
    head = f"  - name: widget\n    channel: {channel}\n    owner: {owner}\n"
    source = '    source: {kind: manifest, url: "file:///m.json"}\n'
    return head + source + endpoints + asked + "".join(parts)


def advice(*products: str, regions: str = "[{name: eu-west-1}, {name: us-east-1}]") -> list[str]:
    text = f"regions: {regions}\nproducts:\n{''.join(products)}"
    found = parse(text.encode(), "probe.yaml")
    assert isinstance(found, Settings), "\n".join(map(str, found))
    return [str(each).removeprefix("probe.yaml:") for each in found.advice]


def test_what_follows_every_habit_gets_no_advice():
    assert advice(a_product()) == []


def test_somebody_owns_a_product():
    assert advice(a_product(owner='""')) == [
        "5:12: products[0].owner: nobody is told when it cannot be had: name a team"
    ]


def test_there_are_two_ways_to_the_files():
    one = ENDPOINTS.partition("      - {name: cdn")[0]
    assert advice(a_product(endpoints=one)) == [
        (
            "7:5: products[0].endpoints: there is one way to the files, so that nothing tells a "
            "broken origin from a stale copy: add a second one, such as the origin behind the CDN"
        )
    ]


def test_it_is_probed_from_two_regions():
    [one] = advice(a_product(), regions="[{name: eu-west-1}]")
    assert one.startswith("1:1: regions: widget (stable) is probed from one region")
    narrow = ENDPOINTS.replace("{name}", "{name}").replace('"}', '", regions: [us-east-1]}')
    [one] = advice(a_product(endpoints=narrow))
    assert one.startswith("7:5: products[0].endpoints: widget (stable) is probed from one region")


def test_the_kpis_that_come_first_have_targets():
    asked = {kpi: what for kpi, what in GOOD_TARGETS.items() if kpi != "signature_coverage"}
    assert advice(a_product(asked=targets(**asked))) == [
        (
            "10:5: products[0].targets: nothing is asked of signature_coverage: delivery-probe "
            "baseline proposes targets, and starter_set may name other KPIs of the same categories"
        )
    ]


def test_other_kpis_may_come_first():
    others = {kpi: what for kpi, what in GOOD_TARGETS.items() if kpi != "signature_coverage"}
    others["checksum_coverage"] = "slo: 100%"
    chosen = [*others]
    chosen.remove("metadata_completeness")
    starter = f"    starter_set: [{', '.join(chosen)}]\n"
    assert advice(a_product(starter, asked=targets(**others))) == []


def test_one_kpi_of_each_category_comes_first():
    starter = "    starter_set: [release_completeness, metadata_completeness, time_to_restore]\n"
    assert [each.partition("starter_set: ")[2] for each in advice(a_product(starter))] == [
        (
            "release_completeness, metadata_completeness are of completeness: choose one KPI of "
            "each category"
        ),
        "none is of availability: choose one KPI of each category",
        "none is of performance: choose one KPI of each category",
        "none is of integrity: choose one KPI of each category",
    ]


def test_what_is_badly_described_is_somebodys():
    asked = {kpi: what for kpi, what in GOOD_TARGETS.items() if kpi != "metadata_completeness"}
    assert advice(a_product(asked=targets(**asked))) == [
        (
            "10:5: products[0].targets: metadata_completeness has no target and no owner: nobody "
            "finds what is badly described"
        )
    ]


def test_something_stops_a_release():
    asked = {**GOOD_TARGETS, "release_completeness": "slo: 98%"}
    assert advice(a_product(asked=targets(**asked))) == [
        "10:5: products[0].targets: no target has mode: gate, so nothing ever stops a release"
    ]


def test_what_nothing_observes_is_no_gate():
    asked = {**GOOD_TARGETS, "publish_success": "slo: 99%, mode: gate"}
    assert advice(a_product(asked=targets(**asked))) == [
        (
            "17:41: products[0].targets.publish_success.mode: publications of pipelines are not "
            "observed, and what is unknown passes no gate: use inform"
        )
    ]


def test_channels_do_not_share_their_targets():
    same = advice(a_product(), a_product(channel="nightly"))
    assert same == [
        (
            "24:5: products[1].targets: are those of channel stable, though nightly is delivered "
            "to others and otherwise: ask what suits it"
        )
    ]
    looser = {**GOOD_TARGETS, "release_completeness": "slo: 90%, mode: gate"}
    assert advice(a_product(), a_product(channel="nightly", asked=targets(**looser))) == []


def test_without_targets_each_habit_is_told_once():
    told = advice(a_product(asked=""))
    assert [each.partition(": ")[2][:40] for each in told] == [
        "products[0].targets: nothing is asked of",
        "products[0].targets: metadata_completene",
    ]
    assert all(each.startswith("3:5: ") for each in told)


@pytest.mark.parametrize("name", ["release_completness", ""])
def test_a_kpi_that_is_none_is_a_fault(name):
    text = f"regions: [{{name: a}}]\nproducts:\n{a_product(f'    starter_set: [{name!r}]')}\n"
    [fault] = parse(text.encode(), "probe.yaml")
    assert fault.key == "products[0].starter_set[0]"
    assert fault.message.startswith("is the name of no KPI; ")


def test_an_owner_that_is_blank_is_nobody():
    asked = targets(release_completeness="slo: 98%").replace("owner: ada", 'owner: "  "')
    text = f"regions: [{{name: a}}]\nproducts:\n{a_product(asked=asked)}"
    [fault] = parse(text.encode(), "probe.yaml")
    assert (fault.key, fault.message) == (
        "products[0].targets.release_completeness.owner",
        "must not be empty",
    )


def test_the_first_example_follows_every_habit():
    settings = load(Path(ROOT / "config/github-s3-cdn.yaml"))
    assert isinstance(settings, Settings)
    assert settings.advice == ()
