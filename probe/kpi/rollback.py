"""R3: whether one could go back from a release to a good one before it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from probe.domain.artifact import Digest
from probe.domain.evidence import LastHeard, Verification
from probe.domain.paper import PAPER, Found, Paper
from probe.kpi.evidence import WayBack
from probe.kpi.sighted import proven
from probe.kpi.value import every

# A large file is read in full once a day, and then it has to wait for its turn.
SERVED_WITHIN = timedelta(hours=26)
READ_WITHIN = timedelta(days=1)


def served(way: WayBack, heard: Iterable[LastHeard], at: datetime) -> bool | None:
    """
    Tell whether each file was had from each pair within a day.

    ``None`` if nobody tried, or nothing is read in full.
    """
    verdicts: dict[tuple[str, str, str], bool] = {}
    for each in heard:
        place = (each.artifact, each.segment.endpoint, each.segment.region)
        had = _lately(each.verified_at, at)
        if had or (each.up is False and _lately(each.heard_at, at)):
            # Of several addresses one that serves is enough.
            verdicts[place] = verdicts.get(place, False) or had
    wanted = [(name, pair.endpoint, pair.region) for name in way.files for pair in way.pairs]
    return proven(((place[1], verdicts.get(place)) for place in wanted), way.whole)


def _lately(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and at - moment <= SERVED_WITHIN


Findings = Mapping[tuple[Digest, str], Found]
"""What documents turned out to be, by the key of each."""


def found_of(verifications: Iterable[Verification], at: datetime) -> Findings:
    """Return what documents turned out to be when they were last read, within a day."""
    return {
        (each.subject, each.version): Found(each.outcome)
        for each in verifications
        if each.kind == PAPER and at - each.at <= READ_WITHIN and each.outcome in set(Found)
    }


def documented(papers: Iterable[Paper], found: Findings) -> bool | None:
    """Tell whether notes and instructions are there and name the version to go back to."""
    return every(_names(paper, found) for paper in papers)


def _names(paper: Paper, found: Findings) -> bool | None:
    if not paper.url:
        return False
    seen = found.get(paper.key)
    return None if seen is None else seen is Found.NAMES
