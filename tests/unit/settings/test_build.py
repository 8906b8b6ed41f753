"""What the parts of the service are given for what the configuration says."""

import base64
from datetime import date, timedelta
from pathlib import Path

import pytest

from probe.auth.basic import BasicAuth
from probe.auth.none import NoAuth
from probe.catalog.manifest import ManifestOptions
from probe.domain.artifact import GIB, KIB, MIB, Platform
from probe.domain.expectation import Expectation
from probe.domain.gate import Mode, Objective
from probe.domain.marker import Marker, MarkerKind
from probe.domain.release_range import ReleaseRange
from probe.domain.role import Role
from probe.domain.streak import IncidentPolicy
from probe.domain.target import (
    AddressFamily,
    DepthPolicy,
    EarlyProbe,
    Egress,
    Endpoint,
    EndpointKind,
    Limits,
    Product,
    Region,
)
from probe.engine.permits import Concurrency
from probe.evidence import Bounds
from probe.ports import SecretUnavailable
from probe.secret import SecretRef
from probe.settings import Settings, parse
from tests.unit.settings.valid import VALID, faults, settings

PRODUCT = """\
  - name: widget
    source: {kind: manifest, url: "file:///m.json"}
    endpoints: [{name: a, kind: cdn, url: "https://a.example/{name}"%s}]
"""


def an_endpoint(endpoint: str = "", product: str = "", top: str = "") -> Endpoint:
    text = f"regions: [{{name: eu}}]\n{top}\nproducts:\n{PRODUCT % endpoint}{product}"
    return settings(text).products[0].product.endpoints[0]


def test_pages_lead_to_a_grafana_only_where_one_is_named():
    assert settings().grafana == ""
    assert settings(f'{VALID}\ngrafana: {{url: "https://grafana"}}\n').grafana == "https://grafana"


def test_the_example_becomes_regions_products_and_endpoints():
    found = settings()
    assert found.regions == (
        Region("eu-west-1"),
        Region("us-east-1", Egress(proxy="http://127.0.0.1:3128")),
    )
    assert found.control_targets == ("https://example.com/", "https://example.org/")
    assert found.bytes_per_day == 50 * GIB
    [configured] = found.products
    assert configured.product == Product(
        name="widget",
        channel="stable",
        owner="release-team",
        endpoints=(
            Endpoint(
                "github",
                EndpointKind.GITHUB,
                "https://github.com/acme/widget/releases/download/v{version}/{name}",
            ),
            Endpoint(
                "cdn",
                EndpointKind.CDN,
                "https://dl.example.com/widget/{version}/{name}",
                regions=("eu-west-1",),
                interval_seconds=30.0,
            ),
        ),
        platforms=(
            Platform("linux", "amd64"),
            Platform("darwin", "arm64"),
            Platform("windows", "amd64"),
        ),
        expects=Expectation(planned=True),
    )
    assert configured.source == ManifestOptions(
        kind="manifest", url="file:///etc/widget/manifest.json"
    )
    assert configured.auth == {"github": NoAuth(), "cdn": NoAuth()}
    assert configured.refresh_seconds == 300.0


def test_what_nobody_says_is_as_the_domain_has_it():
    plain = Endpoint("a", EndpointKind.CDN, "https://a.example/{name}")
    assert an_endpoint() == plain
    found = settings(f"regions: [{{name: eu}}]\nproducts:\n{PRODUCT % ''}")
    assert (found.control_targets, found.bytes_per_day) == ((), None)
    assert found.concurrency == Concurrency()
    assert found.allow_any_url is False
    assert found.products[0].product == Product(
        "widget", "stable", "", (plain,), expects=Expectation(planned=True)
    )


def test_every_word_of_a_policy_reaches_the_endpoint():
    policy = """, interval: 5m, depth: range, full_below: 1MiB, min_rate: 10KiB, max_header: 8KiB,
      max_body: 1GiB, max_redirects: 2, allowed_hosts: [b.example, "*.c.example"],
      allow_downgrade: true, missing_status: [403], cache_key_query: true, family: ipv6,
      addresses: all, early_probe: always, bytes_per_day: 2GiB, deadline: 1d, required: no,
      origin: yes, regions: [eu], timeouts: {connect: 1s, first_byte: 2s, stall: 3s, total: 4s}"""
    assert an_endpoint(policy) == Endpoint(
        name="a",
        kind=EndpointKind.CDN,
        url="https://a.example/{name}",
        required=False,
        origin=True,
        regions=("eu",),
        interval_seconds=300.0,
        depth=DepthPolicy.RANGE,
        full_below_bytes=MIB,
        limits=Limits(
            connect_seconds=1,
            first_byte_seconds=2,
            stall_seconds=3,
            total_seconds=4,
            minimum_rate=10 * KIB,
            header_bytes=8 * KIB,
            redirects=2,
            body_bytes=GIB,
        ),
        allowed_hosts=("b.example", "*.c.example"),
        allow_downgrade=True,
        missing_status=frozenset({403}),
        cache_key_query=True,
        family=AddressFamily.IPV6,
        every_address=True,
        early_probe=EarlyProbe.ALWAYS,
        bytes_per_day=2 * GIB,
        deadline_seconds=86_400.0,
    )


