"""A review for machines: JSON, and the JSON Schema (2020-12) of it."""

from probe.domain.evidence import IncidentRecord
from probe.domain.gate import Mode, Override
from probe.domain.gate_record import Record
from probe.domain.revisit import Change
from probe.domain.schema import COUNT, DIALECT, MOMENT, NUMBER, TEXT, Schema, closed, maybe
from probe.domain.snapshot import ProductKey
from probe.domain.text import clean
from probe.kpi.fit import Advice
from probe.kpi.review import Finding, Findings

_SAID = 500


def review_record(findings: Findings, key: ProductKey) -> Record:
    """Return *findings* about a product; thresholds are in the unit of their KPI."""
    product, channel = key
    last, changes = findings.last, findings.triggers
    return {
        "schema": "delivery-review/v1",
        "product": product,
        "channel": channel,
        "since": findings.window.since.isoformat(),
        "until": findings.window.until.isoformat(),
        "last": last
        and {
            "at": last.at.isoformat(),
            "who": clean(last.actor, _SAID),
            "note": clean(last.note, _SAID),
        },
        "due": findings.due,
        "due_at": findings.due_at.isoformat(),
        "targets": [_finding(each) for each in findings.targets],
        "alerts": [
            {
                "alert": clean(each.alert, _SAID),
                "kpi": each.kpi,
                "fired": each.fired,
                "acted_on": each.acted_on,
                "noise": each.noise,
            }
            for each in findings.heard
        ],
        "unmatched": [_unmatched(each) for each in findings.unmatched],
        "changes": None
        if changes is None
        else [{"change": each.change.value, "what": clean(each.what, _SAID)} for each in changes],
        "unlooked": findings.unlooked,
    }


def _finding(finding: Finding) -> Record:
    objective, fit = finding.objective, finding.fit
    return {
        "kpi": objective.kpi,
        "target": objective.target,
        "mode": objective.mode.value,
        "could_be": finding.mode.value,
        "owner": objective.owner,
        "known": fit.known,
        "met": fit.met,
        "missed": [clean(each, _SAID) for each in fit.missed],
        "advice": fit.advice.value,
        "proposal": fit.proposal,
        "blocked": [clean(each, _SAID) for each in finding.blocked],
        "overridden": [_word(*each) for each in finding.overridden],
        "named": list(finding.named),
        "announced": list(finding.announced),
    }


def _word(version: str, override: Override) -> Record:
    return {
        "version": clean(version, _SAID),
        "who": clean(override.who, _SAID),
        "why": clean(override.why, _SAID),
        "until": override.until.isoformat(),
    }


def _unmatched(incident: IncidentRecord) -> Record:
    return {
        "id": incident.id,
        "onset_at": incident.onset_at.isoformat(),
        "endpoint": incident.endpoint,
        "region": incident.region,
        "report": clean(incident.report, _SAID),
    }


def _list_of(schema: Record) -> Record:
    return {"type": "array", "items": schema}


_FLAG: Record = {"type": "boolean"}
_MODE: Record = {"enum": [mode.value for mode in Mode]}
_NAMES = _list_of(TEXT)

REVIEW_SCHEMA: Schema = {
    "$schema": DIALECT,
    "title": "A review of delivery-probe",
    **closed(
        {
            "schema": {"const": "delivery-review/v1"},
            "product": TEXT,
            "channel": TEXT,
            "since": MOMENT,
            "until": MOMENT,
            "last": maybe(closed({"at": MOMENT, "who": TEXT, "note": TEXT})),
            "due": _FLAG,
            "due_at": MOMENT,
            "targets": _list_of(
                closed(
                    {
                        "kpi": TEXT,
                        "target": NUMBER,
                        "mode": _MODE,
                        "could_be": _MODE,
                        "owner": TEXT,
                        "known": COUNT,
                        "met": COUNT,
                        "missed": _NAMES,
                        "advice": {"enum": [advice.value for advice in Advice]},
                        "proposal": maybe(NUMBER),
                        "blocked": _NAMES,
                        "overridden": _list_of(
                            closed({"version": TEXT, "who": TEXT, "why": TEXT, "until": MOMENT})
                        ),
                        "named": _NAMES,
                        "announced": _NAMES,
                    }
                )
            ),
            "alerts": _list_of(
                closed(
                    {
                        "alert": TEXT,
                        "kpi": TEXT,
                        "fired": COUNT,
                        "acted_on": COUNT,
                        "noise": _FLAG,
                    }
                )
            ),
            "unmatched": _list_of(
                closed(
                    {
                        "id": TEXT,
                        "onset_at": MOMENT,
                        "endpoint": TEXT,
                        "region": TEXT,
                        "report": TEXT,
                    }
                )
            ),
            "changes": maybe(
                _list_of(
                    closed({"change": {"enum": [change.value for change in Change]}, "what": TEXT})
                )
            ),
            "unlooked": COUNT,
        }
    ),
}
