"""The image as it is run: as nobody, with nothing to write on but its data, and no privilege."""

import json
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from packaging.requirements import Requirement

from probe import __version__
from tests.contracts.source import ROOT
from tests.daemon import free_port, until
from tests.integration.image.conftest import NAME
from tests.integration.image.container import Container
from tests.integration.image.podman import IMAGE, Podman

# To make a base image, and an image of it, takes a minute or two.
pytestmark = [pytest.mark.needs("nginx", "podman"), pytest.mark.timeout(900)]

NOBODY = 65534


@pytest.fixture(scope="module")
def container(podman, configuration, tmp_path_factory) -> Iterator[Container]:
    folder = tmp_path_factory.mktemp("container")
    port = free_port()
    mounted = f"--volume={configuration}:/etc/delivery-probe:ro"
    listen = f"--env=PROBE_LISTEN=127.0.0.1:{port}"
    with Container(podman, "probe", folder, port, mounted, listen) as container:
        yield container
        # Whoever runs it would kill it then.
        status = container.end(5)
    podman("rm", "--volumes", "probe")
    assert status == 0, container.log.read_text()[-2000:]
    assert '"event":"draining"' in container.log.read_text().replace(" ", "")


def image(podman: Podman) -> dict[str, Any]:
    return dict(json.loads(podman("image", "inspect", IMAGE))[0])


def test_it_probes_and_tells_prometheus(container):
    (seen, *_) = until(lambda: json.loads(container.get("/api/v1/observations"))["observations"])
    assert (seen["artifact"], seen["verdict"]) == (NAME, "passed")
    available = re.compile(
        r'^delivery_artifact_available\{.*endpoint="origin".*\} 1\.0$', re.MULTILINE
    )
    until(lambda: available.search(container.get("/metrics")))


def test_the_kernel_knows_it_as_nobody_without_any_privilege(container):
    status = container.status()
    assert status["Uid"].split() == [str(NOBODY)] * 4
    assert status["Gid"].split() == [str(NOBODY)] * 4
    assert {key: int(status[key], 16) for key in ("CapEff", "CapPrm", "CapBnd")} == {
        "CapEff": 0,
        "CapPrm": 0,
        "CapBnd": 0,
    }
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


def test_its_root_is_read_only_and_its_ledger_is_in_the_volume(container):
    refused = container.python("open('/tmp/x', 'w')")
    assert "Read-only file system" in refused.stderr
    listed = container.python("import os; print(sorted(os.listdir('/data')))")
    assert "ledger.db" in listed.stdout


def test_it_can_be_asked_whether_it_is_healthy_and_is(container):
    (state,) = json.loads(container.podman("inspect", "probe"))
    assert state["Config"]["Healthcheck"]["Test"] == ["CMD", "delivery-probe", "healthcheck"]
    said = container.podman("exec", "probe", "delivery-probe", "healthcheck", "--ready")
    assert said == "ready\n"


def test_its_ledger_can_be_backed_up_while_it_runs_and_restored_elsewhere(container, tmp_path):
    podman = container.podman
    backup = tmp_path / "ledger.jsonl"
    backup.write_text(podman("exec", "probe", "delivery-probe", "ledger", "export"))
    restored = podman(
        *("run", "--rm", "--volume=restored:/data", f"--volume={backup}:/backup:ro"),
        *(IMAGE, "ledger", "import", "/backup"),
    )
    assert re.fullmatch(r"\d+ lines? taken in\n", restored)
    podman("run", "--rm", "--volume=restored:/data", IMAGE, "ledger", "check")


def test_where_nothing_runs_nothing_is_healthy(podman):
    listen = f"--env=PROBE_LISTEN=127.0.0.1:{free_port()}"
    asked = podman.run("run", "--rm", "--network=host", listen, IMAGE, "healthcheck")
    assert asked.returncode == 1


def test_it_says_what_it_is_and_what_runs(podman):
    configured = image(podman)["Config"]
    assert configured["User"] == f"{NOBODY}:{NOBODY}"
    assert configured["Entrypoint"] == ["delivery-probe"]
    assert configured["Cmd"] == ["serve"]
    assert list(configured["Volumes"]) == ["/data"]
    assert list(configured["ExposedPorts"]) == ["29464/tcp"]
    labels = configured["Labels"]
    assert labels["org.opencontainers.image.version"] == __version__
    assert labels["org.opencontainers.image.title"] == "delivery-probe"
    assert labels["org.opencontainers.image.licenses"] == "Apache-2.0"


def test_it_is_smaller_than_is_promised(podman):
    assert image(podman)["Size"] < 200_000_000


def test_it_holds_what_is_locked_and_nothing_else(podman):
    program = """
import importlib.metadata as metadata, json, sys
found = [(each.name.lower(), each.version) for each in metadata.distributions()]
print(json.dumps(["%d.%d" % sys.version_info[:2], found]))
"""
    version, found = json.loads(
        podman("run", "--rm", "--entrypoint=python", IMAGE, "-I", "-c", program)
    )
    export = [".tools/bin/uv", "export", "--quiet", "--locked", "--no-dev", "--no-hashes"]
    listed = subprocess.run(
        [*export, "--no-emit-project", "--no-header", "--no-annotate"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    wanted = map(Requirement, listed.splitlines())
    locked = {
        (each.name, str(each.specifier).removeprefix("=="))
        for each in wanted
        if each.marker is None or each.marker.evaluate({"python_version": version})
    }
    assert {(name.replace("_", "-"), version) for name, version in found} == {
        *locked,
        ("delivery-probe", __version__),
    }


def test_nothing_has_to_be_compiled_when_it_starts(podman):
    program = """
import pathlib
code = pathlib.Path("/opt/delivery-probe").rglob("*.py")
print([str(each) for each in code if each.parent.name != "bin"
       and not list(each.parent.glob("__pycache__/" + each.stem + ".*.pyc"))])
"""
    said = podman("run", "--rm", "--entrypoint=python", IMAGE, "-c", program)
    assert said == "[]\n"


def test_gpgv_is_there_to_verify_signatures(podman):
    assert podman("run", "--rm", "--entrypoint=gpgv", IMAGE, "--version").startswith("gpgv (GnuPG)")
