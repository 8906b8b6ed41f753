"""What each value of the chart is for."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from probe import __version__
from probe.domain.role import Role
from probe.process import Process, environment
from tests.integration.chart.helm import (
    CHART,
    VARIANTS,
    container_of,
    env_of,
    objects,
    pod_of,
    refusal,
    templated,
    the,
)

pytestmark = pytest.mark.needs("helm")

DIGEST = f"sha256:{'0' * 64}"
NAME = "rel-delivery-probe"
CONTROL = {"control.enabled": True}
TLS = {"cert_file": "a", "key_file": "b"}


def deployment(name: str = "probe", **values: Any) -> dict[str, Any]:
    return the("Deployment", objects(values), name)


def dotted(**values: Any) -> dict[str, Any]:
    """Return values whose names have dots, which here are double underscores."""
    return {key.replace("__", "."): value for key, value in values.items()}


def test_the_image_is_that_of_the_project_at_its_version():
    wanted = f"ghcr.io/delivery-probe/delivery-probe:{__version__}"
    assert container_of(deployment())["image"] == wanted


@pytest.mark.parametrize(
    ("values", "image"),
    [
        ({"image.tag": "1.4.2"}, "ghcr.io/delivery-probe/delivery-probe:1.4.2"),
        (
            {"image.tag": "1", "image.digest": DIGEST},
            f"ghcr.io/delivery-probe/delivery-probe@{DIGEST}",
        ),
        (
            {"image.registry": "a.example", "image.repository": "b/c", "image.tag": "d"},
            "a.example/b/c:d",
        ),
        (
            {"image.registry": "a.example", "global.imageRegistry": "e.example", "image.tag": "d"},
            "e.example/delivery-probe/delivery-probe:d",
        ),
    ],
)
def test_another_image_can_be_named_in_part_or_whole(values, image):
    assert container_of(the("Deployment", objects(values)))["image"] == image


def test_there_is_one_pod_which_is_replaced_and_not_rolled():
    spec = deployment()["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})


def test_a_pod_has_more_time_to_end_than_probes_are_given():
    pod = pod_of(deployment())["spec"]
    assert pod["terminationGracePeriodSeconds"] > 30
    assert env_of(deployment())["PROBE_DRAIN"] == "30s"


def test_a_name_with_a_dot_is_looked_up_as_it_is():
    options = pod_of(deployment())["spec"]["dnsConfig"]["options"]
    assert options == [{"name": "ndots", "value": "1"}]


def test_the_service_takes_the_environment_that_it_is_given(monkeypatch):
    fields = {f"PROBE_{name.upper()}" for name in Process.model_fields}
    for variant in VARIANTS:
        for each in objects(variant):
            if each["kind"] in {"Deployment", "StatefulSet"}:
                given = {name for name in env_of(each) if name.startswith("PROBE_")}
                assert given <= fields, variant
    for name, value in env_of(deployment(region="eu-west-1", listenHost="::")).items():
        monkeypatch.setenv(name, value)
    process = environment()
    assert isinstance(process, Process), process
    assert process.listen == ("::", 29464)
    assert process.region == ("eu-west-1",)
    assert process.config == Path("/etc/delivery-probe/probe.yaml")
    assert process.data_dir == Path("/data")


def test_a_region_is_a_label_of_pod_and_target():
    values = {"region": "eu-west-1", "serviceMonitor.enabled": True}
    found = objects(values)
    pod = pod_of(the("Deployment", found))
    assert pod["metadata"]["labels"]["region"] == "eu-west-1"
    assert env_of(the("Deployment", found))["PROBE_REGION"] == "eu-west-1"
    assert the("ServiceMonitor", found)["spec"]["podTargetLabels"] == ["region"]


def test_several_regions_are_probed_from_one_pod_and_no_label():
    probing = deployment(region="eu-west-1,us-east-1")
    assert env_of(probing)["PROBE_REGION"] == "eu-west-1,us-east-1"
    assert "region" not in pod_of(probing)["metadata"]["labels"]


@pytest.mark.parametrize(
    ("key", "value"), [("config.history", {"observations": 5}), ("commonLabels.team", "delivery")]
)
def test_pods_are_replaced_when_what_they_read_changes(key, value):
    def checksum(**values: Any) -> Any:
        return (
            pod_of(the("Deployment", objects(values)))["metadata"]
            .get("annotations", {})
            .get("checksum/config")
        )

    assert checksum() == checksum()
    assert checksum(**{key: value}) != checksum()
    assert checksum(restartOnConfigChange=False) is None


def test_a_configuration_that_is_there_already_is_mounted_in_place():
    for kind, source in (("configMap", "name"), ("secret", "secretName")):
        found = objects({f"existingConfig.{kind}": "mine", "existingConfig.key": "other.yaml"})
        volumes = pod_of(the("Deployment", found))["spec"]["volumes"]
        assert {"name": "config", kind: {source: "mine"}} in volumes
        assert env_of(the("Deployment", found))["PROBE_CONFIG"] == "/etc/delivery-probe/other.yaml"
        assert [each for each in found if each["kind"] in {"ConfigMap", "Secret"}] == []


def test_large_numbers_stay_whole_in_the_configuration():
    found = objects({"config.budget": {"bytes_per_day": 1_000_000_000_000}})
    text = the("ConfigMap", found)["data"]["probe.yaml"]
    assert "bytes_per_day: 1000000000000\n" in text


def test_the_ledger_is_kept_in_a_claim_that_outlives_the_release():
    found = objects()
    claim = the("PersistentVolumeClaim", found)
    assert claim["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}
    assert claim["spec"]["resources"]["requests"]["storage"] == "2Gi"
    volumes = pod_of(the("Deployment", found))["spec"]["volumes"]
    assert {"name": "data", "persistentVolumeClaim": {"claimName": NAME}} in volumes


def test_without_persistence_the_ledger_lasts_as_long_as_the_pod():
    found = objects({"persistence.enabled": False})
    volumes = pod_of(the("Deployment", found))["spec"]["volumes"]
    assert {"name": "data", "emptyDir": {"sizeLimit": "2Gi"}} in volumes
    assert "PersistentVolumeClaim" not in {each["kind"] for each in found}


def test_no_storage_class_is_another_thing_than_the_default_one():
    def storage_class(name: str) -> Any:
        found = objects({"persistence.storageClass": name})
        return the("PersistentVolumeClaim", found)["spec"].get("storageClassName")

    assert [storage_class(name) for name in ("", "-", "fast")] == [None, "", "fast"]


def test_each_shard_knows_which_it_is_and_keeps_a_ledger_of_its_own():
    found = objects({"shards": 3})
    shards = the("StatefulSet", found)
    env = env_of(shards)
    index = {"fieldRef": {"fieldPath": "metadata.labels['apps.kubernetes.io/pod-index']"}}
    assert (shards["spec"]["replicas"], env["PROBE_TOTAL_SHARDS"]) == (3, "3")
    assert env["PROBE_SHARD"] == index
    assert shards["spec"]["volumeClaimTemplates"][0]["metadata"]["name"] == "data"
    assert the("Service", found, "shards")["spec"]["clusterIP"] == "None"
    assert shards["spec"]["serviceName"] == f"{NAME}-shards"
    assert not [each for each in found if each["kind"] == "Deployment"]


def test_no_pod_is_scraped_by_way_of_two_services():
    found = objects({"shards": 2, "control.enabled": True, "serviceMonitor.enabled": True})
    selector = the("ServiceMonitor", found)["spec"]["selector"]
    (expression,) = selector["matchExpressions"]
    chosen = [
        each["metadata"]["name"]
        for each in found
        if each["kind"] == "Service"
        and selector["matchLabels"].items() <= each["metadata"]["labels"].items()
        and each["metadata"]["labels"][expression["key"]] in expression["values"]
    ]
    assert chosen == [NAME, f"{NAME}-control"]


def test_roles_are_those_that_the_service_has():
    schema = json.loads((CHART / "values.schema.json").read_text())
    assert set(schema["properties"]["role"]["enum"]) == {"", *Role}


def test_control_is_a_pod_of_its_own_that_probes_nothing():
    found = objects({"control.enabled": True, "region": "eu-west-1", "shards": 2})
    control, prober = the("Deployment", found, "control"), the("StatefulSet", found)
    assert env_of(control)["PROBE_ROLE"] == "control"
    assert env_of(prober)["PROBE_ROLE"] == "prober"
    assert not {"PROBE_REGION", "PROBE_SHARD", "PROBE_TOTAL_SHARDS"} & env_of(control).keys()
    assert pod_of(prober)["metadata"]["labels"]["region"] == "eu-west-1"
    assert "region" not in pod_of(control)["metadata"]["labels"]
    assert "PROBE_ROLE" not in env_of(deployment())
    assert env_of(deployment(role="prober"))["PROBE_ROLE"] == "prober"


def test_with_a_password_the_kubelet_only_knocks():
    container = container_of(deployment())
    assert container["livenessProbe"]["httpGet"] == {"path": "/-/healthy", "port": "http"}
    assert container["readinessProbe"]["httpGet"] == {"path": "/-/ready", "port": "http"}
    wanting = {**TLS, "client_ca_file": "c", "client_auth_type": "RequireAndVerifyClientCert"}
    for values in (
        {"web.existingSecret": "web"},
        {"web.config": {"basic_auth_users": {"a": "b"}}},
        {"web.config": {"tls_server_config": wanting}},
    ):
        container = container_of(the("Deployment", objects(values)))
        for each in ("startupProbe", "livenessProbe", "readinessProbe"):
            assert container[each]["tcpSocket"] == {"port": "http"}
            assert "httpGet" not in container[each]


def test_with_tls_alone_the_kubelet_asks_over_it():
    container = container_of(deployment(**{"web.config": {"tls_server_config": TLS}}))
    asked = {"path": "/-/ready", "port": "http", "scheme": "HTTPS"}
    assert container["readinessProbe"]["httpGet"] == asked


def test_nobody_takes_a_pod_for_dead_that_writes_its_ledger_anew():
    starting = container_of(deployment())["startupProbe"]
    assert starting["httpGet"] == {"path": "/-/healthy", "port": "http"}
    assert starting["periodSeconds"] * starting["failureThreshold"] == 600


def test_what_has_a_prefix_is_asked_for_under_it():
    values = {"web.externalUrl": "https://probe.example.com/delivery/"}
    found = objects({**values, "serviceMonitor.enabled": True})
    assert container_of(the("Deployment", found))["livenessProbe"]["httpGet"]["path"] == (
        "/delivery/-/healthy"
    )
    assert the("ServiceMonitor", found)["spec"]["endpoints"][0]["path"] == "/delivery/metrics"
    other = objects({**values, "web.routePrefix": "/"})
    path = container_of(the("Deployment", other))["livenessProbe"]["httpGet"]["path"]
    assert path == "/-/healthy"


def test_a_scrape_speaks_tls_where_the_web_does():
    def scheme(**values: Any) -> Any:
        found = objects({"serviceMonitor.enabled": True, **dotted(**values)})
        return the("ServiceMonitor", found)["spec"]["endpoints"][0]["scheme"]

    assert scheme() == "http"
    assert scheme(web__config={"tls_server_config": TLS}) == "https"
    assert scheme(web__existingSecret="web", serviceMonitor__scheme="https") == "https"


def test_a_network_policy_names_ports_of_pods_and_denies_the_metadata_of_clouds():
    values = {"networkPolicy.enabled": True, "service.port": 80, "containerPort": 9000}
    policy = the("NetworkPolicy", objects(values))["spec"]
    assert policy["ingress"][0]["ports"] == [{"port": 9000, "protocol": "TCP"}]
    dns, downloads, *_ = policy["egress"]
    assert dns == {"ports": [{"port": 53, "protocol": name} for name in ("UDP", "TCP")]}
    assert downloads["ports"] == [{"port": 443, "protocol": "TCP"}]
    four, six = (each["ipBlock"] for each in downloads["to"])
    assert four == {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}
    assert "fe80::/10" in six["except"]


def test_a_proxy_is_let_through_at_its_port():
    proxy = {"cidr": "10.0.0.7/32", "port": 3128}
    found = objects({"networkPolicy.enabled": True, "networkPolicy.egress.proxies": [proxy]})
    rules = the("NetworkPolicy", found)["spec"]["egress"]
    assert {
        "ports": [{"port": 3128, "protocol": "TCP"}],
        "to": [{"ipBlock": {"cidr": "10.0.0.7/32"}}],
    } in rules


CONFINED = {"networkPolicy.enabled": True}


@pytest.mark.parametrize(
    ("control", "values", "port"),
    [
        ("http://mirror.example.com/debian/", {}, "80"),
        ("https://mirror.example.com:8443", {}, "8443"),
        ("https://[2001:db8::1]:8443/", {}, "8443"),
        ("https://mirror.example.com/", {"networkPolicy.egress.ports": [8443]}, "443"),
    ],
)
def test_a_port_that_is_probed_and_shut_is_named(control, values, port):
    wanted = {"config.control_targets": [control], **CONFINED, **values}
    assert f"networkPolicy.egress.ports has no {port}: no probe would get there" in refusal(
        **wanted
    )


@pytest.mark.parametrize(
    "values",
    [
        {"networkPolicy.egress.ports": [80, 443]},
        {"networkPolicy.egress.proxies": [{"cidr": "10.0.0.7/32", "port": 3128}]},
        {"networkPolicy.egress.extra": [{"ports": [{"port": 80}]}]},
        {"networkPolicy.egress.enabled": False},
        {"networkPolicy.enabled": False},
    ],
)
def test_a_port_that_may_be_reached_is_not(values):
    found = objects({"config.control_targets": ["http://a.example.com/"], **CONFINED, **values})
    assert the("ConfigMap", found)


def test_where_a_runbook_is_nobody_has_to_reach():
    who = {"owner": "ada", "cadence": "31d", "runbook": "http://wiki.example.com/widget"}
    targets = {"mirror_coverage": {"slo": "90%", **who}}
    products = yaml.safe_load((CHART / "values.yaml").read_text())["config"]["products"]
    products[0]["targets"] = targets
    assert the("NetworkPolicy", objects({"config.products": products, **CONFINED}))


def test_operators_are_led_to_where_all_regions_are_seen():
    values = {
        "ingress.enabled": True,
        "ingress.hosts": [{"host": "probe.example.com"}],
        "web.apiPort": 29465,
    }

    def backend(**more: Any) -> Any:
        (rule,) = the("Ingress", objects({**values, **dotted(**more)}))["spec"]["rules"]
        return rule["http"]["paths"][0]["backend"]["service"]

    assert backend() == {"name": NAME, "port": {"name": "api"}}
    assert backend(control__enabled=True)["name"] == f"{NAME}-control"


def test_rules_can_be_those_of_one_region_only_and_lead_to_your_own_pages():
    def text(**values: Any) -> str:
        done = templated({"prometheusRule.enabled": True, **dotted(**values)})
        return done.stdout

    regional = text(prometheusRule__scopes=["regional"])
    assert "delivery.alerts.regional" in regional
    assert "delivery.alerts.global" not in regional
    mine = text(
        prometheusRule__runbookUrl="https://run.example.net/",
        prometheusRule__grafanaUrl="https://graf.example.net",
        prometheusRule__exclude=["delivery.sli"],
    )
    assert "runbook_url: https://run.example.net/DeliveryEndpointOutage.md" in mine
    assert "https://graf.example.net/d/delivery-" in mine
    assert "runbooks.example.com" not in mine
    assert "name: delivery.sli\n" not in mine


def test_rules_are_sorted_by_which_prometheus_can_answer_them():
    everywhere = {path.name for path in (CHART / "rules/regional").iterdir()}
    joined = {path.name for path in (CHART / "rules/global").iterdir()}
    assert {name for name in everywhere if "global" in name} == set()
    assert {name for name in joined if "regional" in name} == set()
    assert "delivery.sli.rules.yaml" in everywhere
    assert "delivery.cross_region.rules.yaml" in joined


def test_each_dashboard_is_a_config_map_that_the_sidecar_of_grafana_finds(tmp_path):
    copy = shutil.copytree(CHART, tmp_path / "chart")
    board = copy / "dashboards" / "delivery-some_board.json"
    board.parent.mkdir(exist_ok=True)
    board.write_text('{\n  "title": "{{ not a template }}"\n}\n')
    values = {"dashboards.enabled": True, "dashboards.folder": "Delivery"}
    found = the("ConfigMap", objects(values, chart=copy), "-some-board")
    assert found["data"] == {board.name: board.read_text()}
    assert found["metadata"]["labels"]["grafana_dashboard"] == "1"
    assert found["metadata"]["annotations"] == {"grafana_folder": "Delivery"}


def test_every_shipped_dashboard_fits_into_a_config_map():
    sizes = {path.name: path.stat().st_size for path in (CHART / "dashboards").glob("*.json")}
    assert [name for name, size in sizes.items() if size > 900_000] == []


def test_more_objects_are_rendered_as_templates():
    found = objects(CHART / "ci/extras-values.yaml")
    assert the("ConfigMap", found, "rel-more")["data"] == {"region": ""}
    assert the("Secret", found, "rel-text")["stringData"] == {"a": "b"}


def test_a_key_that_is_unknown_is_refused():
    assert "additional properties 'bogus' not allowed" in refusal(bogus=1)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"existingConfig": {"configMap": "a", "secret": "b"}}, "name one of them"),
        ({"shards": 2, "persistence.existingClaim": "a"}, "each of the shards needs one"),
        (
            {"serviceMonitor.enabled": True, "web.config": {"basic_auth_users": {"a": "b"}}},
            "name one in serviceMonitor.basicAuth",
        ),
        ({"config": None}, "missing property 'config'"),
        ({"image": None}, "missing property 'image'"),
        ({"extraSecretMounts": [{"name": "a"}]}, "missing properties 'secretName', 'mountPath'"),
        ({"region": 5}, "at '/region': got number, want string"),
    ],
)
def test_what_cannot_be_is_refused_in_words(values, why):
    assert why in refusal(**values)


def test_a_fault_of_the_configuration_is_named_before_anything_is_installed():
    assert "at '/config': additional properties 'product' not allowed" in refusal(
        **{"config.product": []}
    )


def test_notes_say_what_to_do_next(tmp_path):
    copy = shutil.copytree(CHART, tmp_path / "chart")
    (copy / "templates/NOTES.txt").rename(copy / "notes")
    (copy / "templates/notes.yaml").write_text(
        'kind: Notes\nmetadata: {name: notes}\nnotes: {{ tpl (.Files.Get "notes") . | quote }}\n'
    )
    notes = the("Notes", objects(chart=copy))["notes"]
    assert f"port-forward service/{NAME} 29464:29464" in notes
    assert "It probes an example that does not exist" in notes
    assert "Nothing scrapes it yet" in notes
    assert "Control has no Prometheus" in the("Notes", objects(CONTROL, chart=copy))["notes"]
    quiet = {"serviceMonitor.enabled": True, "existingConfig.configMap": "mine"}
    notes = the("Notes", objects(quiet, chart=copy))["notes"]
    assert "example" not in notes
    assert "scrapes" not in notes
    assert "network policy" not in notes
    tls = {**quiet, "web.config": {"tls_server_config": TLS}}
    assert (
        "set `serviceMonitor.tlsConfig.serverName`"
        in the("Notes", objects(tls, chart=copy))["notes"]
    )
    named = {**tls, "serviceMonitor.tlsConfig": {"serverName": "probe.example.com"}}
    assert "serverName" not in the("Notes", objects(named, chart=copy))["notes"]
    shut = {"networkPolicy.enabled": True, "ingress.enabled": True}
    assert "serves the\nIngress has to be there" in the("Notes", objects(shut, chart=copy))["notes"]
