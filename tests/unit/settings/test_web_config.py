"""web-config.yml: what exporters take is taken, what cannot be done is refused."""

import subprocess
from pathlib import Path

import bcrypt
import pytest
import trustme

from probe.settings import WebConfig, load_web_config
from tests.real import program

HASHED = bcrypt.hashpw(b"s3cret", bcrypt.gensalt(4)).decode()
TLS = "tls_server_config: {cert_file: crt.pem, key_file: key.pem}\n"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Make a directory with a certificate, its key, and an authority for clients."""
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_pem.write_to_path(tmp_path / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(tmp_path / "crt.pem")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return tmp_path


def loaded(house: Path, text: str) -> WebConfig:
    (house / "web.yml").write_text(text)
    found = load_web_config(house / "web.yml")
    assert isinstance(found, WebConfig), [str(fault) for fault in found]
    return found


def told(house: Path, text: str) -> list[str]:
    (house / "web.yml").write_text(text)
    found = load_web_config(house / "web.yml")
    assert isinstance(found, tuple), found
    return [str(fault).replace(f"{house}/", "") for fault in found]


@pytest.mark.parametrize("text", ["", "# nothing yet\n\n", "{}\n"])
def test_nothing_said_is_open(house, text):
    assert loaded(house, text) == WebConfig()


WHOLE = f"""\
tls_server_config:
  cert_file: crt.pem
  key_file: key.pem
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ca.pem
  client_allowed_sans: [scraper@example.com]
  min_version: TLS12
  max_version: TLS13
  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
  prefer_server_cipher_suites: true
http_server_config:
  http2: false
  headers:
    Strict-Transport-Security: max-age=31536000
basic_auth_users:
  prometheus: {HASHED}
"""


def test_all_that_can_be_said_is_taken(house):
    found = loaded(house, WHOLE)
    assert found.terms.users == {"prometheus": HASHED.encode()}
    assert found.terms.allowed_names == {"scraper@example.com"}
    assert found.terms.headers == {"Strict-Transport-Security": "max-age=31536000"}
    assert found.tls is not None
    assert found.tls.suites == ("ECDHE-RSA-AES128-GCM-SHA256",)
    assert found.context is not None


# client_allowed_sans is younger than the promtool of Debian 12.
OLDER = WHOLE.replace("  client_allowed_sans: [scraper@example.com]\n", "")


@pytest.mark.needs("promtool")
@pytest.mark.parametrize("text", [OLDER, TLS, f"basic_auth_users: {{a: {HASHED}}}\n", "{}\n"])
def test_what_is_taken_is_what_promtool_takes(house, text):
    loaded(house, text)
    command = [program("promtool"), "check", "web-config", house / "web.yml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


WRONG = [
    ("tls_config: {}\n", "tls_config: unknown key; did you mean tls_server_config?"),
    (
        "tls_server_config: {cert_file: crt.pem}\n",
        "tls_server_config.key_file: is required",
    ),
    (
        TLS.replace("}", ", min_version: TLS11}"),
        "tls_server_config.min_version: must be one of TLS12, TLS13; did you mean TLS13?",
    ),
    (
        TLS.replace("}", ", client_auth_type: RequireAnyClientCert}"),
        (
            "tls_server_config.client_auth_type: a certificate that is not verified proves "
            "nothing; use VerifyClientCertIfGiven or RequireAndVerifyClientCert, with "
            "client_ca_file"
        ),
    ),
    (
        TLS.replace("}", ", client_ca_file: ca.pem}"),
        "tls_server_config: client_ca_file and a client_auth_type that verifies need each other",
    ),
    (
        TLS.replace("crt.pem", "none.pem"),
        "tls_server_config.cert_file: cannot be read: No such file or directory",
    ),
    (
        "basic_auth_users: {a: s3cret}\n",
        "basic_auth_users.a: must be a bcrypt hash, as htpasswd -nBC 10 NAME prints it",
    ),
    (
        f"basic_auth_users: {{a: {HASHED.replace('$04$', '$31$')}}}\n",
        "basic_auth_users.a: must have a cost of at most 16",
    ),
    (
        'http_server_config: {headers: {X-Frame-Options: "a\\nb"}}\n',
        "http_server_config.headers.X-Frame-Options: must be printable ASCII on one line",
    ),
    (
        f"basic_auth_users: {{'a:b': {HASHED}}}\n",
        "basic_auth_users.a:b: must be a name of at most 100 characters, without a colon",
    ),
]


@pytest.mark.parametrize(("text", "fault"), WRONG)
def test_what_is_wrong_is_named_with_its_key(house, text, fault):
    [line] = told(house, text)
    _, _, said = line.partition(": ")
    assert said == fault


def test_all_faults_are_told_at_once_in_order(house):
    text = "".join(f"{key}: 1\n" for key in ("a", "http_server_config", "basic_auth_users"))
    unknown = "unknown key; known here are tls_server_config, http_server_config, basic_auth_users"
    assert told(house, text) == [
        f"web.yml:1:1: a: {unknown}",
        "web.yml:2:21: http_server_config: must be a mapping, as in key: value",
        "web.yml:3:19: basic_auth_users: must be a mapping, as in key: value",
    ]


def test_no_fault_repeats_a_password(house):
    assert "s3cret" not in "".join(told(house, "basic_auth_users: {a: s3cret}\n"))
