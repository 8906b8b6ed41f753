"""The command line: arguments in, text and an exit code out."""

import signal
import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import structlog
import typer

from probe import __version__
from probe.answers import unfounded
from probe.app import outside, probe_url
from probe.clock import SystemClock
from probe.commands import (
    ask_health,
    check_ledger,
    complain,
    export_ledger,
    import_ledger,
    keep_serving,
    play_demo,
    probe_everything,
)
from probe.domain.artifact import Digest
from probe.domain.target import Depth, Limits, Target
from probe.flags import (
    ApiListenFlag,
    ConfigFlag,
    DataDirFlag,
    ExternalUrlFlag,
    ListenFlag,
    LogFormatFlag,
    LogLevelFlag,
    RegionFlag,
    RoleFlag,
    RoutePrefixFlag,
    WebConfigFlag,
    leave,
    process_of,
    run,
    settings_of,
    web_config_of,
)
from probe.logs import LogFormat, LogLevel, logging_to
from probe.questions import (
    BASELINE_EXAMPLES,
    GATE_EXAMPLES,
    OVERRIDE_EXAMPLES,
    REVIEW_EXAMPLES,
    SCORECARD_EXAMPLES,
    baseline,
    gate,
    override,
    review,
    scorecard,
)
from probe.rulebook import RULES_EXAMPLES, rules
from probe.settings import load
from probe.terminal.config_report import print_accepted
from probe.terminal.console import console_for
from probe.terminal.exit_code import exit_code
from probe.terminal.json_lines import json_line
from probe.terminal.output import OutputLost, standard_streams
from probe.terminal.probe_report import print_probe
from probe.web.healthcheck import HEALTHY, READY

_log = structlog.get_logger(__name__)

app = typer.Typer(
    name="delivery-probe",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
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


ledger = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Look after the ledger, or move it to another house.",
    epilog="""\b
Examples:
  delivery-probe ledger check --data-dir /data
  delivery-probe ledger export --data-dir /data | gzip > ledger.jsonl.gz
  zcat ledger.jsonl.gz | delivery-probe ledger import - --data-dir /other
""",
)
app.add_typer(ledger, name="ledger")
app.command(epilog=SCORECARD_EXAMPLES)(scorecard)
app.command(epilog=GATE_EXAMPLES)(gate)
app.command(epilog=BASELINE_EXAMPLES)(baseline)
app.command(epilog=REVIEW_EXAMPLES)(review)
app.command(epilog=OVERRIDE_EXAMPLES)(override)
app.command(epilog=RULES_EXAMPLES)(rules)


class OnceFormat(StrEnum):
    """How ``once`` shows what it found."""

    TABLE = "table"
    JSONL = "jsonl"


class ProbeFormat(StrEnum):
    """How ``probe`` shows what it found."""

    REPORT = "report"
    JSONL = "jsonl"


class WholeOrHead(StrEnum):
    """How much of one URL is read."""

    FULL = "full"
    HEAD = "head"


def main() -> None:
    """Run the command line."""
    try:
        with standard_streams():
            app()
    except OutputLost as lost:
        sys.exit(128 + signal.SIGPIPE if lost.unread else complain(str(lost)))


