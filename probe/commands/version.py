"""The command that says which version this is."""

import sys

from probe import __version__
from probe.commands.form import command_line

app = command_line()


@app.command()
def version() -> None:
    """Print the version."""
    sys.stdout.write(f"delivery-probe {__version__}\n")
