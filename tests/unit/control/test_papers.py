"""Documents are read again and again, and what they turned out to be is kept."""

import pytest

from probe.control.papers import MOST, MOST_BYTES, Papers
from probe.domain.paper import Paper
from probe.ports import DocumentUnavailable
from tests.fakes.clock import FakeClock
from tests.fakes.documents import FakeDocuments, a_document
from tests.fakes.ledger import FakeLedger

WIDGET = ("widget", "stable")
NOTES = Paper("https://example.com/notes", "1.4.1")
BACK = Paper("https://example.com/back", "1.4.1")


class World:
    def __init__(self):
        self.documents, self.clock, self.ledger = FakeDocuments(), FakeClock(), FakeLedger()
        self.papers = Papers(self.documents, self.clock, self.ledger.keep)

    def kept(self):
        return [(each.subject, each.outcome, each.at) for each in self.ledger.entries]


@pytest.fixture
def world():
    return World()


async def test_each_is_read_and_what_it_is_is_kept_under_its_version(world):
    world.documents.answer(NOTES.url, a_document("Widget 1.4.1"))
    world.papers.want(WIDGET, [NOTES, BACK, NOTES])
    await world.papers.read(WIDGET)
    now = world.clock.now()
    assert world.kept() == [(NOTES.subject, "names", now), (BACK.subject, "absent", now)]
    notes, back = world.ledger.entries
    assert (notes.product, notes.channel, notes.version) == (*WIDGET, "1.4.1")
    assert (notes.detail, back.detail) == ("status 200", "status 404")


async def test_what_names_its_version_is_read_once_an_hour(world):
    world.documents.answer(NOTES.url, a_document("Widget 1.4.1"))
    world.papers.want(WIDGET, [NOTES])
    for seconds in (0, 3599, 1):
        await world.clock.advance(seconds)
        await world.papers.read(WIDGET)
        world.papers.want(WIDGET, [NOTES])
    assert world.documents.urls == [NOTES.url] * 2


async def test_what_was_not_wanted_for_a_while_is_read_at_once_when_it_is_again(world):
    world.documents.answer(NOTES.url, a_document("Widget 1.4.1"))
    for wanted in ([NOTES], [], [NOTES]):
        world.papers.want(WIDGET, wanted)
        await world.papers.read(WIDGET)
    assert world.documents.urls == [NOTES.url] * 2


async def test_what_is_put_up_just_after_it_was_read_is_found_a_minute_later(world):
    world.documents.answer(NOTES.url, a_document(status=404), a_document("Widget 1.4.1"))
    world.papers.want(WIDGET, [NOTES])
    await world.papers.read(WIDGET)
    await world.clock.advance(60)
    await world.papers.read(WIDGET)
    assert [each.outcome for each in world.ledger.entries] == ["absent", "names"]


async def test_what_is_not_put_up_is_read_each_minute_of_an_hour_and_then_each_hour(world):
    world.papers.want(WIDGET, [NOTES])
    for _ in range(24 * 60):
        await world.papers.read(WIDGET)
        await world.clock.advance(60)
    assert len(world.documents.urls) == 60 + 23


@pytest.mark.parametrize(
    "fault", [DocumentUnavailable("refused"), a_document(status=503), a_document(status=429)]
)
async def test_a_host_that_fails_costs_a_minute_and_what_was_known_stays(world, fault):
    fine = a_document("Widget 1.4.1")
    world.documents.answer(NOTES.url, fine, fault, fine)
    world.papers.want(WIDGET, [NOTES])
    for seconds in (0, 3600, 60):
        await world.clock.advance(seconds)
        await world.papers.read(WIDGET)
    assert [each.outcome for each in world.ledger.entries] == ["names", "names"]
    assert len(world.documents.urls) == 3


async def test_of_a_host_that_cannot_be_reached_nothing_is_kept(world):
    world.documents.answer(NOTES.url, DocumentUnavailable("refused"))
    world.papers.want(WIDGET, [NOTES])
    await world.papers.read(WIDGET)
    assert world.ledger.entries == []


async def test_a_document_of_any_length_is_not_held(world):
    world.documents.answer(NOTES.url, a_document(b"1.4.1" + bytes(MOST_BYTES)))
    world.papers.want(WIDGET, [NOTES])
    await world.papers.read(WIDGET)
    assert world.ledger.entries == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.com/", "notes", ""])
async def test_only_the_web_is_read(world, url):
    world.papers.want(WIDGET, [Paper(url, "1.4.1")])
    await world.papers.read(WIDGET)
    assert (world.documents.urls, world.ledger.entries) == ([], [])


async def test_of_a_product_that_is_gone_nothing_is_read(world):
    world.papers.want(WIDGET, [NOTES])
    world.papers.forget(WIDGET)
    await world.papers.read(WIDGET)
    assert world.documents.urls == []


async def test_a_catalog_cannot_have_any_number_of_them_read(world):
    world.papers.want(WIDGET, [Paper(f"https://example.com/{n}", "1") for n in range(1000)])
    await world.papers.read(WIDGET)
    assert len(world.documents.urls) == MOST
