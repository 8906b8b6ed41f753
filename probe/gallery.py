"""The pages for people: what they say, and how it is drawn, put together."""

from collections.abc import Callable

from probe import __version__
from probe.domain.gate_record import Record
from probe.pages import Frame, Renderer, assets, scorecard_sheet
from probe.ports import Clock
from probe.process import Process
from probe.web import Gallery, Views


def gallery_of(process: Process, views: Views, clock: Clock, grafana: Callable[[], str]) -> Gallery:
    """Return what the pages of this process are made of; *grafana* gives its URL, if any."""
    renderer = Renderer()

    def draw(page: str, record: Record, twin: str) -> str:
        frame = Frame(process.base, twin, __version__, clock.now(), grafana())
        return renderer.render(page, record, frame)

    return Gallery(views, draw, tuple(assets().values()), scorecard_sheet)
