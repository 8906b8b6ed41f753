"""The dashboards as they lie in the project: their panels, and what each of them asks."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.contracts.source import ROOT

FILES = sorted((ROOT / "dashboards").glob("*.json"))

Matcher = tuple[str, str, str]

_SELECTOR = re.compile(r"([a-zA-Z_:][\w:]*)\{([^}]*)\}")
_MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')


@dataclass(frozen=True)
class Target:
    """One query of a panel; ``course`` if it is asked over time."""

    uid: str
    panel: str
    letter: str
    expr: str
    course: bool

    def __str__(self) -> str:
        return f"{self.uid}: {self.panel} ({self.letter})"


def boards() -> dict[str, dict[str, Any]]:
    """Return every dashboard by its uid."""
    read = [json.loads(file.read_text(encoding="utf-8")) for file in FILES]
    return {board["uid"]: board for board in read}


def panels(board: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Return every panel that shows something, those in folded rows as well."""
    for panel in board["panels"]:
        yield from panel["panels"] if panel["type"] == "row" else [panel]


def targets(board: Mapping[str, Any]) -> list[Target]:
    """Return the queries of a dashboard."""
    return [
        Target(board["uid"], panel["title"], each["refId"], each["expr"], each["range"])
        for panel in panels(board)
        for each in panel["targets"]
    ]


def variables(board: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the variables of a dashboard by name."""
    return {each["name"]: each for each in board["templating"]["list"]}


def selectors(expr: str) -> list[tuple[str, list[Matcher]]]:
    """Return name and matchers (label, operator, value) of each selector in *expr*."""
    return [(name, _MATCHER.findall(inside)) for name, inside in _SELECTOR.findall(expr)]
