"""What pages say as JSON: the records that they are drawn from."""

from collections.abc import Mapping

from probe.domain.artifact import AssetClass, SizeTier
from probe.domain.evidence import DetectedBy, RestoredBy, SightedKind, TimeSource
from probe.domain.failure import FailureReason, Phase
from probe.domain.gate import Mode, Ruling
from probe.domain.gate_record import GATE_SCHEMA
from probe.domain.record import OBSERVATION_PROPERTIES, OBSERVATION_SCHEMA, VERDICTS
from probe.domain.schema import (
    COUNT,
    FLAG,
    MOMENT,
    NUMBER,
    TEXT,
    Schema,
    by_word,
    choice,
    closed,
    list_of,
    maybe,
    part_of,
)
from probe.domain.target import EndpointKind
from probe.kpi import Category, Direction, Unit
from probe.kpi.scorecard_record import SCORECARD_SCHEMA

_HEAD: Mapping[str, Schema] = {
    "section": TEXT,
    "at": MOMENT,
    "source": TEXT,
    "notice": maybe(TEXT),
}
_TRAIN: Mapping[str, Schema] = {"product": TEXT, "channel": TEXT}
_RULING = choice(Ruling)
_STATE = choice(("up", "down", "unknown"))
_TEXTS = list_of(TEXT)
_RATIO = maybe(NUMBER)
_DAYS = list_of(closed({"day": MOMENT, "ratio": _RATIO}))
_OPEN = maybe(list_of(closed({"endpoint": TEXT, "region": TEXT, "count": COUNT})))

_INCIDENT: Mapping[str, Schema] = {
    "id": TEXT,
    **_TRAIN,
    "endpoint": TEXT,
    "region": TEXT,
    "version": TEXT,
    "state": choice(("open", "restored")),
    "reason": TEXT,
    "class": TEXT,
    "onset_at": MOMENT,
    "detected_at": MOMENT,
    "detected_by": choice(DetectedBy),
    "restored_at": maybe(MOMENT),
    "seconds": NUMBER,
    "part_of": maybe(TEXT),
    "repeats": maybe(TEXT),
}
INCIDENT_ROW = closed(_INCIDENT)

ROLLOUT_ROW = closed(
    {
        "version": TEXT,
        "kind": choice(SightedKind),
        "published_at": MOMENT,
        "started_at": MOMENT,
        "start_source": choice(TimeSource),
        "required": COUNT,
        "first_seconds": maybe(NUMBER),
        "propagation_seconds": maybe(NUMBER),
        "pending_seconds": maybe(NUMBER),
        "reached": list_of(
            closed({"pair": TEXT, "at": MOMENT, "seconds": NUMBER, "uncertainty_seconds": NUMBER})
        ),
        "pending": _TEXTS,
        "excluded": _TEXTS,
    }
)

OVERVIEW = closed(
    {
        **_HEAD,
        "products": list_of(
            closed(
                {
                    **_TRAIN,
                    "owner": TEXT,
                    "version": maybe(TEXT),
                    "published_at": maybe(MOMENT),
                    "ruling": _RULING,
                    "gates": COUNT,
                    "availability_24h": _RATIO,
                    "availability_30d": _RATIO,
                    "regions": list_of(
                        closed(
                            {
                                "region": TEXT,
                                "availability_24h": _RATIO,
                                "availability_30d": _RATIO,
                                "days": _DAYS,
                            }
                        )
                    ),
                    "incidents": list_of(INCIDENT_ROW),
                    "open": _OPEN,
                    "rollouts": list_of(ROLLOUT_ROW),
                }
            )
        ),
        "health": closed(
            {
                "ready": FLAG,
                "targets": COUNT,
                "regions": _TEXTS,
                "observed_at": maybe(MOMENT),
                "ledger_trouble": maybe(TEXT),
            }
        ),
    }
)

_MATRIX = closed(
    {
        "regions": _TEXTS,
        "rows": list_of(
            closed(
                {
                    "endpoint": TEXT,
                    "kind": choice(EndpointKind),
                    "required": FLAG,
                    "cells": list_of(
                        maybe(
                            closed(
                                {
                                    "state": _STATE,
                                    "files": COUNT,
                                    "up": COUNT,
                                    "reason": maybe(TEXT),
                                    "target": maybe(TEXT),
                                    "heard_at": maybe(MOMENT),
                                    "verified_at": maybe(MOMENT),
                                }
                            )
                        )
                    ),
                }
            )
        ),
    }
)
_QUANTILES = list_of(maybe(NUMBER))
_LATENCY = closed(
    {
        "days": list_of(MOMENT),
        "series": list_of(
            closed(
                {
                    "endpoint": TEXT,
                    "size_tier": choice(SizeTier),
                    "p50": _QUANTILES,
                    "p95": _QUANTILES,
                    "downloads": maybe(COUNT),
                }
            )
        ),
    }
)
_FAILURES = closed(
    {
        "reasons": list_of(choice(FailureReason)),
        "days": list_of(closed({"day": MOMENT, "counts": by_word(FailureReason, COUNT)})),
    }
)
_RELEASE_ROW = closed(
    {
        "version": TEXT,
        "published_at": MOMENT,
        "complete": _RULING,
        "complete_at": maybe(MOMENT),
        "files": COUNT,
        "rollback": _RULING,
        "propagation": maybe(ROLLOUT_ROW),
        "absent_platforms": _TEXTS,
    }
)
PRODUCT = closed(
    {
        **_HEAD,
        **_TRAIN,
        "owner": TEXT,
        "version": maybe(TEXT),
        "scorecard": SCORECARD_SCHEMA,
        "matrix": _MATRIX,
        "rollout": maybe(ROLLOUT_ROW),
        "target_seconds": maybe(NUMBER),
        "regions": list_of(closed({"region": TEXT, "days": _DAYS})),
        "latency": _LATENCY,
        "failures": _FAILURES,
        "releases": list_of(_RELEASE_ROW),
        "incidents": list_of(INCIDENT_ROW),
        "open": _OPEN,
    }
)

