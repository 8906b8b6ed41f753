"""One attempt with its authentication: the flow asks, the last answer counts."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlsplit

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Download, Timings
from probe.domain.request import Request
from probe.domain.text import clean
from probe.ports import Auth, AuthFlow, Clock, Fetcher

# What is shorter is found by chance in what nobody meant.
_SHORTEST_SECRET = 6


@dataclass(frozen=True, slots=True)
class Conversation:
    """Fetches what an auth flow asks for, one request after the other."""

    fetcher: Fetcher
    clock: Clock

    async def hold(self, request: Request, auth: Auth | None) -> Download:
        """
        Return the download of *request*, with the time that authentication took.

        A flow that ends at another resource was refused there: ``auth_idp``.

        Raises:
            SecretUnavailable: a secret that the flow needs cannot be read.
        """
        if auth is None:
            return await self.fetcher.fetch(request)
        started = self.clock.monotonic()
        requests = 0
        flow = auth.flow(request)
        asked: Request | None = next(flow)
        while asked is not None:
            last, began = asked, self.clock.monotonic()
            requests += 1
            download = await self.fetcher.fetch(asked)
            asked = _reply(flow, download)
        if last is request and requests == 1:
            return download
        if _resource(last.url) != _resource(request.url):
            return _refused(last, download, self.clock.monotonic() - started)
        download = _without_echo(download, _secrets(last, request))
        if requests == 1:
            return download
        return replace(download, timings=replace(download.timings, auth=began - started))


def _reply(flow: AuthFlow, download: Download) -> Request | None:
    try:
        return flow.send(download)
    except StopIteration:
        return None


def _resource(url: str) -> tuple[str, str, str]:
    # Without the query: a signature may have been added there.
    parts = urlsplit(url)
    return (parts.scheme, parts.netloc, parts.path)


def _secrets(asked: Request, plain: Request) -> list[str]:
    sent = [value for name, value in asked.headers.items() if plain.headers.get(name) != value]
    # With and without the scheme before it (RFC 9110 section 11.4).
    words = [word for value in sent for word in (value, value.partition(" ")[2])]
    return [word for word in words if len(word) >= _SHORTEST_SECRET]


def _without_echo(download: Download, secrets: list[str]) -> Download:
    """Return *download* without the secrets that the server repeats in its answer."""
    sample, headers = download.sample, download.headers
    for secret in secrets:
        mask = "*" * len(secret)
        sample = sample.replace(secret.encode(), mask.encode())
        if any(secret in value for value in headers.values()):
            headers = {name: value.replace(secret, mask) for name, value in headers.items()}
    if sample == download.sample and headers is download.headers:
        return download
    return replace(download, sample=sample, headers=headers)


def _refused(asked: Request, download: Download, seconds: float) -> Download:
    host = clean(urlsplit(asked.url).hostname or "", 80)
    if download.failure is not None:
        seen = f"{download.failure.reason} {download.failure.detail}".strip()
    elif download.status == HTTPStatus.OK:
        seen = "an answer without a usable token"
    else:
        seen = f"status {download.status}"
    return Download(
        url=download.url,
        bytes_received=download.bytes_received,
        timings=Timings(auth=seconds),
        certificate_expires_at=download.certificate_expires_at,
        failure=Failure(FailureReason.AUTH_IDP, Phase.AUTH, f"{host}: {seen}"),
    )
