"""What a scraper would have seen, with timestamps, given to a Prometheus."""

import re
import subprocess
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from probe.exposition import SeriesStore
from probe.series import Metric
from tests import real

_COMMENTS = re.compile(rb"^#.*\n", re.MULTILINE)


class Backfill:
    """Writes what is exposed to a file, but for failures by the reasons that *never* occur."""

    def __init__(self, file: BinaryIO, never: Iterable[str] = ()) -> None:
        self._file = file
        reasons = "|".join(never)
        self._never = re.compile(rf'^.*reason="(?:{reasons})".*\n'.encode(), re.MULTILINE)

    def scrape(self, at: datetime, store: SeriesStore, *metrics: Metric) -> None:
        """Write every series of *metrics* as the store exposes it, as of *at*."""
        names = frozenset(metric.name for metric in metrics)
        text = b"".join(store.slices(names, openmetrics=False))
        text = self._never.sub(b"", _COMMENTS.sub(b"", text))
        self._file.write(text.replace(b"\n", f" {at.timestamp():.0f}\n".encode()))

    def end(self) -> None:
        """End the file as OpenMetrics ends."""
        self._file.write(b"# EOF\n")


def make_blocks(openmetrics: Path, folder: Path) -> None:
    """Turn the file, which ends as OpenMetrics does, into the blocks of a Prometheus."""
    promtool = real.program("promtool") or "promtool"
    subprocess.run(
        [
            *(promtool, "tsdb", "create-blocks-from", "openmetrics", "--quiet"),
            # As few passes over the file as there are blocks.
            *("--max-block-duration=2400h", openmetrics, folder),
        ],
        check=True,
        capture_output=True,
    )
