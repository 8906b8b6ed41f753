"""Asking all that a question needs, or giving up with the first fault."""

import asyncio
from datetime import datetime, timedelta

import pytest

from probe.answers.everywhere import inquire
from probe.domain.evidence import Window
from probe.domain.promql import Sample, Series
from probe.ports import EvidenceUnavailable
from tests.builders import NOON


class FakePrometheus:
    """Answers each query with its length, and does not answer those that it is told not to."""

    def __init__(self, **faults: Exception) -> None:
        self.moments: list[datetime] = []
        self.given_up: list[str] = []
        self._faults = faults

    async def at(self, query: str, moment: datetime) -> tuple[Sample, ...]:
        self.moments.append(moment)
        if query in self._faults:
            raise self._faults[query]
        if query == "never":
            try:
                await asyncio.Event().wait()
            finally:
                self.given_up.append(query)
        return (Sample({}, float(len(query))),)

    async def over(self, query: str, window: Window, step: timedelta) -> tuple[Series, ...]:
        return ()


async def test_every_query_is_asked_for_the_same_moment():
    prometheus = FakePrometheus()
    found = await inquire(prometheus, {"a": "up", "b": "down"}, NOON)
    assert found == {"a": (Sample({}, 2.0),), "b": (Sample({}, 4.0),)}
    assert prometheus.moments == [NOON, NOON]


async def test_with_the_first_fault_the_others_are_given_up():
    prometheus = FakePrometheus(bad=EvidenceUnavailable("it is gone"))
    with pytest.raises(EvidenceUnavailable, match="it is gone"):
        await inquire(prometheus, {"a": "never", "b": "bad"}, NOON)
    assert prometheus.given_up == ["never"]


async def test_a_bug_is_not_taken_for_a_fault_of_prometheus():
    prometheus = FakePrometheus(bad=ValueError("a bug"))
    with pytest.raises(ExceptionGroup) as raised:
        await inquire(prometheus, {"a": "bad"}, NOON)
    assert raised.group_contains(ValueError, match="a bug")
