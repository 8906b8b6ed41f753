"""What is known of the releases of a product, by the ledger here or over all regions."""

import asyncio
from datetime import datetime
from pathlib import Path

from probe.answers.everywhere import inquire
from probe.answers.question import Question, Sources
from probe.answers.region import gathering_of
from probe.evidence import open_reading
from probe.kpi.central import (
    Findings,
    facts_asked,
    facts_of,
    ways_asked,
    widened,
    with_ways,
)
from probe.kpi.evidence import Evidence
from probe.settings import ConfiguredProduct
from probe.transport import open_prometheus

# Series by version are of so many releases; the ledger and what is asked of it know them all.
VERSIONS = 10


async def releases_known(sources: Sources, product: ConfiguredProduct, now: datetime) -> Evidence:
    """
    Return what is known of the last ten releases of the 30 days until *now*.

    Raises:
        EvidenceUnavailable: there is no evidence, or it cannot be read.
    """
    question = Question(product, "", now)
    evidence = await asyncio.to_thread(_listed, sources.directory, question)
    if sources.prometheus is None:
        return evidence
    key = product.product.key
    inquiry = {**facts_asked(key, ""), **ways_asked(key, evidence.releases)}
    async with open_prometheus(sources.prometheus) as prometheus:
        findings = await inquire(prometheus, inquiry, question.now)
    return await asyncio.to_thread(_everywhere, evidence, findings, question)


def _listed(directory: Path, question: Question) -> Evidence:
    with open_reading(directory) as kept:
        return gathering_of(kept, question).catalog(question.window, most=VERSIONS)


def _everywhere(evidence: Evidence, findings: Findings, question: Question) -> Evidence:
    product = question.product.product
    classes = {
        asset.artifact.name: asset.artifact.asset_class
        for release in evidence.releases
        for asset in release.assets
    }
    facts = facts_of(findings, product, question.asked, classes)
    known = widened(evidence, facts, product)
    return with_ways(known, findings, product, question.now)
