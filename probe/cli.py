"""The command line: which commands there are. One is loaded when it is asked for."""

import signal
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from probe.commands.form import command_line
from probe.commands.leaving import complain
from probe.terminal.output import OutputLost, standard_streams

COMMANDS: Mapping[str, str] = {
    "serve": "Probe on a schedule and expose what is seen, until SIGTERM.",
    "once": "Probe every artifact at every endpoint once.",
    "probe": "Download one URL, phase by phase, and say whether it is the right file.",
    "check-config": "Say everything that is wrong with a configuration file, or could be better.",
    "scorecard": "Say what is known of a release or a product, on six lines and by target.",
    "gate": "Judge whether a release may go on, by its targets.",
    "override": "Let a release pass although it misses a target, for a time.",
    "baseline": "Say what the KPIs of a product came to, and where their targets could be.",
    "review": "Ask whether the KPIs of a product and their thresholds still are the right ones.",
    "rules": "Write recording rules and alerts for the products of a configuration.",
    "ledger": "Look after the ledger, or move it to another house.",
    "healthcheck": "Ask the service on this machine whether it is there.",
    "demo": "Play a small world of releases on loopback, with faults, and find them.",
    "version": "Print the version.",
}
"""What each command does; the command itself is ``app`` of its module in ``probe.commands``."""


class _Commands(MutableMapping[str, Any]):
    """The commands by name, each loaded when somebody looks at it."""

    def __getitem__(self, name: str) -> Any:
        if name not in COMMANDS:
            raise KeyError(name)
        module = import_module(f"probe.commands.{name.replace('-', '_')}")
        return typer.main.get_command(module.app)

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)

    def __setitem__(self, name: str, command: Any) -> None:
        raise TypeError(f"{name} has no module of its own")

    def __delitem__(self, name: str) -> None:
        raise TypeError(f"{name} cannot be taken away")


class _Group(TyperGroup):
    """A group that can say what its commands do before they are loaded."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands()

    def format_commands(self, _: Any, formatter: Any) -> None:
        """Write the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


app = command_line(
    name="delivery-probe",
    cls=_Group,
    no_args_is_help=True,
    help="""Download every artifact of every current release from every endpoint, as a consumer
would, prove the bytes, and tell Prometheus.""",
    epilog="""\b
Start here:
  delivery-probe demo                          a small world of its own, and its faults
  delivery-probe probe https://host/file.tgz   one download, phase by phase
  delivery-probe check-config probe.yaml       everything that is wrong with it, at once
  delivery-probe once --config probe.yaml      every artifact once, and a table
  delivery-probe serve --config probe.yaml     the service; metrics on :29464/metrics
  delivery-probe scorecard widget 1.4.2        what is known of a release, on six lines
  delivery-probe gate widget 1.4.2 --wait 15m  may it go on? 0 yes, 1 no, 3 nobody knows
  delivery-probe rules --out rules/            what Prometheus is to record, and whom to alert
""",
)


@app.callback()
def _any() -> None:
    """Do nothing before a command does."""


def main() -> None:
    """Run the command line."""
    try:
        with standard_streams():
            app()
    except OutputLost as lost:
        sys.exit(128 + signal.SIGPIPE if lost.unread else complain(str(lost)))
