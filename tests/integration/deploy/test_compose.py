"""The stack for one machine: its parts are there, know one another, and reach nobody else."""

import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from probe.process import Process
from probe.settings import Settings, load
from probe.settings.quantities import seconds
from tests import real
from tests.contracts.source import ROOT
from tests.daemon import Daemon, free_port, listens
from tests.integration.deploy.compose_schema import COMPOSE

DEPLOY = ROOT / "deploy"
STACK: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = STACK["services"]
_VARIABLE = re.compile(r"\$\{\w+:-([^}]*)\}")


def plain(text: str) -> str:
    """Return *text* with the defaults of its variables."""
    return _VARIABLE.sub(r"\1", text)


def mounts(service: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what is mounted, where, and how."""
    parts = [plain(each).split(":") for each in service["volumes"]]
    return [(source, place, "".join(mode)) for source, place, *mode in parts]


def document(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text())


def test_it_is_a_compose_file_of_confined_services():
    jsonschema.validate(STACK, COMPOSE)


def test_what_is_mounted_is_there_and_read_only_or_a_volume():
    for name, service in SERVICES.items():
        for source, _, mode in mounts(service):
            if source.startswith("."):
                assert (DEPLOY / source).exists(), (name, source)
                assert mode == "ro", (name, source)
            else:
                assert source in STACK["volumes"], (name, source)
    used = {source for each in SERVICES.values() for source, _, _ in mounts(each)}
    assert set(STACK["volumes"]) <= used


def test_ports_are_open_to_this_machine_alone():
    ports = [port for each in SERVICES.values() for port in each["ports"]]
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_images_of_others_are_of_one_version():
    others = {name: each["image"] for name, each in SERVICES.items() if "build" not in each}
    assert sorted(others) == ["alertmanager", "grafana", "prometheus"]
    unpinned = [image for image in others.values() if not re.search(r":v?\d+\.\d+\.\d+$", image)]
    assert unpinned == []


def test_every_service_is_asked_whether_it_is_healthy():
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert 'CMD ["delivery-probe", "healthcheck"]' in dockerfile
    assert [name for name, each in SERVICES.items() if "healthcheck" not in each] == [
        "delivery-probe"
    ]


def test_probes_under_way_have_time_to_end():
    grace = seconds(SERVICES["delivery-probe"]["stop_grace_period"])
    assert grace > Process.model_fields["drain"].default


def test_services_find_one_another_by_name_and_port():
    prometheus = document("prometheus.yml")
    asked = [
        target
        for each in (*prometheus["scrape_configs"], *prometheus["alerting"]["alertmanagers"])
        for group in each["static_configs"]
        for target in group["targets"]
        if not target.startswith("localhost:")
    ]
    (source,) = document("../dashboards/provisioning/datasources.yaml")["datasources"]
    asked.append(source["url"].removeprefix("http://"))
    open_ports = {
        f"{name}:{port.rpartition(':')[2]}"
        for name, each in SERVICES.items()
        for port in each["ports"]
    }
    assert sorted(asked) == ["alertmanager:9093", "delivery-probe:29464", "prometheus:9090"]
    assert set(asked) <= open_ports


def test_the_rules_that_prometheus_looks_for_are_mounted():
    (pattern,) = document("prometheus.yml")["rule_files"]
    ((folder, _, _),) = [each for each in mounts(SERVICES["prometheus"]) if "rules" in each[0]]
    assert Path(pattern).parent == Path("/etc/prometheus/rules")
    assert list((DEPLOY / folder).glob(Path(pattern).name))


def test_grafana_finds_the_dashboards_and_opens_one_of_them():
    (provider,) = document("../dashboards/provisioning/dashboards.yaml")["providers"]
    ((folder, place, _),) = [
        each for each in mounts(SERVICES["grafana"]) if each[0].endswith("dashboards")
    ]
    assert provider["options"]["path"] == place
    home = SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert (DEPLOY / folder / Path(home).relative_to(place)).is_file()


def test_the_example_is_a_configuration_that_the_service_takes():
    settings = load(DEPLOY / "probe/probe.yaml")
    assert isinstance(settings, Settings), settings


@pytest.mark.needs("promtool", "amtool")
def test_prometheus_and_alertmanager_take_their_configurations():
    for program, command, name in (
        ("promtool", ("check", "config"), "prometheus.yml"),
        ("amtool", ("check-config",), "alertmanager.yml"),
    ):
        done = _run(program, *command, str(DEPLOY / name))
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.needs("prometheus", "promtool")
def test_the_health_of_prometheus_is_asked_in_words_that_it_answers(tmp_path):
    port = free_port()
    command = ["prometheus", f"--config.file={DEPLOY / 'prometheus.yml'}"]
    command += [f"--storage.tsdb.path={tmp_path}", f"--web.listen-address=127.0.0.1:{port}"]
    _is_healthy_while_it_runs("prometheus", command, port, tmp_path / "log")


@pytest.mark.needs("prometheus-alertmanager", "amtool")
def test_the_health_of_alertmanager_is_asked_in_words_that_it_answers(tmp_path):
    port = free_port()
    command = ["prometheus-alertmanager", f"--config.file={DEPLOY / 'alertmanager.yml'}"]
    command += [f"--storage.path={tmp_path}", "--cluster.listen-address="]
    command += [f"--web.listen-address=127.0.0.1:{port}"]
    _is_healthy_while_it_runs("alertmanager", command, port, tmp_path / "log")


def _is_healthy_while_it_runs(name: str, command: list[str], port: int, log: Path) -> None:
    _, program, *arguments = SERVICES[name]["healthcheck"]["test"]
    asked = [re.sub(r"localhost:\d+", f"127.0.0.1:{port}", each) for each in arguments]
    assert asked != arguments
    with Daemon(command, log, lambda: listens(port) and not _run(program, *asked).returncode):
        assert _run(program, *asked).returncode == 0
    assert _run(program, *asked).returncode != 0


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [real.program(program) or program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)
