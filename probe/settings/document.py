"""
YAML as a tree that knows its lines, read from events so that nothing can expand or recurse.

Plain scalars are resolved as YAML 1.1 does for booleans, because that is what editors of such
files expect to be warned of, and as the core schema of YAML 1.2 does for numbers.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from probe.domain.fault import Fault, Path, key_of
from probe.domain.text import clean

MAX_DEPTH = 32
MAX_NODES = 100_000

Scalar = str | int | float | bool | None
Plain = Scalar | list["Plain"] | dict[str, "Plain"]

# libyaml where it is built in: the same events, ten times sooner.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NO_KEY = "a key that could not be read, known by its identity"

_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column, both from 1."""

    line: int
    column: int


@dataclass(slots=True, eq=False)
class Node:
    """A value of the document, where it stands, and what is in it; ``weight`` counts it all."""

    plain: Plain
    place: Place
    children: dict[str | int, "Node"] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)
    weight: int = 1

    def child(self, step: str | int) -> "Node | None":
        """Return what stands under a key or an index."""
        return self.children.get(step)

    def items(self) -> Iterator[tuple[str | int, "Node"]]:
        """Go through what is in a mapping or a list."""
        return iter(self.children.items())

    def add(self, step: str | int, child: "Node") -> None:
        """Put *child* under a key or at the end of a list."""
        self.children[step] = child
        self.weight += child.weight
        if isinstance(self.plain, dict):
            self.plain[str(step)] = child.plain
        elif isinstance(self.plain, list):
            self.plain.append(child.plain)


def read(
    text: str, file: str, loader: type[Any] = _LOADER
) -> tuple[Node | None, tuple[Fault, ...]]:
    """Return the tree of the only document in *text*, and every fault of its form."""
    reading = _Reading(file)
    try:
        for event in yaml.parse(text, Loader=loader):
            if not reading.take(event):
                break
    except yaml.MarkedYAMLError as error:
        reading.faults.append(_syntax(error, text, file))
    except yaml.YAMLError as error:
        reading.faults.append(Fault(file, f"is not YAML: {clean(str(error))}"))
    if reading.root is None and not reading.faults:
        reading.faults.append(Fault(file, "is empty; it must hold at least regions and products"))
    return reading.root, tuple(reading.faults)


def resolve(text: str) -> Scalar:
    """Return what a plain scalar stands for."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text


def _place_of(event: Event) -> Place:
    mark = event.start_mark
    if mark is None or mark.line is None or mark.column is None:
        return Place(0, 0)
    return Place(mark.line + 1, mark.column + 1)


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str) -> Fault:
    message = clean(f"{error.context or ''} {error.problem or 'is not YAML'}", 200)
    mark, began = error.problem_mark, error.context_mark
    if mark is None or mark.line is None or mark.column is None:
        return Fault(file, message)
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    if line[mark.column : mark.column + 1] == "\t":
        message = "a tab cannot indent YAML; use spaces"
    elif began is not None and began.line is not None and began.line != mark.line:
        message += f" (it begins on line {began.line + 1})"
    return Fault(file, message, line=mark.line + 1, column=mark.column + 1)


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read; *key* is the one whose value comes next."""

    node: Node
    path: Path
    anchor: str | None
    key: tuple[str, Place] | None = None


class _Reading:
    """Builds the tree from events; faults of form are kept, and reading goes on."""

    def __init__(self, file: str) -> None:
        self.root: Node | None = None
        self.faults: list[Fault] = []
        self._file = file
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._count = 0

    def take(self, event: Event) -> bool:
        """Take one event; False where reading on makes no sense."""
        if isinstance(event, CollectionEndEvent):
            done = self._open.pop()
            return self._place(done.node, done.anchor)
        if not isinstance(event, (ScalarEvent, MappingStartEvent, SequenceStartEvent, AliasEvent)):
            return True
        place = _place_of(event)
        if self.root is not None and not self._open:
            return self._stop(place, "a second document; one file holds one configuration")
        if not isinstance(event, AliasEvent) and event.tag is not None:
            self._fault(place, "a YAML tag (!…) is not allowed here; write the value itself")
        if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            return self._enter(event, place)
        if isinstance(event, AliasEvent):
            return self._alias(event, place)
        return self._scalar(event, place)

    def _enter(self, event: MappingStartEvent | SequenceStartEvent, place: Place) -> bool:
        plain: Plain = {} if isinstance(event, MappingStartEvent) else []
        if len(self._open) == MAX_DEPTH:
            return self._stop(place, f"nested more than {MAX_DEPTH} levels deep")
        self._open.append(_Open(Node(plain, place), self._next_path(), event.anchor))
        return True

    def _alias(self, event: AliasEvent, place: Place) -> bool:
        node = self._anchors.get(event.anchor or "")
        if node is None:
            return self._stop(place, "an alias (*) of an anchor (&) that is not defined before it")
        return self._place(node, None)

    def _scalar(self, event: ScalarEvent, place: Place) -> bool:
        around = self._open[-1] if self._open else None
        if around and isinstance(around.node.plain, dict) and around.key is None:
            around.key = (event.value, place)
            return True
        plain = resolve(event.value) if event.implicit[0] else event.value
        if isinstance(plain, str) and not plain.isascii() and _has_surrogate(plain):
            self._fault(place, "holds half a surrogate pair, which is not text")
            plain = ""
        return self._place(Node(plain, place), event.anchor)

    def _place(self, node: Node, anchor: str | None) -> bool:
        """Put a finished node where it belongs."""
        if anchor is not None:
            self._anchors[anchor] = node
        self._count += 1
        if max(node.weight, self._count) > MAX_NODES:
            return self._stop(node.place, f"more than {MAX_NODES} values, aliases counted in full")
        if not self._open:
            self.root = node
            return True
        around = self._open[-1]
        if isinstance(around.node.plain, list):
            around.node.add(len(around.node.plain), node)
        elif around.key is None:
            message = "a key must be a plain word, not a list or a mapping"
            self._fault(node.place, message, key_of(around.path))
            around.key = (_NO_KEY, node.place)
        else:
            self._pair(around, *around.key, node)
        return True

    def _pair(self, around: _Open, key: str, place: Place, node: Node) -> None:
        around.key = None
        if key is _NO_KEY:
            return
        if key in around.node.keys:
            first = around.node.keys[key].line
            path = key_of((*around.path, clean(key)))
            self._fault(place, f"a second {clean(key)!r}; the first is on line {first}", path)
        elif _has_surrogate(key):
            message = "a key holds half a surrogate pair, which is not text"
            self._fault(place, message, key_of(around.path))
        else:
            around.node.keys[key] = place
            around.node.add(key, node)

    def _next_path(self) -> Path:
        if not self._open:
            return ()
        around = self._open[-1]
        if isinstance(around.node.plain, list):
            return (*around.path, len(around.node.plain))
        return (*around.path, clean(around.key[0]) if around.key else "?")

    def _fault(self, place: Place, message: str, key: str | None = None) -> None:
        where = key_of(self._next_path()) if key is None else key
        self.faults.append(Fault(self._file, message, where, place.line, place.column))

    def _stop(self, place: Place, message: str) -> bool:
        self._fault(place, message)
        return False


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
