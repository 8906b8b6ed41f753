"""R1-R4: how soon is a failure seen and mended, can one go back, and does it come again?"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from probe.domain.evidence import DetectedBy
from probe.domain.outage import repeats
from probe.domain.whole import Aspect, Whole, quorum_outages, wholes
from probe.kpi.alerts import recoverability as alerts
from probe.kpi.evidence import Evidence
from probe.kpi.folding import overall
from probe.kpi.model import (
    QUARTER,
    Category,
    Direction,
    Group,
    Key,
    Kpi,
    Measure,
    Per,
    Rule,
    Unit,
)
from probe.kpi.value import NO_INCIDENTS, Unknown, Value, mean, share

End = Callable[[Whole], datetime | None]


def _own(evidence: Evidence) -> list[Whole]:
    """Return the incidents that began in the window, with their parts."""
    window = evidence.window
    return [
        each
        for each in wholes(evidence.incidents)
        if window.since <= each.head.onset_at < window.until
    ]


def _seconds(incidents: Iterable[Whole], end: End) -> list[float]:
    ends = [(each.onset_at, end(each)) for each in incidents]
    return [max(0.0, (until - onset).total_seconds()) for onset, until in ends if until is not None]


def _mean_to(end: End) -> Callable[[Evidence], Value]:
    def reduce(evidence: Evidence) -> Value:
        incidents = _own(evidence)
        missing = Unknown("no incident is over") if incidents else NO_INCIDENTS
        return mean(_seconds(incidents, end), missing)

    return reduce


def _outages_by_endpoint(evidence: Evidence) -> Mapping[Key, Value]:
    found = quorum_outages(evidence.incidents, _regions(evidence), evidence.window)
    return {
        (endpoint,): mean([each.total_seconds() for each in outages])
        for endpoint, outages in found.items()
    }


def _regions(evidence: Evidence) -> Mapping[str, int]:
    regions: defaultdict[str, set[str]] = defaultdict(set)
    for segment in evidence.tallies:
        regions[segment.endpoint].add(segment.region)
    return {endpoint: len(names) for endpoint, names in regions.items()}


def _detected(incident: Whole) -> datetime | None:
    return incident.head.detected_at


def _restored(incident: Whole) -> datetime | None:
    return incident.restored_at


def _served(incident: Whole) -> datetime | None:
    return incident.served_at


def _told_by_users(evidence: Evidence) -> Value:
    return share(
        (each.head.detected_by is DetectedBy.USER for each in _own(evidence)),
        missing=NO_INCIDENTS,
    )


def _ready(evidence: Evidence) -> Value:
    return share(
        each.rollback.ready if each.rollback is not None else None for each in evidence.releases
    )


def _recurring(evidence: Evidence) -> Value:
    again = repeats(evidence.incidents)
    return share((each.head.id in again for each in _own(evidence)), missing=NO_INCIDENTS)


def _mean_duration(aspect: Aspect) -> str:
    of = f'{{aspect="{aspect}"}}'
    return f"""\
sum by (product, channel) (delivery_incidents_recent_duration_seconds{of})
/ (sum by (product, channel) (delivery_incidents_recent_over{of}) > 0)"""


TIME_TO_DETECT = Kpi(
    code="R1",
    name="time_to_detect",
    category=Category.RECOVERABILITY,
    question="How long does a failure go unseen?",
    method="mean of detection - onset, over the incidents of the window; the onset is halfway "
    "between the last success and the first failure",
    unit=Unit.SECONDS,
    direction=Direction.LOWER,
    target=300,
    per=Per.INCIDENT,
    headline=Measure(
        overall(_mean_to(_detected)),
        Rule(
            Group.RECOVERABILITY,
            "delivery:mean_time_to_detect_seconds",
            """\
