"""The Prometheus that sees all regions, as the transport is told of it."""

import base64

import pytest

from probe.ports import SecretUnavailable
from probe.settings import load
from tests.unit.settings.valid import VALID, settings


def access(section: str):
    found = settings(f"{VALID}\nprometheus: {section}\n").prometheus
    assert found is not None
    return found


def test_without_it_there_is_none():
    assert settings().prometheus is None


def test_an_address_is_enough():
    found = access('{url: "http://prometheus:9090"}')
    assert (found.url, found.timeout_seconds, found.by_get) == (
        "http://prometheus:9090",
        30.0,
        False,
    )
    assert (found.ca, found.certificate, found.headers()) == ("", None, {})


def test_a_token_is_read_when_it_is_used_and_the_tenant_is_told(monkeypatch):
    found = access(
        '{url: "https://mimir/prometheus", tenant: team-a, method: get, timeout: 5s, '
        "auth: {kind: bearer, token: {env: TOKEN}}}"
    )
    monkeypatch.setenv("TOKEN", "hush")
    assert found.headers() == {"Authorization": "Bearer hush", "X-Scope-OrgID": "team-a"}
    assert (found.by_get, found.timeout_seconds) == (True, 5.0)
    assert "hush" not in repr(found)
    monkeypatch.delenv("TOKEN")
    with pytest.raises(SecretUnavailable, match="TOKEN is not set"):
        found.headers()


def test_a_password_is_sent_with_its_user(monkeypatch):
    monkeypatch.setenv("PASSWORD", "hush")
    auth = "auth: {kind: basic, username: ada, password: {env: PASSWORD}}"
    found = access(f'{{url: "https://prometheus", {auth}}}')
    expected = base64.b64encode(b"ada:hush").decode()
    assert found.headers() == {"Authorization": f"Basic {expected}"}


def test_files_of_tls_stand_beside_the_configuration(tmp_path):
    tls = "tls: {ca: ca.pem, certificate: /etc/c.pem, key: k.pem}"
    path = tmp_path / "probe.yaml"
    path.write_text(f'{VALID}\nprometheus: {{url: "https://p", {tls}}}\n')
    found = load(path).prometheus
    assert found.ca == f"{tmp_path}/ca.pem"
    assert found.certificate == ("/etc/c.pem", f"{tmp_path}/k.pem")
