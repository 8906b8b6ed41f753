"""Formulas over counts: what is added up by which labels, before anything is divided."""

from collections import defaultdict
from collections.abc import Callable, Mapping

from probe.domain.bucket import Tally
from probe.domain.evidence import Segment
from probe.kpi.evidence import Evidence
from probe.kpi.model import OVERALL, Formula, Key
from probe.kpi.value import Value, worst_of

_FIELDS: Mapping[str, Callable[[Segment], str]] = {
    "endpoint": lambda segment: segment.endpoint,
    "endpoint_kind": lambda segment: segment.endpoint_kind.value,
    "probe_region": lambda segment: segment.region,
    "size_tier": lambda segment: segment.size_tier.value,
    "version": lambda segment: segment.version,
}

Reduce = Callable[[Tally], Value]


def each(labels: Key, reduce: Reduce, of: Callable[[Segment], bool] | None = None) -> Formula:
    """Return a formula: add up the counts that *of* wants by *labels*, and reduce every sum."""

    def formula(evidence: Evidence) -> Mapping[Key, Value]:
        return {key: reduce(tally) for key, tally in summed(evidence, labels, of).items()}

    return formula


def worst(labels: Key, reduce: Reduce, by: Key = OVERALL) -> Formula:
    """Return a formula: the lowest of the numbers by *labels*, for each value of *by*."""

    def formula(evidence: Evidence) -> Mapping[Key, Value]:
        values: defaultdict[Key, list[Value]] = defaultdict(list)
        for key, value in each((*by, *labels), reduce)(evidence).items():
            values[key[: len(by)]].append(value)
        return {key: worst_of(found, higher_is_better=True) for key, found in values.items()}

    return formula


def overall(reduce: Callable[[Evidence], Value]) -> Formula:
    """Return a formula that gives one number."""
    return lambda evidence: {OVERALL: reduce(evidence)}


def summed(
    evidence: Evidence, labels: Key, of: Callable[[Segment], bool] | None = None
) -> Mapping[Key, Tally]:
    """Return the sums by the values of *labels*, of the segments that *of* wants."""
    fields = [_FIELDS[label] for label in labels]
    sums: defaultdict[Key, Tally] = defaultdict(Tally)
    for segment, tally in evidence.tallies.items():
        if of is None or of(segment):
            sums[tuple(field(segment) for field in fields)].add(tally)
    return sums
