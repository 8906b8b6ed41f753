"""Flags that several commands have."""

from typing import Annotated

import typer

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
