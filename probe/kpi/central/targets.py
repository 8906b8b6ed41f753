"""When each file was last asked for at each pair, as the probers of all regions say."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from probe.domain.artifact import AssetClass, SizeTier
from probe.domain.class_names import classify
from probe.domain.evidence import LastHeard, Segment
from probe.domain.moment import from_seconds
from probe.domain.platform_names import parse_platform
from probe.domain.promql import Sample
from probe.domain.target import Endpoint, Product
from probe.kpi.central.inquiry import Fact, Findings

# A clock that is further ahead than this makes nothing fresh.
_AHEAD = timedelta(minutes=5)

# Endpoint, region, version, name of the file.
_Target = tuple[str, str, str, str]


def targets_heard(
    findings: Findings, product: Product, now: datetime, classes: Mapping[str, AssetClass]
) -> tuple[LastHeard, ...]:
    """
    Return when each target was last heard of and verified; *classes* are those of files, by name.

    What is of no endpoint that is configured, or of the future, is left out.
    """
    verified = _moments(findings.get(Fact.VERIFIED, ()), now)
    failed = _moments(findings.get(Fact.FAILED, ()), now)
    ups = {_target(each): each.value > 0 for each in findings.get(Fact.UP, ())}
    endpoints = {each.name: each for each in product.endpoints}
    return tuple(
        LastHeard(
            key="/".join((product.name, *target)),
            segment=_segment(product, endpoint, target, classes),
            artifact=target[-1],
            platform=parse_platform(platform),
            address="",
            up=ups.get(target),
            heard_at=max(found[target][0] for found in (verified, failed) if target in found),
            verified_at=verified[target][0] if target in verified else None,
            full_at=None,
        )
        for target, (_, platform) in sorted({**failed, **verified}.items())
        if (endpoint := endpoints.get(target[0])) is not None
    )


def _moments(samples: Iterable[Sample], now: datetime) -> dict[_Target, tuple[datetime, str]]:
    """Return by target the moment and the platform."""
    return {
        _target(each): (at, each.label("platform"))
        for each in samples
        if (at := from_seconds(each.value)) is not None and at <= now + _AHEAD
    }


def _target(sample: Sample) -> _Target:
    return (
        sample.label("endpoint"),
        sample.label("probe_region"),
        sample.label("version"),
        sample.label("artifact"),
    )


def _segment(
    product: Product, endpoint: Endpoint, target: _Target, classes: Mapping[str, AssetClass]
) -> Segment:
    _, region, version, name = target
    return Segment(
        product=product.name,
        channel=product.channel,
        version=version,
        endpoint=endpoint.name,
        endpoint_kind=endpoint.kind,
        region=region,
        asset_class=classes.get(name) or classify(name).asset_class,
        size_tier=SizeTier.UNKNOWN,
        auth_mode=endpoint.auth_mode,
    )
