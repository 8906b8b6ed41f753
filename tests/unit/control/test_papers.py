"""Documents are read once an hour, and what they turned out to be is kept."""

import pytest

from probe.control.papers import MOST, MOST_BYTES, READ_SECONDS, Papers
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


async def test_each_is_read_once_an_hour(world):
    world.papers.want(WIDGET, [NOTES])
    for seconds in (0, READ_SECONDS - 1, 1):
        await world.clock.advance(seconds)
        await world.papers.read(WIDGET)
        world.papers.want(WIDGET, [NOTES])
    assert world.documents.urls == [NOTES.url] * 2


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
