"""What the questions have in common: which product is meant, and how an answer is written."""

import json
import sys
from datetime import timedelta
from typing import Annotated

import typer

from probe.answers import Sources, as_aims, product_of, unfounded
from probe.clock import SystemClock
from probe.commands.configured import settings_of
from probe.commands.leaving import complain, process_of
from probe.domain.gate_record import Record
from probe.domain.quantity import duration, seconds
from probe.ports import NoSuchProduct
from probe.settings import ConfiguredProduct, load
from probe.terminal.console import console_for

ProductArgument = Annotated[str, typer.Argument(help="A product of the configuration")]
ChannelFlag = Annotated[str, typer.Option(help="Which channel, if the product has several")]


def asked_of(
    config: str | None, data_dir: str | None, product: str, channel: str
) -> tuple[Sources, ConfiguredProduct]:
    """Return who is asked and what product is meant, or end with what is wrong with them."""
    process = process_of(config=config, data_dir=data_dir)
    settings = settings_of(load(process.config))
    early = unfounded(process.data_dir, settings.promises, SystemClock().now())
    settings = as_aims(settings, early)
    sources = Sources(process.data_dir, settings.prometheus)
    try:
        return sources, product_of(settings.products, product, channel)
    except NoSuchProduct as fault:
        raise typer.Exit(complain(str(fault))) from None


def lasting(text: str, flag: str, least: timedelta, most: timedelta) -> timedelta:
    """Return the time that *flag* says, or end with what it has to be."""
    try:
        wanted = timedelta(seconds=seconds(text))
    except ValueError as fault:
        raise typer.BadParameter(str(fault), param_hint=flag) from None
    if not least <= wanted <= most:
        shortest, longest = (duration(each.total_seconds()) for each in (least, most))
        raise typer.BadParameter(f"must be between {shortest} and {longest}", param_hint=flag)
    return wanted


def write_json(record: Record) -> None:
    """Write *record* to stdout."""
    write(json.dumps(record, indent=2) + "\n")


def write(text: str) -> None:
    """Write *text* to stdout, whatever its encoding can hold."""
    console_for(sys.stdout)
    sys.stdout.write(text)
