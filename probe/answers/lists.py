"""Lists that programs ask for: incidents of the register, and where releases have come."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from probe.answers.everywhere import ask
from probe.answers.question import Question, Sources
from probe.domain.evidence import Published, SightedKind, Window
from probe.domain.gate import Source
from probe.domain.gate_record import Record
from probe.domain.incident_record import IncidentSearch, incident_record, whole_record
from probe.domain.part import Part
from probe.domain.propagation import Rollout
from probe.domain.remembered import APPROVAL, approved
from probe.domain.rollout_record import rollout_record
from probe.domain.rollouts import rollouts
from probe.domain.whole import Whole
from probe.evidence import Reading, open_reading
from probe.kpi.central import rollouts_asked, rollouts_of
from probe.transport import PrometheusAccess

_EVER = Window(datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


def incidents_found(directory: Path, search: IncidentSearch) -> Record:
    """
    Return the incidents that *search* wants, the last that began first. Blocks.

    Raises:
        EvidenceUnavailable: there is no ledger in *directory*, or it cannot be read.
    """
    with open_reading(directory) as kept:
        found = kept.search_incidents(search)
    return {
        "total": found.total,
        "limit": search.part.limit,
        "offset": search.part.offset,
        "incidents": [incident_record(each) for each in found.incidents],
    }


def incident_with_parts(directory: Path, id: str) -> Record | None:  # noqa: A002 - its name
    """
    Return an incident with what is part of it; ``None`` if there is none of that id. Blocks.

    Raises:
        EvidenceUnavailable: there is no ledger in *directory*, or it cannot be read.
    """
    with open_reading(directory) as kept:
        found = kept.incident(id)
        return None if found is None else whole_record(Whole(found, kept.parts_of(id)))


async def rollouts_found(sources: Sources, question: Question, part: Part) -> Record:
    """
    Return where the releases of a product have come, or one of them, the newest first.

    Raises:
        EvidenceUnavailable: there is no evidence, or it cannot be read.
    """
    if sources.prometheus is None:
        source = Source.LEDGER
        total, rows = await asyncio.to_thread(_of_region, sources.directory, question, part)
    else:
        source = Source.PROMETHEUS
        total, rows = await _of_all(sources.prometheus, question, part)
    return {
        "source": source.value,
        "total": total,
        "limit": part.limit,
        "offset": part.offset,
        "rollouts": rows,
    }


_Rows = tuple[int, list[Record]]


async def _of_all(access: PrometheusAccess, question: Question, part: Part) -> _Rows:
    product = question.product
    inquiry = rollouts_asked(product.product.key, question.version)
    findings = await ask(access, inquiry, question)
    found = rollouts_of(findings, product.product, product.regions)
    releases = [list(group) for _, group in groupby(found, lambda each: each.version)]
    wanted = releases[part.offset : part.offset + part.limit]
    return len(releases), [_row(each, question.now) for each in wanted]


def _of_region(directory: Path, question: Question, part: Part) -> _Rows:
    product, now = question.product.product, question.now
    with open_reading(directory) as kept:
        listed = _listed(kept, question)
        told = kept.events(*product.key, _EVER, APPROVAL)
        rows = []
        for each in listed[part.offset : part.offset + part.limit]:
            seen = [
                sighting
                for kind in SightedKind
                for sighting in kept.sightings(*product.key, each.release.version, kind)
            ]
            rows.append(_row(rollouts(approved(each, told), product, seen, now), now))
    return len(listed), rows


def _listed(kept: Reading, question: Question) -> Sequence[Published]:
    key = question.product.product.key
    if question.version:
        one = kept.release(*key, question.version)
        found: Iterable[Published] = () if one is None else (one,)
    else:
        found = kept.releases(*key, _EVER)
    return [each for each in found if not each.release.yanked]


def _row(both: Sequence[Rollout], now: datetime) -> Record:
    files = next(each for each in both if each.kind is SightedKind.ASSET)
    pointers = next((each for each in both if each.kind is SightedKind.POINTER), None)
    return {
        "product": files.product,
        "channel": files.channel,
        "version": files.version,
        "asset": rollout_record(files, now),
        "pointer": rollout_record(pointers, now) if pointers and pointers.pairs else None,
    }
