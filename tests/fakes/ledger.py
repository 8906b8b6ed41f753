"""A ledger that remembers what it was told."""

from collections.abc import Iterable
from concurrent.futures import Future

from probe.domain.bucket import Attempt
from probe.domain.evidence import Entry


class FakeLedger:
    """Keeps everything in lists; ``keeps`` says what it answers."""

    def __init__(self, *, keeps: bool = True) -> None:
        self.keeps = keeps
        self.attempts: list[Attempt] = []
        self.entries: list[Entry] = []
        self.planned: list[str] = []

    def record(self, attempt: Attempt) -> None:
        self.attempts.append(attempt)

    def plan(self, keys: Iterable[str]) -> None:
        self.planned = list(keys)

    def submit(self, *entries: Entry) -> "Future[bool]":
        self.entries += entries
        answer: Future[bool] = Future()
        answer.set_result(self.keeps)
        return answer

    async def keep(self, *entries: Entry) -> bool:
        return self.submit(*entries).result()
