"""What people and other systems tell: approvals, alerts, reports of users, post-mortems."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b

from probe.domain.outage import Cause

ALERT = "alert"
"""The kind of events that keep which alert came; the incident that it becomes has no name of it."""


@dataclass(frozen=True, slots=True)
class Approval:
    """A release was let out at ``at``."""

    product: str
    channel: str
    version: str
    at: datetime
    actor: str
    detail: str = ""

    @property
    def id(self) -> str:
        """Return the id of the event: a release is approved once."""
        return told_id("approval", self.product, self.channel, self.version)


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert of Alertmanager, firing or, with ``ended_at``, resolved."""

    fingerprint: str
    name: str
    product: str
    channel: str
    endpoint: str
    region: str
    reason: str
    started_at: datetime
    ended_at: datetime | None = None

    @property
    def id(self) -> str:
        """Return the id of its incident: the same however often the alert is sent."""
        return told_id("alert", self.fingerprint, self.started_at.isoformat())


@dataclass(frozen=True, slots=True)
class Report:
    """A user could not download; ``since`` and ``until`` are ``None`` where they did not say."""

    product: str
    channel: str
    endpoint: str
    region: str
    version: str
    reason: str
    at: datetime
    text: str
    since: datetime | None = None
    until: datetime | None = None

    @property
    def id(self) -> str:
        """Return the id of its incident: the same report told twice is one."""
        return told_id(
            "report",
            self.product,
            self.channel,
            self.endpoint,
            self.region,
            self.text,
            str(self.at),
        )


@dataclass(frozen=True, slots=True)
class PostMortem:
    """What was found about an incident; ``metric_matched`` is what should have shown it."""

    incident: str
    cause: Cause
    metric_matched: str
    text: str
    onset_at: datetime | None = None
    restored_at: datetime | None = None


class Told(StrEnum):
    """What came of something that was told."""

    OPENED = "opened"
    JOINED = "joined"
    RESOLVED = "resolved"
    UPDATED = "updated"
    KNOWN = "known"
    IGNORED = "ignored"


class Unfit(Exception):
    """What was told cannot be taken: it is about nothing known, or contradicts what was seen."""


def told_id(*parts: str) -> str:
    """Return a short name for *parts*, the same every time."""
    text = "\0".join(parts).encode("utf-8", "replace")
    return blake2b(text, digest_size=8).hexdigest()
