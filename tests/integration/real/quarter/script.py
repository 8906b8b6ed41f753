"""
Ninety days of one product, as a script: what is published, what goes wrong, what people say.

Attempts come every half hour, and every five minutes from 12:00 to 16:00 on days on which something
happens then (``BUSY``). Small files are read in full each time; large ones by one end, in full once
a day at 06:00, and whenever they were not yet proven. A small file takes 0.8 s, or 3 s at half
past every third hour; a large one takes 15 s; a refusal a tenth of a second.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum

from probe.domain.artifact import MIB, Artifact, Platform, Release
from probe.domain.failure import FailureReason
from probe.domain.outage import Cause
from probe.domain.target import Depth, Target
from probe.domain.told import Alert, Approval, Report
from tests.builders import a_release, an_artifact, sha256

DAYS = 90
END = datetime(2026, 8, 20, tzinfo=UTC)
BEGIN = END - timedelta(days=DAYS)
MINUTE = timedelta(minutes=1)
NOON = 12 * 60

EU, US, AP = "eu-west-1", "us-east-1", "ap-south-1"
GITHUB, CDN, MIRROR, VAULT, ADDED = "github", "cdn", "mirror", "vault", "mirror-b"
BUSY = frozenset({5, 20, 25, 33, 40, 61, 63, 65, 66, 69, 72, 75, 76, 78, 80, 84, 87, 89})
# A minute apart, for an hour.
CLOSE = frozenset({50})

_ENDPOINTS = f"""\
      - name: {GITHUB}
        kind: github
        url: "https://github.example.com/{{version}}/{{name}}"
        origin: true
      - name: {CDN}
        kind: cdn
        url: "https://cdn.example.com/{{version}}/{{name}}"
        marker: {{kind: pointer, url: "https://cdn.example.com/latest"}}
      - name: {MIRROR}
        kind: mirror
        url: "https://mirror.example.com/{{version}}/{{name}}"
        regions: [{EU}]
        deadline: 6h
      - name: {VAULT}
        kind: repository
        url: "https://vault.example.com/{{version}}/{{name}}"
        regions: [{EU}, {US}]
        auth: {{kind: bearer, token: {{env: VAULT_TOKEN}}}}
"""
_ADDED = f"""\
      - name: {ADDED}
        kind: mirror
        url: "https://mirror-b.example.com/{{version}}/{{name}}"
        regions: [{US}]
"""
_WEIGHTS = {EU: 50, US: 30, AP: 20}


def configuration(*regions: str, added: bool = False) -> bytes:
    """Return the configuration file, with those regions."""
    listed = "\n".join(f"  - {{name: {name}, weight: {_WEIGHTS[name]}}}" for name in regions)
    return f"""\
