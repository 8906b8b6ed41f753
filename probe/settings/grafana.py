"""The Grafana that pages lead to."""

from typing import Annotated

from pydantic import AfterValidator

from probe.settings.policy import Section
from probe.settings.words import Url


def _root(url: str) -> str:
    if "?" in url:
        raise ValueError("a query cannot stand here: /d/ and the uid of a dashboard are added")
    return url


class GrafanaEntry(Section):
    """A Grafana that has the dashboards of this project."""

    url: Annotated[Url, AfterValidator(_root)]
    """What stands before /d/, as in https://grafana.example.com."""
