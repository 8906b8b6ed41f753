"""Panels that show values as figures, bars, lines, states and heat."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from grafana_foundation_sdk.models import (
    bargauge,
    common,
    dashboard,
    heatmap,
    stat,
    statushistory,
    timeseries,
    units,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from dashboards.ask import Query, named
from dashboards.panel import Override, Panel, override

_NOW = common.ReduceDataOptions(values=False, calcs=["lastNotNull"], fields="")
_ALL_AT_ONCE = common.VizTooltipOptions(
    mode=common.TooltipDisplayMode.MULTI, sort=common.SortOrder.DESCENDING
)


@dataclass(frozen=True, kw_only=True)
class Stat(Panel):
    """A figure as of now for each series; with ``names`` even a lone one is called by its name."""

    kind: ClassVar[str] = "stat"

    span: int = 4
    height: int = 4
    names: bool = False

    def options(self) -> stat.Options:
        """Return a figure on its colour, without a course: what was known is not what is."""
        text = common.BigValueTextMode
        return stat.Options(
            graph_mode=common.BigValueGraphMode.NONE,
            color_mode=common.BigValueColorMode.BACKGROUND,
            justify_mode=common.BigValueJustifyMode.CENTER,
            text_mode=text.VALUE_AND_NAME if self.names else text.AUTO,
            reduce_options=_NOW,
            orientation=common.VizOrientation.AUTO,
        )


@dataclass(frozen=True, kw_only=True)
class Bars(Panel):
    """A bar for each series, as of now; ``most`` is where a bar is full."""

    kind: ClassVar[str] = "bargauge"

    most: float | None = None

    def options(self) -> bargauge.Options:
        """Return bars that lie one below the other."""
        return bargauge.Options(
            display_mode=common.BarGaugeDisplayMode.BASIC,
            value_mode=common.BarGaugeValueMode.COLOR,
            name_placement=common.BarGaugeNamePlacement.LEFT,
            sizing=common.BarGaugeSizing.AUTO,
            reduce_options=_NOW,
            orientation=common.VizOrientation.HORIZONTAL,
        )

    def defaults(self) -> dashboard.FieldConfig:
        """Return how every value looks."""
        config = super().defaults()
        config.min_val, config.max_val = 0, self.most
        return config


@dataclass(frozen=True, kw_only=True)
class Lines(Panel):
    """
    Values over time: lines, or what adds up on one another with ``stacked``.

    ``stepped`` holds each value until the next, ``line`` marks the steps of the scale, and ``most``
    and ``least`` bound the axis. ``dashed`` names a series that is drawn so.
    """

    kind: ClassVar[str] = "timeseries"
    course: ClassVar[bool] = True

    span: int = 12
    stacked: bool = False
    line: bool = False
    least: float | None = 0
    most: float | None = None
    dashed: str = ""
    stepped: bool = False

    def options(self) -> timeseries.Options:
        """Return a legend that is a table, worst last value first."""
        legend = common.VizLegendOptions(
            show_legend=True,
            display_mode=common.LegendDisplayMode.TABLE,
            placement=common.LegendPlacement.BOTTOM,
            calcs=["lastNotNull", "max"],
        )
        return timeseries.Options(legend=legend, tooltip=_ALL_AT_ONCE)

    def defaults(self) -> dashboard.FieldConfig:
        """Return how every value looks."""
        config = super().defaults()
        config.color = dashboard.FieldColor(dashboard.FieldColorModeId.PALETTE_CLASSIC_BY_NAME)
        config.min_val, config.max_val = self.least, self.most
        return config

    def custom(self) -> timeseries.FieldConfig:
        """Return lines that end where nothing is known."""
        style = common.GraphThresholdsStyleMode
        stacking = common.StackingMode.NORMAL if self.stacked else common.StackingMode.NONE
        draw = common.GraphDrawStyle.BARS if self.stacked else common.GraphDrawStyle.LINE
        return timeseries.FieldConfig(
            draw_style=draw,
            line_interpolation=common.LineInterpolation.STEP_AFTER if self.stepped else None,
            line_width=0 if self.stacked else 1,
            fill_opacity=80 if self.stacked else 0,
            show_points=common.VisibilityMode.AUTO,
            span_nulls=False,
            stacking=common.StackingConfig(stacking, "A"),
            thresholds_style=common.GraphThresholdsStyleConfig(
                style.DASHED if self.line else style.OFF
            ),
        )

    def overrides(self) -> Sequence[Override]:
        """Return the series that is drawn in a way of its own."""
        dashes = common.LineStyle(fill="dash", dash=[8, 8])
        return [override(self.dashed, {"custom.lineStyle": dashes})] if self.dashed else []


@dataclass(frozen=True, kw_only=True)
class Counts(Lines):
    """
    How often something happens in a minute, by labels, one on the other.

    ``counter`` is the selector of a counter. What does not happen is left out without ``zeros``.
    """

    counter: str
    by: str
    exemplars: bool = False
    zeros: bool = False
    unit: str = units.CountsPerMinute
    stacked: bool = True

    def queries(self) -> Sequence[Query]:
        """Return the rate of the counter, by the minute."""
        rate = f"60 * sum by ({self.by}) (rate({self.counter}[$__rate_interval]))"
        return (Query(rate if self.zeros else f"{rate} > 0", named(self.by), self.exemplars),)


@dataclass(frozen=True, kw_only=True)
class States(Panel):
    """How each series stood over time, a row for each; a gap is unknown."""

    kind: ClassVar[str] = "status-history"
    course: ClassVar[bool] = True

    span: int = 24

    def options(self) -> statushistory.Options:
        """Return rows without figures in them."""
        legend = common.VizLegendOptions(
            show_legend=True,
            display_mode=common.LegendDisplayMode.LIST,
            placement=common.LegendPlacement.BOTTOM,
        )
        return statushistory.Options(
            show_value=common.VisibilityMode.NEVER, legend=legend, tooltip=_ALL_AT_ONCE
        )

    def custom(self) -> statushistory.FieldConfig:
        """Return how a cell looks."""
        return statushistory.FieldConfig(fill_opacity=80)


@dataclass(frozen=True, kw_only=True)
class Heat(Panel):
    """A classic histogram over time; its query adds up increases by ``le``."""

    kind: ClassVar[str] = "heatmap"
    course: ClassVar[bool] = True
    shape: ClassVar[PromQueryFormat] = PromQueryFormat.HEATMAP

    span: int = 12

    def options(self) -> heatmap.Options:
        """Return buckets as they come, counted by colour."""
        return heatmap.Options(
            calculate=False,
            color=heatmap.HeatmapColorOptions(
                mode=heatmap.HeatmapColorMode.SCHEME,
                scheme="Spectral",
                fill="dark-orange",
                scale=heatmap.HeatmapColorScale.EXPONENTIAL,
                exponent=0.5,
                steps=64,
            ),
            filter_values=heatmap.FilterValueRange(le=1e-9),
            rows_frame=heatmap.RowsHeatmapOptions(layout=common.HeatmapCellLayout.AUTO),
            show_value=common.VisibilityMode.NEVER,
            cell_gap=1,
            y_axis=heatmap.YAxisConfig(
                unit=self.unit, axis_placement=common.AxisPlacement.LEFT, reverse=False
            ),
            legend=heatmap.HeatmapLegend(show=True),
            tooltip=heatmap.HeatmapTooltip(
                mode=common.TooltipDisplayMode.SINGLE, y_histogram=True, show_color_scale=True
            ),
            exemplars=heatmap.ExemplarConfig(color="rgba(255,0,255,0.7)"),
        )
