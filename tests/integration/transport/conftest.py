"""Everything here runs on both event loops, against servers that can misbehave at every byte."""

import asyncio
import ssl
from collections.abc import Mapping

import pytest
import trustme
import uvloop

from probe.clock import SystemClock
from probe.transport import open_transport
from tests.integration.transport.faults import until
from tests.integration.transport.prober import Prober


def pytest_asyncio_loop_factories(config, item) -> Mapping[str, object]:
    return {"asyncio": asyncio.SelectorEventLoop, "uvloop": uvloop.new_event_loop}


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trust(authority) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(context)
    return context


@pytest.fixture
def tls(authority) -> ssl.SSLContext:
    """A server's context, for 127.0.0.1 and localhost."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


class CountingClock(SystemClock):
    """The real clock, and how often it was read: once for each mark of an attempt."""

    reads = 0

    def monotonic(self) -> float:
        self.reads += 1
        return super().monotonic()

    async def read_times(self, times: int) -> None:
        await until(lambda: self.reads >= times)


@pytest.fixture
def clock() -> CountingClock:
    return CountingClock()


@pytest.fixture
async def transport(trust, clock):
    async with open_transport(clock, trust) as opened:
        yield opened


@pytest.fixture
def prober(transport) -> Prober:
    return Prober(transport.fetcher)
