"""All that a formula may look at: what is known of one release train, as of one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from probe.domain.artifact import Artifact, Platform
from probe.domain.bucket import Tally
from probe.domain.evidence import IncidentRecord, LastHeard, Pair, Segment, Window
from probe.domain.expectation import Comparison, ExpectedBy
from probe.domain.paper import Paper
from probe.domain.propagation import Rollout
from probe.domain.target import EndpointKind

AS_LISTED = Comparison(ExpectedBy.CATALOG)
COMPLETE_WITHIN = timedelta(minutes=30)


class Signed(StrEnum):
    """What became of an asset's signature."""

    ABSENT = "absent"
    UNVERIFIABLE = "unverifiable"
    VERIFIED = "verified"


class Notes(StrEnum):
    """What became of the notes of a release."""

    NOT_ASKED = "not_asked"
    UNKNOWN = "unknown"
    LACKING = "lacking"
    THERE = "there"


@dataclass(frozen=True, slots=True)
class Asset:
    """
    A file that the catalog says a release has; ``None`` is what nobody has looked at.

    ``first_at`` is its first verified download from a system of record, ``missed_at`` the last
    attempt before it that failed there. ``proven`` tells whether the bytes of some endpoint were
    held against its digests and had them, ``equal`` whether those of every endpoint were that must
    serve it and is read in full. ``renewed_at`` is when its catalog last gave it other digests.
    """

    artifact: Artifact
    first_at: datetime | None = None
    missed_at: datetime | None = None
    proven: bool | None = None
    equal: bool | None = None
    signed: Signed | None = None
    attested: bool | None = None
    renewed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WayBack:
    """
    What has to be there to go back to ``version``.

    ``files`` are those that users install, ``pairs`` those of all regions that have to serve them,
    ``whole`` the endpoints that are read in full: only they prove it.
    """

    version: str
    files: frozenset[str] = frozenset()
    pairs: frozenset[Pair] = frozenset()
    whole: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rollback:
    """
    Whether one could go back from a release; ``None`` is what nobody has looked at.

    ``named``: the catalog names a known-good release that is not withdrawn, of the same channel.
    ``served``: all its assets were verified within a day at all required pairs, of which some are
    read in full. ``signed``: its signatures verify, or none are asked for. ``documented``: notes
    and instructions are there, and name the version ``to`` go back to.
    """

    named: bool
    served: bool | None
    signed: bool | None
    documented: bool | None
    to: WayBack | None = None

    @property
    def ready(self) -> bool | None:
        """Tell whether all of it is so."""
        parts = (self.named, self.served, self.signed, self.documented)
        if False in parts:
            return False
        return None if None in parts else True


@dataclass(frozen=True, slots=True)
class Released:
    """
    A release that was published in the window and not withdrawn.

    ``watched`` tells whether it was listed in time to see it come, ``settled`` what was found of
    its completeness at its deadline. ``absent_platforms`` are those that it should be built for and
    is not, ``comparison`` says what else is absent. ``checksums`` are asked for or not. ``papers``
    are the documents that it and the way back from it need. ``rollout`` is that of its files.
    """

    version: str
    channel: str
    published_at: datetime
    assets: tuple[Asset, ...]
    tag: str = ""
    watched: bool = True
    absent_platforms: tuple[Platform, ...] = ()
    comparison: Comparison = AS_LISTED
    checksums: bool = True
    notes: Notes = Notes.NOT_ASKED
    papers: tuple[Paper, ...] = ()
    settled: bool | None = None
    rollout: Rollout | None = None
    rollback: Rollback | None = None

    @property
    def distributable(self) -> tuple[Asset, ...]:
        """Return the assets that users install."""
        return tuple(each for each in self.assets if each.artifact.asset_class.distributable)


@dataclass(frozen=True, slots=True)
class Current:
    """
    What the current release has to be asked for, whether it was or not.

    ``files`` are those that users install, by its catalog, ``pairs`` those that are probed by the
    configuration as it is now, ``whole`` the endpoints that are read in full: only they prove it.
    """

    version: str
    files: frozenset[str] = frozenset()
    pairs: frozenset[Pair] = frozenset()
    whole: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    What is known of a product on a channel at the end of ``window``.

    ``tallies`` are of the window. ``heard`` and ``serving`` are of the ``current`` release: when
    each target was last heard of, be it of what is probed no more, and which required pairs serve
    it (``None`` if that is unknown).
    ``weights`` are the shares of users by region, ``kinds`` and ``deadlines`` are of endpoints, by
    name.
    """

    product: str
    channel: str
    window: Window
    tallies: Mapping[Segment, Tally] = field(default_factory=dict)
    releases: tuple[Released, ...] = ()
    incidents: tuple[IncidentRecord, ...] = ()
    current: Current | None = None
    heard: tuple[LastHeard, ...] = ()
    serving: Mapping[Pair, bool | None] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    kinds: Mapping[str, EndpointKind] = field(default_factory=dict)
    deadlines: Mapping[str, timedelta] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        """Return the moment as of which it is known."""
        return self.window.until
