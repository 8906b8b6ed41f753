"""A baseline as ``targets:`` of the configuration, to be pasted; people are left to be named."""

import json
from collections.abc import Iterable, Iterator, Mapping

from probe.domain.gate import Objective
from probe.domain.quantity import duration
from probe.domain.text import clean
from probe.kpi.baseline import Baseline, Spread, asked
from probe.kpi.value import Unknown
from probe.terminal.baseline_report import sampled
from probe.terminal.ruling import Subject, amount

_UNNAMED = (
    "    owner:   # who decides what is done when it is missed",
    "    cadence: # time between two reviews, as in 31d",
    "    runbook: # a URL that says what to do",
)


def baselines_yaml(
    subject: Subject, baselines: Iterable[Baseline], objectives: Iterable[Objective]
) -> str:
    """
    Return the proposals, each with what it is of.

    Where something is asked already, by *objectives*, its mode and people stay.
    """
    known = {each.kpi: each for each in objectives}
    founded: list[str] = []
    unfounded: list[str] = []
    for each in baselines:
        if isinstance(each.spread, Unknown):
            unfounded.append(f"  # {each.kpi.name}: {each.spread.why}")
        else:
            founded += _entry(each, each.spread, known)
    head = [f"# of {clean(str(subject), 300)}", "targets:" if founded else "targets: {}"]
    return "\n".join([*head, *founded, *unfounded, ""])


def _entry(baseline: Baseline, spread: Spread, known: Mapping[str, Objective]) -> Iterator[str]:
    kpi, name = baseline.kpi, baseline.kpi.name
    half, worst = amount(name, spread.p50), amount(name, spread.worst)
    yield f"  {name}:"
    key, text = asked(kpi, spread.proposal)
    yield f"    {key}: {text} # of {sampled(kpi, spread)}, half {half}, worst {worst}"
    objective = known.get(name)
    yield f"    mode: {objective.mode if objective else 'inform'}"
    if objective is None:
        yield from _UNNAMED
        return
    # A text in JSON is one in YAML, whatever is in it.
    yield f"    owner: {json.dumps(objective.owner)}"
    yield f"    cadence: {duration(objective.cadence.total_seconds())}"
    yield f"    runbook: {json.dumps(objective.runbook)}"
