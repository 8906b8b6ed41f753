"""What all commands look like."""

from typing import Any

import typer


def command_line(**more: Any) -> typer.Typer:
    """Return a command line without commands as yet."""
    return typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        **more,
    )
