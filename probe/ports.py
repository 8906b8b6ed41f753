"""Every seam of the service: what the engine needs from outside, as protocols."""

from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from probe.domain.artifact import Release
from probe.domain.bucket import Attempt
from probe.domain.evidence import (
    Counted,
    Entry,
    Event,
    IncidentRecord,
    LastHeard,
    Naming,
    Published,
    Review,
    SightedKind,
    Sighting,
    Verification,
    Window,
)
from probe.domain.observation import Download, Observation
from probe.domain.promql import Sample, Series
from probe.domain.request import Request
from probe.domain.sampled import Sampled
from probe.domain.target import Egress, Product, Target
from probe.series import Metric

MAX_DOCUMENT_BYTES = 64 * 1024 * 1024


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Return the wall-clock time, in UTC."""

    def monotonic(self) -> float:
        """Return seconds of a clock that never steps, from an arbitrary start."""

    async def sleep(self, seconds: float) -> None:
        """Come back after *seconds*, or when cancelled."""


class Fetcher(Protocol):
    """Makes one attempt. What goes wrong on the network is in the download, never raised."""

    async def fetch(self, request: Request) -> Download:
        """
        Return the facts of one attempt; raises only ``CancelledError``.

        Anything else that comes out is a bug, for whoever contains bugs to deal with.
        """


AuthFlow = Generator[Request, Download, None]


class Auth(Protocol):
    """A way to authenticate: a conversation that ends with the request for the artifact."""

    def flow(self, request: Request) -> AuthFlow:
        """
        Yield requests and be sent what they brought; the last one yielded is the attempt.

        Raises:
            SecretUnavailable: a referenced secret cannot be read.
        """


class SecretUnavailable(Exception):
    """A secret's reference leads nowhere. The text names the reference, never a value."""


@dataclass(frozen=True, slots=True)
class Document:
    """A small text resource as a catalog source reads it; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class DocumentUnavailable(Exception):
    """A document could not be had: unreachable, too large, or cut short. Bounded, no secrets."""


class Documents(Protocol):
    """Reads catalog documents over ``http``, ``https`` and ``file``, at most 64 MiB each."""

    async def read(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        most_bytes: int = MAX_DOCUMENT_BYTES,
    ) -> Document:
        """
        Return the document at *url*; a file has status 200 (or 404 where it is missing).

        Raises:
            DocumentUnavailable: no answer, a body that ends early, or one over the cap.
        """


class CatalogError(Exception):
    """A source answered with something that is no catalog. Says where and what, bounded."""


class CatalogSource(Protocol):
    """Where a product's releases are listed."""

    async def releases(self) -> Sequence[Release]:
        """
        Return every release the source lists, in any order; all of it or nothing.

        Raises:
            CatalogError: the answer is missing, partial, or malformed.
        """


class Resolver(Protocol):
    """Turns a host name into addresses, as a region would."""

    async def addresses(self, host: str, egress: Egress) -> tuple[str, ...]:
        """
        Return every address of *host*, in a stable order.

        Raises:
            OSError: the name does not resolve.
        """


class Sink(Protocol):
    """Takes observations. Never blocks and never waits."""

    def record(self, observation: Observation) -> None:
        """Take one observation."""


class TargetSink(Protocol):
    """Is told what there is to probe, so that what is gone can be forgotten."""

    def retarget(self, products: Sequence[Product], targets: Sequence[Target]) -> None:
        """Take the whole new plan; targets that stay keep their state and counters."""


class CatalogSink(Protocol):
    """Is told what catalogs list."""

    def listed(
        self, product: Product, kept: Sequence[Release], remembered: Sequence[Release]
    ) -> None:
        """Take the releases of *product* that are probed, and all that are known, as they are."""


class Ledger(Protocol):
    """Where evidence is put down. Nothing here waits for a disk."""

    def record(self, attempt: Attempt) -> None:
        """Count one attempt; the oldest that wait are dropped where too many do, and counted."""

    def plan(self, keys: Iterable[str]) -> None:
        """Take the keys of all targets there are; the state of others is unknown from here on."""

    def submit(self, *entries: Entry) -> Future[bool]:
        """Have *entries* written together; tell whether they are on the disk, as ``keep`` does."""

    async def keep(self, *entries: Entry) -> bool:
        """Come back with whether *entries* are on the disk; if not, they are written later."""


class EvidenceUnavailable(Exception):
    """There is no evidence to be read: says why, bounded."""


class NoSuchProduct(Exception):
    """No product is meant, or several could be: says which there are, bounded."""


