"""JSON of catalogs: parsed, and read by path."""

import re

from probe.domain.json_text import load
from probe.ports import CatalogError

_STEP = re.compile(r"\.?([A-Za-z0-9_-]+)|\[(\d{1,6}|\*)\]")


def load_json(body: bytes) -> object:
    """
    Return the value of a JSON document (RFC 8259) in which no object has a key twice.

    Raises:
        CatalogError: no such document, or one that is nested too deeply.
    """
    try:
        return load(body)
    except ValueError as error:
        raise CatalogError(str(error)) from None


def path_steps(path: str) -> tuple[str | int, ...]:
    """
    Return the steps of a path such as ``channels.stable[0].version``; ``[*]`` is every element.

    Raises:
        ValueError: not such a path.
    """
    bare = path.removeprefix("$")
    steps: list[str | int] = []
    position = 0
    while position < len(bare):
        found = _STEP.match(bare, position)
        if not found:
            raise ValueError(f"a path such as releases[0].version is expected, not {path[:80]!r}")
        key, index = found.groups()
        steps.append(key or (index if index == "*" else int(index)))
        position = found.end()
    return tuple(steps)


def strings_at(value: object, path: str) -> list[str]:
    """
    Return the strings to which *path* leads in a parsed document, in order.

    Raises:
        CatalogError: it leads nowhere, or to something that is no string.
    """
    found = [value]
    for step in path_steps(path):
        found = [inner for each in found for inner in _inside(each, step, path)]
    texts = [each for each in found if isinstance(each, str)]
    if len(texts) != len(found):
        raise CatalogError(f"{path or '$'}: not a string")
    return texts


def _inside(value: object, step: str | int, path: str) -> list[object]:
    if step == "*" and isinstance(value, list):
        return list(value)
    if isinstance(step, int) and isinstance(value, list) and step < len(value):
        return [value[step]]
    if isinstance(step, str) and isinstance(value, dict) and step in value:
        return [value[step]]
    raise CatalogError(f"{path}: there is nothing at {step!r}")
