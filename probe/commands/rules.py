"""The command that writes the rules for a configuration into a folder of Prometheus's."""

import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from probe.commands.configured import settings_of
from probe.commands.flags import ConfigFlag
from probe.commands.form import command_line
from probe.commands.leaving import complain, leave, process_of
from probe.domain.text import clean
from probe.generate.alert_entry import Links
from probe.generate.asked import Asked
from probe.generate.own_rules import OwnRules, own_rules
from probe.generate.rules import FILE_NAMES
from probe.generate.seal import is_ours, sealed
from probe.kpi import Scope
from probe.settings import Settings, load
from probe.terminal.exit_code import ExitCode

_EXAMPLES = """\b
Examples:
  delivery-probe rules --config probe.yaml --out /etc/prometheus/delivery
  delivery-probe rules --out rules/ --scope regional     for the Prometheus of each region
  delivery-probe rules --out rules/ --check              in CI: are they those of probe.yaml?
  promtool check rules --lint=all /etc/prometheus/delivery/*.yaml

Alerts have the owners, runbooks and targets of the products; what has no target there is held
against that of docs/kpis.md. Files that somebody else wrote, or has changed, are left alone.

Exit code: 0, 1 with --check if something would be written, 2 usage or configuration.
"""

app = command_line()

_HEAD = """\
For {products}.
Written by delivery-probe rules. docs/alerts.md explains the alerts, docs/kpis.md the rest.

"""


class Scopes(StrEnum):
    """Which rules are written."""

    REGIONAL = "regional"
    GLOBAL = "global"
    ALL = "all"


@app.command(epilog=_EXAMPLES)
def rules(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where to")],
    config: ConfigFlag = None,
    scope: Annotated[Scopes, typer.Option(help="Those of a region, or that see all")] = Scopes.ALL,
    runbooks: Annotated[str, typer.Option(metavar="URL", help="Where docs/runbooks is")] = (
        Links().runbooks
    ),
    dashboards: Annotated[str, typer.Option(metavar="URL", help="Where Grafana is")] = (
        Links().dashboards
    ),
    probe_owner: Annotated[
        str, typer.Option(metavar="TEAM", help="Who looks after the probers")
    ] = "probe",
    *,
    without_thin_pages: Annotated[
        bool,
        typer.Option(
            "--without-thin-pages", help="Go without pages that fewer than 3 failures could cause"
        ),
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Only say what would be written")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace what somebody else wrote or changed")
    ] = False,
) -> None:
    """Write recording rules and alerts for the products of a configuration."""
    settings = settings_of(load(process_of(config=config).config))
    scopes = tuple(Scope) if scope is Scopes.ALL else (Scope(scope.value),)
    links = Links(runbooks.rstrip("/"), dashboards.rstrip("/"))
    asked = _asked(settings)
    made = own_rules(asked, scopes, links, probe_owner)
    _tell(made, refuse=not without_thin_pages)
    head = _HEAD.format(products=", ".join(each.name for each in asked))
    files = {file.name: sealed(file.text(head)) for file in made.files}
    try:
        leave(_put(out, files, check=check, overwrite=overwrite))
    except OSError as fault:
        leave(complain(f"no rules in {out}: {clean(fault.strerror or str(fault))}"))


def _asked(settings: Settings) -> list[Asked]:
    return [
        Asked(each.product, {one.kpi: one for one in each.objectives}, each.regions)
        for each in settings.products
    ]


def _tell(made: OwnRules, *, refuse: bool) -> None:
    for note in made.notes:
        complain(note)
    for page in made.thin:
        complain(page.why)
    if made.thin and refuse:
        complain("nothing is written; --without-thin-pages goes without these")
        leave(ExitCode.USAGE)


def _put(out: Path, files: Mapping[str, str], *, check: bool, overwrite: bool) -> ExitCode:
    there = {name: text for name in FILE_NAMES if (text := _read(out / name)) is not None}
    foreign = [name for name, text in there.items() if name in files and not is_ours(text)]
    write = [name for name, text in files.items() if there.get(name) != text]
    gone = [name for name, text in there.items() if name not in files and is_ours(text)]
    if foreign and not overwrite:
        for name in foreign:
            complain(f"{out / name} was written or changed by somebody else")
        return ExitCode.FAILED if check else ExitCode.USAGE
    words = ("would write", "would remove") if check else ("wrote", "removed")
    for name in write if not check else ():
        _write(out / name, files[name])
    for name in gone if not check else ():
        (out / name).unlink()
    sys.stdout.writelines(f"{words[0]} {out / name}\n" for name in write)
    sys.stdout.writelines(f"{words[1]} {out / name}\n" for name in gone)
    return ExitCode.FAILED if check and (write or gone) else ExitCode.PASSED


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Prometheus may read the folder at any time, and must never find half of a file.
    half = file.with_name(f".{file.name}.half")
    half.write_text(text, encoding="utf-8")
    half.replace(file)
