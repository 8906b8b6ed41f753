"""Where one is led from a value: to another dashboard, to the probe itself, to a runbook."""

from urllib.parse import urlencode

from grafana_foundation_sdk.models.dashboard import DashboardLink, DashboardLinkType

TAG = "delivery-probe"

# What Grafana puts in the place of these must not be encoded a second time.
_AS_THEY_ARE = "${}[]."


def among_dashboards() -> DashboardLink:
    """Return the menu of all dashboards of this project, which keeps what was chosen."""
    return DashboardLink(
        title="Delivery",
        type_val=DashboardLinkType.DASHBOARDS,
        icon="external link",
        tooltip="The other dashboards of delivery-probe",
        tags=[TAG],
        as_dropdown=True,
        include_vars=True,
        keep_time=True,
    )


def to_dashboard(title: str, uid: str, **chosen: str) -> DashboardLink:
    """Return a link to a dashboard; *chosen* gives its variables values such as ``${product}``."""
    query = urlencode({f"var-{name}": value for name, value in chosen.items()}, safe=_AS_THEY_ARE)
    return _link(title, f"/d/{uid}?{query}&${{__url_time_range}}&${{datasource:queryparam}}")


def to_probe(title: str, path: str, **query: str) -> DashboardLink:
    """Return a link to a page of the service itself, at ``$probe_url``."""
    asked = f"?{urlencode(query, safe=_AS_THEY_ARE)}" if query else ""
    return _link(title, f"${{probe_url}}{path}{asked}", elsewhere=True)


def to_runbook(alert: str) -> DashboardLink:
    """Return a link to what to do about an alert, at ``$runbook_url``."""
    return _link(f"Runbook: {alert}", f"${{runbook_url}}/{alert}.md", elsewhere=True)


def label(name: str) -> str:
    """Return what stands for a label of the series that is pointed at."""
    return f"${{__field.labels.{name}}}"


def cell(name: str) -> str:
    """Return what stands for a label in the row that is pointed at, whatever its heading."""
    return f"${{__data.fields.{name}}}"


def _link(title: str, url: str, *, elsewhere: bool = False) -> DashboardLink:
    return DashboardLink(
        title=title, type_val=DashboardLinkType.LINK, url=url, target_blank=elsewhere
    )
