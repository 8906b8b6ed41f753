"""What Prometheus says of releases over all regions, held against what is asked of them."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from probe.answers.question import Card, Question
from probe.answers.region import gathering_of
from probe.answers.together import together
from probe.domain.gate import Gate, Override, Reading, Source, evaluate
from probe.domain.override import OVERRIDE, overrides_of, words_window
from probe.evidence import open_reading
from probe.kpi import BY_NAME
from probe.kpi.central import (
    Central,
    Findings,
    Inquiry,
    bare,
    card_asked,
    central_readings,
    central_scorecard,
    facts_asked,
    facts_of,
    kpis_asked,
    widened,
)
from probe.kpi.evidence import Evidence
from probe.kpi.model import Kpi
from probe.kpi.readings import missing_of, unlisted
from probe.ports import EvidenceUnavailable, Prometheus
from probe.transport import PrometheusAccess, open_prometheus


@dataclass(frozen=True, slots=True)
class View:
    """A scorecard over all regions, and all that it was drawn from."""

    card: Card
    central: Central


async def central_card(directory: Path, access: PrometheusAccess, question: Question) -> Card:
    """
    Draw up a scorecard over all regions; the ledger in *directory* tells what files there are.

    Raises:
        EvidenceUnavailable: Prometheus gives no answer, or a wrong one.
    """
    async with open_prometheus(access) as prometheus:
        return (await central_view(directory, prometheus, question)).card


async def central_view(
    directory: Path, prometheus: Prometheus, question: Question, kpis: Iterable[Kpi] = ()
) -> View:
    """
    Do the same, and say what it was drawn from; of *kpis* what is recorded is asked, too.

    Raises:
        EvidenceUnavailable: Prometheus gives no answer, or a wrong one.
    """
    key, version = question.product.product.key, question.version
    inquiry = {
        **_gate_asked(question),
        **kpis_asked(kpis, key, version),
        **card_asked(key, version),
    }
    findings = await inquire(prometheus, inquiry, question.now)
    return await asyncio.to_thread(_view, directory, findings, question)


async def central_gate(directory: Path, access: PrometheusAccess, question: Question) -> Gate:
    """
    Judge a release over all regions; the ledger in *directory* tells what files there are.

    Raises:
        EvidenceUnavailable: Prometheus gives no answer, or a wrong one.
    """
    async with open_prometheus(access) as prometheus:
        return await judged_by(directory, prometheus, question)


async def judged_by(directory: Path, prometheus: Prometheus, question: Question) -> Gate:
    """
    Judge a release by what *prometheus* says.

    Raises:
        EvidenceUnavailable: it gives no answer, or a wrong one.
    """
    findings = await inquire(prometheus, _gate_asked(question), question.now)
    return await asyncio.to_thread(_gate, directory, findings, question)


def _gate_asked(question: Question) -> Inquiry:
    key, version = question.product.product.key, question.version
    return {**facts_asked(key, version), **kpis_asked(_kpis(question), key, version)}


def _kpis(question: Question) -> Sequence[Kpi]:
    return [BY_NAME[each.kpi] for each in question.product.objectives]


async def ask(access: PrometheusAccess, inquiry: Inquiry, question: Question) -> Findings:
    """
    Return what each query of *inquiry* gives, as of the moment of *question*.

    Raises:
        EvidenceUnavailable: one of them fails.
    """
    async with open_prometheus(access) as prometheus:
        return await inquire(prometheus, inquiry, question.now)


async def inquire(prometheus: Prometheus, inquiry: Inquiry, now: datetime) -> Findings:
    """
    Return what each query of *inquiry* gives *now*; with the first that fails none is waited for.

    Raises:
        EvidenceUnavailable: one of them fails.
    """
    return await together({name: prometheus.at(query, now) for name, query in inquiry.items()})


@dataclass(frozen=True, slots=True)
class _Local:
    """
    What the ledger here knows: which files releases have, and whose word holds.

    ``missing`` says why nothing can be known of the release that is asked about. Without a ledger
    ``evidence`` is ``None``, and ``missing`` says why that is.
    """

    evidence: Evidence | None
    missing: str = ""
    overrides: tuple[Override, ...] = ()


def _view(directory: Path, findings: Findings, question: Question) -> View:
    local = _local(directory, question)
    central = _central(findings, local, question)
    drawn = central_scorecard(central, question.asked)
    return View(Card(drawn, _judged(central, local, question)), central)


def _gate(directory: Path, findings: Findings, question: Question) -> Gate:
    local = _local(directory, question)
    return _judged(_central(findings, local, question), local, question)


def _local(directory: Path, question: Question) -> _Local:
    try:
        with open_reading(directory) as kept:
            gathering = gathering_of(kept, question)
            events = kept.events(*gathering.product.key, words_window(question.now), OVERRIDE)
            listed = gathering.catalog(question.window, question.version)
            incidents = kept.incidents(*gathering.product.key, question.window)
            return _Local(
                replace(listed, incidents=incidents),
                missing_of(gathering, question.version),
                overrides_of(events, question.version),
            )
    except EvidenceUnavailable as fault:
        return _Local(None, str(fault))


def _central(findings: Findings, local: _Local, question: Question) -> Central:
    product, version = question.product.product, question.version
    listed = local.evidence.releases if local.evidence else ()
    classes = {
        asset.artifact.name: asset.artifact.asset_class
        for release in listed
        for asset in release.assets
    }
    facts = facts_of(findings, product, question.asked, classes)
    known = local.evidence or bare(facts, product, question.window, version)
    evidence = widened(known, facts, product)
    return Central(findings, facts, evidence, "" if local.evidence else local.missing)


def _judged(central: Central, local: _Local, question: Question) -> Gate:
    objectives, now = question.product.objectives, question.now
    missing = _missing(central, local, question)
    if missing:
        found = {each.kpi: Reading(None, now, why=missing) for each in objectives}
    else:
        product = question.product.product
        found = central_readings(central, _kpis(question), product, question.asked)
    gate = evaluate(objectives, found, now, question.terms, local.overrides)
    return replace(gate, source=Source.PROMETHEUS)


def _missing(central: Central, local: _Local, question: Question) -> str:
    version = question.version
    if local.evidence is not None:
        return local.missing
    known = not version or version in central.facts.of_files
    return "" if known else unlisted(question.product.product.key, version)
