"""A body is never held whole: a gigabyte goes through a few megabytes."""

import asyncio
import sys
from pathlib import Path

import pytest

from tests.integration.transport.faults import serve
from tests.real import cannot

SIZE = 1 << 30
PIECE = bytes(1 << 20)
ROOT = Path(__file__).parents[3]

# Runs alone, so that nothing but the download grows its memory.
DOWNLOAD = """
import asyncio, sys
from pathlib import Path
from probe.clock import SystemClock
from probe.domain.artifact import DigestAlgorithm
from probe.domain.request import Request
from probe.transport import open_fetcher
from tests.builders import an_endpoint

def peak() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])

async def main() -> None:
    url, size = sys.argv[1], int(sys.argv[2])
    async with open_fetcher(SystemClock()) as fetcher:
        async def fetch(limit: int):
            return await fetcher.fetch(
                Request(url, an_endpoint(), algorithms=(DigestAlgorithm.SHA256,), byte_limit=limit)
            )
        await fetch(1)
        before = peak()
        download = await fetch(size + 1)
        print(download.bytes_received, int(download.complete), peak() - before)

asyncio.run(main())
"""


@pytest.fixture
def peak_memory():
    if not Path("/proc/self/status").exists():
        cannot("memory is read from /proc, which is not here")


@pytest.mark.usefixtures("peak_memory")
@pytest.mark.timeout(300)
async def test_a_gibibyte_is_hashed_within_32_mib(tmp_path):
    async def script(wire) -> None:
        await wire.request()
        await wire.send(f"HTTP/1.1 200 OK\r\nContent-Length: {SIZE}\r\n\r\n".encode())
        for _ in range(SIZE // len(PIECE)):
            await wire.send(PIECE)
        await wire.until_gone()

    async with serve(script) as server:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", DOWNLOAD, server.origin, str(SIZE),
            cwd=ROOT, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        said, _ = await process.communicate()
    received, complete, grown_kib = map(int, said.split())
    assert (received, complete) == (SIZE, 1)
    assert grown_kib <= 32 * 1024
