"""The variables of a dashboard, in the order in which they are shown."""

from collections.abc import Mapping, Sequence

from grafana_foundation_sdk.models.dashboard import (
    VariableModel,
    VariableOption,
    VariableRefresh,
    VariableSort,
    VariableType,
)

from dashboards.ask import Scope
from dashboards.panel import DATA_SOURCE
from probe.generate.alert_entry import Links
from probe.series import BUILD_INFO, DOWNLOAD_BYTES, PROBE_INTERVAL, PROBER_LAST_CYCLE, RELEASE_INFO

PROBE_URL = "http://localhost:29464"

# What each label is called, and which series has all its values.
_LABELS: Mapping[str, tuple[str, str, Sequence[str]]] = {
    "probe_region": ("Region", PROBER_LAST_CYCLE.name, ("job",)),
    "job": ("Job", BUILD_INFO.name, ()),
    "instance": ("Instance", BUILD_INFO.name, ("job",)),
    "product": ("Product", PROBE_INTERVAL.name, ("job",)),
    "channel": ("Channel", PROBE_INTERVAL.name, ("job", "product")),
    "endpoint": ("Endpoint", PROBE_INTERVAL.name, ("job", "product", "channel")),
    "size_tier": ("Size", DOWNLOAD_BYTES.name, ("job", "product", "channel")),
    "sloth_slo": ("Objective", "slo:objective:ratio", ("product", "channel")),
    "version": ("Version", RELEASE_INFO.name, ("job", "product", "channel")),
}


def variables(scope: Scope) -> list[VariableModel]:
    """Return the variables: data source, region, job and instance, then those of the scope."""
    chosen = {"job", "instance", *scope.many, *scope.one}
    return [
        _data_source(),
        *(_label(name, scope) for name in _LABELS if name in chosen),
        _address("probe_url", "Probe", "Where links to the probe's own pages lead", PROBE_URL),
        _address("runbook_url", "Runbooks", "Where links to runbooks lead", Links().runbooks),
    ]


def _data_source() -> VariableModel:
    return VariableModel(
        type_val=VariableType.DATASOURCE,
        name="datasource",
        label="Data source",
        query="prometheus",
        refresh=VariableRefresh.ON_DASHBOARD_LOAD,
    )


def _label(name: str, scope: Scope) -> VariableModel:
    several = name not in scope.one
    query = _query(name, scope)
    newest_first = VariableSort.NATURAL_DESC if name == "version" else VariableSort.NATURAL_ASC
    return VariableModel(
        type_val=VariableType.QUERY,
        name=name,
        label=_LABELS[name][0],
        query=query,
        definition=query,
        datasource=DATA_SOURCE,
        refresh=VariableRefresh.ON_TIME_RANGE_CHANGED,
        sort=newest_first,
        multi=several,
        include_all=several,
        all_value=".+" if several else None,
        current=VariableOption(selected=True, text=["All"], value=["$__all"]) if several else None,
    )


def _query(name: str, scope: Scope) -> str:
    # What is offered follows from what was chosen before it.
    _, series, before = _LABELS[name]
    matchers = ", ".join(f'{each}{"=" if each in scope.one else "=~"}"${each}"' for each in before)
    selector = f"{series}{{{matchers}}}" if before else series
    return f"label_values({selector}, {name})"


def _address(name: str, title: str, says: str, usual: str) -> VariableModel:
    return VariableModel(
        type_val=VariableType.TEXTBOX,
        name=name,
        label=title,
        description=says,
        query=usual,
        current=VariableOption(selected=False, text=usual, value=usual),
        options=[VariableOption(selected=True, text=usual, value=usual)],
    )