def test_a_marker_is_of_its_endpoint():
    policy = ", marker: {kind: header, url: 'https://a.example/', header: X-Serial, interval: 1m}"
    assert an_endpoint(policy).marker == Marker(
        MarkerKind.HEADER, "https://a.example/", "latest", "x-serial", 60.0
    )


def test_only_a_header_has_a_header():
    policy = ", marker: {kind: epoch, url: 'https://a.example/lastsync', name: lastsync}"
    assert an_endpoint(policy).marker == Marker(
        MarkerKind.EPOCH, "https://a.example/lastsync", "lastsync"
    )


def test_nobody_may_write_without_a_token():
    assert settings().api_token is None


def test_the_token_of_who_may_write_is_read_when_it_is_needed(tmp_path):
    secret = tmp_path / "token"
    text = f"regions: [{{name: eu}}]\napi: {{token: {{file: {secret}}}}}\nproducts:\n{PRODUCT % ''}"
    token = settings(text).api_token
    assert token is not None
    with pytest.raises(SecretUnavailable):
        token()
    secret.write_text("correct horse\n")
    assert token() == "correct horse"


def test_the_nearest_word_counts_and_the_rest_is_inherited():
    found = an_endpoint(
        ", timeouts: {total: 1m}",
        "    timeouts: {connect: 2s}\n    interval: 5m\n",
        "defaults: {interval: 10m, depth: head, timeouts: {connect: 3s, first_byte: 4s}}",
    )
    assert found.interval_seconds == 300.0
    assert found.depth is DepthPolicy.HEAD
    assert found.limits == Limits(connect_seconds=2, first_byte_seconds=4, total_seconds=60)


def test_the_rest_of_the_file_reaches_the_settings():
    text = f"""
regions: [{{name: eu, egress: {{source_address: "::1", nameservers: [9.9.9.9, "[::1]:5353"]}}}}]
limits: {{total: 9, per_host: 8, per_region: 7, bulk: 6}}
history: {{observations: 5, failures: 4}}
catalog: {{refresh: 10m}}
probe_endpoint: {{allow_any_url: true}}
products:
{PRODUCT % ", auth: {kind: basic, username: u, password: {env: A}}"}    keep: 2
    pinned: ["1.0"]
    channel: nightly
    owner: us
  - {{name: gadget, refresh: 30s, source: {{kind: manifest, url: "file:///g.json"}},
     endpoints: [{{name: a, kind: s3, url: "https://a.example/{{name}}"}}]}}
"""
    found = settings(text)
    assert found.regions == (
        Region("eu", Egress(source_address="::1", nameservers=("9.9.9.9", "[::1]:5353"))),
    )
    assert found.concurrency == Concurrency(total=9, per_host=8, per_region=7, bulk=6)
    assert (found.history_observations, found.history_failures) == (5, 4)
    assert found.allow_any_url is True
    assert [each.refresh_seconds for each in found.products] == [600.0, 30.0]
    product = found.products[0].product
    assert (product.key, product.owner) == (("widget", "nightly"), "us")
    assert (product.keep, product.pinned) == (2, ("1.0",))
    assert product.endpoints[0].auth_mode == "basic"
    assert found.products[0].auth == {"a": BasicAuth("u", SecretRef(env="A"))}


def test_a_proxy_gets_its_password_as_it_is_at_that_moment(tmp_path: Path):
    path = tmp_path / "password"
    text = VALID.replace(
        'proxy: "http://127.0.0.1:3128"',
        f'proxy: "http://127.0.0.1:3128", proxy_auth: {{username: u, password: {{file: {path}}}}}',
    )
    egress = settings(text).regions[1].egress
    assert egress.proxy == "http://127.0.0.1:3128"
    assert egress.proxy_auth is not None
    with pytest.raises(SecretUnavailable):
        egress.proxy_auth()
    path.write_text("first\n")
    assert egress.proxy_auth() == f"Basic {base64.b64encode(b'u:first').decode()}"
    path.write_text("second\n")
    assert egress.proxy_auth() == f"Basic {base64.b64encode(b'u:second').decode()}"
    assert "password" not in repr(egress)


def test_a_process_probes_from_the_regions_it_is_told_and_knows_no_others():
    assert [region.name for region in settings(VALID, "us-east-1").regions] == ["us-east-1"]
    assert faults(VALID, "eu-west-1", "us-east-2") == [
        "environment: PROBE_REGION: no region is named us-east-2; did you mean us-east-1?"
    ]


def test_a_process_that_probes_nothing_knows_all_regions_as_those_of_others():
    found = parse(VALID.encode(), "probe.yaml", role=Role.CONTROL)
    assert isinstance(found, Settings)
    assert (found.regions, found.elsewhere) == ((), ("eu-west-1", "us-east-1"))
    assert found.products[0].regions == ("eu-west-1", "us-east-1")


