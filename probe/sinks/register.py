"""The incident register in memory: kept in the ledger first, and shown as series then."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from itertools import product as combinations

from probe import series
from probe.domain.evidence import DetectedBy, Entry, IncidentRecord
from probe.domain.failure import DELIVERY_REASONS
from probe.domain.outage import (
    RECURRENCE,
    UNKNOWN,
    class_of,
    default_class,
    placed_among,
)
from probe.domain.snapshot import ProductKey
from probe.domain.streak import IncidentPolicy
from probe.domain.target import Product
from probe.domain.whole import Whole, wholes
from probe.ports import Clock, Ledger, Metrics
from probe.sinks.board import Board
from probe.sinks.recent import RECURRENCES, recent_gauges
from probe.sinks.unheard import Unheard

USUAL = IncidentPolicy()

_SERIES = (series.INCIDENT_DETECTION, series.INCIDENT_RESTORE)


Place = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A record that is on its way to the disk; *answer* comes when it is there."""

    answer: "Future[bool]"
    incident: IncidentRecord


class Register:
    """
    Every incident of the last 90 days, and those that are open.

    What is put in is in force at once, and shown as soon as the ledger has answered: at the latest
    with the next ``tick``. If the ledger is down it is shown all the same. One that is over for
    less than ``merge`` may go on again. Unless it *counts*, only what is open is shown: of several
    registers that see the same outage one has to count it.
    """

    def __init__(
        self,
        metrics: Metrics,
        clock: Clock,
        ledger: Ledger,
        merge: timedelta = USUAL.merge,
        *,
        counts: bool = True,
    ) -> None:
        self.merge = merge
        self._metrics = metrics if counts else Unheard()
        self._clock = clock
        self._ledger = ledger
        self._open = Board(metrics)
        self._recent = Board(self._metrics)
        self._incidents: dict[str, IncidentRecord] = {}
        self._shown: dict[str, IncidentRecord] = {}
        self._unrestored: set[str] = set()
        self._waiting: list[_Kept] = []
        self._declared: dict[ProductKey, set[str]] = {}
        self._places: tuple[Place, ...] = ()

    def restore(self, incidents: Iterable[IncidentRecord]) -> None:
        """Take in what the ledger holds; to be called before anything else."""
        for each in incidents:
            self._incidents[each.id] = each
            self._show(each)
        self.tick()
        self._show_open()

    def find(self, id: str) -> IncidentRecord | None:  # noqa: A002 - as the record names it
        """Return the incident of that id, if it is remembered."""
        return self._incidents.get(id)

    def select(self, wanted: Callable[[IncidentRecord], bool]) -> Sequence[IncidentRecord]:
        """Return the incidents that are *wanted*, by their beginning."""
        chosen = filter(wanted, self._incidents.values())
        return sorted(chosen, key=lambda each: (each.onset_at, each.id))

    def place(self, incident: IncidentRecord) -> IncidentRecord:
        """Return a new *incident* with what it is part of, or which one it repeats."""
        return placed_among(incident, self._incidents.values())

    def keep(self, incident: IncidentRecord, *more: Entry) -> "Future[bool]":
        """Put in *incident*, in place of what it was, and have it written together with *more*."""
        self._incidents[incident.id] = incident
        answer = self._ledger.submit(incident, *more)
        self._waiting.append(_Kept(answer, incident))
        self._settle()
        return answer

    def retarget(self, products: Sequence[Product], places: Iterable[Place]) -> None:
        """Start the counters of new products at zero, drop those of products that are gone."""
        self._places = tuple(places)
        known = {product.key: product for product in products}
        for key in self._declared.keys() - known.keys():
            self._undeclare(key)
        for key, product in known.items():
            self._declare(key, product)
        self._show_open()

    def tick(self) -> None:
        """Show what was kept meanwhile, and which incidents are over for good."""
        self._settle()
        if self._unrestored:
            for each in wholes(self._shown.values()):
                if each.head.id in self._unrestored:
                    self._show_end(each)
        self._forget()
        recent = recent_gauges(self._shown.values(), self._declared, self._clock.now())
        self._recent.show(("recent",), recent)

    def _settle(self) -> None:
        still: list[_Kept] = []
        for each in self._waiting:
            if each.answer.done():
                self._show(each.incident)
            else:
                still.append(each)
        if len(still) < len(self._waiting):
            self._waiting = still
            self._show_open()

    def _show(self, incident: IncidentRecord) -> None:
        new = incident.id not in self._shown
        self._shown[incident.id] = incident
        if not new or incident.joined:
            return
        self._unrestored.add(incident.id)
        place = _key(incident)
        recurrence = "true" if incident.recurs else "false"
        labels = (*place, default_class(incident), recurrence, incident.detected_by.value)
        self._metrics.inc(series.INCIDENTS, labels)

    def _show_end(self, whole: Whole) -> None:
        # Until then another region may turn out to have seen it sooner, or it may flap.
        restored_at = whole.restored_at
        if restored_at is None or self._clock.now() - restored_at < self.merge:
            return
        head, onset_at = whole.head, whole.onset_at
        self._unrestored.discard(head.id)
        for metric, until in (
            (series.INCIDENT_DETECTION, head.detected_at),
            (series.INCIDENT_RESTORE, restored_at),
        ):
            seconds = max(0.0, (until - onset_at).total_seconds())
            self._metrics.observe(metric, _key(head), seconds)

    def _declare(self, key: ProductKey, product: Product) -> None:
        kinds = {each.kind for each in product.endpoints}
        reasons = (*DELIVERY_REASONS, UNKNOWN)
        wanted = {class_of(*each) for each in combinations(reasons, kinds)}
        wanted.add(class_of(UNKNOWN, UNKNOWN))
        for class_ in wanted - self._declared.get(key, set()):
            for labels in _labels(key, class_):
                self._metrics.declare(series.INCIDENTS, labels)
        for metric in _SERIES:
            self._metrics.declare(metric, key)
        self._declared[key] = self._declared.get(key, set()) | wanted

    def _undeclare(self, key: ProductKey) -> None:
        counted = {default_class(each) for each in self._shown.values() if _key(each) == key}
        for class_ in self._declared.pop(key) | counted:
            for labels in _labels(key, class_):
                self._metrics.remove(series.INCIDENTS, labels)
        for metric in _SERIES:
            self._metrics.remove(metric, key)

    def _forget(self) -> None:
        since = self._clock.now() - RECURRENCE - self.merge
        for id_, each in list(self._shown.items()):
            over = each.restored_at is not None and each.restored_at < since
            if over and id_ not in self._unrestored:
                del self._shown[id_]
                self._incidents.pop(id_, None)

    def _show_open(self) -> None:
        open_at = Counter(
            (each.product, each.channel, each.endpoint, each.region)
            for each in self._shown.values()
            if each.restored_at is None
        )
        gauges: dict[tuple[series.Metric, tuple[str, ...]], float] = {
            (series.INCIDENTS_OPEN, place): float(open_at[place])
            for place in {*self._places, *open_at}
        }
        self._open.show(("open",), gauges)


def _key(incident: IncidentRecord) -> ProductKey:
    return (incident.product, incident.channel)


def _labels(key: ProductKey, class_: str) -> Iterable[tuple[str, ...]]:
    for recurrence, by in combinations(RECURRENCES, DetectedBy):
        yield (*key, class_, recurrence, by.value)
