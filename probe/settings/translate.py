"""What pydantic finds wrong, said with line, key and what would be right; never with a value."""

from collections.abc import Sequence
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from probe.domain.fault import Fault, Path, key_of
from probe.domain.text import clean
from probe.process.wording import expected, one_of, what_is_right
from probe.settings.document import Node, Place
from probe.settings.schema import Shape, shape

# What pydantic puts behind the location of a key that is at fault, and not its value.
_OF_A_KEY = "[key]"


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
            return _among(expected(detail), node)
        case _:
            return what_is_right(detail) + _trap(detail["type"], node)


def _unknown(key: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(key, known, n=1)
    if near:
        return f"unknown key; did you mean {near[0]}?"
    return f"unknown key; known here are {', '.join(known)}" if known else "unknown key"


def _kinds(node: Node, kinds: tuple[str, ...]) -> str:
    if not isinstance(node.plain, dict):
        return f"must be a mapping with a kind ({', '.join(kinds)})"
    return _among(kinds, node.child("kind"))


def _among(words: Sequence[str], node: Node | None) -> str:
    return one_of(words, node.plain if node else "")


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
