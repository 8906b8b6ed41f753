"""What the documents promise is there."""

import re
import textwrap

import pytest
import typer
import yaml

from probe.cli import app
from probe.domain.depth import steps_of, wants_full, weight_of
from probe.domain.failure import FailureReason
from probe.domain.target import SLICE_BYTES, Depth
from probe.process.environment import DEFAULT_LISTEN
from probe.settings import Settings, parse
from tests.builders import a_target, an_artifact
from tests.contracts.source import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("dashboards/*.md"), *ROOT.glob("docs/**/*.md")])
_LINK = re.compile(r"\]\(([^)#\s]+)")
_TAGS = {"CHANGE", "FEATURE", "ENHANCEMENT", "BUGFIX", "SECURITY"}

every_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT))
)


def _make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text()
    return set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


@every_document
def test_make_targets_that_are_named_exist(document):
    commands = re.findall(r"(?:^|`)make ([a-z ]+?)(?:`|  |$)", document.read_text(), re.MULTILINE)
    assert {word for command in commands for word in command.split()} <= _make_targets()


@every_document
def test_commands_that_are_named_exist(document):
    named = re.findall(r"(?:^|`)delivery-probe ([a-z-]+)", document.read_text(), re.MULTILINE)
    assert set(named) <= set(typer.main.get_command(app).commands)


@every_document
def test_links_into_the_project_lead_somewhere(document):
    links = [link for link in _LINK.findall(document.read_text()) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_readme_explains_every_reason_in_order_and_whose_fault_it_is():
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert rows == [
        (reason.value, "inconclusive" if reason.ours else "failed") for reason in FailureReason
    ]


def _day_gib(size_mib: int, minutes: int) -> float:
    """Return how much of an artifact is read in a day with depth auto, as rounds go."""
    size = size_mib << 20
    target = a_target(artifact=an_artifact(size=size))
    weight = weight_of(target)
    cost = {Depth.HEAD: 0, Depth.RANGE: min(SLICE_BYTES, size), Depth.FULL: size}
    rounds = 24 * 60 // minutes
    read = rounds * sum(cost[step.depth] for step in steps_of(target, weight))
    return (read + size * wants_full(target.endpoint, weight)) / (1 << 30)


def test_what_probing_reads_in_a_day_is_told():
    text = (ROOT / "docs/deploy.md").read_text().partition("## What traffic costs")[2]
    rows = re.findall(r"^\| (\d+) ([MG])iB \|(.*)\|$", text, re.MULTILINE)
    assert len(rows) == 4
    for number, unit, told in rows:
        mib = int(number) * {"M": 1, "G": 1024}[unit]
        assert told.split("|") == [f" {_day_gib(mib, minutes):.1f} GiB " for minutes in (1, 5, 15)]


def _yaml_in_readme(first_key: str) -> str:
    blocks = re.findall(
        r"^ *```yaml\n(.*?)^ *```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL
    )
    (block,) = [text for text in map(textwrap.dedent, blocks) if text.startswith(first_key)]
    return block


def test_the_readme_configuration_is_complete():
    settings = parse(_yaml_in_readme("regions:").encode(), "README.md")
    assert isinstance(settings, Settings), settings


def test_the_readme_scrapes_where_the_service_listens():
    scraped = yaml.safe_load(_yaml_in_readme("scrape_configs:"))
    (target,) = scraped["scrape_configs"][0]["static_configs"][0]["targets"]
    assert target.partition(":")[2] == DEFAULT_LISTEN.partition(":")[2]


def test_the_rooms_that_are_described_are_those_that_stand():
    rooms = (ROOT / "ARCHITECTURE.md").read_text().partition("## Rooms")[2].partition("\n## ")[0]
    described = {
        name
        for row in re.findall(r"^\| (`.*?) \|", rooms, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    standing = {path.parent.name for path in (ROOT / "probe").glob("*/__init__.py")}
    standing |= {path.stem for path in (ROOT / "probe").glob("[a-z]*.py")}
    assert described == standing


def test_every_decision_is_in_the_index():
    index = (ROOT / "docs/adr/README.md").read_text()
    pages = [path.name for path in (ROOT / "docs/adr").glob("[0-9]*.md")]
    assert [page for page in pages if f"({page})" not in index] == []


def test_the_changelog_has_versions_and_tagged_entries_only():
    lines = (ROOT / "CHANGELOG.md").read_text().splitlines()
    headings = [line for line in lines if line.startswith("## ")]
    entries = [line for line in lines if line.startswith("- ")]
    heading = re.compile(r"## \[(Unreleased|\d+\.\d+\.\d+)\]( - \d{4}-\d\d-\d\d)?")
    assert headings[0] == "## [Unreleased]"
    assert [line for line in headings if not heading.fullmatch(line)] == []
    assert [line for line in entries if line[3:].partition("]")[0] not in _TAGS] == []


def test_a_pipe_of_a_workflow_fails_with_any_part_of_it():
    piped = []
    for path in (ROOT / ".github/workflows").glob("*.yml"):
        workflow = yaml.safe_load(path.read_text())
        shell = workflow.get("defaults", {}).get("run", {}).get("shell")
        steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
        scripts = [step["run"] for step in steps if re.search(r" \| ", step.get("run", ""))]
        piped += [(shell, script) for script in scripts]
    assert piped
    # Where it is not named, bash goes on after a part that failed.
    assert [script for shell, script in piped if shell != "bash"] == []


def test_the_workflow_uses_actions_by_commit():
    workflows = [path.read_text() for path in (ROOT / ".github/workflows").glob("*.yml")]
    used = [action for text in workflows for action in re.findall(r"uses: (\S+)", text)]
    assert used
    assert [action for action in used if not re.search(r"@[0-9a-f]{40}$", action)] == []
