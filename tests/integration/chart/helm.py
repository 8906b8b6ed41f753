"""The chart as helm renders it."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests import real
from tests.contracts.source import ROOT

CHART = ROOT / "helm/delivery-probe"
VARIANTS = sorted((CHART / "ci").glob("*-values.yaml"))
KUBERNETES = "1.37.0"

Object = dict[str, Any]


def helm(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Return what helm said."""
    command = [real.program("helm") or "helm", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def templated(
    values: Mapping[str, Any] | Path, chart: Path = CHART, kubernetes: str = KUBERNETES
) -> subprocess.CompletedProcess[str]:
    """Render *chart* as a release named ``rel`` in the namespace ``here``."""
    flags: Sequence[str | Path] = (
        ("--values", values)
        if isinstance(values, Path)
        else [f"--set-json={key}={json.dumps(value)}" for key, value in values.items()]
    )
    where = ("--namespace=here", f"--kube-version={kubernetes}")
    return helm("template", "rel", chart, *where, *flags)


def objects(values: Mapping[str, Any] | Path | None = None, **more: Any) -> list[Object]:
    """Return the objects of a release with these values."""
    done = templated({} if values is None else values, **more)
    assert done.returncode == 0, done.stderr
    return [each for each in yaml.safe_load_all(done.stdout) if each]


def refusal(**values: Any) -> str:
    """Return why helm does not take these values."""
    done = templated(values)
    assert done.returncode != 0
    return done.stderr


def the(kind: str, found: Sequence[Object], name: str = "") -> Object:
    """Return the one object of *kind* (whose name ends so, if there are several)."""
    (one,) = [
        each
        for each in found
        if each["kind"] == kind and (not name or each["metadata"]["name"].endswith(name))
    ]
    return one


def pod_of(workload: Object) -> Object:
    """Return the template of a workload's pods."""
    return dict(workload["spec"]["template"])


def container_of(workload: Object) -> Object:
    """Return the container with the service."""
    pods = pod_of(workload)["spec"]["containers"]
    return next(each for each in pods if each["name"] == "delivery-probe")


def env_of(workload: Object) -> dict[str, Any]:
    """Return the environment of the service: a text, or where it comes from."""
    listed = container_of(workload)["env"]
    return {each["name"]: each.get("value", each.get("valueFrom")) for each in listed}
