"""Whatever values the chart is given, what comes out is what Kubernetes takes."""

import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

from probe.settings import Settings, parse
from tests import real
from tests.integration.chart.custom_resources import SPECS
from tests.integration.chart.helm import CHART, KUBERNETES, VARIANTS, Object, helm, objects, the

pytestmark = pytest.mark.needs("helm")

every_variant = pytest.mark.parametrize("values", VARIANTS, ids=lambda path: path.stem)


def pods(found: list[Object]) -> list[Any]:
    """Return the specification of every pod."""
    made = [each["spec"]["template"] for each in found if "template" in each.get("spec", {})]
    return [each["spec"] for each in [*made, *(each for each in found if each["kind"] == "Pod")]]


def configuration(found: list[Object]) -> str:
    """Return the configuration as it is mounted; empty where it comes from elsewhere."""
    maps = [{**each.get("data", {}), **each.get("stringData", {})} for each in found]
    return "".join(str(each.get("probe.yaml", "")) for each in maps)


@every_variant
def test_helm_finds_nothing_to_say(values):
    done = helm("lint", "--strict", f"--kube-version={KUBERNETES}", CHART, "--values", values)
    assert done.returncode == 0, done.stdout
    assert "[WARNING]" not in done.stdout


@pytest.mark.parametrize("kubernetes", ["1.28", "1.37"])
@every_variant
def test_every_object_is_one_that_kubernetes_knows(values, kubernetes):
    found = objects(values, kubernetes=f"{kubernetes}.0")
    for each in found:
        own = SPECS.get(f"{each['apiVersion']}/{each['kind']}")
        if own is None:
            kubernetes_validate.validate(each, kubernetes, strict=True)
        else:
            jsonschema.validate(each["spec"], own)


@every_variant
def test_no_two_objects_have_one_name(values):
    named = [(each["kind"], each["metadata"]["name"]) for each in objects(values)]
    assert len(set(named)) == len(named)


@every_variant
def test_every_pod_is_as_restricted_as_the_standard_asks(values):
    for pod in pods(objects(values)):
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        for container in [*pod["containers"], *pod.get("initContainers", [])]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "readOnlyRootFilesystem": True,
            }


@every_variant
def test_what_is_mounted_is_a_volume_and_what_is_a_volume_is_mounted(values):
    for pod in pods(objects(values)):
        claimed = {"data"} if "volumes" in pod else set()
        containers = [*pod["containers"], *pod.get("initContainers", [])]
        mounted = {each["name"] for one in containers for each in one.get("volumeMounts", [])}
        assert {each["name"] for each in pod.get("volumes", [])} | claimed == mounted


@every_variant
def test_every_selector_selects_pods_of_the_release(values):
    found = objects(values)
    labels = [each["spec"]["template"]["metadata"]["labels"] for each in found if _has_pods(each)]
    for service in (each for each in found if each["kind"] == "Service"):
        wanted = service["spec"]["selector"].items()
        assert [each for each in labels if wanted <= each.items()], service["metadata"]["name"]


def _has_pods(each: Object) -> bool:
    return each["kind"] in {"Deployment", "StatefulSet"}


@every_variant
def test_the_configuration_is_one_that_the_service_takes(values):
    text = configuration(objects(values))
    given = yaml.safe_load(values.read_text()) or {}
    assert bool(text) is not bool(given.get("existingConfig"))
    if text:
        settings = parse(text.encode(), "probe.yaml")
        assert isinstance(settings, Settings), settings


def test_the_example_passes_check_config(tmp_path):
    file = tmp_path / "probe.yaml"
    file.write_text(configuration(objects()))
    command = [str(Path(".venv/bin/delivery-probe").absolute()), "check-config", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.needs("promtool")
def test_the_rules_are_rules_of_prometheus(tmp_path):
    found = objects({"prometheusRule.enabled": True})
    rules = [each for each in found if each["kind"] == "PrometheusRule"]
    files = []
    for each in rules:
        files.append(tmp_path / f"{each['metadata']['name']}.yaml")
        files[-1].write_text(yaml.safe_dump(each["spec"]))
    promtool = real.program("promtool") or ""
    done = subprocess.run([promtool, "check", "rules", *files], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "SUCCESS" in done.stdout.decode()
    shipped = [*(CHART / "rules").rglob("*.yaml")]
    groups = [group for file in shipped for group in yaml.safe_load(file.read_text())["groups"]]
    rendered = [group for each in rules for group in each["spec"]["groups"]]
    assert _by_name(rendered) == _by_name(groups)


def _by_name(groups: list[Object]) -> dict[str, Object]:
    return {group["name"]: group for group in groups}


def test_an_old_kubernetes_is_refused():
    done = helm("template", "rel", CHART, "--kube-version=1.27.0")
    assert "incompatible with Kubernetes v1.27.0" in done.stderr


def test_the_configuration_of_shards_is_in_a_secret():
    found = objects(CHART / "ci/shards-values.yaml")
    assert the("Secret", found)["stringData"]["probe.yaml"].startswith("products:")