@app.command(
    epilog="""\b
Examples:
  delivery-probe serve --config /etc/delivery-probe/probe.yaml
  PROBE_REGION=eu-west-1 PROBE_LISTEN=127.0.0.1:29464 delivery-probe serve
  delivery-probe serve --web.config.file web.yml       TLS and passwords, as exporters have them
  delivery-probe serve --api-listen 127.0.0.1:29465    all but metrics and health is there only
  kill -HUP PID            reads the configuration again; a bad one changes nothing
""",
)
def serve(
    config: ConfigFlag = None,
    region: RegionFlag = None,
    role: RoleFlag = None,
    listen: ListenFlag = None,
    api_listen: ApiListenFlag = None,
    web_config_file: WebConfigFlag = None,
    web_external_url: ExternalUrlFlag = None,
    web_route_prefix: RoutePrefixFlag = None,
    data_dir: DataDirFlag = None,
    log_level: LogLevelFlag = None,
    log_format: LogFormatFlag = None,
    drain: Annotated[
        str | None, typer.Option(help="Time for probes under way at the end [default: 30s]")
    ] = None,
    shard: Annotated[
        int | None, typer.Option(help="Which part of all targets is this process's, from 0")
    ] = None,
    total_shards: Annotated[int | None, typer.Option(help="How many parts there are")] = None,
) -> None:
    """Probe on a schedule and expose what is seen, until SIGTERM."""
    process = process_of(
        config=config,
        region=region,
        listen=listen,
        api_listen=api_listen,
        web_config_file=web_config_file,
        web_external_url=web_external_url,
        web_route_prefix=web_route_prefix,
        data_dir=data_dir,
        log_level=log_level,
        log_format=log_format,
        drain=drain,
        shard=shard,
        total_shards=total_shards,
        role=role,
    )
    read = partial(load, process.config, regions=process.region, role=process.role)
    settings = settings_of(read())
    web = web_config_of(process)
    with logging_to(sys.stderr, process.log_level, process.log_format, SystemClock().now):
        leave(run(keep_serving(process, settings, read, web)))


@app.command(
    epilog="""\b
Examples:
  delivery-probe once --config probe.yaml
  delivery-probe once --format jsonl | jq 'select(.verdict == "failed")'

Exit code: 0 all passed, 1 something failed, 2 usage or configuration, 3 nothing failed but
something is not known.
""",
)
def once(
    config: ConfigFlag = None,
    region: RegionFlag = None,
    form: Annotated[OnceFormat, typer.Option("--format", help="How to show it")] = OnceFormat.TABLE,
) -> None:
    """Probe every artifact at every endpoint once."""
    process = process_of(config=config, region=region)
    if not process.role.probes:
        raise typer.Exit(complain(f"a process with the role {process.role} probes nothing"))
    settings = settings_of(load(process.config, regions=process.region))
    with logging_to(sys.stderr, LogLevel.WARNING, LogFormat.AUTO, SystemClock().now):
        leave(run(probe_everything(process, settings, as_lines=form is OnceFormat.JSONL)))


@app.command(
    epilog="""\b
Examples:
  delivery-probe probe https://dl.example.com/widget-1.4.2.tar.gz
  delivery-probe probe https://dl.example.com/widget-1.4.2.tar.gz --sha256 9f86d081884c7d65...
  delivery-probe probe https://dl.example.com/widget-1.4.2.tar.gz --depth head --format jsonl

Exit code: 0 passed, 1 failed, 2 usage, 3 not known.
""",
)
def probe(
    url: Annotated[str, typer.Argument(help="What to download")],
    sha256: Annotated[str | None, typer.Option(help="What its SHA-256 must be")] = None,
    sha512: Annotated[str | None, typer.Option(help="What its SHA-512 must be")] = None,
    size: Annotated[int | None, typer.Option(min=0, help="Its size in bytes")] = None,
    depth: Annotated[WholeOrHead, typer.Option(help="Read it all, or ask for its headers")] = (
        WholeOrHead.FULL
    ),
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds for all of it")] = 600.0,
    form: Annotated[ProbeFormat, typer.Option("--format", help="How to show it")] = (
        ProbeFormat.REPORT
    ),
) -> None:
    """Download one URL, phase by phase, and say whether it is the right file."""
    target = _outside(url, sha256, sha512, size, timeout)
    with logging_to(sys.stderr, LogLevel.WARNING, LogFormat.AUTO, SystemClock().now):
        observation = run(probe_url(target, Depth(depth.value)))
    if form is ProbeFormat.JSONL:
        sys.stdout.write(json_line(observation) + "\n")
    else:
        print_probe(console_for(sys.stdout), observation, SystemClock().now())
    leave(exit_code([observation.verdict]))


