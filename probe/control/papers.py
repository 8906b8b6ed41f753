"""Notes and instructions: each is read again and again, and what it turned out to be is kept."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

import structlog

from probe.domain.evidence import Entry, Verification
from probe.domain.paper import PAPER, Found, Paper, again_after, look
from probe.domain.snapshot import ProductKey
from probe.domain.text import clean
from probe.ports import Clock, Documents, DocumentUnavailable

# A product has ten releases, each with notes, and a way back with notes and instructions.
MOST = 30
MOST_BYTES = 2 * 1024 * 1024
_WEB = ("https://", "http://")

_log = structlog.get_logger(__name__)

Keep = Callable[[Entry], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class _Turn:
    """When a document is due again, and since when it has lacked what it needs, if it does."""

    due: float
    lacking_since: float | None

    @classmethod
    def after(cls, last: "_Turn | None", found: Found | None, now: float) -> "_Turn":
        since = now if last is None or last.lacking_since is None else last.lacking_since
        due = now + again_after(found, now - since)
        return cls(due, None if found is Found.NAMES else since)


class Papers:
    """
    Reads the documents that releases need, one after the other; *keep* has it written down.

    Only what answers is kept: of a host that cannot be reached, or refuses, nothing is known.
    """

    def __init__(self, documents: Documents, clock: Clock, keep: Keep) -> None:
        self._documents = documents
        self._clock = clock
        self._keep = keep
        self._wanted: dict[ProductKey, Sequence[Paper]] = {}
        self._turns: dict[Paper, _Turn] = {}

    def want(self, product: ProductKey, papers: Iterable[Paper]) -> None:
        """Take what the releases of *product* need, in place of what they needed."""
        # A catalog names them, and it must not be able to name a file of this machine.
        asked = [each for each in dict.fromkeys(papers) if each.url.startswith(_WEB)]
        self._wanted[product] = asked[:MOST]
        wanted = {each for papers in self._wanted.values() for each in papers}
        self._turns = {each: turn for each, turn in self._turns.items() if each in wanted}

    def forget(self, product: ProductKey) -> None:
        """Read nothing more for *product*."""
        self.want(product, ())
        del self._wanted[product]

    async def read(self, product: ProductKey) -> None:
        """Read what is due; to be called about once a minute."""
        for paper in self._wanted.get(product, ()):
            last = self._turns.get(paper)
            if last is None or self._clock.monotonic() >= last.due:
                found = await self._look(product, paper)
                self._turns[paper] = _Turn.after(last, found, self._clock.monotonic())

    async def _look(self, product: ProductKey, paper: Paper) -> Found | None:
        try:
            document = await self._documents.read(paper.url, most_bytes=MOST_BYTES)
        except DocumentUnavailable as fault:
            _log.warning("document not read", product=product[0], fault=clean(str(fault), 300))
            return None
        found, now = look(paper, document.status, document.body), self._clock.now()
        if found is None:
            _log.warning("document not read", product=product[0], fault=f"status {document.status}")
            return None
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
        return found
