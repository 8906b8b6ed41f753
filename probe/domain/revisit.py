"""What makes one look at KPIs again: how a product is delivered otherwise than when reviewed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from probe.domain.basis import Basis
from probe.domain.target import EndpointKind

# By how much files have to grow, and releases to come more often, to be another thing.
GROWN_SIZE = 1.5
GROWN_RATE = 2.0

_HOSTS = frozenset({EndpointKind.GITHUB, EndpointKind.REPOSITORY, EndpointKind.OCI})
_PROOFS = ("signature_coverage", "provenance_coverage")


class Change(StrEnum):
    """The kinds of change after which KPIs and thresholds are looked at again."""

    REGIONS = "regions"
    ACCESS = "access"
    PROOFS = "proofs"
    GROWTH = "growth"
    HOSTING = "hosting"
    REPETITION = "repetition"
    CACHING = "caching"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One thing that has changed, in words."""

    change: Change
    what: str


def triggers(before: Basis, now: Basis, repeated: Iterable[str]) -> tuple[Trigger, ...]:
    """Return what has changed since a review; *repeated* are classes of incidents since then."""
    found = [Trigger(change, what) for change, look in _LOOKS.items() for what in look(before, now)]
    found += [Trigger(Change.REPETITION, f"incidents of {each} came again") for each in repeated]
    return tuple(found)


def _regions(before: Basis, now: Basis) -> Iterator[str]:
    if len(before.regions) <= 1 < len(now.regions):
        yield f"it has to be there in {len(now.regions)} regions, and had to in one"


def _access(before: Basis, now: Basis) -> Iterator[str]:
    modes = {"none", *(way.auth_mode for way in before.ways.values())}
    for mode in sorted({way.auth_mode for way in now.ways.values()} - modes):
        yield f"one gets in by {mode}"
    for endpoint in sorted(now.refused - before.refused):
        yield f"{endpoint} asks for no credentials, and turned somebody away"


def _proofs(before: Basis, now: Basis) -> Iterator[str]:
    if now.signed and not before.signed:
        yield "files are signed"
    if now.attested and not before.attested:
        yield "files can show where they were built"
    for kpi in _PROOFS:
        if kpi in now.targets and kpi not in before.targets:
            yield f"{kpi} has a target"


def _growth(before: Basis, now: Basis) -> Iterator[str]:
    added = sorted(now.platforms - before.platforms)
    if added and before.platforms:
        yield f"there are files for {', '.join(added)}"
    if _grew(before.size_p95_bytes, now.size_p95_bytes, GROWN_SIZE):
        yield f"the largest files are {_times(before.size_p95_bytes, now.size_p95_bytes)} as large"
    was, is_ = before.releases_a_month, now.releases_a_month
    if _grew(was, is_, GROWN_RATE) and (is_ or 0) - (was or 0) >= 1:
        yield f"releases come {_times(was, is_)} as often"


def _hosting(before: Basis, now: Basis) -> Iterator[str]:
    was, is_ = ({way.kind for way in basis.ways.values()} & _HOSTS for basis in (before, now))
    if was != is_ and before.ways:
        yield f"it is hosted at {_listed(is_)}, and was at {_listed(was)}"


def _caching(before: Basis, now: Basis) -> Iterator[str]:
    was, is_ = ({way.kind for way in basis.ways.values()} for basis in (before, now))
    for kind in sorted(each for each in is_ - was if each.caches):
        yield f"a {kind} serves it"
    for endpoint in sorted(now.cached - before.cached):
        yield f"a cache answers at {endpoint}, which is none"


_LOOKS: dict[Change, Callable[[Basis, Basis], Iterator[str]]] = {
    Change.REGIONS: _regions,
    Change.ACCESS: _access,
    Change.PROOFS: _proofs,
    Change.GROWTH: _growth,
    Change.HOSTING: _hosting,
    Change.CACHING: _caching,
}


def _grew(before: float | None, now: float | None, factor: float) -> bool:
    return before is not None and now is not None and 0 < before * factor <= now


def _times(before: float | None, now: float | None) -> str:
    return f"{(now or 0) / (before or 1):.1f} times"


def _listed(kinds: Iterable[EndpointKind]) -> str:
    return ", ".join(sorted(kinds)) or "none of github, oci and repository"
