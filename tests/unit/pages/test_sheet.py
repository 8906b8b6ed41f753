"""The page of a scorecard that stands alone."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from probe.domain.gate import Mode, Objective, Override, Reading, evaluate
from probe.domain.gate_record import Record
from probe.domain.promql import Sample
from probe.kpi.central import Central, Facts, central_scorecard
from probe.kpi.scorecard import scorecard
from probe.kpi.scorecard_record import scorecard_record
from probe.pages import scorecard_sheet
from tests.builders import NOON
from tests.ledgers import INCIDENT
from tests.unit.kpi.builders import an_asset, of, released, the_evidence
from tests.unit.kpi.central.findings import asked

HOSTILE = "<script>alert(1)</script>'\"\u202e"
GATE = Objective(
    "mirror_coverage",
    0.9,
    higher_is_better=True,
    mode=Mode.GATE,
    owner="mirrors",
    runbook="https://runbooks.example.com/mirrors",
)
WORD = Override("mirror_coverage", "ada", HOSTILE, NOON + timedelta(days=1))


class Page(HTMLParser):
    """Collects every tag with its attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, text):
        if self.tags and self.tags[-1][0] != "style":
            self.text += text

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


def a_record() -> Record:
    evidence = replace(of(released(an_asset(proven=False))), incidents=(INCIDENT,))
    known = {GATE.kpi: Reading(0.5, NOON, 2, of_product=True)}
    gate = evaluate([GATE], known, NOON, overrides=[WORD])
    return scorecard_record(scorecard(evidence), gate)


def test_nothing_of_it_comes_from_elsewhere():
    page = Page(scorecard_sheet(a_record(), "/api/v1/scorecard/widget").html)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.tags}
    assert not [name for _, each in page.tags for name in each if name in ("src", "style")]
    links = [each["href"] for tag, each in page.tags if tag == "a"]
    assert links == [GATE.runbook, "/api/v1/scorecard/widget"]


def test_its_style_is_the_one_that_its_policy_allows():
    sheet = scorecard_sheet(a_record())
    [style] = re.findall(r"<style>(.*?)</style>", sheet.html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert sheet.policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert style.isascii()
    assert "prefers-color-scheme: dark" in style
    [metas] = [
        each for tag, each in Page(sheet.html).tags if tag == "meta" and "http-equiv" in each
    ]
    assert metas["content"] == sheet.policy


def test_it_fits_a_phone():
    metas = [each for tag, each in Page(scorecard_sheet(a_record()).html).tags if tag == "meta"]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in metas


def test_it_says_what_the_record_says():
    words = Page(scorecard_sheet(a_record()).html).words
    for said in (
        "widget 1.4.2 stable",
        "2026-07-21 12:00:00 UTC to 2026-08-20 12:00:00 UTC, by the ledger of this region alone",
        "Incidents 1, 1 open",
        "by the ledger of this region alone. What is known Completeness",
        "not checked yet: widget_1.4.2_linux_amd64.tar.gz",
        "auth 0, not_found 0, timeout 0, checksum_mismatch 0",
        "mirror_coverage",
        "50 % at least 90 %",
        "of the whole product, not of this release",
        "overridden by ada until 2026-08-21 12:00:00 UTC:",
    ):
        assert said in words


def test_what_comes_from_outside_is_text_and_cannot_turn_it_around():
    record = a_record()
    record["product"] = HOSTILE
    record["completeness"] |= {
        "missing": [
            {"kind": "file", "name": HOSTILE, "platform": None, "inferred": True} for _ in range(51)
        ],
        "unexpected": [HOSTILE],
        "renamed": [{"from": HOSTILE, "to": HOSTILE}],
    }
    record["fallback"] |= {
        "missing": [HOSTILE],
        "failed_publications": [{"endpoint": HOSTILE, "region": "eu", "outcome": "outage"}],
    }
    sheet = scorecard_sheet(record)
    assert "<script" not in sheet.html
    assert "\u202e" not in sheet.html
    page = Page(sheet.html)
    assert page.words.count("<script>alert(1)</script>") == 58
    assert "and 1 more" in page.words
    for said in (
        "as the release before it had",
        "unexpected: <script>",
        "not at GitHub: <script>",
        "from eu: users there had it from nowhere",
    ):
        assert said in page.words


def test_nothing_is_said_of_a_fallback_where_there_is_none():
    assert "Fallback" not in Page(scorecard_sheet(a_record()).html).words


def test_of_nothing_known_every_line_is_unknown():
    nothing = Central({}, Facts(), the_evidence(), "there is no ledger")
    card = central_scorecard(nothing, asked())
    words = Page(scorecard_sheet(scorecard_record(card)).html).words
    assert "by Prometheus over all regions" in words
    assert words.count("unknown") == 7
    assert "No targets are configured for it." in words


@pytest.mark.parametrize("version", ["", "1.4.2"])
def test_failures_of_all_releases_are_said_to_be(version):
    findings = {"attempts": (Sample({}, 1000.0),), "reasons": (Sample({"reason": "dns"}, 0.1),)}
    nothing = Central(findings, Facts(), the_evidence(), "there is no ledger")
    card = central_scorecard(nothing, replace(asked(), version=version))
    words = Page(scorecard_sheet(scorecard_record(card)).html).words
    assert "dns 100 (10 %)" in words
    of_product = "of 1\N{THIN SPACE}000 attempts for any release of the product"
    assert (" ".join(of_product.split()) in words) == bool(version)
