"""X1.1-X1.5: public binaries on GitHub and S3 behind a CDN."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

from probe.domain.artifact import ANY_PLATFORM, Platform
from probe.domain.evidence import LastHeard, Window
from probe.domain.target import EndpointKind
from probe.kpi.coverage import is_vouched_for
from probe.kpi.evidence import Current, Evidence, Notes, Released
from probe.kpi.folding import overall
from probe.kpi.hearing import by_target
from probe.kpi.lacking import complete_in_time
from probe.kpi.model import Basis, Category, Direction, Group, Kpi, Measure, Per, Rule, Unit
from probe.kpi.propagation import span_at, to_edges
from probe.kpi.publication import fallbacks
from probe.kpi.sighted import proven
from probe.kpi.value import Measured, Unknown, Value, every, share

FRESH = timedelta(minutes=15)
DESKTOPS = frozenset({"linux", "darwin", "windows"})

_PUBLIC = "none"
_NOT_HEARD = Unknown("no file of the current release was asked for")


def _for_desktops(release: Released, at: datetime) -> bool | None:
    """Tell whether a release is complete with the platforms and checksums of desktops alone."""
    systems = {
        asset.artifact.platform.os
        for asset in release.distributable
        if asset.artifact.platform is not None
    }
    lacking = () if ANY_PLATFORM.os in systems else sorted(DESKTOPS - systems)
    absent = tuple(Platform(system, ANY_PLATFORM.arch) for system in lacking)
    comparison = release.comparison
    asked = replace(
        release,
        absent_platforms=absent,
        # What a template says of platforms is of those that the product has.
        comparison=replace(
            comparison, absent=tuple(each for each in comparison.absent if each.platform is None)
        ),
        checksums=True,
        notes=Notes.NOT_ASKED,
        settled=None,
    )
    return complete_in_time(asked, at)


def _desktop_completeness(evidence: Evidence) -> Value:
    return share(_for_desktops(release, evidence.at) for release in evidence.releases)


def _regions_that_see_all(evidence: Evidence) -> Value:
    current, heard = evidence.current or Current(""), by_target(evidence.heard)
    closed = {pair for (_, pair), found in heard.items() if found[0].segment.auth_mode != _PUBLIC}
    public = evidence.serving.keys() - closed
    if not any(name in current.files and pair in public for name, pair in heard):
        return _NOT_HEARD
    found: defaultdict[str, list[tuple[str, bool]]] = defaultdict(list)
    for name, pair in product(current.files, public):
        # What nothing is known of has not been seen to be served.
        verified = _verified_lately(heard.get((name, pair), ()), evidence.window)
        found[pair.region].append((pair.endpoint, verified))
    judged = [proven(each, current.whole) for each in found.values()]
    known = [each for each in judged if each is not None]
    if not known:
        return Unknown("no endpoint that has to serve it is read in full")
    return Measured(sum(known), len(known), len(judged) - len(known))


def _same_everywhere(evidence: Evidence) -> Value:
    return share(
        every((is_vouched_for(asset), asset.equal))
        for release in evidence.releases
        for asset in release.distributable
    )


def _at_edges(evidence: Evidence) -> Value:
    return span_at(0.95, to_edges(evidence.kinds), evidence.releases)


def _fallback(evidence: Evidence) -> Value:
    if EndpointKind.GITHUB not in evidence.kinds.values():
        return Unknown("no endpoint of kind github")
    verdicts = fallbacks(evidence)
    if set(verdicts.values()) == {True, None}:
        unknown = sum(each is None for each in verdicts.values())
        return Unknown(f"of {unknown} files it is not known")
    return share(verdicts.values(), _NOT_HEARD)


def _verified_lately(heard: Sequence[LastHeard], window: Window) -> bool:
    # Of a large file each attempt reads the ends, and one a day all of it.
    return bool(heard) and all(
        each.up is True
        and each.verified_at is not None
        and each.heard_at is not None
        and window.until - each.heard_at <= FRESH
        for each in heard
    )


DESKTOP_COMPLETENESS = Kpi(
    code="X1.1",
    name="desktop_completeness",
    category=Category.COMPLETENESS,
    question="Is there a file for Linux, macOS and Windows, each with a checksum?",
    method="C1 with linux, darwin and windows for platforms and a digest for every file",
    unit=Unit.RATIO,
    direction=Direction.HIGHER,
    target=1.0,
    headline=Measure(overall(_desktop_completeness), None, basis=Basis.CATALOG),
    per=Per.RELEASE,
)

REGIONS_VERIFIED = Kpi(
    code="X1.2",
    name="regions_verified",
    category=Category.AVAILABILITY,
    question="From how many regions has the whole release been downloaded in the last minutes?",
    method="regions in which every file of the current release was a verified download from every "
    "required endpoint without authentication, the last attempt no more than 15 minutes ago; "
    "regions in which none of them is read in full are not counted",
    unit=Unit.COUNT,
    direction=Direction.HIGHER,
    target=3,
    headline=Measure(overall(_regions_that_see_all), None, basis=Basis.SIGHTS),
    per=Per.MOMENT,
)

EDGE_PROPAGATION = Kpi(
    code="X1.3",
    name="edge_propagation",
    category=Category.PERFORMANCE,
    question="How long after publication did the CDN serve a release everywhere?",
    method="P2 of required pairs at endpoints of kind cdn",
    unit=Unit.SECONDS,
    direction=Direction.LOWER,
    target=900,
    headline=Measure(overall(_at_edges), None, basis=Basis.SIGHTS),
    per=Per.RELEASE,
)

MATCHING_CHECKSUMS = Kpi(
    code="X1.4",
    name="matching_checksums",
    category=Category.INTEGRITY,
    question="Does every file have the checksum that was published for it?",
    method="distributable files with a digest by their publisher that the bytes of every required "
    "endpoint had / distributable files by the catalog",
    unit=Unit.RATIO,
    direction=Direction.HIGHER,
    target=1.0,
    headline=Measure(overall(_same_everywhere), None, basis=Basis.CATALOG),
    per=Per.RELEASE,
)

FALLBACK_READINESS = Kpi(
    code="X1.5",
    name="fallback_readiness",
    category=Category.RECOVERABILITY,
    question="If S3 or the CDN fails, can GitHub serve the release?",
    method="files of the current release that are verified downloads, read in full, from GitHub in "
    "every region / files of the current release by its catalog",
    unit=Unit.RATIO,
    direction=Direction.HIGHER,
    target=1.0,
    headline=Measure(
        overall(_fallback),
        Rule(
            Group.CROSS_REGION,
            "delivery:fallback_readiness:ratio",
            "min by (product, channel) (delivery_release_fallback_ready_ratio)",
        ),
        basis=Basis.SIGHTS,
    ),
    per=Per.MOMENT,
)

KPIS = (
    DESKTOP_COMPLETENESS,
    REGIONS_VERIFIED,
    EDGE_PROPAGATION,
    MATCHING_CHECKSUMS,
    FALLBACK_READINESS,
)
