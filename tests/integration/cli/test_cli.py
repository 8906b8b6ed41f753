"""The command as a user runs it: a process of its own, against a real server on loopback."""

import asyncio
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import PIPE
from threading import Thread

import pytest

from probe.evidence import Ledger
from tests.daemon import free_port
from tests.fakes.clock import FakeClock
from tests.ledgers import RECORDS

COMMAND = str(Path(sys.executable).with_name("delivery-probe"))
BODY = b"\x1f\x8b the right bytes"
NAME = "widget_1.4.2_linux_amd64.tar.gz"
KEYS = [
    *("product", "version", "artifact", "endpoint", "region", "depth", "verdict", "reason"),
    *("phase", "detail", "status", "bytes", "duration_seconds", "timings", "started_at"),
]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *values: object) -> None:
        pass


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / NAME).write_bytes(BODY)
    return tmp_path


@pytest.fixture
def site(folder) -> Iterator[str]:
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=str(folder / "www"))
    ) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "100", **environment},
    )


def a_config(folder: Path, site: str, *, names: tuple[str, ...] = (NAME,)) -> Path:
    assets = [
        {
            "name": name,
            "class": "archive",
            "platform": {"os": "linux", "arch": "amd64"},
            "size": len(BODY),
            "hashes": {"sha256": hashlib.sha256(BODY).hexdigest()},
        }
        for name in names
    ]
    manifest = {
        "schema": "delivery-manifest/v1",
        "product": "widget",
        "version": "1.4.2",
        "channel": "stable",
        "published_at": "2026-08-20T10:00:00Z",
        "assets": assets,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    config = folder / "probe.yaml"
    config.write_text(
        f"""
regions: [{{name: eu-west-1}}]
products:
  - name: widget
    owner: release-team
    source: {{kind: manifest, url: "file://{folder}/manifest.json"}}
    endpoints:
      - {{name: origin, kind: repository, url: "{site}/{{name}}"}}
"""
    )
    return config


async def a_ledger_in(directory: Path) -> None:
    ledger = Ledger(directory, FakeClock())
    ledger.start()
    assert await ledger.keep(*RECORDS)
    ledger.close()


def test_version_is_printed():
    assert run("version").stdout == "delivery-probe 0.1.0\n"


def test_help_teaches_by_example():
    assert "delivery-probe once --config probe.yaml" in run("--help").stdout
    assert "jq 'select(.verdict == \"failed\")'" in run("once", "--help").stdout


def test_a_command_that_does_not_exist_is_a_fault_of_usage():
    assert run("downloads").returncode == 2


def test_a_verified_download_exits_0(site):
    digest = hashlib.sha256(BODY).hexdigest()
    done = run("probe", f"{site}/{NAME}", "--sha256", digest, "--format", "jsonl")
    record = json.loads(done.stdout)
    assert (done.returncode, record["verdict"], record["status"]) == (0, "passed", 200)
    assert list(record) == KEYS


def test_a_wrong_digest_exits_1_with_its_reason(site):
    done = run("probe", f"{site}/{NAME}", "--sha256", "0" * 64, "--format", "jsonl")
    assert (done.returncode, json.loads(done.stdout)["reason"]) == (1, "checksum_mismatch")


def test_an_empty_digest_is_a_fault_of_usage_and_no_pass(site):
    done = run("probe", f"{site}/{NAME}", "--sha256", "")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("delivery-probe: a sha256 digest is 64 lower-case hexadecimal")


def test_a_report_names_reason_and_phase(site):
    done = run("probe", f"{site}/absent.tgz")
    assert done.returncode == 1
    assert "not_found in phase wait: status 404" in done.stdout


def test_a_query_is_not_shown(site):
    done = run("probe", f"{site}/{NAME}?X-Amz-Signature=s3cr3t")
    assert done.returncode == 0
    assert "s3cr3t" not in done.stdout + done.stderr


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/x", "http://", "nonsense"])
def test_what_is_no_url_is_a_fault_of_usage(url):
    done = run("probe", url)
    assert done.returncode == 2
    assert done.stderr.startswith("delivery-probe: ")
    assert "Traceback" not in done.stderr


def test_once_passes_when_every_artifact_does(folder, site):
    done = run("once", "--config", str(a_config(folder, site)))
    assert done.returncode == 0
    assert "1 probe: 1 passed, 0 failed, 0 inconclusive" in done.stdout


def test_once_prints_one_object_a_line(folder, site):
    config = a_config(folder, site, names=(NAME, "widget_1.4.2_darwin_arm64.tar.gz"))
    done = run("once", "--config", str(config), "--format", "jsonl")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert {each["artifact"]: each["reason"] for each in records} == {
        NAME: None,
        "widget_1.4.2_darwin_arm64.tar.gz": "not_found",
    }


def test_a_catalog_that_cannot_be_read_proves_nothing(folder, site):
    config = a_config(folder, site)
    (folder / "manifest.json").write_text("{")
    done = run("once", "--config", str(config))
    assert done.returncode == 3
    assert "widget (stable): no catalog, so nothing of it was probed" in done.stderr


def test_the_configuration_is_named_by_the_environment_too(folder, site):
    config = a_config(folder, site)
    assert run("once", PROBE_CONFIG=str(config)).returncode == 0


def test_a_sound_configuration_is_accepted(folder, site):
    done = run("check-config", str(a_config(folder, site)))
    assert (done.returncode, done.stdout.splitlines()[0]) == (
        0,
        "ok: 1 product, 1 endpoint, 1 region",
    )


def test_every_fault_of_a_configuration_is_told_at_once(folder, site):
    config = a_config(folder, site)
    config.write_text(config.read_text().replace("owner", "ownr").replace("{name}", "{names}"))
    done = run("check-config", str(config))
    places = [line.split(": ")[1] for line in done.stderr.splitlines()]
    assert done.returncode == 2
    assert places == ["products[0].ownr", "products[0].endpoints[0].url"]


def test_advice_counts_as_a_fault_where_that_is_asked_for(folder, site):
    config = str(a_config(folder, site))
    done = run("check-config", config)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].endswith("of advice; --strict shows it")
    strict = run("check-config", "--strict", config)
    assert (strict.returncode, strict.stdout) == (2, "")
    lines = strict.stderr.splitlines()
    assert all(re.match(rf"{re.escape(config)}:\d+:\d+: [a-z_.\[\]0-9]+: ", line) for line in lines)
    assert any("probed from one region" in line for line in lines)


