"""The findings of a review in words: one row for each target, and what one has to look at."""

from collections.abc import Iterable, Iterator, Sequence

from probe.domain.gate import Mode
from probe.kpi import BY_NAME
from probe.kpi.baseline import asked as as_written
from probe.kpi.fit import Advice, Fit
from probe.kpi.review import Finding, Findings
from probe.terminal.ruling import Subject, asked
from probe.terminal.wording import counted

HEADINGS = ("KPI", "mode", "asked", "met", "stopped", "overridden", "could be")

_NAMED = 5


def headline(subject: Subject, findings: Findings) -> str:
    """Return what is reviewed, over which time, and whether it is time for it."""
    since, until = (f"{at:%Y-%m-%d}" for at in (findings.window.since, findings.window.until))
    last, due = findings.last, f"{findings.due_at:%Y-%m-%d}"
    if last is None:
        said = "never reviewed"
    else:
        when = f"last reviewed {last.at:%Y-%m-%d} by {last.actor}"
        said = f"{when}, due {'since' if findings.window.until >= findings.due_at else 'on'} {due}"
    return f"{subject}, {since} to {until}: {said}"


def row(finding: Finding) -> Sequence[str]:
    """Return the cells of one target, in the order of ``HEADINGS``."""
    return (
        finding.objective.kpi,
        finding.objective.mode.value,
        asked(finding.objective),
        f"{finding.fit.met} of {finding.fit.known}",
        _listed(finding.blocked),
        _listed(version for version, _ in finding.overridden),
        "; ".join(_could_be(finding)),
    )


def to_look_at(findings: Findings) -> Iterator[str]:
    """Yield what one has to look at, a sentence each: what changed first."""
    if findings.triggers is None:
        yield "there is no earlier review to compare with"
    for trigger in findings.triggers or ():
        yield f"since the last review: {trigger.what}"
    for each in findings.targets:
        yield from _about(each)
    for heard in findings.heard:
        if heard.noise:
            of = f" ({heard.kpi})" if heard.kpi else ""
            times = f"came {counted(heard.fired, 'time')} and led to {heard.acted_on} post-mortems"
            yield f"noise: {heard.alert}{of} {times}"
    for incident in findings.unmatched:
        where = f" at {incident.endpoint}" if incident.endpoint else ""
        yield (
            f"no KPI showed what users told of on {incident.onset_at:%Y-%m-%d %H:%M} UTC{where} "
            f"({incident.id}): {incident.report}"
        )
    if findings.unlooked:
        yield f"{counted(findings.unlooked, 'older incident')} not looked into"


def _about(finding: Finding) -> Iterator[str]:
    kpi = finding.objective.kpi
    if finding.fit.missed:
        yield f"{kpi} was missed: {_listed(finding.fit.missed)}"
    for version, word in finding.overridden:
        until = f"{word.until:%Y-%m-%d}"
        yield f"{kpi} of {version} was overridden by {word.who} until {until}: {word.why}"
    if finding.named:
        yield f"{kpi} showed {_listed(finding.named)}, by their post-mortems"
    if finding.announced:
        yield f"{kpi} was missed in the hour before {_listed(finding.announced)}"


def _could_be(finding: Finding) -> Iterator[str]:
    fit, kpi = finding.fit, BY_NAME[finding.objective.kpi]
    if fit.advice in (Advice.TIGHTEN, Advice.LOOSEN) and fit.proposal is not None:
        key, text = as_written(kpi, fit.proposal)
        or_paid_for = ", or be paid for" if fit.advice is Advice.LOOSEN else ""
        yield f"{key}: {text}{or_paid_for}"
    if fit.advice is Advice.UNKNOWN:
        yield _too_little(fit)
    if finding.mode is not finding.objective.mode:
        yield "a gate" if finding.mode is Mode.GATE else "inform, for it stopped nothing"


def _too_little(fit: Fit) -> str:
    return "too little is known" if fit.known else "nothing is known"


def _listed(names: Iterable[str]) -> str:
    all_ = list(names)
    more = len(all_) - _NAMED
    return ", ".join([*all_[-_NAMED:], *([f"and {more} more"] if more > 0 else [])])
