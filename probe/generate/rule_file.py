"""A file of rules as Prometheus reads it."""

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

Entry = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One group of rules, in a file of its own; ``about`` says what Prometheus it is for."""

    group: str
    about: str
    interval: str
    rules: tuple[Entry, ...]

    @property
    def name(self) -> str:
        """Return the name of the file."""
        return file_name(self.group)

    def text(self, head: str) -> str:
        """Return the file, with the comment *head* above the group."""
        comment = "".join(f"# {line}".rstrip() + "\n" for line in [*head.splitlines(), self.about])
        group = {"name": self.group, "interval": self.interval, "rules": list(self.rules)}
        body = yaml.dump({"groups": [group]}, Dumper=_Dumper, sort_keys=False, width=float("inf"))
        return comment + body


def file_name(group: str) -> str:
    """Return the name of the file in which *group* is kept."""
    return f"{group}.rules.yaml"


class _Dumper(yaml.SafeDumper):
    """Writes lists indented, text of several lines as it is, and nothing by reference."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002 - the library's
        del indentless
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
