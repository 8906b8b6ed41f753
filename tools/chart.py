"""
Write what in the chart follows from elsewhere: ``python tools/chart.py`` in the project's folder.

``values.yaml`` says each thing once: the comment above a key that begins with ``# --`` describes
it, ``# @schema {…}`` says what its default cannot, ``## …`` begins a section. From it come
``values.schema.json`` and the tables in ``README.md``. Rules, dashboards, the version and the
schema of the configuration are those of the project.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CHART = Path("helm/delivery-probe")
_COPIED = ("rules", "dashboards")
_GLOBAL = "that sees all regions"
_DRAFT = "http://json-schema.org/draft-07/schema#"
_TABLES = "## Values\n"
_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
_SHOWN = 80
_VERSION = re.compile(r'^__version__ = "(.+)"$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Value:
    """One key of ``values.yaml`` with its default and what stands above it."""

    path: tuple[str, ...]
    default: Any
    section: str
    text: str
    schema: Mapping[str, Any]
    children: tuple["Value", ...]

    @property
    def looked_into(self) -> bool:
        """Tell whether templates need it to be a map."""
        return bool(self.children) or self.path == ("config",)

    def leaves(self) -> Iterator["Value"]:
        """Yield what a user sets."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


def read_values(text: str) -> tuple[Value, ...]:
    """Return the top of ``values.yaml``."""
    return _children(yaml.compose(text, yaml.SafeLoader), text.splitlines(), ())


def schema_of(values: tuple[Value, ...], configuration: str) -> dict[str, Any]:
    """
    Return the JSON Schema (draft 7) that ``helm`` holds values against.

    The value ``config`` has to keep to the schema of the *configuration*.
    """
    moved = configuration.replace('"#/$defs/', '"#/definitions/')
    kept = json.loads(moved, object_hook=_without_lookahead)
    whole = _object(values)
    whole["properties"]["config"] |= {
        key: kept[key] for key in ("properties", "required", "additionalProperties")
    }
    return {"$schema": _DRAFT, **whole, "definitions": kept["$defs"]}


def tables_of(values: tuple[Value, ...]) -> str:
    """Return the sections of values as Markdown."""
    leaves = [leaf for value in values for leaf in value.leaves()]
    sections = dict.fromkeys(leaf.section for leaf in leaves)
    return "\n".join(
        f"### {section}\n\n| key | default | what |\n|---|---|---|\n"
        + "".join(_row(leaf) for leaf in leaves if leaf.section == section)
        for section in sections
    )


def documents(root: Path) -> dict[Path, str]:
    """Return the text of every file that is generated, by its path under *root*."""
    values = read_values((root / CHART / "values.yaml").read_text())
    readme = (root / CHART / "README.md").read_text()
    schema = schema_of(values, (root / "config/schema.json").read_text())
    (version,) = _VERSION.findall((root / "probe/__init__.py").read_text())
    made = {
        CHART / "values.schema.json": json.dumps(schema, indent=2) + "\n",
        CHART / "README.md": f"{readme.partition(_TABLES)[0]}{_TABLES}\n{tables_of(values)}",
        CHART / "Chart.yaml": _versioned((root / CHART / "Chart.yaml").read_text(), version),
    }
    for file in (root / "config/rules").glob("*.yaml"):
        rules = file.read_text()
        scope = "global" if _GLOBAL in rules.partition("groups:")[0] else "regional"
        made[CHART / "rules" / scope / file.name] = rules
    for file in (root / "dashboards").glob("*.json"):
        made[CHART / "dashboards" / file.name] = file.read_text()
    return made


def stale(root: Path) -> list[Path]:
    """Return the paths that are not what would be written, and those that would not be there."""
    wanted = documents(root)
    copies = (path for folder in _COPIED for path in (root / CHART / folder).rglob("*.*"))
    left_over = [path.relative_to(root) for path in copies if path.relative_to(root) not in wanted]
    differing = [path for path, text in wanted.items() if _text(root / path) != text]
    return sorted(differing + left_over)


def write(root: Path) -> list[Path]:
    """Write every file that is not as it should be, and return their paths."""
    wanted, changed = documents(root), stale(root)
    for path in changed:
        if path in wanted:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(wanted[path])
        else:
            (root / path).unlink()
    return changed


def _children(node: yaml.MappingNode, lines: list[str], path: tuple[str, ...]) -> tuple[Value, ...]:
    return tuple(_value(key, found, lines, path) for key, found in node.value)


def _value(key: yaml.ScalarNode, node: yaml.Node, lines: list[str], path: tuple[str, ...]) -> Value:
    here = (*path, key.value)
    text, schema = _above(lines, key.start_mark.line)
    sections = [line for line in lines[: key.start_mark.line] if line.startswith("## ")]
    default = yaml.SafeLoader("").construct_document(node)
    nested = isinstance(node, yaml.MappingNode) and default and "type" not in schema
    children = _children(node, lines, here) if nested else ()
    if not children and not text:
        raise ValueError(f"values.yaml: {'.'.join(here)} is not described")
    section = sections[-1].removeprefix("## ") if sections else ""
    return Value(here, default, section, text, schema, children)


def _above(lines: list[str], number: int) -> tuple[str, Mapping[str, Any]]:
    """Return the description and the schema that stand above a line."""
    text: list[str] = []
    schema: dict[str, Any] = {}
    for line in map(str.strip, reversed(lines[:number])):
        if line.startswith("# @schema "):
            schema = yaml.safe_load(line.removeprefix("# @schema "))
        elif line.startswith("# "):
            text.insert(0, line.removeprefix("# "))
        else:
            break
    described = " ".join(text)
    return (described.removeprefix("-- ") if described.startswith("-- ") else ""), schema


def _object(values: tuple[Value, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        # A map that templates look into can be changed, not taken away by a null.
        "required": [value.path[-1] for value in values if value.looked_into],
        "properties": {value.path[-1]: _schema(value) for value in values},
    }


def _schema(value: Value) -> dict[str, Any]:
    if value.children:
        return {**_object(value.children), **value.schema}
    kind = _TYPES.get(type(value.default), "object")
    inferred = {} if "enum" in value.schema else {"type": kind}
    return {"description": value.text, **inferred, **value.schema, "default": value.default}


def _row(leaf: Value) -> str:
    default = json.dumps(leaf.default)
    shown = f"`{default}`" if len(default) <= _SHOWN else "see values.yaml"
    return f"| `{'.'.join(leaf.path)}` | {shown} | {leaf.text} |\n".replace("\\|", "|")


def _without_lookahead(schema: dict[str, Any]) -> dict[str, Any]:
    # The regular expressions of Go, which helm is written in, do not look ahead.
    looks = "(?" in str(schema.get("pattern", ""))
    return {key: value for key, value in schema.items() if key != "pattern" or not looks}


def _versioned(chart: str, version: str) -> str:
    wanted = {"version": f"version: {version}", "appVersion": f'appVersion: "{version}"'}
    lines = (wanted.get(line.partition(":")[0], line) for line in chart.splitlines())
    return "".join(f"{line}\n" for line in lines)


def _text(file: Path) -> str | None:
    return file.read_text() if file.exists() else None


if __name__ == "__main__":
    sys.stdout.writelines(f"wrote {path}\n" for path in write(Path()))
