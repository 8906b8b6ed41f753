"""An alert as Prometheus reads it, with where to look and whom it is for."""

from dataclasses import dataclass
from datetime import timedelta

from probe.domain.quantity import duration
from probe.generate.rule_file import Entry
from probe.kpi import Alert, Component, Dashboard, Kpi

_ABOUT_TRAIN = (
    "?var-product={{ $labels.product | urlquery }}&var-channel={{ $labels.channel | urlquery }}"
)


@dataclass(frozen=True, slots=True)
class Links:
    """Where runbooks and dashboards are; both without a slash at the end."""

    runbooks: str = "https://runbooks.example.com/delivery-probe"
    dashboards: str = "https://grafana.example.com"

    def runbook(self, alert: Alert) -> str:
        """Return the URL of what to do."""
        return f"{self.runbooks}/{alert.name}.md"

    def dashboard(self, alert: Alert) -> str:
        """Return the URL of where to look."""
        about = "" if alert.dashboard is Dashboard.INTERNALS else _ABOUT_TRAIN
        return f"{self.dashboards}/d/{alert.dashboard.value}{about}"


def alert_entry(alert: Alert, owner: str, runbook: str, dashboard: str) -> Entry:
    """Return *alert* for *owner*, with the URLs of its *runbook* and its *dashboard*."""
    entry: dict[str, object] = {"alert": alert.name, "expr": f"{alert.expr}\n"}
    if alert.after:
        entry["for"] = _span(alert.after)
    if alert.keep:
        entry["keep_firing_for"] = _span(alert.keep)
    entry["labels"] = {
        "severity": alert.severity.value,
        "component": alert.component.value,
        "owner": owner,
        **alert.labels,
    }
    entry["annotations"] = {
        "summary": alert.summary,
        "description": alert.description,
        "runbook_url": runbook,
        "dashboard_url": dashboard,
    }
    return entry


def literal(text: str) -> str:
    """Return *text* so that no template is read into it."""
    return text.replace("{{", '{{ "{{" }}')


def owner_by_series(kpi: Kpi | None) -> str:
    """Return a template of who answers for *kpi* by the configuration that is in force."""
    if kpi is None:
        return Component.PROBE.value
    info = f'delivery_kpi_info{{product="%s",channel="%s",kpi="{kpi.name}"}}'
    return (
        f"{{{{ with printf `{info}` $labels.product $labels.channel | query }}}}"
        f'{{{{ . | first | label "owner" }}}}{{{{ else }}}}{Component.DELIVERY.value}{{{{ end }}}}'
    )


def _span(time: timedelta) -> str:
    return duration(time.total_seconds())
