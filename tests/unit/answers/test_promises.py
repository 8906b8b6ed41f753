"""Whether an SLA may be promised."""

from datetime import timedelta

import pytest

from probe.answers import as_aims, promised, unfounded
from probe.domain.gate import Kind
from probe.domain.promise import mark_event
from probe.settings import Settings, parse
from tests.builders import NOON
from tests.ledgers import a_ledger

DAY = timedelta(days=1)
WHO = 'owner: ada, cadence: 31d, runbook: "https://run.example.com/"'
FIRST = (
    "8:49: products[0].targets.artifact_availability.kind: an SLA is a promise to customers, and "
    "needs 30 days of history of the same target as an SLO: "
)


def settings(**asked: str) -> Settings:
    targets = "".join(f"      {kpi}: {{{what}, {WHO}}}\n" for kpi, what in asked.items())
    text = f"""\
regions: [{{name: eu}}]
products:
  - name: widget
    source: {{kind: manifest, url: "file:///m.json"}}
    endpoints:
      - {{name: a, kind: cdn, url: "https://a.example/{{name}}"}}
    targets:
{targets}"""
    found = parse(text.encode(), "probe.yaml")
    assert isinstance(found, Settings), found
    return found


PROMISED = settings(artifact_availability="slo: 99.9%, kind: sla", mirror_coverage="slo: 90%")


def told(directory, asked=PROMISED):
    faults = unfounded(directory, asked.promises, NOON)
    return [str(each).removeprefix("probe.yaml:") for each in faults.values()]


async def marked(directory, *ages):
    with a_ledger(directory) as ledger:
        assert await ledger.keep(
            *(mark_event("widget", "stable", "artifact_availability", NOON - age * DAY)
              for age in ages)
        )  # fmt: skip


async def test_what_was_an_aim_for_30_days_may_be_promised(tmp_path):
    await marked(tmp_path, 2, 9, 16, 23, 30)
    assert told(tmp_path) == []


async def test_what_was_an_aim_for_less_is_told_from_when_on(tmp_path):
    await marked(tmp_path, 2, 9, 16, 23, 29)
    assert told(tmp_path) == [
        f"{FIRST}there is one since 2026-07-22; promise it from 2026-08-21 on"
    ]


async def test_what_never_was_an_aim_is_none(tmp_path):
    await marked(tmp_path)
    assert told(tmp_path) == [f"{FIRST}the ledger knows of none; ask for it with kind: slo first"]


def test_without_a_ledger_nothing_is_promised(tmp_path):
    assert told(tmp_path) == [f"{FIRST}there is no ledger at {tmp_path}/ledger.db"]


async def test_what_nothing_observes_is_never_promised(tmp_path):
    await marked(tmp_path, 2)
    [why] = told(tmp_path, settings(publish_success="slo: 99%, kind: sla"))
    assert why.endswith("publications of pipelines are not observed, so there is none")


def test_nothing_promised_asks_no_ledger(tmp_path):
    assert unfounded(tmp_path, settings(mirror_coverage="slo: 90%").promises, NOON) == {}


@pytest.mark.parametrize("early", [True, False])
def test_a_promise_that_may_not_be_made_is_an_aim(early):
    [product] = as_aims(PROMISED, PROMISED.promises if early else ()).products
    kinds = {each.kpi: each.kind for each in product.objectives}
    assert kinds == {
        "artifact_availability": Kind.SLO if early else Kind.SLA,
        "mirror_coverage": Kind.SLO,
    }


def test_what_is_promised_is_what_is_in_force():
    assert promised(PROMISED) == set(PROMISED.promises)
    assert promised(as_aims(PROMISED, PROMISED.promises)) == set()
