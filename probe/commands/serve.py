"""The command that is the service."""

import asyncio
import gc
import signal
import sys
from functools import partial
from typing import Annotated

import structlog
import typer

from probe import __version__
from probe.app import running
from probe.clock import SystemClock
from probe.commands.configured import settings_of, web_config_of
from probe.commands.flags import (
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
)
from probe.commands.form import command_line
from probe.commands.leaving import complain, leave, process_of
from probe.commands.running import run
from probe.logs import logging_to
from probe.process import Process
from probe.reloading import Read, Reloader
from probe.settings import Settings, WebConfig, load
from probe.terminal.exit_code import ExitCode
from probe.web import CannotListen

_log = structlog.get_logger(__name__)


# A probe leaves no cycles behind, so looking for some is seldom worth the time: by default it takes
# a tenth of what a probe costs, and with a large catalog it stalls the loop for 100 ms. Among the
# youngest it takes 3 ms while a page reads much of the ledger.
_COLLECT_AFTER = (12_500, 80, 50)

# For how long a thread (ledger, log, a large catalog) may hold up the loop that measures.
_SWITCH_SECONDS = 0.001


app = command_line()


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
        leave(run(_keep_serving(process, settings, read, web)))


def spare_the_loop() -> None:
    """Let neither the collector of cycles nor threads hold up the loop that measures for long."""
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
    sys.setswitchinterval(_SWITCH_SECONDS)


async def _keep_serving(
    process: Process, settings: Settings, read: Read, web: WebConfig = WebConfig()
) -> int:
    """Probe and serve until SIGTERM or SIGINT; SIGHUP reads the configuration again."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    spare_the_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    reloads: set[asyncio.Task[tuple[str, ...]]] = set()
    try:
        async with running(process, settings, read, web=web) as service:
            loop.add_signal_handler(signal.SIGHUP, _reload, reloads, service.reload)
            _log.info("serving", url=service.url, version=__version__)
            await stop.wait()
            # Without a handler it would end what is to be drained.
            loop.add_signal_handler(signal.SIGHUP, _ignore)
            await asyncio.gather(*reloads, return_exceptions=True)
    except CannotListen as fault:
        return complain(str(fault))
    return ExitCode.PASSED


def _ignore() -> None:
    """Do nothing: there is nothing left to reload."""


def _reload(reloads: set[asyncio.Task[tuple[str, ...]]], reload: Reloader) -> None:
    reading = asyncio.get_running_loop().create_task(reload())
    # Without a reference it could be collected half-way.
    reloads.add(reading)
    reading.add_done_callback(partial(_reloaded, reloads))


def _reloaded(
    reloads: set[asyncio.Task[tuple[str, ...]]], reading: asyncio.Task[tuple[str, ...]]
) -> None:
    reloads.discard(reading)
    if not reading.cancelled() and (bug := reading.exception()) is not None:
        _log.error("reload failed by a bug", exc_info=bug)
