"""What the commands have in common: flags, and how arguments become values or a fault."""

import asyncio
import signal
import sys
from collections.abc import Coroutine, Sequence
from typing import Annotated, Any, TypeVar

import typer

from probe.loop import Loop
from probe.settings import Fault, Process, Settings, WebConfig, environment, load_web_config
from probe.terminal.config_report import print_faults
from probe.terminal.console import console_for
from probe.terminal.exit_code import ExitCode

_T = TypeVar("_T")

_CONFIG = typer.Option(help="Configuration file [env: PROBE_CONFIG; default: probe.yaml]")
_REGION = typer.Option(
    help="Probe from these regions only, comma separated [env: PROBE_REGION; default: all]"
)
_ROLE = typer.Option(
    help="both, prober (leaves gates, incidents and facts of the catalog to control) or control "
    "(probes nothing) [env: PROBE_ROLE; default: both]"
)
_LISTEN = typer.Option(help="host:port to serve on [env: PROBE_LISTEN; default: 0.0.0.0:29464]")
_API_LISTEN = typer.Option(
    help="host:port for all but metrics and health, which stay on --listen [env: PROBE_API_LISTEN]"
)
_WEB_CONFIG = typer.Option(
    "--web.config.file",
    help="TLS and users of the server, as Prometheus exporters have them "
    "[env: PROBE_WEB_CONFIG_FILE]",
)
_EXTERNAL_URL = typer.Option(
    "--web.external-url",
    help="URL under which users find the pages [env: PROBE_WEB_EXTERNAL_URL]",
)
_ROUTE_PREFIX = typer.Option(
    "--web.route-prefix",
    help="Path under which pages are served [env: PROBE_WEB_ROUTE_PREFIX; default: that of the "
    "external URL]",
)
_DATA_DIR = typer.Option(help="Where the ledger is kept [env: PROBE_DATA_DIR; default: data]")
_LOG_LEVEL = typer.Option(help="debug, info, warning or error [env: PROBE_LOG_LEVEL]")
_LOG_FORMAT = typer.Option(help="auto, json or console [env: PROBE_LOG_FORMAT]")

ConfigFlag = Annotated[str | None, _CONFIG]
RegionFlag = Annotated[str | None, _REGION]
RoleFlag = Annotated[str | None, _ROLE]
ListenFlag = Annotated[str | None, _LISTEN]
ApiListenFlag = Annotated[str | None, _API_LISTEN]
WebConfigFlag = Annotated[str | None, _WEB_CONFIG]
ExternalUrlFlag = Annotated[str | None, _EXTERNAL_URL]
RoutePrefixFlag = Annotated[str | None, _ROUTE_PREFIX]
DataDirFlag = Annotated[str | None, _DATA_DIR]
LogLevelFlag = Annotated[str | None, _LOG_LEVEL]
LogFormatFlag = Annotated[str | None, _LOG_FORMAT]


def process_of(**flags: object) -> Process:
    """Return what the environment and *flags* say, or end with every fault of theirs."""
    found = environment(flags)
    return found if isinstance(found, Process) else _give_up(found)


def settings_of(found: Settings | tuple[Fault, ...]) -> Settings:
    """Return the settings that were *found*, or end with every fault of the configuration."""
    return found if isinstance(found, Settings) else _give_up(found)


def web_config_of(process: Process) -> WebConfig:
    """Return what the file for the server says, if there is one, or end with every fault of it."""
    if process.web_config_file is None:
        return WebConfig()
    found = load_web_config(process.web_config_file)
    return found if isinstance(found, WebConfig) else _give_up(found)


def _give_up(faults: Sequence[Fault]) -> Any:
    print_faults(console_for(sys.stderr), [str(fault) for fault in faults])
    raise typer.Exit(ExitCode.USAGE)


def leave(code: int) -> None:
    """End the command with an exit code."""
    raise typer.Exit(code)


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """Return what comes of *work* on a loop of its own, or end as Ctrl-C does."""
    try:
        with asyncio.Runner(loop_factory=Loop) as runner:
            return runner.run(work)
    except KeyboardInterrupt:
        raise typer.Exit(128 + signal.SIGINT) from None