_FILE = closed(
    {
        "name": TEXT,
        "class": choice(AssetClass),
        "platform": maybe(TEXT),
        "size_bytes": maybe(COUNT),
        "digests": _TEXTS,
        "proven": maybe(FLAG),
        "signed": maybe(TEXT),
        "first_at": maybe(MOMENT),
        "cells": list_of(
            maybe(
                closed(
                    {
                        "state": _STATE,
                        "reason": maybe(TEXT),
                        "target": maybe(TEXT),
                        "heard_at": MOMENT,
                        "full_at": maybe(MOMENT),
                    }
                )
            )
        ),
    }
)
RELEASE = closed(
    {
        **_HEAD,
        **_TRAIN,
        "version": TEXT,
        "tag": maybe(TEXT),
        "yanked": FLAG,
        "published_at": MOMENT,
        "scorecard": SCORECARD_SCHEMA,
        "gate": GATE_SCHEMA,
        "places": _TEXTS,
        "files": part_of("rows", _FILE),
        "rollout": maybe(ROLLOUT_ROW),
        "timeline": list_of(closed({"at": MOMENT, "what": TEXT, "detail": TEXT})),
    }
)

INCIDENTS = part_of("rows", INCIDENT_ROW, {**_HEAD, "open": COUNT})
INCIDENT = closed(
    {
        **_HEAD,
        **_INCIDENT,
        "first_failure_at": maybe(MOMENT),
        "last_success_at": maybe(MOMENT),
        "served_at": maybe(MOMENT),
        "restored_by": maybe(choice(RestoredBy)),
        "impact_minutes": NUMBER,
        "impact_share": _RATIO,
        "cause": maybe(TEXT),
        "report": maybe(TEXT),
        "metric_matched": maybe(TEXT),
        "fingerprint": maybe(TEXT),
        "timeline": list_of(closed({"at": MOMENT, "what": TEXT})),
        "parts": list_of(INCIDENT_ROW),
        "earlier": list_of(INCIDENT_ROW),
        "observations": list_of(OBSERVATION_SCHEMA),
    }
)

_TARGET: Mapping[str, Schema] = {
    "target": TEXT,
    **_TRAIN,
    "version": TEXT,
    "artifact": TEXT,
    "platform": maybe(TEXT),
    "endpoint": TEXT,
    "endpoint_kind": choice(EndpointKind),
    "region": TEXT,
    "address": maybe(TEXT),
    "last": maybe(
        closed(
            {
                "id": TEXT,
                "verdict": choice(VERDICTS),
                "reason": maybe(choice(FailureReason)),
                "started_at": MOMENT,
            }
        )
    ),
}
_HEADER: Schema = {**list_of(TEXT), "minItems": 2, "maxItems": 2}
TARGETS = part_of("rows", closed(_TARGET), _HEAD)
TARGET = closed(
    {
        **_HEAD,
        **_TARGET,
        "url": TEXT,
        "digests": _TEXTS,
        "size_bytes": maybe(COUNT),
        "interval_seconds": NUMBER,
        "phases": list_of(choice(Phase)),
        "observations": list_of(OBSERVATION_SCHEMA),
        "last_failure": maybe(closed({**OBSERVATION_PROPERTIES, "headers": list_of(_HEADER)})),
        "curl": TEXT,
    }
)

_KPI = closed(
    {
        "code": TEXT,
        "name": TEXT,
        "category": choice(Category),
        "question": TEXT,
        "method": TEXT,
        "unit": choice(Unit),
        "direction": choice(Direction),
        "window_days": COUNT,
        "value": maybe(NUMBER),
        "count": maybe(NUMBER),
        "why": TEXT,
        "proposed": NUMBER,
        "target": maybe(NUMBER),
        "met": maybe(FLAG),
        "mode": maybe(choice(Mode)),
        "owner": maybe(TEXT),
        "runbook": maybe(TEXT),
        "cadence_days": maybe(COUNT),
        "query": TEXT,
    }
)
KPIS = closed(
    {
        **_HEAD,
        **_TRAIN,
        "reviewed_at": maybe(MOMENT),
        "reviewed_by": maybe(TEXT),
        "kpis": list_of(_KPI),
        "trains": list_of({**list_of(TEXT), "minItems": 2, "maxItems": 2}),
    }
)