regions:
{listed}
defaults: {{interval: 30m}}
products:
  - name: widget
    channel: stable
    owner: release-team
    keep: 2
    expect: {{platforms: [linux/amd64, windows/amd64]}}
    source: {{kind: manifest, url: "https://example.com/manifest.json"}}
    endpoints:
{_ENDPOINTS}{_ADDED if added else ""}""".encode()


def at(day: int, time: str = "12:00", seconds: float = 0) -> datetime:
    """Return a moment of the script."""
    hours, minutes = map(int, time.split(":"))
    return BEGIN + timedelta(days=day, hours=hours, minutes=minutes, seconds=seconds)


def small(version: str, name: str = "") -> Artifact:
    return an_artifact(name or f"widget_{version}_linux_amd64.tar.gz", body=version.encode())


def large(version: str) -> Artifact:
    return replace(
        an_artifact(f"widget_{version}_windows_amd64.zip", body=f"{version} large".encode()),
        size_bytes=20 * MIB,
        platform=Platform("windows", "amd64"),
    )


def release(version: str, published_at: datetime, *artifacts: Artifact, **fields: str) -> Release:
    files = artifacts or (small(version), large(version))
    written = {"notes_url": f"{NOTES}{version}", **fields}
    return replace(a_release(version, *files, published_at=published_at), **written)


# What there is to read; how to go back to 1.8.0 nobody has written yet.
NOTES, BACK = "https://example.com/notes/", "https://example.com/back"
DOCUMENTS: Mapping[str, str] = {
    f"{NOTES}1.7.0": "What is new in 1.7.0: it is faster.",
    f"{NOTES}1.8.0": "What is new in 1.8.0: it is faster still.",
    BACK: "To go back to v1.7.0, install it over what is there.",
}


# What the catalog says from a moment on: a release that it had already is said anew.
RENAMED = small("1.7.0", "widget-1.7.0-linux.tar.gz")
REUPLOADED = replace(RENAMED, digests=(sha256(b"built again"),))
CATALOG: tuple[tuple[datetime, Release], ...] = (
    # Out before anybody looked.
    (BEGIN, release("1.2.0", BEGIN - timedelta(days=40))),
    (BEGIN, release("1.3.0", BEGIN - timedelta(days=3))),
    (at(20), release("1.4.0", at(20))),
    # One of two files, the other two hours later: "partial", then repaired.
    (at(61), release("1.5.0", at(61), small("1.5.0"))),
    (at(61, "14:00"), release("1.5.0", at(61))),
    # Tagged ten minutes before it is published; its tag does not end with its version.
    (
        at(65),
        replace(release("1.5.1", at(65), tag="release-2026-07"), tagged_at=at(65, "11:50")),
    ),
    # A prerelease is another channel's.
    (at(68), replace(release("1.6.0-rc.1", at(68)), channel="beta")),
    # Withdrawn on the next day.
    (at(70), release("1.6.0", at(70))),
    (at(71), replace(release("1.6.0", at(70)), yanked=True)),
    # Never built for Windows.
    (at(72), release("1.6.1", at(72), small("1.6.1"))),
    # Approved twenty minutes before (see SAID), a file renamed an hour after, and two days later
    # replaced by another one of that name.
    (at(78), release("1.7.0", at(78))),
    (at(78, "13:00"), release("1.7.0", at(78), RENAMED, large("1.7.0"))),
    (at(80, "12:30"), release("1.7.0", at(78), REUPLOADED, large("1.7.0"))),
    # Approved ten minutes after, by a clock that is wrong: it was there before it was let out.
    (
        at(84),
        release("1.8.0", at(84), previous_known_good="1.7.0", rollback_doc=BACK),
    ),
    (
        at(89),
        release("1.9.0", at(89), previous_known_good="1.8.0", rollback_doc=BACK),
    ),
)

NEVER = DAYS * 24 * 60
Place = tuple[str, str]

# Minutes after its publication at which a pair has a release; at once where nothing is said.
LAGS: Mapping[str, Mapping[Place, int]] = {
    "1.5.0": {(CDN, EU): 5, (CDN, US): 5, (CDN, AP): 5, (MIRROR, EU): 60},
    # Past its deadline of six hours.
    "1.5.1": {
        (CDN, EU): 10,
        (CDN, US): 10,
        (CDN, AP): 15,
        (VAULT, EU): 5,
        (VAULT, US): 5,
        (MIRROR, EU): 480,
    },
    "1.6.1": {(CDN, EU): 5, (CDN, US): 5, (CDN, AP): 5, (MIRROR, EU): 5},
    "1.7.0": {
        (CDN, EU): 5,
        (CDN, US): 10,
        (CDN, AP): 20,
        (VAULT, EU): 10,
        (VAULT, US): 10,
        (MIRROR, EU): 25,
    },
    "1.8.0": {
        (CDN, EU): 5,
        (CDN, US): 10,
        (VAULT, EU): 5,
        (VAULT, US): 5,
        (MIRROR, EU): 15,
    },
    "1.9.0": {
        (CDN, EU): 5,
        (CDN, US): 10,
        (VAULT, EU): 5,
        (VAULT, US): NEVER,
        (MIRROR, EU): NEVER,
        (ADDED, US): 15,
    },
}


@dataclass(frozen=True)
class Fault:
    """What goes wrong from a time of a day until another; empty is everywhere, and every file."""

    day: int
    since: str
    until: str
    reason: FailureReason
    endpoint: str = ""
    region: str = ""
    file: str = ""

    def lasts(self, now: datetime) -> bool:
        return at(self.day, self.since) <= now < at(self.day, self.until)

    def strikes(self, target: Target, depth: Depth) -> bool:
        return (
            self.endpoint in {"", target.endpoint.name}
            and self.region in {"", target.region.name}
            and self.file in target.artifact.name
            # Other bytes are only seen by who reads them all.
            and (depth is Depth.FULL or self.reason is not FailureReason.CHECKSUM_MISMATCH)
        )


FAULTS = (
    # Two outages of one class; in the middle of the second the probe is killed.
    Fault(5, "12:30", "13:00", FailureReason.TIMEOUT, CDN),
    Fault(40, "12:30", "13:10", FailureReason.TIMEOUT, CDN),
    # An alert comes before the probe is sure.
    Fault(25, "12:30", "13:30", FailureReason.HTTP_5XX, CDN),
    # Users of one region find the small file at GitHub.
    Fault(33, "12:30", "14:30", FailureReason.HTTP_5XX, CDN, EU, "linux"),
    # It flaps: four minutes, six minutes' peace, five minutes.
    Fault(50, "12:10", "12:14", FailureReason.CONNECT, VAULT, EU),
    Fault(50, "12:20", "12:25", FailureReason.CONNECT, VAULT, EU),
    Fault(63, "12:30", "13:30", FailureReason.AUTH_DENIED, VAULT),
    Fault(66, "12:30", "13:10", FailureReason.RATE_LIMITED, GITHUB, US),
    # A region has no way out for three hours: what was known holds for one hour.
    Fault(69, "12:00", "15:00", FailureReason.UPLINK, region=AP),
    # Of a large file alone: 06:00, 07:00 and 08:00 see it, and at 09:00 it is right.
    Fault(73, "06:00", "09:00", FailureReason.CHECKSUM_MISMATCH, CDN, EU, "1.5.1_windows"),
    Fault(75, "12:30", "15:00", FailureReason.STALE, CDN, US, "1.6.1_linux"),
    Fault(76, "12:30", "13:15", FailureReason.TRUNCATED, MIRROR, EU, "1.6.1_linux"),
    # The CDN still gives the file that was replaced.
    Fault(80, "12:30", "13:30", FailureReason.CHECKSUM_MISMATCH, CDN, file=RENAMED.name),
    # It is still failing when the region is dropped at noon.
    Fault(82, "10:30", "12:00", FailureReason.HTTP_5XX, CDN, AP),
    # The probe itself is too busy for three quarters of an hour.
    Fault(87, "12:30", "13:15", FailureReason.OVERLOAD, region=EU),
)
# A large file is read in full at these moments too, as after one that failed.
AGAIN_IN_FULL = frozenset(at(73, f"0{hour}:00") for hour in (7, 8, 9))
SLOW = (79, CDN, US)


@dataclass(frozen=True)
class Found:
    """A post-mortem: of what was reported, or of what the probe saw begin on a day."""

    of: Report | int
    cause: Cause
    restored_at: datetime | None = None


@dataclass(frozen=True)
class Pointed:
    """The pointer at the CDN names a release, as seen from a region."""

    region: str
    version: str


class Life(Enum):
    """What happens to the probe itself."""

    KILLED = "kill -9"
    RESTARTED = "a restart that loses nothing"


Said = Approval | Alert | Report | Found | Pointed | Life

WIDGET = ("widget", "stable")
REPORT = Report(
    *WIDGET, CDN, "", "", "", at(12, "13:00"), "nothing comes from the CDN", since=at(12, "12:00")
)
ALERT = Alert("f1", "BlackboxProbeFailed", *WIDGET, CDN, "", "http_5xx", at(25, "12:33"))
# What is said and done right after the attempts of a moment.
SAID: tuple[tuple[datetime, Said], ...] = (
    (at(12, "13:00"), REPORT),
    (at(13), Found(REPORT, Cause.CAPACITY, restored_at=at(12, "14:00"))),
    (at(25, "12:35"), ALERT),
    (at(25, "13:35"), replace(ALERT, ended_at=at(25, "13:32"))),
    (at(40, "12:45"), Life.KILLED),
    (at(78), Approval(*WIDGET, "1.7.0", at(78, "11:40"), "ci")),
    # The same class, until it is known to have had two causes.
    (at(81), Found(73, Cause.STORAGE)),
    (at(81), Found(80, Cause.CACHE)),
    (at(84), Approval(*WIDGET, "1.8.0", at(84, "12:10"), "ci")),
    (at(84, "12:05"), Life.RESTARTED),
    (at(89, "12:30"), Pointed(EU, "1.9.0")),
    (at(89, "12:30"), Pointed(US, "1.8.0")),
)
# The configuration that comes into force right before the attempts of a moment.
RELOADS: Mapping[datetime, bytes] = {
    BEGIN: configuration(EU, US, AP),
    at(82): configuration(EU, US),
    at(86): configuration(EU, US, added=True),
}


# Days on which anything is not as it was.
EVENTFUL = (
    BUSY
    | CLOSE
    | {fault.day for fault in FAULTS}
    | {
        (each - BEGIN).days
        for each in (*RELOADS, *(when for when, _ in SAID), *(since for since, _ in CATALOG))
    }
)


def moments() -> Iterator[datetime]:
    """Yield when attempts are made."""
    for day in range(DAYS):
        minutes = set(range(0, 24 * 60, 30))
        if day in BUSY:
            minutes |= set(range(NOON, NOON + 240, 5))
        if day in CLOSE:
            minutes |= set(range(NOON, NOON + 60))
        for minute in sorted(minutes):
            yield BEGIN + timedelta(days=day) + minute * MINUTE
    # What comes after is in no window, but ends what is known of the time before.
    yield END


def listed(now: datetime) -> tuple[Release, ...]:
    """Return what the catalog lists."""
    return tuple({each.version: each for since, each in CATALOG if since <= now}.values())


def faults_at(now: datetime) -> tuple[Fault, ...]:
    """Return what goes wrong at a moment."""
    return tuple(fault for fault in FAULTS if fault.lasts(now))


def reason_of(
    target: Target, depth: Depth, now: datetime, faults: Iterable[Fault]
) -> FailureReason | None:
    """Return why an attempt at a moment does not pass, if it does not."""
    for fault in faults:
        if fault.strikes(target, depth):
            return fault.reason
    place = (target.endpoint.name, target.region.name)
    lag = LAGS.get(target.release.version, {}).get(place, 0)
    late = now < target.release.published_at + lag * MINUTE
    return FailureReason.NOT_FOUND if late else None


def seconds_of(target: Target, depth: Depth, now: datetime) -> float:
    """Return how long an attempt takes that reads to the end of what it asked for."""
    if depth is not Depth.FULL:
        return 0.1
    if target.artifact.size_bytes != 20 * MIB:
        return 3.0 if now.minute == 30 and now.hour % 3 == 0 else 0.8
    day, endpoint, region = SLOW
    place = (target.endpoint.name, target.region.name)
    slow = at(day, "00:00") <= now < at(day + 1, "00:00") and place == (endpoint, region)
    return 90.0 if slow else 15.0
