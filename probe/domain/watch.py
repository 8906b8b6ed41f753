"""Watching a new release: how often it is asked for, and when a copy may be asked at all."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from probe.domain.target import EarlyProbe, Endpoint, EndpointKind, Product, Target

WATCH_WINDOW = timedelta(hours=24)
ORIGIN_GRACE = timedelta(minutes=30)
WATCH_STEPS = (15.0, 30.0, 60.0, 120.0, 240.0, 300.0)

_SYSTEMS_OF_RECORD = frozenset({EndpointKind.S3, EndpointKind.GITHUB, EndpointKind.REPOSITORY})

ArtifactKey = tuple[str, str, str, str]


def artifact_key(target: Target) -> ArtifactKey:
    """Return what names the artifact of *target* wherever it is served."""
    release = target.release
    return (target.product, release.channel, release.version, target.artifact.name)


def origins_of(product: Product) -> tuple[Endpoint, ...]:
    """Return the endpoints marked as origin, or else those of a kind that holds no copies."""
    marked = tuple(each for each in product.endpoints if each.origin)
    return marked or tuple(each for each in product.endpoints if each.kind in _SYSTEMS_OF_RECORD)


def is_new(published_at: datetime, now: datetime) -> bool:
    """Tell whether a release that has just been seen first is to be watched."""
    return published_at > now - WATCH_WINDOW


def watch_seconds(attempts: int, interval_seconds: float) -> float:
    """
    Return the time between rounds after *attempts* rounds of watching.

    Never more than the interval: an artifact would count as unknown in between.
    """
    return min(WATCH_STEPS[min(attempts, len(WATCH_STEPS) - 1)], interval_seconds)


def waits_for_origin(target: Target, origins: Sequence[Endpoint]) -> bool:
    """Tell whether *target* is at a copy that must not be asked before an origin has the file."""
    endpoint = target.endpoint
    return (
        endpoint.kind.caches
        and endpoint.early_probe is EarlyProbe.AFTER_ORIGIN
        and bool(origins)
        and endpoint not in origins
    )


def held_until(published_at: datetime, first_seen: datetime) -> datetime:
    """Return when a copy is asked though no origin has passed: a dead origin is no excuse."""
    return min(published_at, first_seen) + ORIGIN_GRACE