class Kept(Protocol):
    """
    What is kept of products, by name and channel, as of one moment.

    Every method may raise ``EvidenceUnavailable``.
    """

    def tallies(self, product: str, channel: str, window: Window) -> Counted:
        """Return what was counted in *window*, by segment."""

    def releases(self, product: str, channel: str, window: Window) -> tuple[Published, ...]:
        """Return the releases that were published in *window*, newest first."""

    def release(self, product: str, channel: str, version: str) -> Published | None:
        """Return one release."""

    def release_before(self, product: str, channel: str, moment: datetime) -> Published | None:
        """Return the newest release that was published before *moment* and not withdrawn."""

    def remembered_releases(self, product: str, channel: str) -> tuple[Release, ...]:
        """Return the newest releases that were ever listed, newest first."""

    def sightings(
        self, product: str, channel: str, version: str, kind: SightedKind = SightedKind.ASSET
    ) -> tuple[Sighting, ...]:
        """Return when the files or pointers of a release first were where they should be."""

    def incidents(self, product: str, channel: str, window: Window) -> tuple[IncidentRecord, ...]:
        """Return the incidents that began in *window*, or went on in it."""

    def namings(self, product: str, channel: str) -> tuple[Naming, ...]:
        """Return which release the marker of each pair names."""

    def last_heard(
        self, product: str, channel: str, now: datetime, version: str = ""
    ) -> tuple[LastHeard, ...]:
        """Return when each target was last asked and verified; of one version, or all."""

    def verifications(self, product: str, channel: str, version: str) -> tuple[Verification, ...]:
        """Return what verifiers last said of the files of a release."""

    def events(self, product: str, channel: str, window: Window, *kinds: str) -> tuple[Event, ...]:
        """Return what was told in *window*, in order; of those kinds, or all."""

    def reviews(self, product: str, channel: str) -> tuple[Review, ...]:
        """Return the reviews that were accepted, the last one first."""


class Past(Protocol):
    """What the KPIs of one product came to in the past. May raise ``EvidenceUnavailable``."""

    def sampled(self, kpi: str) -> Sequence[Sampled]:
        """
        Return the values of the KPI of that name, oldest first: by week, release or incident.

        There are none where no more than the present is kept of it.
        """


class Prometheus(Protocol):
    """
    What a Prometheus has recorded of all regions, or whatever speaks its API.

    Both raise ``EvidenceUnavailable``: no answer, or one that is wrong, partial or too large.
    """

    async def at(self, query: str, moment: datetime) -> tuple[Sample, ...]:
        """Return the value of each series that *query* gives at *moment*."""

    async def over(self, query: str, window: Window, step: timedelta) -> tuple[Series, ...]:
        """Return the values of each series that *query* gives in *window*, one each *step*."""


class Metrics(Protocol):
    """Where every series lives. *labels* are the values, in the order of ``metric.labels``."""

    def inc(
        self, metric: Metric, labels: tuple[str, ...] = (), amount: float = 1.0, exemplar: str = ""
    ) -> None:
        """Add to a counter; 0 makes the series exist. *exemplar* is a probe id."""

    def set(self, metric: Metric, labels: tuple[str, ...] = (), value: float = 1.0) -> None:
        """Set a gauge."""

    def observe(
        self, metric: Metric, labels: tuple[str, ...], value: float, exemplar: str = ""
    ) -> None:
        """Add a value to a histogram."""

    def declare(self, metric: Metric, labels: tuple[str, ...]) -> None:
        """Make a counter or a histogram exist at zero, so that its first event is seen."""

    def remove(self, metric: Metric, labels: tuple[str, ...]) -> None:
        """Forget one series; one that is not there is no fault."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """Every series as text, in pieces; ``encoding`` is ``gzip`` or empty."""

    content_type: str
    chunks: tuple[bytes, ...] = field(repr=False)
    encoding: str = ""


class Exposition(Protocol):
    """Shows every series to a scraper without stalling whoever measures."""

    async def render(
        self, accept: str = "", accept_encoding: str = "", names: frozenset[str] = frozenset()
    ) -> Rendered:
        """Return the families that *names* name, or all, in the form that is asked for."""


class Ticker(Protocol):
    """Runs periodic work at fixed moments of the wall clock, and single calls after a delay."""

    def every(self, name: str, seconds: float, action: Callable[[], Awaitable[None]]) -> None:
        """Run *action* each *seconds*, at a phase hashed from *name*, in place of its namesake."""

    def forget(self, name: str) -> None:
        """End the periodic work called *name*; one that is not there is no fault."""

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Call *call* once, after *seconds*."""

    def start(self) -> None:
        """Begin. Needs a running event loop."""

    def stop(self) -> None:
        """Run no more periodic work; single calls still come."""


class Reload(Protocol):
    """Reads the configuration again."""

    async def __call__(self) -> tuple[str, ...]:
        """Return the faults that kept the old configuration in place; none if it was taken."""
