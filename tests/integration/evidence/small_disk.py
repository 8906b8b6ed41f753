"""
What a ledger does on a small file system, run inside a mount namespace: ``small_disk.py STEP DIR``.

Prints what was seen as one line of JSON.
"""

import asyncio
import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from probe.evidence import Ledger, examine, open_reading
from tests.fakes.clock import FakeClock
from tests.ledgers import ALL_DAY, EVENT, an_attempt, total


async def full(directory: Path) -> dict[str, object]:
    """Fill the disk under a ledger that is in use, and make room again."""
    ledger = Ledger(directory / "data", FakeClock())
    ledger.start()
    ledger.record(an_attempt(0))
    before = await ledger.flush()
    filler = directory / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    events = [replace(EVENT, id=str(number), detail="x" * 4000) for number in range(20)]
    ledger.record(an_attempt(60))
    kept = await ledger.keep(*events)
    down = ledger.status
    ledger.record(an_attempt(120))
    still = await ledger.flush()
    filler.unlink()
    after = await ledger.flush()
    up = ledger.status.up
    ledger.close()
    with open_reading(directory / "data") as reading:
        found = reading.events("widget", "stable", ALL_DAY)
    return {
        "written": [before, kept, still, after],
        "down": [down.up, down.trouble],
        "up": up,
        "attempts": total(directory / "data").attempts,
        "known_ms": total(directory / "data").known_ms,
        "events": len(found),
        "sound": examine(directory / "data").sound,
    }


async def full_from_the_start(directory: Path) -> dict[str, object]:
    """Begin a ledger on a disk that is full already."""
    filler = directory / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    ledger = Ledger(directory, FakeClock())
    ledger.record(an_attempt(0))
    first = asyncio.wrap_future(ledger.submit())
    ledger.start()
    opened, down = await first, ledger.status
    filler.unlink()
    after = await ledger.flush()
    ledger.close()
    return {
        "written": [opened, after],
        "down": [down.up, down.trouble],
        "attempts": total(directory).attempts,
    }


async def read_only(directory: Path) -> dict[str, object]:
    """Take the right to write away from a ledger that is in use, and give it back."""
    ledger = Ledger(directory, FakeClock())
    ledger.start()
    ledger.record(an_attempt(0))
    before = await ledger.flush()
    ledger.close()
    remount(directory, "ro")
    ledger = Ledger(directory, FakeClock())
    ledger.record(an_attempt(60))
    first = asyncio.wrap_future(ledger.submit())
    ledger.start()
    opened, down = await first, ledger.status
    remount(directory, "rw")
    after = await ledger.flush()
    ledger.close()
    return {
        "written": [before, opened, after],
        "down": [down.up, down.trouble],
        "attempts": total(directory).attempts,
    }


def remount(directory: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", directory], check=True)


if __name__ == "__main__":
    steps = {each.__name__: each for each in (full, full_from_the_start, read_only)}
    print(json.dumps(asyncio.run(steps[sys.argv[1]](Path(sys.argv[2])))))  # noqa: T201 - the answer