@app.command(
    name="check-config",
    epilog="""\b
Examples:
  delivery-probe check-config probe.yaml
  delivery-probe check-config --strict probe.yaml     in the pipeline of the configuration

With --strict, advice counts as a fault: one KPI of each category, two ways to the files, two
regions, an owner for everything, something that stops a release. Whether a target may be of kind
sla, the ledger in --data-dir says. Exit code 0, or 2.
""",
)
def check_config(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The configuration file")],
    data_dir: DataDirFlag = None,
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Let advice count as faults")] = False,
) -> None:
    """Say everything that is wrong with a configuration file, or could be better."""
    settings = settings_of(load(path))
    directory = process_of(data_dir=data_dir).data_dir
    early = unfounded(directory, settings.promises, SystemClock().now())
    if faults := (*early.values(), *(settings.advice if strict else ())):
        settings_of(faults)
    products = [each.product for each in settings.products]
    print_accepted(console_for(sys.stdout), products, settings.regions, len(settings.advice))


@app.command(
    epilog="""\b
Examples:
  delivery-probe demo                       stays up after the script, until Ctrl-C
  delivery-probe demo --once --speed 2      exit code 0 if every scripted fault was found
""",
)
def demo(
    *,
    listen: Annotated[str, typer.Option(help="host:port to serve on")] = "127.0.0.1:29464",
    once: Annotated[bool, typer.Option("--once", help="End after the script")] = False,
    speed: Annotated[float, typer.Option(min=0.1, max=10, help="How fast the script goes")] = 1.0,
) -> None:
    """Play a small world of releases on loopback, with faults, and find them."""
    process = process_of(listen=listen, drain="2s")
    with logging_to(sys.stderr, LogLevel.ERROR, LogFormat.AUTO, SystemClock().now):
        leave(run(play_demo(process, speed=speed, stay=not once)))


@app.command(
    epilog="""\b
Examples:
  delivery-probe healthcheck                asks where PROBE_LISTEN says that it listens
  delivery-probe healthcheck --ready        passes only once a catalog was read
  HEALTHCHECK CMD ["delivery-probe", "healthcheck"]
""",
)
def healthcheck(
    *,
    listen: ListenFlag = None,
    ready: Annotated[bool, typer.Option("--ready", help="Ask whether it is ready, too")] = False,
) -> None:
    """Ask the service on this machine whether it is there. Exit code 0, or 1 if it is not."""
    leave(ask_health(process_of(listen=listen), READY if ready else HEALTHY))


@ledger.command(name="check")
def check_ledger_command(data_dir: DataDirFlag = None) -> None:
    """Say what is in the ledger, and whether it is sound. Exit code 0, 1 if not, 2 if none."""
    leave(check_ledger(process_of(data_dir=data_dir).data_dir))


@ledger.command(name="export")
def export_ledger_command(data_dir: DataDirFlag = None) -> None:
    """Write the ledger to stdout as JSON Lines; it may be in use."""
    leave(export_ledger(process_of(data_dir=data_dir).data_dir))


@ledger.command(name="import")
def import_ledger_command(
    file: Annotated[typer.FileBinaryRead, typer.Argument(help="An export; - for stdin")],
    data_dir: DataDirFlag = None,
) -> None:
    """Make a ledger from an export, where there is none yet."""
    leave(import_ledger(process_of(data_dir=data_dir).data_dir, file))


@app.command()
def version() -> None:
    """Print the version."""
    sys.stdout.write(f"delivery-probe {__version__}\n")


def _outside(
    url: str, sha256: str | None, sha512: str | None, size: int | None, timeout: float
) -> Target:
    try:
        digests = [Digest.of("sha256", sha256)] if sha256 is not None else []
        digests += [Digest.of("sha512", sha512)] if sha512 is not None else []
        limits = Limits(total_seconds=timeout)
        return outside(url, digests=tuple(digests), size_bytes=size, limits=limits)
    except ValueError as fault:
        raise typer.Exit(complain(str(fault))) from None
