"""
Answers for the sources over the real reader of documents, without a network.

aioresponses 0.7.9 builds its answers without the ``stream_writer`` that ``aiohttp.ClientResponse``
has asked for since 3.14. ``response_class`` is its own way to say what to build, so that nothing
needs to be patched. It measures nothing: whatever is timed or cut short has a real server.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest
from aioresponses import aioresponses

from probe.transport.documents import AiohttpDocuments


class NothingSent:
    """What aiohttp asks of the writer of a request that was never on a wire."""

    output_size = 0


class ScriptedResponse(aiohttp.ClientResponse):
    """An answer that aioresponses can build."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, stream_writer=NothingSent(), **kwargs)


class Answers(aioresponses):
    """aioresponses as it is, with answers that current aiohttp accepts."""

    def add(self, url: Any, method: str = "GET", **kwargs: Any) -> None:
        super().add(url, method, **({"response_class": ScriptedResponse} | kwargs))

    def sent(self) -> list[tuple[str, dict[str, str]]]:
        """Return every URL that was asked for with the headers it was asked with, in order."""
        return self._sent

    def start(self) -> None:
        self._sent: list[tuple[str, dict[str, str]]] = []
        super().start()

    async def match(self, method: str, url: Any, **kwargs: Any) -> Any:
        self._sent.append((str(url), dict(kwargs["headers"])))
        return await super().match(method, url, **kwargs)


@pytest.fixture
def answers() -> Iterator[Answers]:
    with Answers() as scripted:
        yield scripted


@pytest.fixture
async def documents(answers: Answers) -> AsyncIterator[AiohttpDocuments]:
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        yield AiohttpDocuments(session)
