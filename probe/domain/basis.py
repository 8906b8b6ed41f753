"""What a review of KPIs was held against: how a product was delivered then, and what was asked."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from probe.domain.evidence import Review
from probe.domain.target import EndpointKind

CACHE = "cache"
"""The kind of events whose detail names an endpoint that is no cache and at which one was seen."""

_FORM = 1


@dataclass(frozen=True, slots=True)
class Way:
    """An endpoint: what is behind it, and how one gets in."""

    kind: EndpointKind
    auth_mode: str
    required: bool


@dataclass(frozen=True, slots=True)
class Basis:
    """
    How a product is delivered, as far as its KPIs depend on it; ``None`` is what is not known.

    ``targets`` are by KPI, in its unit. ``regions`` are those of required pairs. ``platforms`` are
    expected or built. ``size_p95_bytes`` is of the files that users install, ``releases_a_month``
    of the last 90 days. ``signed`` and ``attested`` tell of a proof that was verified, ``cached``
    names endpoints that are no cache and at which one was seen, ``refused`` those that want no
    credentials and turned somebody away.
    """

    targets: Mapping[str, float] = field(default_factory=dict)
    ways: Mapping[str, Way] = field(default_factory=dict)
    regions: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()
    size_p95_bytes: int | None = None
    releases_a_month: float | None = None
    signed: bool = False
    attested: bool = False
    cached: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()


def basis_text(basis: Basis) -> str:
    """Return *basis* as JSON, the same for the same."""
    told = {each.name: _plain(getattr(basis, each.name)) for each in fields(basis)}
    return json.dumps({"form": _FORM, **told}, sort_keys=True, ensure_ascii=False)


def read_basis(text: str) -> Basis | None:
    """Return what *text* says; ``None`` where it cannot be read, as an import may bring it."""
    try:
        told = json.loads(text)
        return _basis(told) if told["form"] == _FORM else None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None


def reviewed_at(reviews: Iterable[Review], kpi: str) -> datetime | None:
    """Return when a KPI was last reviewed: the last of *reviews* of which it was a target."""
    found = (
        each.at
        for each in reviews
        if (basis := read_basis(each.basis)) is not None and kpi in basis.targets
    )
    return max(found, default=None)


def _plain(value: object) -> object:
    match value:
        case frozenset():
            return sorted(value)
        case Mapping():
            return {name: _plain(each) for name, each in value.items()}
        case Way():
            return [value.kind.value, value.auth_mode, value.required]
    return value


def _basis(told: Mapping[str, Any]) -> Basis:
    size, rate = told["size_p95_bytes"], told["releases_a_month"]
    return Basis(
        targets={str(kpi): float(bound) for kpi, bound in told["targets"].items()},
        ways={
            str(name): Way(EndpointKind(kind), str(auth_mode), bool(required))
            for name, (kind, auth_mode, required) in told["ways"].items()
        },
        size_p95_bytes=None if size is None else int(size),
        releases_a_month=None if rate is None else float(rate),
        signed=bool(told["signed"]),
        attested=bool(told["attested"]),
        **{name: frozenset(map(str, told[name])) for name in _SETS},
    )


_SETS = ("regions", "platforms", "cached", "refused")
