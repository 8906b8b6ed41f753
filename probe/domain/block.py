"""A gate that stopped a release, kept once for each of the two, so that a review can count them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from probe.domain.evidence import Event
from probe.domain.gate import Gate, Ruling
from probe.domain.told import told_id

BLOCK = "block"

# Who asks a gate waits for so long; what is amended by then has stopped nobody.
SETTLING = timedelta(minutes=15)

_GATE = "gate"


@dataclass(frozen=True, slots=True)
class Block:
    """A KPI that stopped a release, first at ``at``."""

    kpi: str
    version: str
    at: datetime


def block_events(
    gate: Gate, product: str, channel: str, version: str, published_at: datetime
) -> Iterator[Event]:
    """Yield what is to be kept of *gate* of a release: what is unknown has stopped nothing."""
    if gate.at - published_at < SETTLING:
        return
    for each in gate.judged:
        if each.blocks and each.ruling is Ruling.FAIL:
            kpi = each.objective.kpi
            yield Event(
                id=told_id(BLOCK, product, channel, version, kpi),
                kind=BLOCK,
                product=product,
                channel=channel,
                version=version,
                at=gate.at,
                actor=_GATE,
                detail=json.dumps({"kpi": kpi, "why": each.why}, ensure_ascii=False),
            )


def blocks_of(events: Iterable[Event]) -> Iterator[Block]:
    """Yield the blocks among *events*; one that cannot be read, as an import may bring, is none."""
    for event in events:
        if event.kind != BLOCK:
            continue
        try:
            detail = json.loads(event.detail)
        except (ValueError, RecursionError):
            continue
        match detail:
            case {"kpi": str(kpi)}:
                yield Block(kpi, event.version, event.at)
