"""Panels that are tables: of rows, and of one label against another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import ClassVar

from grafana_foundation_sdk.models import common, dashboard, table
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from dashboards.panel import Override, Panel, override
from dashboards.scale import Scale

_COLOURED = common.TableColoredBackgroundCellOptions(
    mode=common.TableCellBackgroundDisplayMode.BASIC
)


_HEADINGS = {
    "alertname": "Alert",
    "artifact": "File",
    "kpi": "KPI",
    "probe_region": "Region",
    "size_tier": "Size",
    "sloth_slo": "Objective",
}


def _heading(label: str) -> str:
    return _HEADINGS.get(label, label.replace("_", " ").capitalize())


@dataclass(frozen=True, slots=True)
class Column:
    """
    A column of values: its heading, unit and scale; without a scale it has no colour.

    ``absent`` stands in the rows of which it is not known.
    """

    heading: str
    unit: str
    scale: Scale | None = None
    decimals: int | None = None
    absent: str = ""

    @property
    def properties(self) -> Mapping[str, object]:
        """Return the column's properties by Grafana's names."""
        found: dict[str, object] = {"unit": self.unit}
        if self.decimals is not None:
            found["decimals"] = self.decimals
        if self.absent:
            found["noValue"] = self.absent
        if self.scale is not None:
            found["thresholds"] = self.scale.thresholds
            found["mappings"] = self.scale.mappings
            found["custom.cellOptions"] = _COLOURED
        return found


@dataclass(frozen=True, kw_only=True)
class Table(Panel):
    """
    A row for each set of labels, joined over all queries.

    ``labels``, parted by commas, are the columns from the left. ``columns`` are those
    of values, one for each query; a query whose labels are all that is wanted has none. ``by`` is
    the heading by which rows are ordered.
    """

    kind: ClassVar[str] = "table"
    shape: ClassVar[PromQueryFormat] = PromQueryFormat.TABLE

    labels: str
    columns: Sequence[Column | None]
    by: str = ""
    falling: bool = False
    span: int = 24
    absent: str = ""

    def options(self) -> table.Options:
        """Return how the rows are ordered."""
        order = [common.TableSortByFieldState(self.by, self.falling)] if self.by else []
        return table.Options(sort_by=order, cell_height=common.TableCellHeight.SM)

    def custom(self) -> common.TableFieldOptions:
        """Return how a cell looks that says nothing of itself."""
        return common.TableFieldOptions(
            align=common.FieldTextAlignment.AUTO, cell_options=common.TableAutoCellOptions()
        )

    def overrides(self) -> Sequence[Override]:
        """Return how each column of values looks."""
        return [override(each.heading, each.properties) for each in self.columns if each]

    def transformations(self) -> Sequence[dashboard.DataTransformerConfig]:
        """Return the joining of the answers, and the order and headings of columns."""
        headings = {label: _heading(label) for label in self.labels.split(", ")}
        values = self._values()
        shown = [*headings, *values]
        organize = {
            "includeByName": dict.fromkeys(shown, True),
            "indexByName": {name: place for place, name in enumerate(shown)},
            "renameByName": headings | values,
        }
        return [
            dashboard.DataTransformerConfig(id_val="merge", options={}),
            dashboard.DataTransformerConfig(id_val="organize", options=organize),
        ]

    def _values(self) -> dict[str, str]:
        # Where one query alone has an answer, which is the first if any, Grafana gives no letter.
        letters = ("", *(f" #{letter}" for letter in ascii_uppercase))
        columns = zip(letters, (self.columns[0], *self.columns), strict=False)
        return {f"Value{letter}": column.heading for letter, column in columns if column}


@dataclass(frozen=True, kw_only=True)
class Matrix(Panel):
    """The values of its one query, ``rows`` against ``columns``, which are labels."""

    kind: ClassVar[str] = "table"
    shape: ClassVar[PromQueryFormat] = PromQueryFormat.TABLE

    rows: str
    columns: str
    span: int = 12

    def options(self) -> table.Options:
        """Return rows in the order of the alphabet."""
        order = [common.TableSortByFieldState(_heading(self.rows), desc=False)]
        return table.Options(sort_by=order, cell_height=common.TableCellHeight.SM)

    def custom(self) -> common.TableFieldOptions:
        """Return how a cell looks."""
        return common.TableFieldOptions(
            align=common.FieldTextAlignment.CENTER, cell_options=_COLOURED
        )

    def defaults(self) -> dashboard.FieldConfig:
        """Return how every value looks."""
        config = super().defaults()
        config.links = []
        return config

    def overrides(self) -> Sequence[Override]:
        """Return how the heading of each row looks, and where a cell leads to."""
        plain = {
            "custom.cellOptions": common.TableAutoCellOptions(),
            "custom.align": common.FieldTextAlignment.LEFT,
            "displayName": _heading(self.rows),
        }
        # Grafana adds lists of overrides to the defaults: no override takes a link away.
        cells = override("number", {"links": list(self.links)}, by="byType")
        return [override(self._corner, plain), *([cells] if self.links else [])]

    def transformations(self) -> Sequence[dashboard.DataTransformerConfig]:
        """Return the turning of rows into a matrix."""
        options = {
            "rowField": self.rows,
            "columnField": self.columns,
            "valueField": "Value",
            "emptyValue": "null",
        }
        return [dashboard.DataTransformerConfig(id_val="groupingToMatrix", options=options)]

    @property
    def _corner(self) -> str:
        return f"{self.rows}\\{self.columns}"