sum by (product, channel) (delivery_incidents_recent_detection_seconds)
/ (sum by (product, channel) (delivery_incidents_recent) > 0)""",
        ),
        window=QUARTER,
    ),
    parts=(
        Measure(
            overall(_told_by_users),
            Rule(
                Group.RECOVERABILITY,
                "delivery:incidents_told_by_users:ratio_90d",
                """\
sum by (product, channel) (delivery_incidents_recent{detected_by="user"})
/ (sum by (product, channel) (delivery_incidents_recent) > 0)""",
            ),
            window=QUARTER,
        ),
    ),
)

# The same without a register, of what is recorded each minute: minutes of outage, and how often it
# began. A window that opens in an outage sees it end and not begin, half of a change more: ceil.
_MINUTES = "60 * sum_over_time(delivery:endpoint_outage_merged:bool[90d:1m])"
_OUTAGES = "ceil(changes(delivery:endpoint_outage_merged:bool[90d:1m]) / 2)"

TIME_TO_RESTORE = Kpi(
    code="R2",
    name="time_to_restore",
    category=Category.RECOVERABILITY,
    question="How long does it take until what failed can be downloaded again?",
    method="mean of restoration - onset, over the incidents of the window that are over; by "
    "endpoint the time in which two regions saw it down (or the only one) / number of such times",
    unit=Unit.SECONDS,
    direction=Direction.LOWER,
    target=3600,
    per=Per.INCIDENT,
    headline=Measure(
        overall(_mean_to(_restored)),
        Rule(
            Group.RECOVERABILITY,
            "delivery:mean_time_to_restore_overall_seconds",
            _mean_duration(Aspect.ENDPOINT),
        ),
        window=QUARTER,
    ),
    parts=(
        Measure(
            _outages_by_endpoint,
            Rule(
                Group.RECOVERABILITY,
                "delivery:mean_time_to_restore_seconds",
                f"{_MINUTES}\n/ ({_OUTAGES} > 0)",
            ),
            ("endpoint",),
            window=QUARTER,
        ),
        Measure(
            overall(_mean_to(_served)),
            Rule(
                Group.RECOVERABILITY,
                "delivery:mean_time_to_serve_seconds",
                _mean_duration(Aspect.SERVICE),
            ),
            window=QUARTER,
        ),
    ),
)

OUTAGES = Rule(Group.RECOVERABILITY, "delivery:outages:count_90d", _OUTAGES)

ROLLBACK_READINESS = Kpi(
    code="R3",
    name="rollback_readiness",
    category=Category.RECOVERABILITY,
    question="Could users go back to the last good release?",
    method="releases whose named known-good predecessor is still served, signed and documented / "
    "releases of the window",
    unit=Unit.RATIO,
    direction=Direction.HIGHER,
    target=0.95,
    per=Per.MOMENT,
    headline=Measure(
        overall(_ready),
        Rule(
            Group.CROSS_REGION,
            "delivery:rollback_readiness:ratio",
            """\
sum by (product, channel) (min by (product, channel, version) (delivery_rollback_ready))
/ count by (product, channel) (min by (product, channel, version) (delivery_rollback_ready))""",
        ),
    ),
    alerts=(alerts.NO_WAY_BACK,),
)

INCIDENT_RECURRENCE = Kpi(
    code="R4",
    name="incident_recurrence",
    category=Category.RECOVERABILITY,
    question="How often does the same kind of failure come again?",
    method="incidents with an earlier one of their class within 90 days / incidents of the window",
    unit=Unit.RATIO,
    direction=Direction.LOWER,
    target=0.2,
    headline=Measure(
        overall(_recurring),
        Rule(
            Group.RECOVERABILITY,
            "delivery:incident_recurrence:ratio_90d",
            """\
sum by (product, channel) (delivery_incidents_recent{recurrence="true"})
/ (sum by (product, channel) (delivery_incidents_recent) > 0)""",
        ),
        window=QUARTER,
    ),
)

KPIS = (TIME_TO_DETECT, TIME_TO_RESTORE, ROLLBACK_READINESS, INCIDENT_RECURRENCE)