def test_an_alias_repeats_what_its_anchor_named():
    first = VALID.replace("kind: github\n", "kind: github\n        timeouts: &short {total: 20s}\n")
    text = first.replace("interval: 30s", "timeouts: *short")
    limits = [endpoint.limits for endpoint in settings(text).products[0].product.endpoints]
    assert limits == [Limits(total_seconds=20)] * 2


def test_the_hash_changes_with_what_is_said_and_not_with_how():
    first = settings().content_hash
    assert settings("# a comment\n" + VALID).content_hash == first
    assert settings(VALID.replace("interval: 30s", 'interval: "30s"')).content_hash == first
    assert settings(VALID.replace("interval: 30s", "interval: 31s")).content_hash != first
    assert settings(VALID, "eu-west-1").content_hash != first


def test_what_is_shown_can_be_loaded_again_and_says_the_same():
    found = settings()
    assert settings(found.shown).content_hash == found.content_hash


def test_what_is_shown_has_references_and_no_queries():
    text = VALID.replace(
        '/{name}"\n        required', '/{name}?v=hunter2"\n        required'
    ).replace(
        "interval: 30s\n", "auth: {kind: bearer, token: {env: CDN_TOKEN}}\n        interval: 30s\n"
    )
    shown = settings(text).shown
    assert "token:\n        env: CDN_TOKEN\n" in shown
    assert "url: https://dl.example.com/widget/{version}/{name}?…\n" in shown
    assert "hunter2" not in shown


def test_targets_become_objectives_in_the_unit_and_the_direction_of_their_kpi():
    who = 'owner: sre, cadence: 31d, runbook: "https://run.example/x"'
    targets = f"""\
    targets:
      global_propagation: {{within: 30m, {who}}}
      regions_verified: {{at_least: 3, {who}}}
      artifact_availability: {{slo: 99.9%, mode: gate, {who}}}
      missing_assets: {{slo: 2%, kind: slo, {who}}}
"""
    text = f"regions: [{{name: eu}}]\nproducts:\n{PRODUCT % ''}{targets}"
    inform = Mode.INFORM
    who_answers = ("sre", "https://run.example/x", timedelta(days=31))
    assert settings(text).products[0].objectives == (
        Objective("missing_assets", 0.02, False, inform, *who_answers),
        Objective("artifact_availability", 0.999, True, Mode.GATE, *who_answers),
        Objective("global_propagation", 1800.0, False, inform, *who_answers),
        Objective("regions_verified", 3, True, inform, *who_answers),
    )


def test_nothing_is_asked_where_there_are_no_targets():
    assert settings().products[0].objectives == ()


def test_a_product_knows_all_regions_whichever_process_probes_from_them():
    assert settings(VALID, "eu-west-1").products[0].regions == ("eu-west-1", "us-east-1")


def test_weights_of_regions_are_shares_of_all_regions_wherever_they_are_probed_from():
    regions = "[{name: eu, weight: 3}, {name: us, weight: 0.75}, {name: ap, weight: 0.25}]"
    found = settings(f"regions: {regions}\nproducts:\n{PRODUCT % ''}", "us")
    assert found.weights == {"eu": 0.75, "us": 0.1875, "ap": 0.0625}
    assert found.products[0].weights == found.weights
    assert settings().weights == {}


def test_what_an_incident_is_may_be_said():
    said = "{failures: 2, some: 4, of: 8, passes: 1, merge: 5m, arrival: 1h}"
    text = f"regions: [{{name: eu}}]\nincidents: {said}\nproducts:\n{PRODUCT % ''}"
    assert settings(text).incidents == IncidentPolicy(
        2, 4, 8, 1, timedelta(minutes=5), timedelta(hours=1)
    )
    assert settings().incidents == IncidentPolicy()


def test_how_much_is_kept_may_be_said():
    text = f"regions: [{{name: eu}}]\nledger: %s\nproducts:\n{PRODUCT % ''}"
    assert settings(text % "{keep: 100d1h, max_size: 1GiB}").ledger == Bounds(101, GIB)
    assert settings().ledger == Bounds()


def test_what_is_expected_of_a_release_reaches_the_product():
    expect = """{platforms: [linux/amd64, linux/riscv64], since: {linux/riscv64: 2026-08-01},
      until: {linux/riscv64: "2.0"},
      artifacts: ["w_{version}_{os}_{arch}.*"], checksums: no, notes: yes, like_previous: no}"""
    rollback = "{known_good: ['1.0'], document: 'https://a.example/back/{version}'}"
    more = f"    expect: {expect}\n    rollback: {rollback}\n"
    text = f"regions: [{{name: eu}}]\nproducts:\n{PRODUCT % ''}{more}"
    source = "{kind: github, repo: acme/widget}"
    product = settings(text.replace('{kind: manifest, url: "file:///m.json"}', source))
    found = product.products[0].product
    assert found.expects == Expectation(
        ranges=((Platform("linux", "riscv64"), ReleaseRange(date(2026, 8, 1), "2.0")),),
        artifacts=("w_{version}_{os}_{arch}.*",),
        checksums=False,
        notes=True,
        like_previous=False,
    )
    assert (found.known_good, found.rollback_doc) == (("1.0",), "https://a.example/back/{version}")
