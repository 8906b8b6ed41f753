"""What goes wrong in the demo, in which order, and what the probe is expected to say of it."""

from dataclasses import dataclass
from enum import StrEnum

from probe.demo.release import (
    BEFORE,
    CHECKSUMS,
    DARWIN,
    LATEST,
    LINUX,
    WINDOWS,
    archive_name,
    artifact_names,
    sdist_name,
    wheel_name,
)
from probe.domain.failure import FailureReason

ORIGIN, CDN, MIRROR_EU, MIRROR_US = "origin", "cdn", "mirror-eu", "mirror-us"
ENDPOINTS = (ORIGIN, CDN, MIRROR_EU, MIRROR_US)


class Trouble(StrEnum):
    """The ways in which the demo's servers go wrong."""

    LAG = "lag"
    EARLY_404 = "early_404"
    FLIP = "flip"
    CRAWL = "crawl"
    CUT = "cut"
    OLD_BYTES = "old_bytes"
    PAGE = "page"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Fault:
    """One trouble at one endpoint with some artifacts of the latest release, and its reason."""

    name: str
    title: str
    trouble: Trouble
    endpoint: str
    artifacts: tuple[str, ...]
    reason: FailureReason
    version: str = LATEST


@dataclass(frozen=True, slots=True)
class Act:
    """
    A step of the script: faults that begin together, then an end to them.

    The faults stay for at least ``hold_seconds``; after them all is well for ``calm_seconds``.
    """

    title: str
    faults: tuple[Fault, ...] = ()
    hold_seconds: float = 6.0
    calm_seconds: float = 3.0
    publishes: bool = False


WHEEL = wheel_name(LATEST)
SDIST = sdist_name(LATEST)
ARCHIVES = tuple(archive_name(LATEST, platform) for platform in (LINUX, DARWIN, WINDOWS))
EVERYTHING = artifact_names(LATEST)

SCRIPT = (
    Act("Two releases are out, and every endpoint has them", hold_seconds=4.0, calm_seconds=2.0),
    Act(
        f"Release {LATEST} is published at the origin",
        (
            Fault(
                "lagging-mirror",
                f"mirror-us has not copied {LATEST} yet",
                Trouble.LAG,
                MIRROR_US,
                EVERYTHING,
                FailureReason.NOT_FOUND,
            ),
            Fault(
                "early-404",
                "someone asked the CDN for the wheel too early, and it kept the 404",
                Trouble.EARLY_404,
                CDN,
                (WHEEL,),
                FailureReason.NOT_FOUND,
            ),
        ),
        hold_seconds=10.0,
        publishes=True,
    ),
    Act(
        "A disk goes bad",
        (
            Fault(
                "flipped-byte",
                "one byte of the wheel has flipped on mirror-eu",
                Trouble.FLIP,
                MIRROR_EU,
                (WHEEL,),
                FailureReason.CHECKSUM_MISMATCH,
            ),
        ),
    ),
    Act(
        "An edge is overloaded",
        (
            Fault(
                "slow-edge",
                "the CDN sends the archives at a crawl",
                Trouble.CRAWL,
                CDN,
                ARCHIVES,
                FailureReason.TIMEOUT,
            ),
        ),
    ),
    Act(
        "A connection breaks",
        (
            Fault(
                "truncation",
                "mirror-us closes half-way through the sdist",
                Trouble.CUT,
                MIRROR_US,
                (SDIST,),
                FailureReason.TRUNCATED,
            ),
        ),
    ),
    Act(
        "A rewrite rule goes wrong",
        (
            Fault(
                "stale-edge",
                f"the CDN serves the archives of {BEFORE} where those of {LATEST} are asked for",
                Trouble.OLD_BYTES,
                CDN,
                ARCHIVES,
                FailureReason.STALE,
            ),
        ),
    ),
    Act(
        "Somebody puts a login in front",
        (
            Fault(
                "login-page",
                "mirror-eu answers 200 with a login page",
                Trouble.PAGE,
                MIRROR_EU,
                (SDIST, CHECKSUMS),
                FailureReason.WRONG_CONTENT,
            ),
        ),
    ),
    Act(
        "The origin's storage is down, and only its caches hide it",
        (
            Fault(
                "broken-origin",
                f"the origin answers 503 for {LATEST}",
                Trouble.BROKEN,
                ORIGIN,
                EVERYTHING,
                FailureReason.HTTP_5XX,
            ),
        ),
    ),
)


def older(name: str) -> str:
    """Return what an artifact of the latest release was called in the one before."""
    return name.replace(LATEST, BEFORE)
