"""Asking the one source or the other, as the configuration has it."""

import asyncio

from probe.answers.everywhere import central_card, central_gate
from probe.answers.question import Card, Question, Sources
from probe.answers.region import region_card, region_gate
from probe.domain.gate import Gate, Judged, Reading, Ruling, Source
from probe.ports import EvidenceUnavailable


async def card_of(sources: Sources, question: Question) -> Card:
    """
    Draw up a scorecard: over all regions if a Prometheus sees them, or else by the ledger here.

    Raises:
        EvidenceUnavailable: there is no evidence, or it cannot be read.
    """
    if sources.prometheus is None:
        return await asyncio.to_thread(region_card, sources.directory, question)
    return await central_card(sources.directory, sources.prometheus, question)


async def gate_of(sources: Sources, question: Question) -> Gate:
    """
    Judge a release: over all regions if a Prometheus sees them, or else by the ledger here.

    Raises:
        EvidenceUnavailable: there is no evidence, or it cannot be read.
    """
    if sources.prometheus is None:
        return await asyncio.to_thread(region_gate, sources.directory, question)
    return await central_gate(sources.directory, sources.prometheus, question)


async def gate_in_any_case(sources: Sources, question: Question) -> Gate:
    """Judge a release; where there is no evidence to be read, everything is unknown."""
    try:
        return await gate_of(sources, question)
    except EvidenceUnavailable as fault:
        nothing = Reading(None, question.now, why=str(fault))
        judged = tuple(
            Judged(each, nothing, Ruling.UNKNOWN, str(fault))
            for each in question.product.objectives
        )
        source = Source.LEDGER if sources.prometheus is None else Source.PROMETHEUS
        return Gate(question.now, judged, source)
