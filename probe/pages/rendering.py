"""From a record, as the API sends it, to a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from probe.domain.text import clean
from probe.pages.assets import assets
from probe.pages.boards import board_link
from probe.pages.charts import CHARTS
from probe.pages.words import FILTERS, quoted

Record = Mapping[str, object]

_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Frame:
    """
    What stands around every page.

    Links begin with ``base``. ``twin`` is the address of the same as JSON, below ``base``.
    ``grafana`` is the http or https URL of the Grafana that has the bundled dashboards; empty where
    there is none.
    """

    base: str
    twin: str
    version: str
    now: datetime
    grafana: str = ""


class Renderer:
    """Turns records into HTML; whatever is in them is escaped. For any thread."""

    def render(self, page: str, record: Record, frame: Frame) -> str:
        """Return *page* (the name of a template) of *record*. Takes milliseconds."""
        template = environment().get_template(f"{page}.html")
        return template.render(page=page, it=record, frame=frame, link=_Links(frame.base))


class _Links:
    """Addresses of pages, with every part of them quoted."""

    def __init__(self, base: str) -> None:
        self._base = base

    def __call__(self, *parts: object) -> str:
        return self._base + "/" + "/".join(quoted(str(part)) for part in parts)

    def asset(self, plain: str) -> str:
        """Return the address of a file that the page refers to."""
        return self("static", assets()[plain].name)


def _plain(value: object) -> object:
    # Names and details come from outside: no control characters, nothing that turns text around.
    return clean(value, _LONGEST) if type(value) is str else value


@cache
def environment() -> Environment:
    """Return what all pages are rendered in: whatever is put into one is escaped and cleaned."""
    environment = Environment(
        loader=PackageLoader("probe.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_plain,
    )
    environment.filters.update(FILTERS)
    environment.globals.update(CHARTS, board_link=board_link)
    return environment
