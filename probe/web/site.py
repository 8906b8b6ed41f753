"""What the pages are made of: the parts of the service, as the web sees them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from probe.domain.evidence import IncidentRecord
from probe.domain.gate_record import Record
from probe.domain.incident_record import IncidentSearch
from probe.domain.observation import Observation
from probe.domain.override import Word
from probe.domain.part import Part
from probe.domain.role import Role
from probe.domain.target import Probe, Target
from probe.domain.told import Alert, Approval, PostMortem, Report, Told
from probe.ports import Clock, Exposition, Reload, Rendered


class Status(Protocol):
    """How the service stands."""

    def ready(self) -> bool:
        """Tell whether a catalog was read, so that there is something to probe."""

    def regions(self) -> Sequence[str]:
        """Return the names of the regions that are probed from."""

    def targets(self) -> Sequence[Target]:
        """Return the whole plan; the same object as long as the plan is the same."""


class History(Protocol):
    """The last observations."""

    def find(self, id: str) -> Observation | None:  # noqa: A002 - as Observation names it
        """Return the observation of that id, if it is still kept."""

    def latest(
        self, limit: int, wanted: Callable[[Observation], bool] = ...
    ) -> Sequence[Observation]:
        """Return at most *limit* observations that are *wanted*, newest first."""


class OnDemand(Protocol):
    """Makes one attempt at once; neither schedule nor series hear of it."""

    async def __call__(self, probe: Probe) -> Observation:
        """Return what the attempt brought."""


class Outside(Protocol):
    """Makes a target of a URL that is in no catalog."""

    def __call__(self, url: str) -> Target:
        """
        Return a target whose artifact is known by its URL alone.

        Raises:
            ValueError: not a URL that can be probed; the text says why.
        """


class RenderOne(Protocol):
    """Shows one observation as exposition text."""

    def __call__(self, observation: Observation, accept: str) -> Rendered:
        """Return the text in the format that *accept* prefers."""


class Reception(Protocol):
    """Takes in what is told; each comes back when that is on the disk."""

    async def approve(self, approval: Approval) -> Told:
        """
        Take an approval.

        Raises:
            Unfit: no such product.
        """

    async def alert(self, alert: Alert) -> Told:
        """Take an alert; one about no known product is ignored."""

    async def report(self, report: Report) -> IncidentRecord:
        """
        Take the report of a user.

        Raises:
            Unfit: no such product or endpoint, or an end before its beginning.
        """

    async def post_mortem(self, found: PostMortem) -> IncidentRecord:
        """
        Take what was found about an incident.

        Raises:
            Unfit: no such incident, or moments that cannot be.
        """


class Decisions(Protocol):
    """
    Takes in what people decide, as JSON says what came of it, when it is on the disk.

    Raises:
        NoSuchProduct: no product is meant, or several could be.
        EvidenceUnavailable: there is no ledger, or it cannot be read.
    """

    async def override(self, word: Word) -> Record:
        """
        Take an override of a gate, or take one back.

        Raises:
            Unfit: it is about no gate of the product, or holds for too long.
        """

    async def review(self, product: str, channel: str, who: str, note: str) -> Record:
        """Take in that the KPIs of a product were reviewed; return what there was to look at."""


class Answers(Protocol):
    """
    Says what is known of releases, as JSON.

    Raises:
        NoSuchProduct: no product is meant, or several could be.
        EvidenceUnavailable: there is no ledger, or it cannot be read.
    """

    async def scorecard(self, product: str, channel: str, version: str) -> Record:
        """Return the scorecard of a release, or of a product if *version* is empty."""

    async def gate(self, product: str, channel: str, version: str, regions: int) -> Record:
        """Return what is held of a release, seen from so many *regions* at least."""

    async def review(self, product: str, channel: str) -> Record:
        """Return what a review of the KPIs of a product has to look at."""

    async def incidents(self, search: IncidentSearch) -> Record:
        """Return the incidents that *search* wants."""

    async def incident(self, id: str) -> Record | None:  # noqa: A002 - as the record names it
        """Return an incident with what is part of it; ``None`` if there is none of that id."""

    async def rollouts(self, product: str, channel: str, version: str, part: Part) -> Record:
        """Return where the releases of a product have come, or one of them if it is named."""


class Views(Protocol):
    """
    Says as JSON what a page shows; ``None`` where nothing is known of what is asked for.

    Raises:
        NoSuchProduct: no product is meant, or several could be.
        EvidenceUnavailable: there is no ledger, or it cannot be read.
    """

    async def overview(self) -> Record:
        """Return every product, and how the prober itself is."""

    async def train(self, product: str, channel: str) -> Record:
        """Return one product on one channel."""

    async def release(self, product: str, channel: str, version: str, offset: int) -> Record | None:
        """Return one release; its files from *offset* on."""

    async def incidents(self, offset: int) -> Record:
        """Return the incidents of late, from *offset* on."""

    async def incident(self, id: str) -> Record | None:  # noqa: A002 - as the record names it
        """Return one incident."""

    async def targets(self, offset: int) -> Record:
        """Return the plan, from *offset* on."""

    async def target(self, key: str) -> Record | None:
        """Return one target."""

    async def kpis(self, product: str, channel: str) -> Record:
        """Return the KPIs of one product; of the first where none is named."""


class Draw(Protocol):
    """Draws a page; for any thread."""

    def __call__(self, page: str, record: Record, twin: str) -> str:
        """Return *record* as HTML; *twin* is the address of the same as JSON, below the base."""


class Asset(Protocol):
    """A file that pages refer to, under a name that changes with what is in it."""

    @property
    def name(self) -> str:
        """Return the name."""

    @property
    def content_type(self) -> str:
        """Return what it is."""

    @property
    def body(self) -> bytes:
        """Return what is in it."""


class Sheet(Protocol):
    """A page that stands alone, and the Content-Security-Policy that it is sent with."""

    @property
    def html(self) -> str:
        """Return the page."""

    @property
    def policy(self) -> str:
        """Return what a browser may load for it: nothing."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """
    What the pages for people are made of: what they say, and how it is drawn.

    ``scorecard`` draws one that stands alone, of its record and the address of the same as JSON.
    """

    views: Views
    draw: Draw
    assets: Sequence[Asset]
    scorecard: Callable[[Record, str], Sheet]


@dataclass(frozen=True, slots=True)
class Writing:
    """
    What those who may write get at; *token* is read anew for each request.

    ``token`` raises ``SecretUnavailable``.
    """

    reception: Reception
    decisions: Decisions
    clock: Clock
    token: Callable[[], str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Site:
    """
    Everything behind the pages.

    ``configuration`` is what is in force, as YAML without secrets. Links to pages begin with
    ``base``, the path under which users find them. ``outside`` gives ``None`` while only targets
    of the catalog may be probed on demand, ``writing`` is ``None`` where no token is configured,
    ``answers`` where nothing is kept.
    ``timeout_offset_seconds`` is left of a scrape's timeout for what is not probing.
    ``patience_seconds`` is how long a client may take to read an answer.
    """

    version: str
    status: Status
    exposition: Exposition
    history: History
    on_demand: OnDemand
    render_one: RenderOne
    reload: Reload
    gallery: Gallery
    configuration: Callable[[], str] = lambda: ""
    base: str = ""
    outside: Callable[[], Outside | None] = lambda: None
    writing: Writing | None = None
    answers: Answers | None = None
    role: Role = Role.BOTH
    timeout_offset_seconds: float = 0.5
    probes_at_once: int = 4
    patience_seconds: float = 30.0
