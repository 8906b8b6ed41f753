"""P1 and P2: how soon after it was let out is a release to be had, and how soon everywhere?"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from textwrap import indent

from probe.domain.evidence import Pair, TimeSource
from probe.domain.target import EndpointKind
from probe.kpi.alerts import performance as alerts
from probe.kpi.evidence import Evidence, Released
from probe.kpi.folding import overall
from probe.kpi.model import (
    VERSION,
    Basis,
    Category,
    Direction,
    Formula,
    Group,
    Key,
    Kpi,
    Measure,
    Per,
    Rule,
    Unit,
)
from probe.kpi.value import Measured, Unknown, Value, quantile

_VERSIONS = "product, channel, version"
_PLACES = f"{_VERSIONS}, endpoint, probe_region"
_PUBLISHED = f"max by ({_VERSIONS}) (delivery_release_published_timestamp_seconds)"

# When a pair first had the files of a release; a pointer, such as latest, comes on its own.
_FIRST = f"""\
max by ({_PLACES}) (
  delivery_release_first_available_timestamp_seconds{{object="asset"}}
)"""
# Where somebody looked while it came: elsewhere it was there before, nobody knows since when.
_SEEN = f"""\
{_FIRST}
and on ({_PLACES}) delivery_release_first_available_uncertainty_seconds{{object="asset"}}"""
_LATE = "(delivery_release_excluded_after_deadline == 1)"
_IN_TIME = f"{_SEEN}\nunless on ({_PLACES}) {_LATE}"

# Who approved it told one process only; the others go by its tag or its publication.
_START = "\nor ".join(
    f'min by ({_VERSIONS}) (delivery_release_start_timestamp_seconds{{t0_source="{source}"}})'
    for source in TimeSource
)

PAIRS_PENDING = Rule(
    Group.CROSS_REGION,
    "delivery:release_pairs_pending:count",
    f"""\
max by ({_VERSIONS}) (delivery_release_required_endpoints)
- on ({_VERSIONS})
sum by ({_VERSIONS}) (
  max by ({_PLACES}) (delivery_release_excluded_after_deadline)
)
- on ({_VERSIONS})
(
  count by ({_VERSIONS}) (
{indent(_FIRST, "    ")}
    unless on ({_PLACES}) {_LATE}
  )
  or 0 * max by ({_VERSIONS}) (delivery_release_required_endpoints)
)""",
)

Span = Callable[[Released], timedelta | None]


def _to_first(release: Released) -> timedelta | None:
    return release.rollout.first_availability if release.rollout else None


def _to_all(release: Released) -> timedelta | None:
    return release.rollout.propagation if release.rollout else None


def to_edges(kinds: Mapping[str, EndpointKind]) -> Span:
    """Return P2 of the CDNs among the endpoints: it is pending while one of them is."""

    def span(release: Released) -> timedelta | None:
        rollout = release.rollout
        if rollout is None or any(_is_edge(pair, kinds) for pair in rollout.pending):
            return None
        lags = [rollout.lag(each) for each in rollout.reached if _is_edge(each.pair, kinds)]
        return max(lags, default=None)

    return span


def _is_edge(pair: Pair, kinds: Mapping[str, EndpointKind]) -> bool:
    return kinds.get(pair.endpoint) is EndpointKind.CDN


def span_at(fraction: float, span: Span, releases: Sequence[Released]) -> Value:
    """Return the seconds that *fraction* of the releases that have arrived stay within."""
    spans = [span(release) for release in releases]
    known = [each.total_seconds() for each in spans if each is not None]
    if spans and not known:
        return Unknown("of no release is known when it arrived")
    return quantile(fraction, known, excluded=len(spans) - len(known))


def _of_all(fraction: float, span: Span) -> Formula:
    return overall(lambda evidence: span_at(fraction, span, evidence.releases))


def _of_each(span: Span) -> Formula:
    def formula(evidence: Evidence) -> Mapping[Key, Value]:
        spans = {release.version: span(release) for release in evidence.releases}
        return {
            (version,): Unknown("it has not arrived") if each is None else _seconds(each)
            for version, each in spans.items()
        }

    return formula


def _pending(evidence: Evidence) -> Mapping[Key, Value]:
    waits = {
        release.version: release.rollout.pending_since(evidence.at)
        for release in evidence.releases
        if release.rollout is not None
    }
    return {(version,): _seconds(wait) for version, wait in waits.items() if wait is not None}


def _seconds(span: timedelta) -> Measured:
    return Measured(span.total_seconds(), 1)


def _fastest(release: Released) -> timedelta | None:
    rollout = release.rollout
    return rollout.lag(rollout.fastest) if rollout and rollout.fastest else None


def _median(release: Released) -> timedelta | None:
    return release.rollout.median_lag if release.rollout else None


def _at(fraction: float, of: str) -> str:
    # Of the releases of the window, those that are kept no more included, and none withdrawn.
    return f"""\
