"""Notes and instructions: each is read once an hour, and what it turned out to be is kept."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

import structlog

from probe.domain.evidence import Entry, Verification
from probe.domain.paper import PAPER, Paper, look
from probe.domain.snapshot import ProductKey
from probe.domain.text import clean
from probe.ports import Clock, Documents, DocumentUnavailable

READ_SECONDS = 3600.0
# A product has ten releases, each with notes, and a way back with notes and instructions.
MOST = 30
MOST_BYTES = 2 * 1024 * 1024

_log = structlog.get_logger(__name__)

Keep = Callable[[Entry], Awaitable[bool]]


class Papers:
    """
    Reads the documents that releases need, one after the other; *keep* has it written down.

    Only what answers is kept: of a host that cannot be reached nothing is known.
    """

    def __init__(self, documents: Documents, clock: Clock, keep: Keep) -> None:
        self._documents = documents
        self._clock = clock
        self._keep = keep
        self._wanted: dict[ProductKey, Sequence[Paper]] = {}
        self._read_at: dict[Paper, float] = {}

    def want(self, product: ProductKey, papers: Iterable[Paper]) -> None:
        """Take what the releases of *product* need, in place of what they needed."""
        asked = [each for each in dict.fromkeys(papers) if each.url]
        self._wanted[product] = asked[:MOST]
        wanted = {each for papers in self._wanted.values() for each in papers}
        self._read_at = {each: at for each, at in self._read_at.items() if each in wanted}

    def forget(self, product: ProductKey) -> None:
        """Read nothing more for *product*."""
        self.want(product, ())
        del self._wanted[product]

    async def read(self, product: ProductKey) -> None:
        """Read what is due; to be called about once a minute."""
        for paper in self._wanted.get(product, ()):
            last = self._read_at.get(paper)
            if last is None or self._clock.monotonic() - last >= READ_SECONDS:
                self._read_at[paper] = self._clock.monotonic()
                await self._look(product, paper)

    async def _look(self, product: ProductKey, paper: Paper) -> None:
        # A catalog names it, and it must not be able to name a file of this machine.
        if not paper.url.startswith(("https://", "http://")):
            return
        try:
            document = await self._documents.read(paper.url, most_bytes=MOST_BYTES)
        except DocumentUnavailable as fault:
            _log.warning("document not read", product=product[0], fault=clean(str(fault), 300))
            return
        found, now = look(paper, document.status, document.body), self._clock.now()
        name, channel = product
        await self._keep(
            Verification(
                kind=PAPER,
                subject=paper.subject,
                product=name,
                channel=channel,
                version=paper.version,
                artifact="",
                outcome=found.value,
                detail=f"status {document.status}",
                since=now,
                at=now,
            )
        )
