"""Where each release has come to, as series: first availability, propagation, who is current."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from probe import series
from probe.domain.artifact import Release
from probe.domain.evidence import (
    Event,
    Pair,
    Published,
    SightedKind,
    Sighting,
    first_listed,
    required_pairs,
)
from probe.domain.observation import Inconclusive, Observation
from probe.domain.propagation import Rollout, rollout
from probe.domain.remembered import RememberedRollouts, approved
from probe.domain.rollouts import rollouts
from probe.domain.snapshot import ProductKey
from probe.domain.target import Product, Region, Target
from probe.ports import Clock, Metrics
from probe.sinks.board import Board
from probe.sinks.presence import Presence
from probe.sinks.register import Place

VersionKey = tuple[str, str, str]
Gauges = dict[tuple[series.Metric, tuple[str, ...]], float]

_Seen = dict[tuple[str, ...], Sighting]


@dataclass(slots=True)
class _Train:
    """
    One product on one channel: its kept releases, newest first, and who has the newest.

    ``required`` are the pairs that have to serve the newest now.
    """

    product: Product
    kept: tuple[str, ...] = ()
    required: tuple[Pair, ...] = ()
    presence: dict[Pair, Presence] = field(default_factory=dict)


class RolloutSink:
    """
    Follows every kept release over the pairs that had to serve it when it came out.

    First sights come from the ledger, which tells of them when they are on the disk. ``elsewhere``
    names the regions that other processes probe from: their pairs are required too.
    """

    def __init__(self, metrics: Metrics, clock: Clock, elsewhere: Collection[str] = ()) -> None:
        self.elsewhere = elsewhere
        self._clock = clock
        self._board = Board(metrics)
        self._published: dict[VersionKey, Published] = {}
        self._seen: defaultdict[VersionKey, _Seen] = defaultdict(dict)
        self._approvals: defaultdict[VersionKey, list[Event]] = defaultdict(list)
        self._named: dict[Place, str] = {}
        self._trains: dict[ProductKey, _Train] = {}
        self._rolled: dict[VersionKey, tuple[Rollout, Rollout]] = {}
        self._presence: dict[str, Presence] = {}

    def restore(self, remembered: RememberedRollouts) -> None:
        """Take in what the ledger holds; to be called before the first plan."""
        for each in remembered.published:
            self._published[_key(each)] = each
        for event in remembered.approvals:
            self._approvals[event.product, event.channel, event.version].append(event)
        for naming in remembered.namings:
            place = (naming.product, naming.channel, naming.endpoint, naming.region)
            self._named[place] = naming.version
        self.sighted(remembered.sightings)

    def retarget(self, products: Sequence[Product], targets: Sequence[Target]) -> None:
        """Freeze the pairs of new releases, and forget the series of those that are gone."""
        before = {(*key, version) for key, train in self._trains.items() for version in train.kept}
        known = {product.key: product for product in products}
        self._trains, self._presence = _trains(known, targets, self._trains)
        regions: defaultdict[ProductKey, set[Region]] = defaultdict(set)
        releases: dict[VersionKey, Release] = {}
        for target in targets:
            key = (target.product, target.release.channel)
            regions[key].add(Region(target.region.name))
            releases[*key, target.release.version] = target.release
        for version, release in releases.items():
            if (product := known.get(version[:2])) is not None:
                self._list(version, product, release, regions[version[:2]])
        for key, train in self._trains.items():
            newest = self._published[*key, train.kept[0]].release
            train.required = required_pairs(train.product, newest, regions[key])
        now_kept = {
            (*key, version) for key, train in self._trains.items() for version in train.kept
        }
        for gone in before - now_kept:
            self._board.show(gone, {})
            self._rolled.pop(gone, None)
        for key in {version[:2] for version in before} - self._trains.keys():
            self._board.show(key, {})
        for version in now_kept:
            self._roll(version)
        self._show_presence()

    def record(self, observation: Observation) -> None:
        """Note whether the current release is where it was asked for."""
        presence = self._presence.get(observation.probe.target.key)
        if presence is not None and not isinstance(observation.verdict, Inconclusive):
            presence.hear(observation, self._clock.monotonic())

    def sighted(self, sightings: Iterable[Sighting]) -> None:
        """Take in first sights that are in the ledger."""
        changed = set()
        for each in sightings:
            version = (each.product, each.channel, each.version)
            place = (each.kind, each.name, each.endpoint, each.region, each.address)
            self._seen[version][place] = each
            changed.add(version)
        for version in changed & self._rolled.keys():
            self._roll(version)

    def approve(self, event: Event) -> None:
        """Take in an approval that is in the ledger: the release was let out then."""
        version = (event.product, event.channel, event.version)
        self._approvals[version].append(event)
        if version in self._rolled:
            self._roll(version)

    def is_approved(self, event: Event) -> bool:
        """Tell whether the approval of the same release is known."""
        version = (event.product, event.channel, event.version)
        return any(each.id == event.id for each in self._approvals.get(version, ()))

    def name(self, product: str, channel: str, pair: Pair, version: str) -> bool:
        """Take in which release the marker of *pair* names, if any; tell whether that is new."""
        place = (product, channel, pair.endpoint, pair.region)
        if self._named.get(place) == version:
            return False
        self._named[place] = version
        return True

    def kept(self, product: str, channel: str) -> tuple[str, ...]:
        """Return the versions that are followed, newest first."""
        train = self._trains.get((product, channel))
        return train.kept if train else ()

    def newest_by(self, product: str, channel: str, moment: datetime) -> str:
        """Return the newest version that was published by *moment*; empty if there is none."""
        for version in self.kept(product, channel):
            published = self._published[product, channel, version]
            if published.release.published_at <= moment:
                return version
        return ""

    def tick(self) -> None:
        """Show what changes by time alone: deadlines, staleness, and what nobody asked lately."""
        for version, both in list(self._rolled.items()):
            if any(each.pending for each in both):
                self._roll(version)
        self._show_presence()

    def rollouts(self, product: str, channel: str) -> tuple[Rollout, ...]:
        """Return the rollouts of the kept releases, newest first, of files and then of pointers."""
        train = self._trains.get((product, channel))
        kept = train.kept if train else ()
        return tuple(
            each
            for version in kept
            for each in self._rolled[product, channel, version]
            if each.kind is SightedKind.ASSET or each.has or each.pending or each.excluded
        )

    def _list(
        self, version: VersionKey, product: Product, release: Release, regions: Collection[Region]
    ) -> None:
        known, now = self._published.get(version), self._clock.now()
        self._published[version] = (
            first_listed(product, release, regions, self.elsewhere, now)
            if known is None
            else known.again(release, now)
        )

    def _roll(self, version: VersionKey) -> None:
        product = self._trains[version[:2]].product
        published = approved(self._published[version], self._approvals.get(version, ()))
        seen = tuple(self._seen.get(version, {}).values())
        assets, pointers = rollouts(published, product, seen, self._clock.now())
        self._rolled[version] = (assets, pointers)
        required = len(published.required) + len(published.elsewhere)
        self._board.show(version, gauges_of(assets, pointers, required))

    def _show_presence(self) -> None:
        now, monotonic = self._clock.now(), self._clock.monotonic()
        for key, train in self._trains.items():
            newest = self._newest(key, train)
            rolled = [newest, *(self._rolled[*key, version][0] for version in train.kept[1:])]
            gauges: Gauges = {}
            named = {each.name for each in train.product.endpoints if each.names_a_release}
            for pair, presence in train.presence.items():
                if pair not in train.required:
                    continue
                labels = (*key, pair.endpoint, pair.region)
                presence.named = self._named.get(labels, "") if pair.endpoint in named else ""
                serves = presence.serves(newest, monotonic)
                if serves is not None:
                    gauges[series.ENDPOINT_CURRENT, labels] = float(serves)
                oldest = presence.lacks(rolled, monotonic)
                stale = 0.0 if oldest is None else (now - oldest.published_at).total_seconds()
                gauges[series.ENDPOINT_STALENESS, labels] = max(0.0, stale)
            for pair in self._required_elsewhere(key, train):
                gauges[series.ENDPOINT_REQUIRED, (*key, pair.endpoint, pair.region)] = 1.0
            self._board.show(key, gauges)

    def _newest(self, key: ProductKey, train: _Train) -> Rollout:
        """Return the rollout of the newest release over the pairs that are required by now."""
        version = (*key, train.kept[0])
        published, rolled = self._published[version], self._rolled[version][0]
        if set(train.required) <= set(published.required):
            return rolled
        return rollout(
            replace(published, required=train.required),
            self._seen.get(version, {}).values(),
            self._clock.now(),
        )

    def _required_elsewhere(self, key: ProductKey, train: _Train) -> tuple[Pair, ...]:
        # Where the process of a region is dead its mirrors are missing, not gone.
        release = self._published[*key, train.kept[0]].release
        return required_pairs(train.product, release, map(Region, sorted(set(self.elsewhere))))


def gauges_of(assets: Rollout, pointers: Rollout, required: int) -> Gauges:
    """Return the gauges of one release; *required* counts the pairs of every region."""
    version = (assets.product, assets.channel, assets.version)
    gauges: Gauges = {(series.RELEASE_REQUIRED_ENDPOINTS, version): float(required)}
    # Of a release that was out before anybody looked nobody knows when it came.
    if not assets.found:
        start = (*version, assets.start_source.value)
        gauges[series.RELEASE_START, start] = assets.started_at.timestamp()
    for pair in (*assets.has, *assets.pending, *assets.excluded):
        place = (*version, pair.endpoint, pair.region)
        gauges[series.RELEASE_EXCLUDED, place] = float(pair in assets.excluded)
    for each in (assets, pointers):
        for reached in (*each.reached, *each.late, *each.found):
            labels = (*version, reached.pair.endpoint, reached.pair.region, each.kind.value)
            gauges[series.RELEASE_FIRST_AVAILABLE, labels] = reached.at.timestamp()
            if reached not in each.found:
                uncertainty = each.uncertainty(reached).total_seconds()
                gauges[series.RELEASE_UNCERTAINTY, labels] = uncertainty
    return gauges


def _trains(
    products: dict[ProductKey, Product],
    targets: Sequence[Target],
    before: dict[ProductKey, _Train],
) -> tuple[dict[ProductKey, _Train], dict[str, Presence]]:
    trains: dict[ProductKey, _Train] = {}
    presences: dict[str, Presence] = {}
    for target in targets:
        key = (target.product, target.release.channel)
        if key not in products:
            continue
        train = trains.setdefault(key, _Train(products[key]))
        version = target.release.version
        if version not in train.kept:
            train.kept = (*train.kept, version)
        if version != train.kept[0]:
            continue
        pair = Pair(target.endpoint.name, target.region.name)
        presence = train.presence.get(pair)
        if presence is None:
            presence = train.presence[pair] = Presence(pair, version)
            if key in before and (old := before[key].presence.get(pair)) is not None:
                presence.follow(old)
        presence.plan(target)
        presences[target.key] = presence
    return trains, presences


def _key(published: Published) -> VersionKey:
    return (published.product, published.release.channel, published.release.version)