def test_a_port_that_is_taken_is_told_in_one_line(folder, site):
    taken = site.removeprefix("http://")
    done = run(
        "serve",
        "--config",
        str(a_config(folder, site)),
        "--listen",
        taken,
        PROBE_DATA_DIR=str(folder),
    )
    assert done.returncode == 2
    said = f"delivery-probe: cannot listen on {taken}: Address already in use\n"
    assert said in done.stderr


def test_a_healthcheck_fails_by_its_exit_code_where_nobody_listens():
    port = free_port()
    done = run("healthcheck", PROBE_LISTEN=f"127.0.0.1:{port}")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"127.0.0.1:{port} does not answer: Connection refused\n"


def test_a_directory_without_a_ledger_is_told_in_one_line(tmp_path):
    done = run("ledger", "check", "--data-dir", str(tmp_path))
    assert done.returncode == 2
    assert done.stderr == f"delivery-probe: there is no ledger at {tmp_path}/ledger.db\n"


def test_a_ledger_moves_house_as_lines(folder, tmp_path_factory):
    there = tmp_path_factory.mktemp("there")
    lines = tmp_path_factory.mktemp("lines") / "ledger.jsonl"
    asyncio.run(a_ledger_in(folder))
    exported = run("ledger", "export", "--data-dir", str(folder))
    lines.write_text(exported.stdout)
    imported = run("ledger", "import", str(lines), "--data-dir", str(there))
    assert (exported.returncode, imported.returncode) == (0, 0)
    assert run("ledger", "check", "--data-dir", str(there)).stdout.splitlines()[-1] == "sound"
    again = run("ledger", "import", str(lines), "--data-dir", str(there))
    assert again.returncode == 2


@pytest.fixture
def unread() -> Iterator[int]:
    """A pipe whose reader went away, as that of ``head -1`` does."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@pytest.mark.parametrize("form", ["table", "jsonl"])
def test_a_reader_that_has_seen_enough_ends_the_run_in_silence(folder, site, unread, form):
    config = a_config(folder, site, names=tuple(f"w{number}.tar.gz" for number in range(60)))
    command = [COMMAND, "once", "--config", config, "--format", form]
    done = subprocess.run(command, stdout=unread, stderr=PIPE, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(
    "command", ["once --config {} --format jsonl", "check-config {}", "version"]
)
def test_output_that_cannot_be_written_is_told_and_is_no_pass(folder, site, command):
    words = command.format(a_config(folder, site)).split()
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([COMMAND, *words], stdout=full, stderr=PIPE, check=False, timeout=60)
    told = b"delivery-probe: standard output: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, told)


def test_a_stream_that_the_parent_closed_is_not_taken_for_a_socket(folder, site):
    config = a_config(folder, site)
    closed = '"$0" once --config "$1" 0<&- 1>&- 2>&-'
    assert subprocess.run(["/bin/sh", "-c", closed, COMMAND, config], check=False).returncode == 0


def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path):
    with Path("/dev/zero").open("rb") as endless:
        done = subprocess.run(
            [COMMAND, "ledger", "import", "-", "--data-dir", str(tmp_path)],
            stdin=endless,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (
        2,
        "delivery-probe: line 1: longer than 16777216 bytes\n",
    )
