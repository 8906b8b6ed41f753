"""The pages for people: what they say, and how it is drawn, put together."""

from collections.abc import Callable, Sequence

from probe import __version__
from probe.answers.pages import Live, PageAnswers, WideAnswers
from probe.domain.gate_record import Record
from probe.pages import Frame, Renderer, assets, scorecard_sheet
from probe.ports import Clock
from probe.process import Process
from probe.settings import ConfiguredProduct
from probe.web import Gallery


def gallery_of(
    process: Process,
    products: Callable[[], Sequence[ConfiguredProduct]],
    clock: Clock,
    live: Live,
    wide: WideAnswers,
) -> Gallery:
    """Return what the pages of this process are made of."""
    renderer = Renderer()

    def draw(page: str, record: Record, twin: str) -> str:
        frame = Frame(process.base, twin, __version__, clock.now())
        return renderer.render(page, record, frame)

    views = PageAnswers(process.data_dir, products, clock, live, wide)
    return Gallery(views, draw, tuple(assets().values()), scorecard_sheet)
