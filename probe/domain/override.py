"""The word of somebody that a release may go on although a gate says no, as it is told and kept."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from probe.domain.evidence import Event, Window
from probe.domain.gate import Mode, Objective, Override
from probe.domain.moment import from_ms, to_ms
from probe.domain.text import clean
from probe.domain.told import Unfit, told_id

OVERRIDE = "override"
LONGEST = timedelta(days=30)

_DAY = timedelta(days=1)
_MILLISECOND = timedelta(milliseconds=1)
_NAMED = 20


@dataclass(frozen=True, slots=True)
class Word:
    """
    What somebody says at ``at`` about one gate of a release: it is overridden until ``until``.

    One without an end takes back the word before it.
    """

    product: str
    channel: str
    version: str
    kpi: str
    who: str
    why: str
    at: datetime
    until: datetime | None


def override_event(
    word: Word, objectives: Sequence[Objective], events: Iterable[Event]
) -> Event | None:
    """
    Return what is to be kept of *word*; ``None`` where all that it says is so already.

    *objectives* are those of the product, *events* what was told of it in ``words_window``.

    Raises:
        Unfit: it is about no gate, has no name or no reason, or holds for more than 30 days.
    """
    _fits(word, objectives)
    last = max(_words(events, word.version, word.kpi), key=_when, default=None)
    known = _override(last) if last is not None else None
    if word.until is None and (known is None or not known.holds(word.at)):
        return None
    until = from_ms(to_ms(word.until or word.at))
    if known == Override(word.kpi, word.who, word.why, until):
        return None
    before = last.id if last is not None else ""
    end = str(to_ms(until)) if word.until is not None else ""
    return Event(
        # With the word before it: what is said again after it was taken back is said anew.
        id=told_id(OVERRIDE, *_release(word), word.kpi, word.who, word.why, end, before),
        kind=OVERRIDE,
        product=word.product,
        channel=word.channel,
        version=word.version,
        at=word.at if last is None else max(word.at, last.at + _MILLISECOND),
        actor=word.who,
        detail=_written(word.kpi, word.why, until),
    )


def overrides_of(events: Iterable[Event], version: str) -> tuple[Override, ...]:
    """Return the last word on each KPI of a release, whether or not it holds."""
    last: dict[str, Override] = {}
    for each in sorted(_words(events, version), key=_when):
        override = _override(each)
        if override is not None:
            last[override.kpi] = override
    return tuple(last.values())


def words_of(events: Iterable[Event]) -> tuple[tuple[str, Override], ...]:
    """Return every override that was given, with its version; none that took one back."""
    said = ((each, _override(each)) for each in events if each.kind == OVERRIDE)
    return tuple(
        (event.version, override)
        for event, override in said
        if override is not None and override.until > event.at
    )


def in_force(events: Sequence[Event], now: datetime) -> dict[tuple[str, str], datetime]:
    """Return until when gates are overridden that are so *now*, by version and KPI."""
    versions = {each.version for each in events if each.kind == OVERRIDE}
    return {
        (version, each.kpi): each.until
        for version in sorted(versions)
        for each in overrides_of(events, version)
        if each.holds(now)
    }


def words_window(now: datetime) -> Window:
    """Return when a word that holds *now* can have been said; clocks may differ by a day."""
    return Window(now - LONGEST - _DAY, now + _DAY)


def _fits(word: Word, objectives: Sequence[Objective]) -> None:
    modes = {each.kpi: each.mode for each in objectives}
    gates = [kpi for kpi, mode in modes.items() if mode is Mode.GATE]
    if word.kpi not in gates:
        what = "only informs" if word.kpi in modes else "is no target"
        named = ", ".join(gates[:_NAMED]) or "none"
        train = f"{word.product} ({word.channel})"
        raise Unfit(f"{clean(word.kpi, 60)} {what}, so it stops nothing; gates of {train}: {named}")
    if not word.who.strip() or not word.why.strip():
        raise Unfit("an override needs the name of who gives it, and a reason")
    if word.until is not None and word.until <= word.at:
        raise Unfit("until is over")
    if word.until is not None and word.until > word.at + LONGEST:
        raise Unfit(f"until is more than {LONGEST.days} days ahead")


def _words(events: Iterable[Event], version: str, kpi: str = "") -> list[Event]:
    words = [each for each in events if each.kind == OVERRIDE and each.version == version]
    if not kpi:
        return words
    return [each for each in words if (found := _override(each)) and found.kpi == kpi]


def _written(kpi: str, why: str, until: datetime) -> str:
    return json.dumps({"kpi": kpi, "until": to_ms(until), "why": why}, ensure_ascii=False)


def _override(event: Event) -> Override | None:
    """Return what *event* says; ``None`` where it cannot be read, as an import may bring it."""
    try:
        match json.loads(event.detail):
            case {"kpi": str(kpi), "until": int(until), "why": str(why)}:
                return Override(kpi, event.actor, why, from_ms(until))
    except (ValueError, OverflowError, RecursionError):
        pass
    return None


def _release(word: Word) -> tuple[str, str, str]:
    return (word.product, word.channel, word.version)


def _when(event: Event) -> tuple[datetime, str]:
    return (event.at, event.id)
