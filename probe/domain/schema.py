"""Words of JSON Schema (draft 2020-12) in which records are described."""

from collections.abc import Iterable, Mapping

Schema = dict[str, object]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

TEXT: Schema = {"type": "string"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}


def closed(properties: Mapping[str, object]) -> Schema:
    """Return the schema of an object that has all of *properties* and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": dict(properties),
    }


def maybe(schema: Schema) -> Schema:
    """Return the schema of what may be unknown."""
    return {"anyOf": [schema, {"type": "null"}]}


def list_of(schema: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": schema}


def choice(words: Iterable[str]) -> Schema:
    """Return the schema of one of *words*, which may be an enumeration."""
    return {"type": "string", "enum": [str(word) for word in words]}


def by_word(words: Iterable[str], schema: Schema) -> Schema:
    """Return the schema of an object with some of *words* as its names."""
    return {"type": "object", "propertyNames": choice(words), "additionalProperties": schema}


def part_of(name: str, row: Schema, more: Mapping[str, object] | None = None) -> Schema:
    """Return the schema of a part of a list that is under *name*, with how long all of it is."""
    size = {"total": COUNT, "limit": COUNT, "offset": COUNT}
    return closed({**(more or {}), **size, name: list_of(row)})
