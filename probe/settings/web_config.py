"""
``web-config.yml``: TLS, users and headers of the server, in the form that exporters share.

The form is that of the Prometheus exporter toolkit (docs/web-configuration.md). What this server
cannot do is refused, so that nobody believes it is done.
"""

import json
import re
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from probe.domain.fault import Fault
from probe.domain.text import clean
from probe.settings.document import read
from probe.settings.file import bytes_of, text_of
from probe.settings.load import in_order
from probe.settings.policy import Section
from probe.settings.schema import Shape
from probe.settings.translate import faults_of
from probe.web.admission import OPEN, Terms
from probe.web.tls import SUITES, SUITES_13, ServerTls, Unusable, context_of

_BCRYPT = re.compile(r"\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{53}")
# A comparison at cost 16 takes about five seconds of a core.
_MOST_COST = 16
_HEADER_VALUE = re.compile(r"[\x20-\x7e]*")

# TLS 1.0 and 1.1 are part of the form too; RFC 8996 has put them out of use.
_VERSIONS = {"TLS12": ssl.TLSVersion.TLSv1_2, "TLS13": ssl.TLSVersion.TLSv1_3}
_Version = Literal["TLS12", "TLS13"]
_Header = Literal[
    "Content-Security-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-XSS-Protection",
]


def _client_auth(kind: str) -> str:
    if kind in ("RequestClientCert", "RequireAnyClientCert"):
        raise ValueError(
            "a certificate that is not verified proves nothing; use VerifyClientCertIfGiven or "
            "RequireAndVerifyClientCert, with client_ca_file"
        )
    return kind


def _suite(name: str) -> str:
    if name not in SUITES and name not in SUITES_13:
        raise ValueError(f"must be one of {', '.join([*SUITES, *sorted(SUITES_13)])}")
    return name


def _bcrypt(text: str) -> str:
    found = _BCRYPT.fullmatch(text)
    if found is None:
        raise ValueError("must be a bcrypt hash, as htpasswd -nBC 10 NAME prints it")
    if int(found[1]) > _MOST_COST:
        raise ValueError(f"must have a cost of at most {_MOST_COST}")
    return text


def _user(name: str) -> str:
    if not name or ":" in name or len(name) > 100:  # noqa: PLR2004 - nobody is called like that
        raise ValueError("must be a name of at most 100 characters, without a colon")
    return name


def _value(text: str) -> str:
    if not _HEADER_VALUE.fullmatch(text):
        raise ValueError("must be printable ASCII on one line")
    return text


ClientAuth = Literal[
    "NoClientCert",
    "RequestClientCert",
    "RequireAnyClientCert",
    "VerifyClientCertIfGiven",
    "RequireAndVerifyClientCert",
]


class TlsEntry(Section):
    """How the server proves who it is, and what it asks of clients."""

    cert_file: str
    key_file: str
    client_auth_type: Annotated[ClientAuth, AfterValidator(_client_auth)] = "NoClientCert"
    client_ca_file: str = ""
    client_allowed_sans: tuple[str, ...] = ()
    min_version: _Version = "TLS12"
    max_version: _Version = "TLS13"
    cipher_suites: tuple[Annotated[str, AfterValidator(_suite)], ...] = ()
    prefer_server_cipher_suites: bool = True

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        verifies = self.client_auth_type != "NoClientCert"
        if verifies != bool(self.client_ca_file):
            raise ValueError("client_ca_file and a client_auth_type that verifies need each other")
        if self.client_allowed_sans and self.client_auth_type != "RequireAndVerifyClientCert":
            raise ValueError(
                "client_allowed_sans needs the client_auth_type RequireAndVerifyClientCert"
            )
        if self.min_version > self.max_version:
            raise ValueError("min_version is newer than max_version")
        return self


class HttpEntry(Section):
    """What goes with every answer."""

    http2: bool = False
    """Part of the form, and without effect: HTTP/1.1 is what is spoken here."""
    headers: dict[_Header, Annotated[str, AfterValidator(_value)]] = Field(default_factory=dict)


class WebConfiguration(Section):
    """The whole file; an empty one is in order."""

    tls_server_config: TlsEntry | None = None
    http_server_config: HttpEntry = HttpEntry()
    basic_auth_users: dict[
        Annotated[str, AfterValidator(_user)], Annotated[str, AfterValidator(_bcrypt)]
    ] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WebConfig:
    """What the file says, as values; without TLS there is neither of ``tls`` and ``context``."""

    terms: Terms = OPEN
    tls: ServerTls | None = None
    context: ssl.SSLContext | None = None


def load_web_config(path: Path) -> WebConfig | tuple[Fault, ...]:
    """Read the file, and those that it names; blocks."""
    file = clean(str(path), 300)
    raw = bytes_of(path, file)
    text = raw if isinstance(raw, Fault) else text_of(raw, file)
    if isinstance(text, Fault):
        return (text,)
    root, faults = read("{}" if _is_empty(text) else text, file)
    if root is None:
        return faults
    try:
        said = WebConfiguration.model_validate_json(json.dumps(root.plain), strict=True)
    except ValidationError as error:
        return in_order((*faults, *faults_of(error, root, file, _shape())), file)
    return in_order(faults, file) if faults else _built(said, path.parent, file)


def _is_empty(text: str) -> bool:
    return all(line.lstrip()[:1] in ("", "#") for line in text.splitlines())


@cache
def _shape() -> Shape:
    return Shape(WebConfiguration.model_json_schema())


def _built(said: WebConfiguration, directory: Path, file: str) -> WebConfig | tuple[Fault, ...]:
    entry = said.tls_server_config
    terms = Terms(
        users={name: hashed.encode() for name, hashed in said.basic_auth_users.items()},
        allowed_names=frozenset(entry.client_allowed_sans if entry else ()),
        headers=_headers(said.http_server_config.headers),
    )
    if entry is None:
        return WebConfig(terms)
    tls = _tls(entry, directory)
    try:
        return WebConfig(terms, tls, context_of(tls))
    except Unusable as fault:
        return (Fault(file, fault.why, f"tls_server_config.{fault.part}"),)


def _headers(said: Mapping[_Header, str]) -> Mapping[str, str]:
    return {str(name): value for name, value in said.items()}


def _tls(entry: TlsEntry, directory: Path) -> ServerTls:
    return ServerTls(
        certificate=directory / entry.cert_file,
        key=directory / entry.key_file,
        client_ca=directory / entry.client_ca_file if entry.client_ca_file else None,
        optional=entry.client_auth_type == "VerifyClientCertIfGiven",
        oldest=_VERSIONS[entry.min_version],
        newest=_VERSIONS[entry.max_version],
        suites=_suites(entry.cipher_suites),
    )


def _suites(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(SUITES[name] for name in names if name in SUITES)
