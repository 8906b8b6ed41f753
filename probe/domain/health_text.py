"""The health of a pair as text, so that a restart goes on where the process ended."""

import json
from collections.abc import Mapping

from probe.domain.evidence import IncidentRecord
from probe.domain.failure import FailureReason
from probe.domain.incident import HEALTHY, PairHealth
from probe.domain.standing import Passes
from probe.domain.streak import Beginning, Streak
from probe.domain.target import Depth


def to_text(health: PairHealth) -> str:
    """Return *health* as JSON; of its incident only the id."""
    return json.dumps(
        {
            "streaks": {key: _cells(streak) for key, streak in health.streaks.items()},
            "down": health.down,
            "served": sorted(health.served),
            "back_ms": health.back_ms,
            "incident": health.incident.id if health.incident else "",
        },
        separators=(",", ":"),
    )


def from_text(text: str, incidents: Mapping[str, IncidentRecord]) -> PairHealth:
    """
    Return the health that *text* tells of, with its incident out of *incidents*.

    Raises:
        ValueError: not such a text.
    """
    try:
        told = json.loads(text)
        incident = incidents.get(told["incident"])
        # Without its incident nothing can be down: it opens again if it still is.
        down = {key: (version, name) for key, (version, name) in told["down"].items()}
        if down and (incident is None or incident.restored_at is not None):
            return HEALTHY
        return PairHealth(
            streaks={key: _streak(*cells) for key, cells in told["streaks"].items()},
            down=down,
            served=frozenset((version, name) for version, name in told["served"]),
            back_ms=told["back_ms"],
            incident=incident,
        )
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError(f"no health of a pair: {fault}") from fault


def _cells(streak: Streak) -> list[object]:
    return [
        streak.down,
        streak.recent,
        streak.failures,
        None if streak.row is None else _beginning(streak.row),
        [_beginning(each) for each in streak.spell],
        streak.passes,
        streak.back_ms,
        [streak.passed.head_ms, streak.passed.range_ms, streak.passed.full_ms],
        streak.reason,
        streak.depth,
    ]


def _beginning(begun: Beginning) -> list[int | None]:
    return [begun.failure_ms, begun.success_ms]


def _streak(  # noqa: PLR0913, PLR0917 - one for each cell
    down: bool,  # noqa: FBT001 - a cell
    recent: int,
    failures: int,
    row: list[int] | None,
    spell: list[list[int]],
    passes: int,
    back_ms: int | None,
    passed: list[int],
    reason: str | None,
    depth: str,
) -> Streak:
    return Streak(
        down=down,
        recent=recent,
        failures=failures,
        row=None if row is None else Beginning(*row),
        spell=tuple(Beginning(*each) for each in spell),
        passes=passes,
        back_ms=back_ms,
        passed=Passes(*passed),
        reason=None if reason is None else FailureReason(reason),
        depth=Depth(depth),
    )
