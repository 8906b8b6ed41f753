"""A fetcher that plays a script, and remembers what it was asked."""

import asyncio
from collections.abc import Callable

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Download
from probe.domain.request import Request
from tests.builders import BODY, a_download

Answer = Download | BaseException


def refused(detail: str = "refused") -> Download:
    """The connection was refused."""
    return a_download(
        b"", status=None, failure=Failure(FailureReason.CONNECT, Phase.CONNECT, detail)
    )


def unresolved() -> Download:
    """The name did not resolve."""
    return a_download(b"", status=None, failure=Failure(FailureReason.DNS, Phase.RESOLVE))


def served(request: Request, body: bytes = BODY) -> Download:
    """What a correct server answers to *request*."""
    headers = {"content-length": str(len(body)), "etag": '"1"'}
    if request.method == "HEAD":
        return a_download(b"", headers=headers)
    if request.byte_range is None:
        return a_download(body, headers=headers)
    first, last = request.byte_range
    headers["content-range"] = f"bytes {first}-{last}/{len(body)}"
    return a_download(body[first : last + 1], status=206, headers=headers)


class FakeFetcher:
    """
    Answers with what *answer* makes of a request; by default as a correct server does.

    While ``gate`` is cleared every fetch waits.
    """

    def __init__(self, answer: Callable[[Request], Answer] = served) -> None:
        self.answer = answer
        self.requests: list[Request] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.under_way: list[str] = []
        self.most_under_way = 0

    async def fetch(self, request: Request) -> Download:
        self.requests.append(request)
        self.under_way.append(request.url)
        self.most_under_way = max(self.most_under_way, len(self.under_way))
        try:
            await self.gate.wait()
            answer = self.answer(request)
        finally:
            self.under_way.remove(request.url)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    @property
    def urls(self) -> list[str]:
        return [request.url for request in self.requests]
