"""Evidence for tests, where only what a test is about need be said."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from probe.domain.artifact import Artifact, AssetClass, Platform
from probe.domain.bucket import Tally
from probe.domain.evidence import LastHeard, Pair, Segment, Window
from probe.domain.target import EndpointKind
from probe.kpi import Asset, Evidence, Released
from probe.kpi.evidence import Current
from tests.builders import NOON, an_artifact

MONTH = Window(NOON - timedelta(days=30), NOON)


def the_evidence(**fields: object) -> Evidence:
    """Return evidence; what was heard is all that there is to be heard, if nothing else is said."""
    heard: tuple[LastHeard, ...] = fields.get("heard", ())  # type: ignore[assignment]
    if heard:
        install = [each for each in heard if each.segment.asset_class.distributable]
        fields.setdefault(
            "current",
            Current(
                "1.4.2",
                frozenset(each.artifact for each in install),
                frozenset(Pair(each.segment.endpoint, each.segment.region) for each in heard),
                frozenset(each.segment.endpoint for each in heard),
            ),
        )
        kinds = {each.segment.endpoint: each.segment.endpoint_kind for each in heard}
        fields.setdefault("kinds", kinds)
    return Evidence("widget", "stable", fields.pop("window", MONTH), **fields)  # type: ignore[arg-type]


def a_segment(
    endpoint: str = "cdn",
    region: str = "eu-west-1",
    *,
    kind: EndpointKind = EndpointKind.CDN,
    asset_class: AssetClass = AssetClass.ARCHIVE,
    auth_mode: str = "none",
) -> Segment:
    artifact = an_artifact(asset_class=asset_class)
    return Segment(
        "widget",
        "stable",
        "1.4.2",
        endpoint,
        kind,
        region,
        asset_class,
        artifact.size_tier,
        auth_mode,
    )


def counted(*tallies: tuple[Segment, Tally]) -> Evidence:
    return the_evidence(tallies=dict(tallies))


def an_asset(artifact: Artifact | None = None, **fields: object) -> Asset:
    fields.setdefault("first_at", NOON - timedelta(days=1) + timedelta(minutes=10))
    return Asset(artifact or an_artifact(), **fields)  # type: ignore[arg-type]


def released(*assets: Asset, version: str = "1.4.2", **fields: object) -> Released:
    fields.setdefault("published_at", NOON - timedelta(days=1))
    kept = assets or (an_asset(),)
    return Released(version, "stable", assets=kept, **fields)  # type: ignore[arg-type]


def of(*releases: Released) -> Evidence:
    return the_evidence(releases=releases)


def for_platforms(*systems: str) -> Iterable[Asset]:
    for system in systems:
        yield an_asset(an_artifact(f"widget_{system}", platform=Platform(system, "amd64")))


def heard(
    artifact: str,
    endpoint: str = "cdn",
    region: str = "eu-west-1",
    *,
    up: bool | None = True,
    verified_at: datetime | None = NOON,
    heard_at: datetime | None = NOON,
    kind: EndpointKind = EndpointKind.CDN,
    asset_class: AssetClass = AssetClass.ARCHIVE,
    auth_mode: str = "none",
) -> LastHeard:
    segment = a_segment(endpoint, region, kind=kind, asset_class=asset_class, auth_mode=auth_mode)
    key = f"{artifact}@{endpoint}/{region}"
    return LastHeard(key, segment, artifact, None, "", up, heard_at, verified_at, verified_at)
