"""What pydantic finds wrong, said with line, key and what would be right; never with a value."""

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from probe.domain.text import clean
from probe.settings.document import Node, Place
from probe.settings.fault import Fault, Path, key_of
from probe.settings.schema import Shape, shape

_Message = Callable[[Mapping[str, Any]], str]


def _always(message: str) -> _Message:
    return lambda _: message


_MAPPING = _always("must be a mapping, as in key: value")
_LIST = _always("must be a list, as in [a, b]")
_INTEGER = _always("must be a whole number")
_NUMBER = _always("must be a number")
_BOOLEAN = _always("must be true or false")
# What pydantic puts behind the location of a key that is at fault, and not its value.
_OF_A_KEY = "[key]"
_QUOTED = re.compile(r"'([^']*)'")

_MESSAGES: Mapping[str, _Message] = {
    "missing": _always("is required"),
    "string_type": _always("must be a text"),
    "bool_type": _BOOLEAN,
    "bool_parsing": _BOOLEAN,
    "int_type": _INTEGER,
    "int_parsing": _INTEGER,
    "int_from_float": _INTEGER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "dict_type": _MAPPING,
    "pattern_regex": _always("is not a regular expression"),
    "pattern_type": _always("must be a regular expression"),
    "too_short": _always("must not be empty"),
    "string_too_short": _always("must not be empty"),
    "string_too_long": lambda context: f"must be at most {context['max_length']} characters long",
    "greater_than": lambda context: f"must be more than {context['gt']}",
    "greater_than_equal": lambda context: f"must be at least {context['ge']}",
    "less_than": lambda context: f"must be less than {context['lt']}",
    "less_than_equal": lambda context: f"must be at most {context['le']}",
    "value_error": lambda context: clean(str(context["error"]), 400),
}


def faults_of(
    error: ValidationError, root: Node, file: str, known: Shape | None = None
) -> tuple[Fault, ...]:
    """
    Return one fault for each thing that *error* tells of the document under *root*.

    *known* says which keys there are; without it, those of the configuration file.
    """
    details = error.errors(include_url=False, include_input=False)
    return tuple(_fault(each, root, file, known or shape()) for each in details)


def _fault(detail: ErrorDetails, root: Node, file: str, known: Shape) -> Fault:
    unknown = detail["type"] == "extra_forbidden"
    path, node, place = locate(root, detail["loc"], known, at_key=unknown)
    message = _message(detail, path, node, known)
    if detail["type"] in ("union_tag_invalid", "union_tag_not_found"):
        kind = node.child("kind")
        place = kind.place if kind else place
        path = (*path, "kind") if isinstance(node.plain, dict) else path
    shown = tuple(clean(step, 60) if isinstance(step, str) else step for step in path)
    return Fault(file, message, key_of(shown), place.line, place.column)


def _message(detail: ErrorDetails, path: Path, node: Node, known: Shape) -> str:
    match detail["type"]:
        case "extra_forbidden":
            return _unknown(str(path[-1]), known.keys_at(detail["loc"][:-1]))
        case _ if kinds := known.kinds_at(detail["loc"]):
            return _kinds(node, kinds)
        case "enum" | "literal_error":
            return _one_of(_expected(detail), node)
        case _:
            return what_is_right(detail) + _trap(detail["type"], node)


def what_is_right(detail: ErrorDetails) -> str:
    """Say what would be right in place of what was given, going by the kind of error alone."""
    if detail["type"] in ("enum", "literal_error"):
        return _one_of(_expected(detail), None)
    message = _MESSAGES.get(detail["type"])
    return message(detail.get("ctx", {})) if message else clean(detail["msg"], 200)


def _expected(detail: ErrorDetails) -> list[str]:
    return _QUOTED.findall(detail.get("ctx", {})["expected"])


def _unknown(key: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(key, known, n=1)
    if near:
        return f"unknown key; did you mean {near[0]}?"
    return f"unknown key; known here are {', '.join(known)}" if known else "unknown key"


def _kinds(node: Node, kinds: tuple[str, ...]) -> str:
    if not isinstance(node.plain, dict):
        return f"must be a mapping with a kind ({', '.join(kinds)})"
    return _one_of(kinds, node.child("kind"))


def _one_of(words: Sequence[str], node: Node | None) -> str:
    near = get_close_matches(str(node.plain), words, n=1) if node else []
    return f"must be one of {', '.join(words)}" + (f"; did you mean {near[0]}?" if near else "")


def _trap(error: str, node: Node) -> str:
    """Say what YAML made of a value that looked like something else."""
    if node.plain is None and error.endswith("_type"):
        return "; it has no value"
    if error != "string_type":
        return ""
    if isinstance(node.plain, bool):
        return "; YAML reads yes, no, on, off, true and false as booleans unless they are quoted"
    if isinstance(node.plain, int | float):
        return '; YAML reads it as a number, so that 1.10 is 1.1: put it in quotes, as in "1.10"'
    return ""


def locate(
    root: Node, location: tuple[int | str, ...], known: Shape, *, at_key: bool = False
) -> tuple[Path, Node, Place]:
    """
    Return the path of keys that *location* names, the node it leads to, and where that stands.

    A location has the kind of a union's member as a step of its own; a path has not. Where a key
    is missing, the node and its place are those of the mapping that lacks it. The place is the
    key's where there is no value, or where that is asked for.
    """
    path: Path = ()
    node, place = root, root.place
    for number, step in enumerate(location):
        if step == _OF_A_KEY:
            break
        last = number == len(location) - 1
        child = node.child(step)
        is_key = step in known.keys_at(location[:number])
        if _is_tag(node, step) and not (last and child) and not is_key:
            continue
        path = (*path, step)
        if child is None:
            break
        on_key = child.plain is None or (last and at_key)
        place = node.keys.get(str(step), child.place) if on_key else child.place
        node = child
    return path, node, place


def _is_tag(node: Node, step: int | str) -> bool:
    kind = node.child("kind")
    return kind is not None and kind.plain == step
