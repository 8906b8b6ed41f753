"""The list of commands, and that one costs no more than it needs."""

import subprocess
import sys

import pytest
import typer

from probe.cli import COMMANDS, app

ROOT = typer.main.get_command(app)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_listed_with_the_first_sentence_of_its_own_help(name):
    command = ROOT.commands[name]  # type: ignore[attr-defined]
    assert command.get_short_help_str(200) == COMMANDS[name]


def test_no_other_command_is_found_or_can_be_added():
    commands = ROOT.commands  # type: ignore[attr-defined]
    assert commands.get("prboe") is None
    with pytest.raises(TypeError, match="prboe has no module"):
        commands["prboe"] = None
    with pytest.raises(TypeError, match="serve cannot be taken away"):
        del commands["serve"]


@pytest.mark.parametrize("arguments", [["--help"], ["version"], ["healthcheck", "--help"]])
def test_what_asks_nothing_of_the_service_loads_nothing_of_it(arguments):
    ask = (
        "import sys; from probe.cli import app; app(sys.argv[1:], standalone_mode=False); "
        "print(*(sys.modules.keys() & {'aiohttp', 'jinja2', 'yaml', 'probe.settings'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == ""
