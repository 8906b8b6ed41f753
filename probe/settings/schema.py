"""The JSON Schema of the configuration file, for editors and for messages."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from probe.domain.quantity import duration, size
from probe.settings.model import Configuration
from probe.settings.quantities import DURATION_PATTERN, SIZE_PATTERN

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE = "#/$defs/"

_WRITERS: Mapping[object, Callable[[Any], str]] = {DURATION_PATTERN: duration, SIZE_PATTERN: size}

Location = tuple[int | str, ...]
Schema = Mapping[str, Any]


@cache
def schema() -> dict[str, Any]:
    """Return the schema, whose keys are exactly those that are accepted."""
    generated = _as_written(Configuration.model_json_schema())
    return {"$schema": _DIALECT, **generated, "title": "delivery-probe configuration"}


def _as_written(part: Any) -> Any:
    """Show defaults as people write them: 60s and 10MiB, where the model has plain numbers."""
    if isinstance(part, list):
        return [_as_written(each) for each in part]
    if not isinstance(part, dict):
        return part
    shown = {key: _as_written(value) for key, value in part.items()}
    if "default" in shown and (write := _WRITERS.get(shown.get("pattern"))):
        shown["default"] = write(shown["default"])
    return shown


class Shape:
    """Which keys and kinds there may be where, by a JSON Schema."""

    def __init__(self, root: Schema) -> None:
        self._root = root

    def keys_at(self, location: Location) -> tuple[str, ...]:
        """Return the keys that the mapping at *location* may have."""
        return tuple(self._at(location).get("properties", ()))

    def kinds_at(self, location: Location) -> tuple[str, ...]:
        """Return the kinds among which the mapping at *location* may choose."""
        return tuple(self._at(location).get("discriminator", {}).get("mapping", ()))

    def _at(self, location: Location) -> Schema:
        here = self._root
        for step in location:
            here = self._resolved(_step(here, step))
        return here

    def _resolved(self, here: Schema) -> Schema:
        """Follow references, and look through the choice between something and null."""
        if "$ref" in here:
            return self._resolved(self._root["$defs"][here["$ref"].removeprefix(_REFERENCE)])
        choices = [each for each in here.get("anyOf", ()) if each.get("type") != "null"]
        return self._resolved(choices[0]) if len(choices) == 1 else here


@cache
def shape() -> Shape:
    """Return the shape of the configuration file."""
    return Shape(schema())


def _step(here: Schema, step: int | str) -> Schema:
    if isinstance(step, int):
        items: Schema = here.get("items", {})
        return items
    kinds = here.get("discriminator", {}).get("mapping", {})
    if step in kinds:
        return {"$ref": kinds[step]}
    found: Schema = here.get("properties", {}).get(step, {})
    return found
