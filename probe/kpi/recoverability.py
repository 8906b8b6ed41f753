"""R1-R4: how soon is a failure seen and mended, can one go back, and does it come again?"""

from collections.abc import Callable, Mapping
from datetime import datetime

from probe.domain.evidence import DetectedBy, IncidentRecord
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
    Rule,
    Unit,
)
from probe.kpi.value import NO_INCIDENTS, Unknown, Value, mean, share

End = Callable[[IncidentRecord], datetime | None]


def _own(evidence: Evidence) -> list[IncidentRecord]:
    """Return the incidents that began in the window and are no part of another."""
    return [
        each
        for each in evidence.incidents
        if not each.joined and evidence.window.since <= each.onset_at < evidence.window.until
    ]


def _seconds(incidents: list[IncidentRecord], end: End) -> list[float]:
    ends = [(each.onset_at, end(each)) for each in incidents]
    return [max(0.0, (until - onset).total_seconds()) for onset, until in ends if until is not None]


def _mean_to(end: End) -> Callable[[Evidence], Value]:
    def reduce(evidence: Evidence) -> Value:
        incidents = _own(evidence)
        missing = Unknown("no incident is over") if incidents else NO_INCIDENTS
        return mean(_seconds(incidents, end), missing)

    return reduce


def _restored_by_endpoint(evidence: Evidence) -> Mapping[Key, Value]:
    incidents = _own(evidence)
    return {
        (endpoint,): mean(
            _seconds([each for each in incidents if each.endpoint == endpoint], _restored),
            Unknown("no incident is over"),
        )
        for endpoint in sorted({each.endpoint for each in incidents})
    }


def _detected(incident: IncidentRecord) -> datetime | None:
    return incident.detected_at


def _restored(incident: IncidentRecord) -> datetime | None:
    return incident.restored_at


def _served(incident: IncidentRecord) -> datetime | None:
    return incident.served_at


def _told_by_users(evidence: Evidence) -> Value:
    return share(
        (each.detected_by is DetectedBy.USER for each in _own(evidence)), missing=NO_INCIDENTS
    )


def _ready(evidence: Evidence) -> Value:
    return share(
        each.rollback.ready if each.rollback is not None else None for each in evidence.releases
    )


def _recurring(evidence: Evidence) -> Value:
    return share((bool(each.recurs) for each in _own(evidence)), missing=NO_INCIDENTS)


TIME_TO_DETECT = Kpi(
    code="R1",
    name="time_to_detect",
    category=Category.RECOVERABILITY,
    question="How long does a failure go unseen?",
    method="mean of detection - onset, over the incidents of the window",
    unit=Unit.SECONDS,
    direction=Direction.LOWER,
    target=300,
    headline=Measure(
        overall(_mean_to(_detected)),
        Rule(
            Group.RECOVERABILITY,
            "delivery:mean_time_to_detect_seconds",
            """\
sum by (product, channel) (increase(delivery_incident_detection_seconds_sum[90d]))
/ (sum by (product, channel) (increase(delivery_incident_detection_seconds_count[90d])) > 0)""",
        ),
        window=QUARTER,
    ),
    parts=(Measure(overall(_told_by_users), None, window=QUARTER),),
)

# Of what is recorded each minute: minutes of outage, and how often it began. A window that opens
# in an outage sees it end and not begin, which is half of a change more: hence ceil.
_MINUTES = "60 * sum_over_time(delivery:endpoint_outage_merged:bool[90d:1m])"
_OUTAGES = "ceil(changes(delivery:endpoint_outage_merged:bool[90d:1m]) / 2)"

TIME_TO_RESTORE = Kpi(
    code="R2",
    name="time_to_restore",
    category=Category.RECOVERABILITY,
    question="How long does it take until what failed can be downloaded again?",
    method="mean of restoration - onset, over the incidents of the window that are over; in "
    "Prometheus time of outage seen by a quorum of regions / number of outages",
    unit=Unit.SECONDS,
    direction=Direction.LOWER,
    target=3600,
    headline=Measure(
        overall(_mean_to(_restored)),
        Rule(
            Group.RECOVERABILITY,
            "delivery:mean_time_to_restore_overall_seconds",
            f"""\
sum by (product, channel) ({_MINUTES})
/ (sum by (product, channel) ({_OUTAGES}) > 0)""",
        ),
        window=QUARTER,
    ),
    parts=(
        Measure(
            _restored_by_endpoint,
            Rule(
                Group.RECOVERABILITY,
                "delivery:mean_time_to_restore_seconds",
                f"{_MINUTES}\n/ ({_OUTAGES} > 0)",
            ),
            ("endpoint",),
            window=QUARTER,
        ),
        Measure(overall(_mean_to(_served)), None, window=QUARTER),
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
sum by (product, channel) (increase(delivery_incidents_total{recurrence="true"}[90d]))
/ (sum by (product, channel) (increase(delivery_incidents_total[90d])) > 0)""",
        ),
        window=QUARTER,
    ),
)

KPIS = (TIME_TO_DETECT, TIME_TO_RESTORE, ROLLBACK_READINESS, INCIDENT_RECURRENCE)
