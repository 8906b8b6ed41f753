"""A gate as a JUnit report: one test case for each objective."""

from collections.abc import Iterator, Mapping
from xml.sax.saxutils import quoteattr

from probe.domain.gate import Gate, Judged, Mode, Ruling
from probe.domain.text import clean
from probe.terminal.gate_report import summary
from probe.terminal.ruling import Subject, amount, asked, why

_TEXT = 500


def gate_junit(subject: Subject, gate: Gate) -> str:
    """Return the report: what stops a release is a failure, what cannot be known an error."""
    demanded = any(each.objective.mode is Mode.GATE for each in gate.judged)
    counts = {
        "tests": len(gate.judged) + (not demanded),
        "failures": sum(each.blocks and each.ruling is Ruling.FAIL for each in gate.judged),
        "errors": sum(each.blocks and each.ruling is Ruling.UNKNOWN for each in gate.judged)
        + (not demanded),
        "skipped": sum(_excused(each) for each in gate.judged),
    }
    suite = {
        "name": f"delivery gate of {subject}",
        "timestamp": gate.at.isoformat(timespec="seconds"),
        **{name: str(count) for name, count in counts.items()},
    }
    lines = [f"<testsuite {_attributes(suite)}>", *_cases(subject, gate), "</testsuite>"]
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', *lines, ""])


def _cases(subject: Subject, gate: Gate) -> Iterator[str]:
    if not any(each.objective.mode is Mode.GATE for each in gate.judged):
        case = _attributes({"classname": str(subject), "name": "gate", "time": "0"})
        error = _attributes({"message": summary(gate), "type": gate.ruling.value})
        yield f"  <testcase {case}><error {error}/></testcase>"
    for each in gate.judged:
        case = _attributes({"classname": str(subject), "name": each.objective.kpi, "time": "0"})
        outcome = _outcome(each)
        yield f"  <testcase {case}>{outcome}</testcase>" if outcome else f"  <testcase {case}/>"


def _outcome(judged: Judged) -> str:
    if judged.ruling is Ruling.PASS:
        return ""
    value = amount(judged.objective.kpi, judged.reading.value)
    words = f"{value}, asked is {asked(judged.objective)}"
    reason = why(judged)
    message = f"{words}; {reason}" if reason else words
    if judged.blocks:
        message += f"; {judged.objective.owner}, {judged.objective.runbook}"
    if _excused(judged):
        return f"<skipped {_attributes({'message': message})}/>"
    name = "failure" if judged.ruling is Ruling.FAIL else "error"
    return f"<{name} {_attributes({'message': message, 'type': judged.ruling.value})}/>"


def _excused(judged: Judged) -> bool:
    informs = judged.objective.mode is Mode.INFORM
    return judged.ruling is not Ruling.PASS and (informs or judged.override is not None)


def _attributes(values: Mapping[str, str]) -> str:
    return " ".join(f"{name}={quoteattr(clean(value, _TEXT))}" for name, value in values.items())
