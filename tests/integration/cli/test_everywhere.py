"""``gate`` and ``scorecard`` where a Prometheus should answer, and does not as it should."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.cli.test_questions import DEMANDED, MINUTES, a_config, a_filled, run
from tests.integration.transport.faults import FaultServer, answer, redirect, serve

SECRET = "hush-hush"
PARTIAL = json.dumps(
    {
        "status": "success",
        "data": {"resultType": "vector", "result": []},
        "warnings": ["store eu: deadline exceeded"],
    }
).encode()
EMPTY = b'{"status": "success", "data": {"resultType": "vector", "result": []}}'


@contextmanager
def served(said: bytes | None) -> Iterator[FaultServer]:
    """Serve *said* to every request beside the test, or let them wait."""
    ready: list[FaultServer] = []
    up, over = threading.Event(), threading.Event()

    async def work() -> None:
        silent = (lambda wire: wire.until_gone()) if said is None else said
        async with serve(silent) as server:
            ready.append(server)
            up.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=asyncio.run, args=(work(),))
    thread.start()
    up.wait(30)
    try:
        yield ready[0]
    finally:
        over.set()
        thread.join(30)


def a_central_config(folder: Path, url: str, timeout: str = "10s") -> str:
    path = Path(a_config(folder, **DEMANDED))
    auth = "{kind: bearer, token: {env: TOKEN}}"
    section = f'prometheus: {{url: "{url}", auth: {auth}, timeout: {timeout}}}\n'
    path.write_text(section + path.read_text())
    return str(path)


def ask(tmp_path: Path, url: str, *command: str, **how: str):
    flags = ("--config", a_central_config(tmp_path, url, **how), "--data-dir", str(tmp_path / "d"))
    return run(*command, *flags, TOKEN=SECRET)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (answer(b"<html>", content_type="text/html"), "it answers with a web page"),
        (answer(b"[" * 100_000), "its answer is JSON that is nested too deeply"),
        (answer(PARTIAL), "its answer is partial: store eu: deadline exceeded"),
        (redirect("http://127.0.0.1:9/"), "it answers with a redirect (302)"),
        (None, "no answer within 0.2 s"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_prometheus_that_answers_wrongly_lets_nothing_pass(tmp_path, said, why):
    with served(said) as server:
        timeout = "200ms" if said is None else "30s"
        judged = ask(tmp_path, server.origin, "gate", "widget", "1.4.2", timeout=timeout)
        drawn = ask(tmp_path, server.origin, "scorecard", "widget", timeout=timeout)
    where = f"Prometheus at {server.origin}/api/v1/query: "
    assert (judged.returncode, judged.stderr) == (3, "")
    assert where + why in " ".join(judged.stdout.split())
    assert judged.stdout.splitlines()[-1] == (
        "? unknown: widget 1.4.2 (stable): 0 of 1 gates pass, by Prometheus over all regions"
    )
    assert (drawn.returncode, drawn.stdout) == (2, "")
    assert drawn.stderr.startswith(f"delivery-probe: {where}")
    assert len(drawn.stderr.splitlines()) == 1
    assert SECRET not in judged.stdout + drawn.stderr


def test_nobody_there_lets_nothing_pass_though_the_ledger_would(tmp_path):
    a_filled(tmp_path / "d", *MINUTES)
    done = ask(tmp_path, "http://127.0.0.1:9", "gate", "widget", "1.4.2", "--format", "json")
    record = json.loads(done.stdout)
    assert (done.returncode, record["source"], record["ruling"]) == (3, "prometheus", "unknown")
    assert "connection refused" in record["objectives"][0]["why"]


def test_where_nothing_is_recorded_nothing_is_known(tmp_path):
    with served(answer(EMPTY)) as server:
        done = ask(tmp_path, server.origin, "gate", "widget", "1.4.2", "--format", "json")
    [objective] = json.loads(done.stdout)["objectives"]
    assert done.returncode == 3
    assert objective["why"] == "nothing is known of a release 1.4.2 of widget (stable)"


def test_waiting_goes_on_over_a_prometheus_that_does_not_answer(tmp_path):
    done = ask(tmp_path, "http://127.0.0.1:9", "gate", "widget", "1.4.2", "--wait", "20ms")
    assert (done.returncode, done.stderr) == (3, "")


def test_a_secret_that_is_not_there_is_named(tmp_path):
    config = a_central_config(tmp_path, "http://127.0.0.1:9")
    done = run("scorecard", "widget", "--config", config, "--data-dir", str(tmp_path / "d"))
    assert done.returncode == 2
    assert "environment variable TOKEN is not set" in done.stderr


def test_the_help_says_who_is_asked():
    assert "over all regions" in " ".join(run("gate", "--help").stdout.split())
