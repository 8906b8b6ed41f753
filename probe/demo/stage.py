"""A sink that compares what the probe reports with what the script does, as both go on."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from probe.demo.course import Course, concerns, follow, missed
from probe.demo.script import SCRIPT, Act, Fault
from probe.domain.failure import FailureReason
from probe.domain.observation import Failed, Observation
from probe.domain.text import clean
from probe.ports import Clock


@dataclass(frozen=True, slots=True)
class Seen:
    """The last observation of one artifact at one endpoint, and when it came."""

    observation: Observation
    at: datetime


Tell = Callable[[str, str], None]
"""Takes a word for what happened (injected, found, ...) and a sentence."""


class Stage:
    """Follows every fault of the script; ``tell`` hears of each change as it comes."""

    def __init__(
        self, clock: Clock, tell: Tell = lambda _word, _line: None, script: tuple[Act, ...] = SCRIPT
    ) -> None:
        self._clock = clock
        self._tell = tell
        self.script = script
        self._courses: dict[str, Course] = {}
        self.act = ""
        self.version = ""
        self.finished = False
        self.seen: dict[tuple[str, str, str], Seen] = {}
        self.unexpected: Counter[FailureReason] = Counter()

    @property
    def courses(self) -> tuple[Course, ...]:
        """Return the faults injected so far, in order."""
        return tuple(self._courses.values())

    @property
    def missed(self) -> tuple[str, ...]:
        """Return a sentence for every scripted fault not both found and recovered."""
        faults = (fault for act in self.script for fault in act.faults)
        return missed(faults, self.courses)

    def record(self, observation: Observation) -> None:
        """Take one observation; the sink that the service feeds."""
        target = observation.probe.target
        now = self._clock.now()
        place = (target.release.version, target.artifact.name, target.endpoint.name)
        self.seen[place] = Seen(observation, now)
        for course in self.courses:
            self._advance(course, follow(course, observation, now), observation)
        verdict = observation.verdict
        if isinstance(verdict, Failed) and not self._expected(observation):
            self.unexpected[verdict.failure.reason] += 1
            self._tell("unexpected", f"{target.key}: {describe(observation)}")

    def _expected(self, observation: Observation) -> bool:
        return any(
            concerns(course.fault, observation)
            for course in self.courses
            if course.recovered_at is None or observation.started_at < course.recovered_at
        )

    def _advance(self, before: Course, after: Course, observation: Observation) -> None:
        self._courses[after.fault.name] = after
        fault = after.fault
        if after.found_at != before.found_at:
            words = f"{fault.endpoint}: {describe(observation)}, {after.seconds_to_find:.1f} s"
            self._tell("found", f"{words} after it began")
        if after.recovered_at != before.recovered_at:
            seconds = after.seconds_to_recover
            self._tell("recovered", f"{fault.endpoint}: {seconds:.1f} s after the repair")

    def opened(self, act: Act) -> None:
        """Take note that an act begins."""
        self.act = act.title
        self._tell("act", act.title)

    def current(self, version: str) -> None:
        """Take note of what is the current release."""
        self.version = version

    def injected(self, fault: Fault) -> None:
        """Take note that a fault begins."""
        self._courses[fault.name] = Course(fault, self._clock.now())
        self._tell("injected", f"{fault.title} (expect {fault.reason} at {fault.endpoint})")

    def repaired(self, fault: Fault) -> None:
        """Take note that a fault has been mended."""
        course = replace(self._courses[fault.name], repaired_at=self._clock.now())
        self._courses[fault.name] = course
        self._tell("repaired", f"no more: {fault.title}")

    def ended(self) -> None:
        """Take note that the script is over."""
        self.finished = True
        self._tell("end", "the script is over")

    def found(self, fault: Fault) -> bool:
        """Tell whether the probe has named the fault."""
        course = self._courses.get(fault.name)
        return course is not None and course.found_at is not None

    def recovered(self, fault: Fault) -> bool:
        """Tell whether the probe has seen that all is well again."""
        course = self._courses.get(fault.name)
        return course is not None and course.recovered_at is not None


def describe(observation: Observation) -> str:
    """Return reason and detail of what went wrong, fit to be shown."""
    failure = observation.failure
    if failure is None:
        return "passed"
    return f"{failure.reason} ({clean(failure.detail)})" if failure.detail else failure.reason
