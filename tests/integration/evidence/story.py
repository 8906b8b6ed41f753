"""
What a process sees that is killed: attempts in a fixed order, so that of any of them all is known.

Each life has an epoch of its own. Old files are at the CDN. It fails for 400 seconds of every half
hour, from the first second of a life, but for every third life, which is calm: to keep an incident
commits all that waits. One more of the new files is asked for after every 60 attempts, is missed
once and then there. An attempt is made each second, and takes half of one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from probe.domain.evidence import Window
from tests.builders import NOON

OLD = tuple(f"old-{number}.tar.gz" for number in range(12))
NEW = tuple(f"new-{number}.tar.gz" for number in range(28))
FILES = len(OLD) + len(NEW)
OLD_VERSION = "1.0"

_EPOCH = timedelta(hours=3)
_GROWS_AFTER = 60
_OUTAGE_EVERY, _OUTAGE_SECONDS = 1800, 400
_CALM = 2
# Longer than any life, and short enough that the outage of the next one is another.
_LAST = 9000
_BUCKET = timedelta(minutes=5)
# Down after so many failures in a row, back after so many passes.
_IN_A_ROW = 3


def version_of(epoch: int) -> str:
    """Return the release that comes out as an epoch begins."""
    return f"1.{epoch + 1}"


def span_of(epoch: int) -> Window:
    """Return when a life takes place."""
    begin = NOON + epoch * _EPOCH
    return Window(begin, begin + _EPOCH)


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt of an epoch, by its number, which is also the second that it begins in."""

    epoch: int
    number: int
    file: str
    passes: bool

    @property
    def started_at(self) -> datetime:
        return span_of(self.epoch).since + timedelta(seconds=self.number)

    @property
    def ended_at(self) -> datetime:
        return self.started_at + timedelta(seconds=0.5)


def rounds(epoch: int) -> Iterator[Sequence[Try]]:
    """Yield the attempts of a life, round by round."""
    number, asked = 0, set[str]()
    while number < _LAST:
        tries = []
        for file in (*OLD, *NEW[: number // _GROWS_AFTER]):
            failing = _fails(epoch, number) if file in OLD else file not in asked
            asked.add(file)
            tries.append(Try(epoch, number, file, not failing))
            number += 1
        yield tries


def _fails(epoch: int, seconds: float) -> bool:
    return epoch % 3 != _CALM and seconds % _OUTAGE_EVERY < _OUTAGE_SECONDS


def first(epoch: int, count: int) -> Sequence[Try]:
    """Return the first *count* attempts of a life."""
    return [each for tries in rounds(epoch) for each in tries][:count]


Counts = tuple[int, int]
"""How many attempts there were, and how many of them passed."""


def buckets_of(tries: Iterable[Try]) -> dict[str, dict[datetime, Counts]]:
    """Return what is to be counted, by file and by when each five minutes begin."""
    counts: defaultdict[str, Counter[tuple[datetime, bool]]] = defaultdict(Counter)
    for each in tries:
        bucket = NOON + (each.ended_at - NOON) // _BUCKET * _BUCKET
        counts[each.file][bucket, each.passes] += 1
    return {
        file: {
            bucket: (found[bucket, True] + found[bucket, False], found[bucket, True])
            for bucket, _ in found
        }
        for file, found in counts.items()
    }


def sights_of(tries: Iterable[Try]) -> dict[str, tuple[datetime, datetime]]:
    """Return when each new file was first there, and when it was missed before."""
    missed = dict[str, datetime]()
    sights = dict[str, tuple[datetime, datetime]]()
    for each in tries:
        if each.file in NEW and not each.passes:
            missed[each.file] = each.ended_at
        elif each.file in NEW:
            sights.setdefault(each.file, (each.ended_at, missed[each.file]))
    return sights


@dataclass(slots=True)
class Outage:
    """When the probe is sure of one, and when it is sure that it is over."""

    opened_at: datetime
    closed_at: datetime | None = None


def outages_of(tries: Iterable[Try]) -> list[Outage]:
    """Return the outages of the CDN that *tries* are enough to see."""
    rows: defaultdict[str, tuple[bool, int]] = defaultdict(lambda: (True, 0))
    down, outages = set[str](), list[Outage]()
    for each in tries:
        if each.file in NEW:
            continue
        passed, row = rows[each.file]
        rows[each.file] = (each.passes, row + 1 if passed == each.passes else 1)
        if rows[each.file][1] < _IN_A_ROW:
            continue
        if not each.passes and not down:
            outages.append(Outage(each.ended_at))
        if not each.passes:
            down.add(each.file)
        elif each.file in down:
            down.remove(each.file)
            if not down:
                outages[-1].closed_at = each.ended_at
    return outages


def outage_at(moment: datetime) -> tuple[int, int] | None:
    """Return which outage of the story the CDN has at a moment, by epoch and number, if any."""
    epoch, within = divmod(moment - NOON, _EPOCH)
    seconds = within.total_seconds()
    return (epoch, int(seconds // _OUTAGE_EVERY)) if _fails(epoch, seconds) else None
