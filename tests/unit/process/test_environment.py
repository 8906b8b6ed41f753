"""What the process is told by its environment and its command line."""

from pathlib import Path

import pytest

from probe.domain.role import Role
from probe.logs import LogFormat, LogLevel
from probe.process import Process, environment


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in Process.model_fields:
        monkeypatch.delenv(f"PROBE_{name.upper()}", raising=False)
    return monkeypatch


def process(**flags: object) -> Process:
    found = environment(flags)
    assert isinstance(found, Process), found
    return found


def faults(**flags: object) -> list[str]:
    found = environment(flags)
    assert isinstance(found, tuple)
    return [str(fault) for fault in found]


def test_nothing_said_is_a_process_that_can_run():
    found = process()
    assert found.config == Path("probe.yaml")
    assert found.region == ()
    assert found.listen == ("0.0.0.0", 29464)
    assert found.data_dir == Path("data")
    assert (found.log_level, found.log_format) == (LogLevel.INFO, LogFormat.AUTO)
    assert found.drain == 30.0
    assert (found.shard, found.total_shards) == (0, 1)


def test_all_pages_are_at_the_root_of_one_address_unless_said():
    found = process()
    assert (found.api_listen, found.web_config_file) == (None, None)
    assert (found.prefix, found.base) == ("", "")


@pytest.mark.parametrize(
    ("external", "prefix", "expected"),
    [
        ("https://probe.example.com", None, ("", "")),
        ("https://example.com/delivery/", None, ("/delivery", "/delivery")),
        ("https://example.com/delivery", "/", ("", "/delivery")),
        ("https://example.com/delivery", "/inner/", ("/inner", "/delivery")),
        ("", "a/b", ("/a/b", "/a/b")),
    ],
)
def test_pages_are_served_where_they_are_found_unless_a_proxy_changes_that(
    external, prefix, expected
):
    flags = {"web_external_url": external, "web_route_prefix": prefix}
    found = process(**flags)
    assert (found.prefix, found.base) == expected


WRONG = {
    ("web_external_url", "probe.example.com"): (
        "--web.external-url: must be the URL of this service, "
        "as in https://probe.example.com/delivery"
    ),
    ("web_external_url", "https://user@example.com/?a=b"): (
        "--web.external-url: must be a plain URL, without user, query and fragment"
    ),
    ("web_route_prefix", "/a{b}"): (
        "--web.route-prefix: must be a path, as in /delivery, of letters, digits and -._~"
    ),
    ("api_listen", "9000"): (
        "--api-listen: must be host:port, as in 127.0.0.1:29464, [::1]:29464 or :29464"
    ),
}


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_cannot_be_said_of_the_web_is_refused(name, value):
    assert faults(**{name: value}) == [f"command line: {WRONG[name, value]}"]


def test_variables_are_read(nothing_set: pytest.MonkeyPatch):
    said = {
        "CONFIG": "/etc/probe.yaml",
        "REGION": "eu-west-1, us-east-1,",
        "LISTEN": "[::1]:9000",
        "DATA_DIR": "/var/lib/probe",
        "LOG_LEVEL": "DEBUG",
        "LOG_FORMAT": "json",
        "DRAIN": "1m30s",
        "SHARD": "2",
        "TOTAL_SHARDS": "3",
    }
    for name, value in said.items():
        nothing_set.setenv(f"PROBE_{name}", value)
    assert process() == Process(
        config=Path("/etc/probe.yaml"),
        region=("eu-west-1", "us-east-1"),
        listen=("::1", 9000),
        data_dir=Path("/var/lib/probe"),
        log_level=LogLevel.DEBUG,
        log_format=LogFormat.JSON,
        drain=90.0,
        shard=2,
        total_shards=3,
    )


def test_an_empty_variable_says_nothing(nothing_set: pytest.MonkeyPatch):
    for name in Process.model_fields:
        nothing_set.setenv(f"PROBE_{name.upper()}", "")
    assert process().listen == ("0.0.0.0", 29464)


def test_a_flag_wins_over_its_variable(nothing_set: pytest.MonkeyPatch):
    nothing_set.setenv("PROBE_LISTEN", ":9000")
    nothing_set.setenv("PROBE_DRAIN", "5s")
    found = process(listen="localhost:9001", drain=None)
    assert found.listen == ("localhost", 9001)
    assert found.drain == 5.0


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (":9000", ("0.0.0.0", 9000)),
        ("127.0.0.1:0", ("127.0.0.1", 0)),
        ("[::]:65535", ("::", 65535)),
        ("probe.local:80", ("probe.local", 80)),
    ],
)
def test_an_address_to_listen_on_is_read(text: str, address: tuple[str, int]):
    assert process(listen=text).listen == address


@pytest.mark.parametrize("text", ["", "9000", "::1:9000", "[1.2.3.4]:1", "[x]:1", "a:65536", "a:b"])
def test_what_is_no_address_to_listen_on_is_refused(text: str):
    assert faults(listen=text) == [
        "command line: --listen: must be host:port, as in 127.0.0.1:29464, [::1]:29464 or :29464"
    ]


def test_all_faults_are_told_at_once_and_where_they_come_from(nothing_set: pytest.MonkeyPatch):
    nothing_set.setenv("PROBE_LOG_LEVEL", "loud")
    nothing_set.setenv("PROBE_DRAIN", "30")
    assert faults(log_format="xml", shard="x") == [
        "environment: PROBE_LOG_LEVEL: must be one of debug, info, warning, error",
        "command line: --log-format: must be one of auto, json, console",
        "environment: PROBE_DRAIN: must be a duration with its unit, as in 500ms, 60s, 5m or 1h30m",
        "command line: --shard: must be a whole number",
    ]


def test_a_shard_is_one_of_those_there_are(nothing_set: pytest.MonkeyPatch):
    nothing_set.setenv("PROBE_TOTAL_SHARDS", "3")
    nothing_set.setenv("PROBE_SHARD", "3")
    assert faults() == [
        "environment: PROBE_SHARD: shards are counted from 0, so it must be less than the total, 3"
    ]


def test_a_process_does_all_unless_it_has_a_role(nothing_set: pytest.MonkeyPatch):
    assert process().role is Role.BOTH
    nothing_set.setenv("PROBE_ROLE", "Control")
    assert process().role is Role.CONTROL
    assert faults(role="watcher") == ["command line: --role: must be one of both, prober, control"]


def test_who_probes_nothing_has_no_regions_and_no_shards(nothing_set: pytest.MonkeyPatch):
    nothing_set.setenv("PROBE_ROLE", "control")
    assert faults(region="eu") == [
        "environment: PROBE_ROLE: a control process probes from no region: say none"
    ]
    assert faults(total_shards=2) == [
        "environment: PROBE_ROLE: a control process has no targets that shards could share"
    ]


def test_variables_of_others_are_let_be(nothing_set: pytest.MonkeyPatch):
    # Kubernetes sets such variables for a service that is named probe.
    nothing_set.setenv("PROBE_PORT", "tcp://10.0.0.1:80")
    assert process() == process()
