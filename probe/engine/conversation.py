"""One attempt with its authentication: the flow asks, the last answer counts."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlsplit

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Download, Timings
from probe.domain.request import Request
from probe.domain.text import clean
from probe.ports import Auth, AuthFlow, Clock, Fetcher


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
        if _resource(last.url) != _resource(request.url):
            return _refused(last, download, self.clock.monotonic() - started)
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
