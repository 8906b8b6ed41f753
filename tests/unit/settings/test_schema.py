"""The committed schema and examples are what the code accepts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from probe.settings import Settings, load, schema
from tests.unit.settings.valid import VALID

CONFIG = Path(__file__).parents[3] / "config"
EXAMPLES = sorted(CONFIG.glob("*.yaml"))
VALIDATOR = Draft202012Validator(schema())


def test_the_committed_schema_is_the_one_that_is_generated():
    committed = (CONFIG / "schema.json").read_text()
    command = [sys.executable, "-m", "probe.settings"]
    generated = subprocess.run(command, capture_output=True, text=True, check=True)
    assert generated.stderr == ""
    assert committed == generated.stdout
    assert json.loads(committed) == schema()


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(schema())


def test_there_is_an_example_for_each_situation():
    assert [path.stem for path in EXAMPLES] == ["github-s3-cdn", "private", "repository"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
class TestExample:
    def test_it_has_no_fault(self, path: Path):
        found = load(path)
        assert isinstance(found, Settings), "\n".join(map(str, found))

    def test_it_fits_the_schema(self, path: Path):
        assert list(VALIDATOR.iter_errors(yaml.safe_load(path.read_text()))) == []

    def test_it_tells_editors_where_the_schema_is(self, path: Path):
        assert path.read_text().startswith("# yaml-language-server: $schema=schema.json\n")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("owner: release-team", "ownr: release-team"),
        ("interval: 30s", "interval: 30"),
        ("kind: cdn", "kind: cnd"),
        ("bytes_per_day: 50GiB", "bytes_per_day: lots"),
        ("kind: manifest", "kind: manifets"),
        ("regions: [{name: eu-west-1}, {name: us", "regions: [{label: eu-west-1}, {name: us"),
        ("interval: 30s", "auth: {kind: bearer, token: hunter2}"),
    ],
)
def test_an_editor_sees_what_the_code_refuses(right: str, wrong: str):
    assert right in VALID
    assert VALIDATOR.is_valid(yaml.safe_load(VALID))
    assert not VALIDATOR.is_valid(yaml.safe_load(VALID.replace(right, wrong, 1)))


def test_defaults_are_shown_as_people_write_them():
    shown = schema()["$defs"]["Policy"]["properties"]
    assert shown["interval"]["default"] == "1m"
    assert shown["full_below"]["default"] == "10MiB"
    assert shown["timeouts"]["default"]["total"] == "10m"
