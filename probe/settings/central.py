"""The Prometheus that sees all regions: where it is, and how it is asked."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Discriminator, model_validator

from probe.auth.basic import BasicOptions
from probe.auth.bearer import BearerOptions
from probe.auth.none import NoneOptions
from probe.domain.request import Request
from probe.domain.target import Endpoint, EndpointKind
from probe.ports import Auth
from probe.secret import FilePath
from probe.settings.policy import Section
from probe.settings.quantities import lasting
from probe.settings.words import Url
from probe.transport import PrometheusAccess

_TENANT = re.compile(r"[A-Za-z0-9!._*'()|-]{1,500}")


def _bare(url: str) -> str:
    if "?" in url:
        raise ValueError("a query cannot stand here: /api/v1/query is added to the path")
    return url


def _tenant(text: str) -> str:
    if not _TENANT.fullmatch(text):
        raise ValueError("must be a tenant of Mimir: letters, digits and ! . _ * ' ( ) | -")
    return text


CentralAuth = Annotated[NoneOptions | BasicOptions | BearerOptions, Discriminator("kind")]


class TlsEntry(Section):
    """Whom to trust, and who we are."""

    ca: FilePath = ""
    """A file in PEM with the authorities to trust in place of the system's."""
    certificate: FilePath = ""
    """A file in PEM with our own certificate, for one that asks for it."""
    key: FilePath = ""
    """A file in PEM with the key of our certificate."""

    @model_validator(mode="after")
    def _certificate_and_key_go_together(self) -> Self:
        if bool(self.certificate) != bool(self.key):
            raise ValueError("certificate and key go together")
        return self


class PrometheusEntry(Section):
    """A Prometheus that has the series of all regions, or Thanos, Mimir or VictoriaMetrics."""

    url: Annotated[Url, AfterValidator(_bare)]
    """What stands before /api/v1, as in https://mimir.example.com/prometheus."""
    auth: CentralAuth = NoneOptions()
    """How to authenticate."""
    tenant: Annotated[str, AfterValidator(_tenant)] | None = None
    """The tenant of Mimir to ask for: the header X-Scope-OrgID."""
    tls: TlsEntry = TlsEntry()
    timeout: Annotated[float, *lasting("100ms", "5m")] = 30.0
    """Time that it has to answer a query."""
    method: Literal["post", "get"] = "post"
    """How queries are sent; get where something on the way lets nobody post."""

    def access(self) -> PrometheusAccess:
        """Return how it is asked."""
        tls = self.tls
        return PrometheusAccess(
            url=self.url,
            headers=_headers(self.auth.build(), self.url, self.tenant),
            ca=tls.ca,
            certificate=(tls.certificate, tls.key) if tls.certificate else None,
            timeout_seconds=self.timeout,
            by_get=self.method == "get",
        )


def _headers(auth: Auth, url: str, tenant: str | None) -> Callable[[], Mapping[str, str]]:
    request = Request(url, Endpoint("prometheus", EndpointKind.REPOSITORY, url))
    if tenant is not None:
        request = request.with_header("X-Scope-OrgID", tenant)
    # Each of these ways to authenticate sends one request, with the secret as it is then.
    return lambda: next(auth.flow(request)).headers
