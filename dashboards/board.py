"""A dashboard: rows of panels, the variables that they follow, and what all dashboards share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from grafana_foundation_sdk.models import dashboard
from grafana_foundation_sdk.models.dashboard import (
    AnnotationContainer,
    AnnotationQuery,
    Dashboard,
    DashboardCursorSync,
    DashboardDashboardTemplating,
    DashboardDashboardTime,
    GridPos,
    RowPanel,
)

from dashboards.ask import Scope
from dashboards.links import TAG, among_dashboards
from dashboards.panel import DATA_SOURCE, Panel
from dashboards.variables import variables
from probe.series import RELEASE_PUBLISHED

_WIDTH = 24


@dataclass(frozen=True, slots=True)
class Row:
    """Panels under a heading, from left to right; a folded one is opened by who wants it."""

    title: str
    panels: Sequence[Panel]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard; ``span`` is the time that it shows at first, as ``24h``."""

    uid: str
    title: str
    says: str
    scope: Scope
    rows: Sequence[Row]
    span: str = "24h"

    def build(self) -> Dashboard:
        """Return the dashboard as Grafana has it, in its classic form."""
        return Dashboard(
            uid=self.uid,
            title=f"Delivery / {self.title}",
            description=self.says,
            tags=[TAG],
            timezone="utc",
            editable=False,
            graph_tooltip=DashboardCursorSync.CROSSHAIR,
            time=DashboardDashboardTime(f"now-{self.span}", "now"),
            refresh="1m",
            panels=list(_laid_out(self.rows)),
            templating=DashboardDashboardTemplating(variables(self.scope)),
            annotations=AnnotationContainer([_releases(self.scope)]),
            links=[among_dashboards()],
        )


def _laid_out(rows: Sequence[Row]) -> Iterator[dashboard.Panel | RowPanel]:
    numbers, top = count(1), 0
    for row in rows:
        place = GridPos(1, _WIDTH, 0, top)
        heading = RowPanel(
            title=row.title, collapsed=row.folded, id_val=next(numbers), grid_pos=place, panels=[]
        )
        yield heading
        panels = []
        places, top = _places(row.panels, top + 1)
        for panel, spot in zip(row.panels, places, strict=True):
            panels.append(panel.build(next(numbers), spot))
        if row.folded:
            heading.panels = panels
        else:
            yield from panels


def _places(panels: Sequence[Panel], top: int) -> tuple[list[GridPos], int]:
    # Each panel goes as high as it can, and then as far to the left.
    places, heights = [], [top] * _WIDTH
    for panel in panels:
        tops = [
            (max(heights[left : left + panel.span]), left)
            for left in range(_WIDTH - panel.span + 1)
        ]
        above, left = min(tops)
        places.append(GridPos(panel.height, panel.span, left, above))
        heights[left : left + panel.span] = [above + panel.height] * panel.span
    return places, max(heights)


def _releases(scope: Scope) -> AnnotationQuery:
    published = scope.series(RELEASE_PUBLISHED)
    return AnnotationQuery(
        name="Releases",
        datasource=DATA_SOURCE,
        enable=True,
        icon_color="blue",
        expr=f"1000 * max by (product, channel, version) ({published}) > ${{__from}} < ${{__to}}",
        title_format="{{product}} {{version}} published on {{channel}}",
        step="1m",
        use_value_for_time=True,
    )
