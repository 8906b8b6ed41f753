"""What is written from the values of the chart, and from the project."""

import json
from typing import Any

import jsonschema
import pytest
import yaml

from tests.contracts.source import ROOT
from tools.chart import CHART, Value, read_values, schema_of, stale, tables_of, write

VALUES = read_values((ROOT / CHART / "values.yaml").read_text())
CONFIGURATION = '{"$defs": {}, "properties": {}, "required": [], "additionalProperties": false}'
TEXT = """\
## Names

# -- The region.
region: ""
# -- What is probed.
# @schema {type: object}
config: {a: 1}

## Image

image:
  # -- Which tag.
  tag: ""
  # -- When it is pulled.
  # @schema {enum: [Always, Never]}
  pullPolicy: Always
"""


def test_what_follows_from_elsewhere_is_as_it_would_be_written():
    assert stale(ROOT) == []


def test_what_is_stale_is_written_and_what_is_left_over_is_removed(tmp_path):
    for name in ("values.yaml", "README.md", "Chart.yaml"):
        _put(tmp_path / CHART / name, (ROOT / CHART / name).read_text())
    _put(tmp_path / "config/schema.json", CONFIGURATION)
    _put(tmp_path / "probe/__init__.py", '__version__ = "1.2.3"\n')
    _put(tmp_path / "config/rules/a.yaml", "# The one that sees all regions.\ngroups: []\n")
    _put(tmp_path / "dashboards/b.json", "{}")
    _put(tmp_path / CHART / "dashboards/gone.json", "{}")
    write(tmp_path)
    chart = yaml.safe_load((tmp_path / CHART / "Chart.yaml").read_text())
    assert (chart["version"], chart["appVersion"]) == ("1.2.3", "1.2.3")
    assert (tmp_path / CHART / "rules/global/a.yaml").exists()
    assert [path.name for path in (tmp_path / CHART / "dashboards").iterdir()] == ["b.json"]
    assert stale(tmp_path) == []


def test_a_value_is_described_and_typed_by_what_stands_above_it():
    schema = schema_of(read_values(TEXT), CONFIGURATION)
    image = schema["properties"]["image"]
    assert schema["properties"]["region"] == {
        "description": "The region.",
        "type": "string",
        "default": "",
    }
    assert image["additionalProperties"] is False
    assert schema["required"] == ["config", "image"]
    assert image["properties"]["pullPolicy"] == {
        "description": "When it is pulled.",
        "enum": ["Always", "Never"],
        "default": "Always",
    }


def test_values_are_listed_by_section():
    assert (
        tables_of(read_values(TEXT))
        == """\
### Names

| key | default | what |
|---|---|---|
| `region` | `""` | The region. |
| `config` | `{"a": 1}` | What is probed. |

### Image

| key | default | what |
|---|---|---|
| `image.tag` | `""` | Which tag. |
| `image.pullPolicy` | `"Always"` | When it is pulled. |
"""
    )


def test_a_value_that_nothing_describes_is_refused():
    with pytest.raises(ValueError, match=r"image\.tag is not described"):
        read_values('image:\n  tag: ""\n')


def test_the_defaults_keep_to_the_schema_and_no_map_takes_an_unknown_key():
    schema = json.loads((ROOT / CHART / "values.schema.json").read_text())
    defaults = yaml.safe_load((ROOT / CHART / "values.yaml").read_text())
    jsonschema.validate(defaults, schema)
    valid = jsonschema.Draft7Validator(schema).is_valid
    taken = [path for path in _maps(VALUES) if valid(_with_a_key(defaults, path))]
    assert taken == [("global",)]


def test_every_value_is_read_by_a_template():
    text = "".join(path.read_text() for path in (ROOT / CHART / "templates").rglob("*.*"))
    leaves = [leaf.path for value in VALUES for leaf in value.leaves()]
    assert [path for path in leaves if path[-1] not in text] == []


def _put(file: Any, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def _maps(values: tuple[Value, ...]) -> list[tuple[str, ...]]:
    nested = [value for value in values if value.children]
    return [path for value in nested for path in (value.path, *_maps(value.children))]


def _with_a_key(values: dict[str, Any], path: tuple[str, ...]) -> Any:
    copy = json.loads(json.dumps(values))
    place = copy
    for key in path:
        place = place[key]
    place["bogus"] = 1
    return copy
