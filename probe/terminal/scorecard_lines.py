"""The six lines of a scorecard in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from probe.domain.evidence import Pair
from probe.domain.propagation import Reached, Rollout
from probe.kpi.publication import Outcome
from probe.kpi.scorecard import (
    Availability,
    Completeness,
    Fallback,
    Incidents,
    Integrity,
    Reasons,
    Scorecard,
)
from probe.kpi.value import Measured, Value
from probe.terminal.ruling import BY, UNKNOWN, percent
from probe.terminal.wording import counted, span

# Longer lists end in how many there are more.
_NAMED = 8
_RENAMED = 4

_OUTCOMES = {
    Outcome.FALLBACK: "users there were served by another place",
    Outcome.OUTAGE: "users there had it from nowhere",
}

_NO_LEDGER = f"{UNKNOWN}: there is no ledger here"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its title, and what is to be said, most important first."""

    title: str
    said: tuple[str, ...]


def scorecard_lines(card: Scorecard) -> tuple[Line, ...]:
    """Return the six lines, none left out, and one of the fallback where there is one."""
    return (
        Line("completeness", tuple(_completeness(card.completeness))),
        Line("availability", tuple(_availability(card.availability))),
        Line("propagation", tuple(_propagation(card.rollout))),
        Line("failures", tuple(_failures(card.reasons))),
        Line("integrity", tuple(_integrity(card.integrity))),
        Line("incidents", tuple(_incidents(card.incidents))),
        *_with_fallback(card.fallback),
    )


def _with_fallback(line: Fallback) -> Iterator[Line]:
    """Yield a line if anything is known: not every product has storage, a CDN and GitHub."""
    if isinstance(line.share, Measured) or line.failed:
        yield Line("fallback", tuple(_fallback(line)))


def _completeness(line: Completeness) -> Iterator[str]:
    yield line.ruling.value
    if line.complete_at is not None:
        yield f"complete at {line.complete_at:%Y-%m-%d %H:%M:%S} UTC"
    missing = [
        " ".join(
            filter(None, (each.kind, each.name, f"({each.platform})" if each.platform else ""))
        )
        for each in line.missing
    ]
    if missing:
        yield f"missing: {_listed(missing)}"
    if any(each.inferred for each in line.missing):
        yield "as the release before it had"
    if line.comparison.unexpected:
        yield f"unexpected: {_listed(list(line.comparison.unexpected))}"
    for old, new in list(line.comparison.renamed.items())[:_RENAMED]:
        yield f"was {old} renamed {new}?"


def _fallback(line: Fallback) -> Iterator[str]:
    yield _share(line.share)
    if line.missing:
        yield f"not at GitHub: {_listed(list(line.missing))}"
    for each in line.failed:
        yield f"late at {_pair(each.pair)}: {_OUTCOMES[each.outcome]}"


def _availability(line: Availability) -> Iterator[str]:
    yield _share(line.share)
    if line.worst_region:
        yield f"worst from {line.worst_region}: {_share(line.worst_share)}"
    if line.attempts is not None:
        yield counted(line.attempts, "attempt") + (
            "" if line.inconclusive is None else f", {line.inconclusive} inconclusive"
        )


def _propagation(line: Rollout | None) -> Iterator[str]:
    if line is None:
        yield UNKNOWN
        return
    whole = line.propagation
    if whole is not None:
        yield _time(whole)
    elif line.pending:
        yield f"under way, {len(line.pending)} pending"
    else:
        yield f"{UNKNOWN}: it was out before anybody looked" if line.found else UNKNOWN
    for word, reached in (
        ("fastest", line.fastest),
        ("median", line.median),
        ("slowest", line.slowest),
    ):
        if reached is not None:
            yield f"{word} {_reached(line, reached)}"
    if line.pending:
        yield f"pending: {_listed(map(_pair, line.pending))}"
    if line.found:
        yield f"there when first looked for: {_listed(_pair(each.pair) for each in line.found)}"
    if line.excluded:
        yield f"given up after their deadline: {_listed(map(_pair, line.excluded))}"


def _reached(line: Rollout, reached: Reached) -> str:
    words = f"{_time(line.lag(reached))} at {_pair(reached.pair)}"
    if reached.missed_at is None:
        return words
    return f"{words} (or up to {_time(line.uncertainty(reached))} earlier)"


def _failures(line: Reasons) -> Iterator[str]:
    if line.attempts is None:
        yield UNKNOWN
        return
    for reason, count in line.counts.items():
        share = f" ({percent(count / line.attempts)})" if line.attempts else ""
        yield f"{reason} {count}{share}"
    if line.of_product:
        yield f"of {counted(line.attempts, 'attempt')} for any release of the product"


def _integrity(line: Integrity | None) -> Iterator[str]:
    if line is None:
        yield _NO_LEDGER
        return
    lists = {
        "failed": line.failed,
        "without a hash": line.without_hash,
        "unsigned": line.unsigned,
        "not checked yet": line.unchecked,
    }
    said = [f"{word}: {_listed(names)}" for word, names in lists.items() if names]
    yield from said or ["nothing that is known against any file"]


def _incidents(line: Incidents | None) -> Iterator[str]:
    if line is None:
        yield _NO_LEDGER
        return
    yield f"{counted(line.count, 'incident')}, {line.open} open"
    if not line.count:
        return
    share = "" if line.share is None else f", {line.share:.1f} by share of users"
    yield f"{line.minutes:.0f} region-minutes{share}"
    if line.mean_restore is not None and line.longest_restore is not None:
        yield f"restored in {_time(line.mean_restore)}, at most {_time(line.longest_restore)}"
    yield f"{line.told_by_users} told by users first"


def _listed(names: Iterable[str]) -> str:
    all_ = list(names)
    more = len(all_) - _NAMED
    return ", ".join([*all_[:_NAMED], *([f"and {more} more"] if more > 0 else [])])


def _pair(pair: Pair) -> str:
    return f"{pair.endpoint} from {pair.region}"


def _share(value: Value) -> str:
    return percent(value.value) if isinstance(value, Measured) else f"{UNKNOWN}: {value.why}"


def _time(amount: timedelta) -> str:
    return span(amount.total_seconds())


def headline(card: Scorecard) -> str:
    """Return which release the scorecard is of, of which time, and by what."""
    version = card.version or "no release"
    since, until = (f"{at:%Y-%m-%d %H:%M}" for at in (card.window.since, card.window.until))
    return f"{card.product} {version} ({card.channel}), {since} to {until} UTC, {BY[card.source]}"
