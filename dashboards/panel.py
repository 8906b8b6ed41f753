"""A panel: what it is called, what it says, what it asks for, and how its values look."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import ClassVar

from grafana_foundation_sdk.models import units
from grafana_foundation_sdk.models.common import DataSourceRef
from grafana_foundation_sdk.models.dashboard import (
    DashboardFieldConfigSourceOverrides,
    DashboardLink,
    DataTransformerConfig,
    DynamicConfigValue,
    FieldColor,
    FieldColorModeId,
    FieldConfig,
    FieldConfigSource,
    GridPos,
    MatcherConfig,
)
from grafana_foundation_sdk.models.dashboard import Panel as PanelModel
from grafana_foundation_sdk.models.prometheus import Dataquery, PromQueryFormat, QueryEditorMode

from dashboards.ask import Query
from dashboards.links import to_runbook
from dashboards.scale import PLAIN, Scale

Override = DashboardFieldConfigSourceOverrides

DATA_SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")


@dataclass(frozen=True, kw_only=True)
class Panel(ABC):
    """
    What all kinds of panels have in common.

    ``span`` is of 24 columns, ``height`` in rows of 30 pixels. ``links`` lead on from a value,
    and ``absent`` stands where there is none. ``alerts`` are those that are raised by what it
    shows: their runbooks are in the panel's menu.
    A panel is asked for the present, unless its kind shows a course.
    """

    kind: ClassVar[str]
    course: ClassVar[bool] = False
    shape: ClassVar[PromQueryFormat] = PromQueryFormat.TIME_SERIES

    title: str
    says: str
    asks: Sequence[Query] = ()
    unit: str = units.Short
    decimals: int | None = None
    span: int = 8
    height: int = 8
    scale: Scale = PLAIN
    links: Sequence[DashboardLink] = ()
    absent: str = "unknown"
    alerts: Sequence[str] = ()

    def build(self, number: int, place: GridPos) -> PanelModel:
        """Return the panel as Grafana has it."""
        queries = zip(ascii_uppercase, self.queries(), strict=False)
        return PanelModel(
            type_val=self.kind,
            id_val=number,
            title=self.title,
            description=self.says,
            datasource=DATA_SOURCE,
            grid_pos=place,
            targets=[self._target(letter, query) for letter, query in queries],
            links=[to_runbook(alert) for alert in self.alerts] or None,
            options=self.options(),
            field_config=FieldConfigSource(self.defaults(), list(self.overrides())),
            transformations=list(self.transformations()) or None,
        )

    def queries(self) -> Sequence[Query]:
        """Return what is asked of Prometheus."""
        return self.asks

    def defaults(self) -> FieldConfig:
        """Return how every value looks."""
        return FieldConfig(
            unit=self.unit,
            decimals=self.decimals,
            thresholds=self.scale.thresholds,
            mappings=self.scale.mappings,
            color=FieldColor(FieldColorModeId.THRESHOLDS),
            no_value=self.absent,
            links=list(self.links),
            custom=self.custom(),
        )

    @abstractmethod
    def options(self) -> object:
        """Return what is particular to the kind."""

    def custom(self) -> object:
        """Return what is particular to the values of the kind."""
        return {}

    def overrides(self) -> Sequence[Override]:
        """Return how some values look different."""
        return ()

    def transformations(self) -> Sequence[DataTransformerConfig]:
        """Return what is done with the answers before they are shown."""
        return ()

    def _target(self, name: str, query: Query) -> Dataquery:
        return Dataquery(
            datasource=DATA_SOURCE,
            editor_mode=QueryEditorMode.CODE,
            expr=query.expr,
            exemplar=query.exemplars,
            format_val=self.shape,
            instant=not self.course,
            range_val=self.course,
            legend_format=query.legend or "__auto",
            ref_id=name,
        )


def override(field: str, properties: Mapping[str, object], by: str = "byName") -> Override:
    """Return *properties*, by Grafana's names for them, of the fields that match."""
    values = [DynamicConfigValue(name, value) for name, value in properties.items()]
    return Override(matcher=MatcherConfig(by, field), properties=values)
