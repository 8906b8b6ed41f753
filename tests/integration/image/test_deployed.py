"""What the chart deploys is what the image runs."""

import pytest
import yaml

from tests.daemon import free_port
from tests.integration.chart.helm import container_of, env_of, objects, pod_of, the
from tests.integration.image.container import Container

pytestmark = [pytest.mark.needs("helm", "nginx", "podman"), pytest.mark.timeout(900)]

KUBELET = ("startup", "liveness", "readiness")


def test_a_pod_of_the_chart_becomes_ready_and_is_scraped_and_healthy(
    podman, configuration, tmp_path
):
    port = free_port()
    given = yaml.safe_load((configuration / "probe.yaml").read_text())
    values = {f"config.{key}": value for key, value in given.items()}
    values |= {"listenHost": "127.0.0.1", "containerPort": port, "region": "eu-west-1"}
    values |= {"web.externalUrl": "https://probe.example.com/delivery"}
    found = objects(values)
    pod = the("Deployment", found)
    # The folder of a test is for its user alone.
    mounted = tmp_path / "etc"
    mounted.mkdir()
    for name, text in the("ConfigMap", found)["data"].items():
        (mounted / name).write_text(text)
    (mounted / "manifest.json").write_text((configuration / "manifest.json").read_text())

    container, security = container_of(pod), pod_of(pod)["spec"]["securityContext"]
    sources = {"config": f"{mounted}:{{}}:ro", "data": "claim:{}", "tmp": "scratch:{}"}
    flags = [f"--env={name}={value}" for name, value in env_of(pod).items()]
    flags += [
        "--volume=" + sources[each["name"]].format(each["mountPath"])
        for each in container["volumeMounts"]
    ]
    flags.append(f"--user={security['runAsUser']}:{security['runAsGroup']}")
    with Deployed(podman, "deployed", tmp_path, port, *flags) as running:
        asked = [container[f"{each}Probe"]["httpGet"]["path"] for each in KUBELET]
        assert [running.get(path) for path in asked] == ["healthy\n", "healthy\n", "ready\n"]
        assert "delivery_build_info{" in running.get("/delivery/metrics")
        said = podman("exec", "deployed", "delivery-probe", "healthcheck", "--ready")
        assert said == "ready\n"
        assert running.end(5) == 0


class Deployed(Container):
    """The service where its pages have a prefix."""

    ready = "/delivery/-/ready"
