"""Which new files an origin has been seen to have, so that copies may be asked for them."""

from collections.abc import Iterable
from datetime import UTC, datetime

from probe.domain.observation import Observation, Passed
from probe.domain.schedule import MICROSECONDS
from probe.domain.target import Endpoint, Product
from probe.domain.watch import (
    ArtifactKey,
    artifact_key,
    held_until,
    is_new,
    origins_of,
    waits_for_origin,
)
from probe.engine.roster import TargetState
from probe.ports import Clock


class Arrivals:
    """Remembers the new artifacts that passed at an origin, from any region."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._origins: dict[tuple[str, str], tuple[Endpoint, ...]] = {}
        self._arrived: set[ArtifactKey] = set()

    def retarget(self, products: Iterable[Product], states: Iterable[TargetState]) -> None:
        """Take what there is to probe."""
        self._origins = {product.key: origins_of(product) for product in products}
        known: set[ArtifactKey] = set()
        for state in states:
            known.add(artifact_key(state.target))
            self._recall(state)
            waits = waits_for_origin(state.target, self._of(state))
            state.waits_for_origin = waits and not state.proven
        self._arrived &= known

    def _recall(self, state: TargetState) -> None:
        if state.proven and state.target.endpoint in self._of(state):
            self._arrived.add(artifact_key(state.target))

    def note(self, state: TargetState, observation: Observation) -> None:
        """Take what an attempt showed."""
        target = state.target
        if (
            isinstance(observation.verdict, Passed)
            and is_new(target.release.published_at, observation.started_at)
            and target.endpoint in self._of(state)
        ):
            self._arrived.add(artifact_key(target))

    def holds(self, state: TargetState) -> bool:
        """Tell whether asking now could plant an error in a cache."""
        if not state.waits_for_origin:
            return False
        first_seen = datetime.fromtimestamp(state.first_seen_us / MICROSECONDS, UTC)
        published = state.target.release.published_at
        if (
            self._clock.now() >= held_until(published, first_seen)
            or artifact_key(state.target) in self._arrived
        ):
            state.waits_for_origin = False
        return state.waits_for_origin

    def _of(self, state: TargetState) -> tuple[Endpoint, ...]:
        target = state.target
        return self._origins.get((target.product, target.release.channel), ())
