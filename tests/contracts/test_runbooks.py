"""Every alert has its runbook, and what a runbook tells somebody to type works."""

import re
import shlex
from functools import cache
from urllib.parse import parse_qsl, urlsplit

import pytest
import typer

from probe.cli import app
from probe.kpi import ALERTS, RULES
from probe.series import METRICS, Kind
from probe.web.query import parameters
from probe.web.routes import Pages, described, routes_of
from tests.contracts.source import ROOT
from tests.unit.web.conftest import World

RUNBOOKS = {path.stem: path for path in sorted((ROOT / "docs/runbooks").glob("*.md"))}
SECTIONS = ["Meaning", "Impact", "Diagnosis", "Mitigation"]
# What Prometheus and the client library export, and whatever is not about this service.
OTHERS = {"up", "ALERTS", "process_cpu_seconds_total"}
_NAME = re.compile(
    r"\b((?:delivery|slo)[_:][\w:]+|up|ALERTS|process_\w+)(?=[\[{ )]|$)", re.MULTILINE
)
_OURS = re.compile(r"http://localhost:29464(?P<path>/[^'?\s]*)(?:\?(?P<query>[^'\s]*))?")

_KNOWN = {
    each.path: each.operation.parameters
    for each in described(Pages.ALL)
    if each.method == "GET" and each.path.startswith("/api/")
}

every_runbook = pytest.mark.parametrize("name", RUNBOOKS)


@cache
def text_of(name: str) -> str:
    return RUNBOOKS[name].read_text()


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(name), re.MULTILINE | re.DOTALL)


def commands(name: str, program: str) -> list[list[str]]:
    lines = [line for block in blocks(name, "sh") for line in block.splitlines()]
    pipes = [part.strip() for line in lines for part in line.split(" | ")]
    return [shlex.split(part)[1:] for part in pipes if part.startswith(f"{program} ")]


def test_every_alert_has_a_runbook_and_there_is_no_other():
    assert set(RUNBOOKS) == {alert.name for _, alert in ALERTS}


@every_runbook
def test_a_runbook_has_its_sections_in_order_and_says_something_in_each(name):
    title, *rest = re.split(r"^#{1,2} (.+)\n", text_of(name), flags=re.MULTILINE)[1:]
    assert title == name
    assert rest[1::2] == SECTIONS
    assert all(len(text.strip()) > 50 for text in rest[2::2])


@every_runbook
def test_a_runbook_has_something_to_ask_and_something_to_type(name):
    diagnosis = text_of(name).partition("## Diagnosis")[2].partition("## Mitigation")[0]
    assert "```promql" in diagnosis
    assert "```sh" in diagnosis
    steps = re.findall(r"^(\d)\. ", text_of(name).partition("## Mitigation")[2], re.MULTILINE)
    assert steps == [str(number) for number in range(1, len(steps) + 1)]
    assert len(steps) >= 3


@every_runbook
def test_queries_ask_for_series_that_there_are(name):
    parts = [each.name for each in METRICS if each.kind is Kind.HISTOGRAM]
    known = {
        *(each.name for each in METRICS),
        *(f"{each}_{part}" for each in parts for part in ("bucket", "sum", "count")),
        *(rule.record for rule in RULES),
        *OTHERS,
    }
    for query in blocks(name, "promql"):
        assert _NAME.findall(query), query
        assert set(_NAME.findall(query)) <= known


@every_runbook
def test_what_is_asked_of_the_service_is_answered(name):
    paths = [each.path for each in routes_of(World().site(), Pages.ALL, "")]
    for found in _OURS.finditer(text_of(name)):
        path, query = found["path"], dict(parse_qsl(found["query"] or ""))
        assert any(re.fullmatch(re.sub(r"\{\w+\}", r"[^/]+", each), path) for each in paths), path
        if query:
            parameters(query, _KNOWN[path])


@every_runbook
def test_commands_have_the_options_that_they_are_given(name):
    root = typer.main.get_command(app)
    for words in commands(name, "delivery-probe"):
        command = root
        for word in words:
            command = getattr(command, "commands", {}).get(word, command)
        assert command is not root, words
        options = {option for parameter in command.params for option in parameter.opts}
        given = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert given <= options


@every_runbook
def test_examples_are_about_names_that_nobody_has(name):
    hosts = {urlsplit(url).hostname for url in re.findall(r"https?://[^\s'`)>]+", text_of(name))}
    own = {"localhost", "github.com", "api.github.com"}
    assert {host for host in hosts if host not in own and not host.endswith("example.com")} == set()
