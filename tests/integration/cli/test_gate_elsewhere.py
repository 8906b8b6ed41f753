"""``gate --url`` and the GitHub Action, against a server that tells gates; real ones and broken."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import typer
import yaml

from probe.cli import app
from probe.domain.gate import Gate, Judged, Mode, Objective, Reading, Ruling
from probe.domain.gate_record import gate_record
from tests.builders import NOON
from tests.integration.cli.test_questions import ROOT, run

ACTION = yaml.safe_load((ROOT / "action.yml").read_text())


def a_gate(*, passes: bool) -> dict[str, object]:
    objective = Objective(
        "artifact_availability",
        0.99,
        higher_is_better=True,
        mode=Mode.GATE,
        owner="release-team",
        runbook="https://example.com/runbook",
    )
    ruling, why = (Ruling.PASS, "") if passes else (Ruling.FAIL, "0.5, not at least 0.99")
    judged = Judged(objective, Reading(1.0 if passes else 0.5, NOON, 3), ruling, why)
    return gate_record(Gate(NOON, (judged,)), "widget", "stable", "1.4.2")


@dataclass
class Service:
    """Answers with what is next, and then with that again; ``asked`` is what came."""

    url: str = ""
    answers: list[tuple[int, object]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            service.asked.append((self.path, self.headers.get("Authorization", "")))
            answers = service.answers
            status, told = answers.pop(0) if len(answers) > 1 else answers[0]
            body = told.encode() if isinstance(told, str) else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *values: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        service.url = f"http://127.0.0.1:{server.server_port}"
        yield service
        server.shutdown()
        thread.join()


def test_a_service_is_asked_and_believed(service):
    service.answers = [(200, a_gate(passes=True))]
    done = run("gate", "widget", "1.4.2", "--url", service.url, "--regions", "3")
    assert done.returncode == 0, done.stderr
    assert "pass: widget 1.4.2 (stable)" in done.stdout
    assert service.asked == [("/api/v1/gate/widget/1.4.2?regions=3", "")]


def test_a_release_that_a_service_stops_exits_1(service):
    service.answers = [(200, a_gate(passes=False))]
    done = run("gate", "widget", "1.4.2", "--url", service.url, "--channel", "stable")
    assert done.returncode == 1
    assert "release-team" in done.stdout
    assert service.asked == [("/api/v1/gate/widget/1.4.2?regions=1&channel=stable", "")]


def test_a_service_that_starts_again_is_waited_for(service):
    service.answers = [(503, {"error": "there is no ledger"}), (200, a_gate(passes=True))]
    done = run("gate", "widget", "1.4.2", "--url", service.url, "--wait", "30s")
    assert done.returncode == 0, done.stderr
    assert len(service.asked) == 2


def test_credentials_come_from_a_file_and_are_never_shown(service, tmp_path):
    service.answers = [(401, "no")]
    (tmp_path / "c").write_text("ada:s3cret\n")
    done = run("gate", "w", "1", "--url", service.url, "--credentials", str(tmp_path / "c"))
    assert service.asked[0][1] == "Basic YWRhOnMzY3JldA=="
    assert done.returncode == 3
    assert "the service asks for other credentials" in done.stderr
    assert "s3cret" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("status", "told", "said"),
    [
        (200, "<html>", "cannot be read: it is no JSON"),
        (200, {"schema": "x"}, "cannot be read: it is no gate of version 1"),
        (200, "[" * 100_000, "cannot be read: it is no JSON"),
        (500, "", "has no answer: status 500"),
        (503, {"error": "there is no ledger"}, "has no answer: there is no ledger"),
    ],
)
def test_what_is_no_answer_is_unknown_and_never_a_pass(service, status, told, said):
    service.answers = [(status, told)]
    done = run("gate", "widget", "1.4.2", "--url", service.url)
    assert (done.returncode, "Traceback" in done.stderr) == (3, False)
    assert said in done.stderr.replace("\n", " ")


def test_nobody_there_is_unknown():
    done = run("gate", "widget", "1.4.2", "--url", "http://127.0.0.1:9")
    assert done.returncode == 3
    assert "the service does not answer" in done.stderr


@pytest.mark.parametrize(
    ("url", "credentials"),
    [("file:///etc/passwd", None), ("ftp://x", None), ("http://x/", "/none")],
)
def test_what_cannot_be_asked_is_a_fault_of_usage(url, credentials):
    more = ["--credentials", credentials] if credentials else []
    assert run("gate", "widget", "1.4.2", "--url", url, *more).returncode == 2


def test_a_product_that_the_service_does_not_know_is_a_fault_of_usage(service):
    service.answers = [(404, {"error": "no product is named widgt"})]
    done = run("gate", "widgt", "1.4.2", "--url", service.url)
    assert (done.returncode, "no product is named widgt" in done.stderr) == (2, True)


def step(service: Service, folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the script of the action as a runner does."""
    [step] = ACTION["runs"]["steps"]
    given = {"url": service.url, "product": "widget", "version": "1.4.2", "wait": "0s", **inputs}
    values = {
        name: given.get(name, each.get("default", "")) for name, each in ACTION["inputs"].items()
    }
    environment = {
        name: values[value.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, value in step["env"].items()
        if "inputs." in value
    }
    environment |= {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "SOURCE": str(ROOT),
        "RUNNER_TEMP": str(folder),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=90
    )


@pytest.mark.parametrize(("passes", "status", "ruling"), [(True, 0, "pass"), (False, 1, "fail")])
def test_the_action_ends_as_the_gate_does_and_writes_the_summary(
    service, tmp_path, passes, status, ruling
):
    service.answers = [(200, a_gate(passes=passes))]
    done = step(service, tmp_path, credentials="ada:s3cret")
    assert done.returncode == status, done.stderr
    assert (tmp_path / "output").read_text() == f"ruling={ruling}\n"
    assert "widget 1.4.2" in (tmp_path / "summary").read_text()
    assert service.asked[0][1] == "Basic YWRhOnMzY3JldA=="
    assert not (tmp_path / "delivery-probe.credentials").exists()


def test_a_version_that_would_be_a_command_is_a_version(service, tmp_path):
    service.answers = [(404, {"error": "no such release"})]
    step(service, tmp_path, version=f"$(touch {tmp_path}/run); --help")
    assert not (tmp_path / "run").exists()
    assert service.asked


def test_the_action_says_nothing_that_the_command_does_not_know():
    command = typer.main.get_command(app).commands["gate"]  # type: ignore[attr-defined]
    known = {flag for parameter in command.params for flag in parameter.opts}
    [step] = ACTION["runs"]["steps"]
    used = set(re.findall(r"(?<![\w-])--[a-z-]+", step["run"]))
    ours = {word for word in used if word in known}
    assert ours == {"--url", "--wait", "--regions", "--channel", "--format", "--credentials"}
    assert used - ours == {"--quiet", "--disable-pip-version-check"}
