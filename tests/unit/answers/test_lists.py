"""Lists of incidents and of rollouts, from a real ledger."""

from dataclasses import replace
from datetime import timedelta

import jsonschema
import pytest

from probe.answers import ReleaseAnswers, Sources
from probe.domain.evidence import Event, Pair, Published, RestoredBy, SightedKind, Sighting
from probe.domain.incident_record import IncidentSearch
from probe.domain.marker import Marker, MarkerKind
from probe.domain.part import Part
from probe.ports import EvidenceUnavailable, NoSuchProduct
from probe.web.lists import INCIDENT as ONE_INCIDENT
from probe.web.lists import INCIDENTS, ROLLOUTS
from probe.web.openapi.operation import JSON, Operation
from tests.builders import NOON, a_release
from tests.fakes.clock import FakeClock
from tests.ledgers import INCIDENT, a_ledger
from tests.unit.answers.builders import CDN, configured

EU, US = Pair("cdn", "eu-west-1"), Pair("cdn", "us-east-1")
OLD = a_release("1.4.1", published_at=NOON - timedelta(days=9))
NEW = a_release(published_at=NOON - timedelta(hours=1))
GONE = replace(a_release("1.4.0", published_at=NOON - timedelta(days=20)), yanked=True)
MARKER = Marker(MarkerKind.POINTER, "http://127.0.0.1:9/latest.json", "latest")
WIDGET = configured()
POINTED = replace(WIDGET, product=replace(WIDGET.product, endpoints=(replace(CDN, marker=MARKER),)))


def sighting(minutes: int, kind: SightedKind = SightedKind.ASSET) -> Sighting:
    name = NEW.artifacts[0].name if kind is SightedKind.ASSET else "latest"
    first_at = NEW.published_at + timedelta(minutes=minutes)
    missed_at = first_at - timedelta(seconds=30)
    place = ("widget", "stable", "1.4.2", kind, name, "cdn", "eu-west-1", "")
    return Sighting(*place, first_at, missed_at)


@pytest.fixture
async def directory(tmp_path):
    with a_ledger(tmp_path) as ledger:
        assert await ledger.keep(
            *(Published("widget", each, (EU, US), each.published_at) for each in (OLD, NEW, GONE)),
            sighting(5),
            sighting(7, SightedKind.POINTER),
            INCIDENT,
            replace(INCIDENT, id="i-2", joined="i-1", region="us-east-1"),
        )
    return tmp_path


def answering(directory, product=WIDGET) -> ReleaseAnswers:
    return ReleaseAnswers(lambda: Sources(directory), lambda: [product], FakeClock())


async def test_rollouts_are_of_the_newest_first_and_none_is_of_what_was_withdrawn(directory):
    found = await answering(directory).rollouts("widget", "", "", Part())
    assert (found["source"], found["total"]) == ("ledger", 2)
    assert [each["version"] for each in found["rollouts"]] == ["1.4.2", "1.4.1"]


async def test_a_rollout_names_pairs_and_how_sure_their_times_are(directory):
    found = await answering(directory).rollouts("widget", "stable", "1.4.2", Part())
    [row] = found["rollouts"]
    first = {
        "endpoint": "cdn",
        "region": "eu-west-1",
        "seconds": 300.0,
        "uncertainty_seconds": 30.0,
    }
    assert row["asset"]["fastest"] == row["asset"]["slowest"] == first
    assert row["asset"]["pending"] == [{"endpoint": "cdn", "region": "us-east-1"}]
    assert row["asset"]["pending_seconds"] == 3600.0
    assert (row["asset"]["propagation_seconds"], row["asset"]["complete"]) == (None, False)
    assert row["pointer"] is None


async def test_pointers_come_apart_from_files(directory):
    found = await answering(directory, POINTED).rollouts("widget", "", "1.4.2", Part())
    [row] = found["rollouts"]
    assert row["asset"]["fastest"]["seconds"] == 300.0
    assert row["pointer"]["fastest"]["seconds"] == 420.0


async def test_a_release_counts_from_when_it_was_approved(directory):
    at = NEW.published_at - timedelta(minutes=10)
    with a_ledger(directory) as ledger:
        assert await ledger.keep(
            Event("e-9", "approval", "widget", "stable", "1.4.2", at, "ci", "run 7")
        )
    found = await answering(directory).rollouts("widget", "", "1.4.2", Part())
    assert found["rollouts"][0]["asset"]["start_source"] == "approval"
    assert found["rollouts"][0]["asset"]["first_available_seconds"] == 900.0


async def test_rollouts_come_in_parts(directory):
    found = await answering(directory).rollouts("widget", "", "", Part(limit=1, offset=1))
    assert (found["total"], found["limit"], found["offset"]) == (2, 1, 1)
    assert [each["version"] for each in found["rollouts"]] == ["1.4.1"]


@pytest.mark.parametrize("version", ["9.9", "1.4.0"])
async def test_of_a_release_that_is_not_there_is_no_rollout(directory, version):
    found = await answering(directory).rollouts("widget", "", version, Part())
    assert (found["total"], found["rollouts"]) == (0, [])


async def test_a_product_that_is_not_configured_has_none(directory):
    with pytest.raises(NoSuchProduct):
        await answering(directory).rollouts("gadget", "", "", Part())


async def test_incidents_are_listed_with_all_that_is_known_of_them(directory):
    found = await answering(directory).incidents(IncidentSearch({"region": "eu-west-1"}))
    assert (found["total"], found["limit"], found["offset"]) == (1, 100, 0)
    [row] = found["incidents"]
    assert (row["id"], row["state"], row["reason"]) == ("i-1", "open", "timeout")
    assert (row["restored_at"], row["part_of"], row["cause"]) == (None, None, None)


async def test_an_incident_is_shown_with_its_parts(directory):
    over = NOON + timedelta(hours=2)
    with a_ledger(directory) as ledger:
        closed = replace(INCIDENT, restored_at=over, restored_by=RestoredBy.ENDPOINT)
        assert await ledger.keep(closed)
    found = await answering(directory).incident("i-1")
    assert (found["state"], found["restored_by"]) == ("closed", "endpoint")
    assert [each["id"] for each in found["parts"]] == ["i-2"]
    assert found["whole"]["onset_at"] == NOON.isoformat()
    assert await answering(directory).incident("i-9") is None


async def test_without_a_ledger_there_are_no_lists(tmp_path):
    answers = answering(tmp_path)
    for asked in (
        answers.incidents(IncidentSearch()),
        answers.incident("i-1"),
        answers.rollouts("widget", "", "", Part()),
    ):
        with pytest.raises(EvidenceUnavailable, match="there is no ledger at"):
            await asked


def _schema_of(operation: Operation) -> object:
    return operation.replies[200].body[JSON]


@pytest.mark.parametrize("product", [WIDGET, POINTED], ids=["files", "pointers"])
async def test_lists_fit_their_schemas(directory, product):
    answers = answering(directory, product)
    rollouts = await answers.rollouts("widget", "", "", Part())
    jsonschema.validate(rollouts, _schema_of(ROLLOUTS))
    jsonschema.validate(await answers.incidents(IncidentSearch()), _schema_of(INCIDENTS))
    jsonschema.validate(await answers.incident("i-1"), _schema_of(ONE_INCIDENT))
