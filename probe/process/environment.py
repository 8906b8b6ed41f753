"""Settings of the process, from ``PROBE_…`` variables and the command line, which wins."""

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from probe.domain.fault import Fault
from probe.domain.quantity import seconds
from probe.domain.role import Role
from probe.logs import LogFormat, LogLevel
from probe.process.wording import what_is_right

# Outside 9100-9999, which the Prometheus project has given out to public exporters, and below
# 30000, where Kubernetes' node ports and then Linux' ephemeral ports begin.
DEFAULT_LISTEN = "0.0.0.0:29464"

_LISTEN = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9._-]*)):(?P<port>\d{1,5})")
_PREFIX = re.compile(r"/?[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*/?")


def _address(text: object) -> object:
    """Read ``host:port``, ``[address]:port`` or ``:port``; a pair is taken as it is."""
    if text is None or isinstance(text, tuple):
        return text
    found = _LISTEN.fullmatch(text) if isinstance(text, str) else None
    if found is None or int(found["port"]) > 65535 or not _is_six(found["six"]):  # noqa: PLR2004
        raise ValueError("must be host:port, as in 127.0.0.1:29464, [::1]:29464 or :29464")
    return found["six"] or found["host"] or "0.0.0.0", int(found["port"])  # noqa: S104 - as asked


def _is_six(text: str | None) -> bool:
    try:
        return text is None or ipaddress.ip_address(text).version == 6  # noqa: PLR2004 - IPv6
    except ValueError:
        return False


def _names(given: object) -> object:
    if isinstance(given, str):
        return tuple(name for part in given.split(",") if (name := part.strip()))
    return given


def _seconds(given: object) -> object:
    return seconds(given) if isinstance(given, str) else given


def _lower(given: object) -> object:
    return given.lower() if isinstance(given, str) else given


def _external(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError(
            "must be the URL of this service, as in https://probe.example.com/delivery"
        )
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must be a plain URL, without user, query and fragment")
    return url.rstrip("/")


def _prefix(path: str | None) -> str | None:
    if path is None:
        return None
    if path.strip("/") and not _PREFIX.fullmatch(path):
        raise ValueError("must be a path, as in /delivery, of letters, digits and -._~")
    return "/" + path.strip("/") if path.strip("/") else ""


class Process(BaseSettings):
    """What this process is told from outside its configuration file."""

    model_config = SettingsConfigDict(
        env_prefix="PROBE_",
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
    )

    config: Path = Path("probe.yaml")
    region: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_names)] = ()
    listen: Annotated[tuple[str, int], NoDecode, BeforeValidator(_address)] = Field(
        default=DEFAULT_LISTEN, validate_default=True
    )
    api_listen: Annotated[tuple[str, int] | None, NoDecode, BeforeValidator(_address)] = None
    web_config_file: Path | None = None
    web_external_url: Annotated[str, AfterValidator(_external)] = ""
    web_route_prefix: Annotated[str | None, AfterValidator(_prefix)] = None
    data_dir: Path = Path("data")
    log_level: Annotated[LogLevel, BeforeValidator(_lower)] = LogLevel.INFO
    log_format: Annotated[LogFormat, BeforeValidator(_lower)] = LogFormat.AUTO
    drain: Annotated[float, BeforeValidator(_seconds), Field(ge=0, le=3600)] = 30.0
    shard: Annotated[int, Field(ge=0, le=9999)] = 0
    total_shards: Annotated[int, Field(ge=1, le=10000)] = 1
    role: Annotated[Role, BeforeValidator(_lower)] = Role.BOTH

    @field_validator("role")
    @classmethod
    def _has_something_to_do(cls, role: Role, others: ValidationInfo) -> Role:
        if role is Role.CONTROL and others.data.get("region"):
            raise ValueError("a control process probes from no region: say none")
        if role is Role.CONTROL and others.data.get("total_shards", 1) > 1:
            raise ValueError("a control process has no targets that shards could share")
        return role

    @model_validator(mode="after")
    def _is_one_of_the_shards(self) -> Self:
        if self.shard >= self.total_shards:
            raise ValueError(
                f"shards are counted from 0, so it must be less than the total, {self.total_shards}"
            )
        return self

    @property
    def base(self) -> str:
        """Return the path under which users find the pages: empty, or from a slash on."""
        return urlsplit(self.web_external_url).path or self.prefix

    @property
    def prefix(self) -> str:
        """Return the path under which the pages are served; that of the external URL if unsaid."""
        said = self.web_route_prefix
        return urlsplit(self.web_external_url).path if said is None else said


def environment(flags: Mapping[str, object] | None = None) -> Process | tuple[Fault, ...]:
    """
    Return what the environment says, with *flags* (those that were given) put over it.

    The keys of *flags* are field names of ``Process``; texts are read as the variables are.
    """
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    try:
        return Process(**given)  # type: ignore[arg-type]  # validated there, field by field
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        return tuple(_fault(each, given) for each in details)


def flag_of(name: str) -> str:
    """Return the flag for a field of ``Process``; those of the web are spelt as exporters do."""
    if name.startswith("web_"):
        first, _, rest = name.removeprefix("web_").partition("_")
        joint = "." if first == "config" else "-"
        return f"--web.{first}{joint}{rest}"
    return f"--{name.replace('_', '-')}"


def _fault(detail: ErrorDetails, given: Mapping[str, object]) -> Fault:
    name = str(detail["loc"][0]) if detail["loc"] else "shard"
    message = what_is_right(detail)
    if name in given:
        return Fault("command line", message, flag_of(name))
    return Fault("environment", message, f"PROBE_{name.upper()}")
