"""The course of a scripted fault, from injection to recovery: what the probe made of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from probe.demo.script import Fault
from probe.domain.observation import Failed, Observation, Passed


@dataclass(frozen=True, slots=True)
class Course:
    """How far a fault has come; a moment that has not come is ``None``."""

    fault: Fault
    injected_at: datetime
    found_at: datetime | None = None
    repaired_at: datetime | None = None
    recovered_at: datetime | None = None
    failing: frozenset[str] = frozenset()

    @property
    def seconds_to_find(self) -> float | None:
        """Return the seconds from injection to the first right reason."""
        return (self.found_at - self.injected_at).total_seconds() if self.found_at else None

    @property
    def seconds_to_recover(self) -> float | None:
        """Return the seconds from the repair to when every failing target had passed again."""
        if self.repaired_at is None or self.recovered_at is None:
            return None
        return (self.recovered_at - self.repaired_at).total_seconds()


def follow(course: Course, observation: Observation, now: datetime) -> Course:
    """
    Return the course after an observation.

    A fault is found by an observation of its artifact at its endpoint with exactly its reason. It
    has recovered when every target that failed so has passed in an attempt begun after the repair.
    """
    if course.recovered_at is not None or not concerns(course.fault, observation):
        return course
    key = observation.probe.target.key
    if shows(course.fault, observation):
        found_at = course.found_at or now
        return replace(course, found_at=found_at, failing=course.failing | {key})
    if not isinstance(observation.verdict, Passed) or course.repaired_at is None:
        return course
    if observation.started_at < course.repaired_at:
        return course
    failing = course.failing - {key}
    recovered_at = now if course.found_at and not failing else None
    return replace(course, failing=failing, recovered_at=recovered_at)


def concerns(fault: Fault, observation: Observation) -> bool:
    """Tell whether an observation is of something that *fault* touches."""
    target = observation.probe.target
    return (
        target.endpoint.name == fault.endpoint
        and target.release.version == fault.version
        and target.artifact.name in fault.artifacts
    )


def shows(fault: Fault, observation: Observation) -> bool:
    """Tell whether an observation is what *fault* is expected to bring about."""
    verdict = observation.verdict
    return (
        isinstance(verdict, Failed)
        and verdict.failure.reason is fault.reason
        and concerns(fault, observation)
    )


def missed(faults: Iterable[Fault], courses: Iterable[Course]) -> tuple[str, ...]:
    """Return a sentence for every scripted fault that was not found or has not recovered."""
    followed = {course.fault.name: course for course in courses}
    sentences = []
    for fault in faults:
        course = followed.get(fault.name)
        what = f"{fault.name}: {fault.reason} at {fault.endpoint}"
        if course is None:
            sentences.append(f"{what} was never injected")
        elif course.found_at is None:
            sentences.append(f"{what} was not found")
        elif course.recovered_at is None:
            sentences.append(f"{what} was found, its recovery was not")
    return tuple(sentences)
