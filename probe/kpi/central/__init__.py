"""The same questions over all regions: what is asked of a Prometheus, and what its answers say."""

from probe.kpi.central.days import Daily, Days, days_asked, days_found
from probe.kpi.central.drawing import central_scorecard
from probe.kpi.central.facts import Facts, facts_of
from probe.kpi.central.fleet import (
    Fleet,
    Overall,
    Train,
    fleet_asked,
    open_asked,
    open_of,
    reasons_asked,
    reasons_of,
)
from probe.kpi.central.inquiry import (
    Findings,
    Inquiry,
    card_asked,
    facts_asked,
    kpis_asked,
    rollouts_asked,
)
from probe.kpi.central.judging import Central, central_readings
from probe.kpi.central.rollouts import rollouts_of
from probe.kpi.central.spans import by_release, in_span
from probe.kpi.central.ways_back import ways_asked, with_ways
from probe.kpi.central.widening import bare, widened

__all__ = [
    "Central",
    "Daily",
    "Days",
    "Facts",
    "Findings",
    "Fleet",
    "Inquiry",
    "Overall",
    "Train",
    "bare",
    "by_release",
    "card_asked",
    "central_readings",
    "central_scorecard",
    "days_asked",
    "days_found",
    "facts_asked",
    "facts_of",
    "fleet_asked",
    "in_span",
    "kpis_asked",
    "open_asked",
    "open_of",
    "reasons_asked",
    "reasons_of",
    "rollouts_asked",
    "rollouts_of",
    "ways_asked",
    "widened",
    "with_ways",
]