quantile by (product, channel) (
  {fraction},
  last_over_time({of}[30d])
  and on ({_VERSIONS}) delivery_release_assets
)"""


TIME_TO_FIRST_AVAILABILITY = Kpi(
    code="P1",
    name="time_to_first_availability",
    category=Category.PERFORMANCE,
    question="How long after it was let out could a release first be downloaded?",
    method="first verified download from any pair - approval, else tag, else publication; the "
    "time that 95 % of releases stay within",
    unit=Unit.SECONDS,
    direction=Direction.LOWER,
    target=300,
    per=Per.RELEASE,
    headline=Measure(
        _of_all(0.95, _to_first),
        Rule(
            Group.CROSS_REGION,
            "delivery:time_to_first_availability_seconds:quantile",
            _at(0.95, "delivery:time_to_first_availability_seconds"),
            {"quantile": "0.95"},
        ),
        basis=Basis.SIGHTS,
    ),
    release=Measure(
        _of_each(_to_first),
        Rule(
            Group.CROSS_REGION,
            "delivery:time_to_first_availability_seconds",
            f"""\
clamp_min(
  min by ({_VERSIONS}) (
{indent(_SEEN, "    ")}
  )
  - on ({_VERSIONS})
  (
{indent(_START, "    ")}
  ),
  0
)""",
        ),
        VERSION,
        basis=Basis.SIGHTS,
    ),
    parts=(
        Measure(
            _of_all(0.5, _to_first),
            Rule(
                Group.CROSS_REGION,
                "delivery:time_to_first_availability_seconds:quantile",
                _at(0.5, "delivery:time_to_first_availability_seconds"),
                {"quantile": "0.5"},
            ),
        ),
    ),
    alerts=(alerts.FIRST_AVAILABILITY_LATE,),
)


def _pairs_quantile(fraction: float, span: Span) -> Measure:
    return Measure(
        _of_each(span),
        Rule(
            Group.CROSS_REGION,
            "delivery:release_propagation_quantile_seconds",
            f"""\
clamp_min(
  quantile by ({_VERSIONS}) (
    {fraction:g},
{indent(_IN_TIME, "    ")}
  )
  - on ({_VERSIONS}) {_PUBLISHED},
  0
)""",
            {"quantile": f"{fraction:g}"},
        ),
        VERSION,
    )


GLOBAL_PROPAGATION = Kpi(
    code="P2",
    name="global_propagation",
    category=Category.PERFORMANCE,
    question="How long after publication did every required place serve a release?",
    method="last of the first verified downloads at the pairs that were required when it was "
    "published - publication; the time that 95 % of releases stay within; a release that some "
    "pair lacks is pending",
    unit=Unit.SECONDS,
    direction=Direction.LOWER,
    target=1800,
    per=Per.RELEASE,
    headline=Measure(
        _of_all(0.95, _to_all),
        Rule(
            Group.CROSS_REGION,
            "delivery:release_propagation_seconds:quantile",
            _at(0.95, "delivery:release_propagation_seconds"),
            {"quantile": "0.95"},
        ),
        basis=Basis.SIGHTS,
    ),
    release=Measure(
        _of_each(_to_all),
        Rule(
            Group.CROSS_REGION,
            "delivery:release_propagation_seconds",
            f"""\
clamp_min(
  max by ({_VERSIONS}) (
{indent(_IN_TIME, "    ")}
  )
  - on ({_VERSIONS}) {_PUBLISHED},
  0
)
and on ({_VERSIONS}) delivery:release_pairs_pending:count <= 0""",
        ),
        VERSION,
        basis=Basis.SIGHTS,
    ),
    parts=(
        Measure(
            _pending,
            Rule(
                Group.CROSS_REGION,
                "delivery:release_propagation_pending_seconds",
                f"""\
(time() - {_PUBLISHED})
and on ({_VERSIONS}) delivery:release_pairs_pending:count > 0""",
            ),
            VERSION,
        ),
        _pairs_quantile(0.0, _fastest),
        _pairs_quantile(0.5, _median),
    ),
    alerts=(*alerts.PROPAGATION_LATE, alerts.POINTER_STALE),
)


KPIS = (TIME_TO_FIRST_AVAILABILITY, GLOBAL_PROPAGATION)
