"""The files that tell Grafana of the dashboards and of the Prometheus that they ask."""

import re

import yaml

from probe.web.routes import Pages, described
from tests.contracts.source import ROOT

_FOLDER = ROOT / "dashboards/provisioning"


def test_the_dashboards_are_read_from_files_and_not_changed_in_the_browser():
    (provider,) = yaml.safe_load((_FOLDER / "dashboards.yaml").read_text())["providers"]
    assert (provider["type"], provider["allowUiUpdates"]) == ("file", False)
    assert provider["options"]["path"].startswith("/")


def test_an_exemplar_leads_to_the_record_of_its_probe():
    (source,) = yaml.safe_load((_FOLDER / "datasources.yaml").read_text())["datasources"]
    (exemplar,) = source["jsonData"]["exemplarTraceIdDestinations"]
    assert (source["type"], exemplar["name"]) == ("prometheus", "probe_id")
    # Grafana puts the environment in place of a single dollar sign.
    path = re.fullmatch(r"http://[^/]+(/.*)/\$\$\{__value\.raw\}", exemplar["url"])
    assert path is not None
    assert f"{path[1]}/{{id}}" in {each.path for each in described(Pages.ALL)}
