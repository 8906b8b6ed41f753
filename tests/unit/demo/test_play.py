import asyncio

import pytest

from probe.demo.play import PATIENCE_SECONDS, Tempo, play
from probe.demo.script import Act, Fault, Trouble
from probe.domain.failure import FailureReason
from tests.fakes.clock import FakeClock, settle

FLIP = Fault("flip", "", Trouble.FLIP, "cdn", ("a",), FailureReason.CHECKSUM_MISMATCH)
SCRIPT = (
    Act("calm", hold_seconds=4, calm_seconds=2),
    Act("bad", (FLIP,), hold_seconds=6, calm_seconds=3, publishes=True),
)


class Witness:
    """World and audience in one: notes what happens when, and notices what it is told to."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.notes: list[tuple[float, str]] = []
        self.has_found = self.has_recovered = True

    def _note(self, what: str) -> None:
        self.notes.append((round(self._clock.monotonic(), 1), what))

    async def publish(self, version: str) -> None:
        self._note(f"publish {version}")

    async def inject(self, fault: Fault) -> None:
        self._note(f"inject {fault.name}")

    async def repair(self, fault: Fault) -> None:
        self._note(f"repair {fault.name}")

    def opened(self, act: Act) -> None:
        self._note(act.title)

    def current(self, version: str) -> None:
        self._note(f"current {version}")

    def injected(self, fault: Fault) -> None:
        self._note(f"injected {fault.name}")

    def repaired(self, fault: Fault) -> None:
        self._note(f"repaired {fault.name}")

    def ended(self) -> None:
        self._note("end")

    def found(self, fault: Fault) -> bool:
        return self.has_found

    def recovered(self, fault: Fault) -> bool:
        return self.has_recovered


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def witness(clock) -> Witness:
    return Witness(clock)


async def played(witness: Witness, clock: FakeClock, seconds: float, speed: float = 1.0) -> None:
    playing = asyncio.create_task(play(witness, witness, Tempo(clock, speed), SCRIPT))
    await settle()
    await clock.advance(seconds)
    assert playing.done()
    await playing


async def test_the_script_is_played_in_order_and_on_time(witness, clock):
    await played(witness, clock, 15)
    assert witness.notes == [
        (0, "current 1.1.0"),
        (0, "calm"),
        (6, "bad"),
        (6, "inject flip"),
        (6, "injected flip"),
        (6, "publish 1.2.0"),
        (6, "current 1.2.0"),
        (12, "repair flip"),
        (12, "repaired flip"),
        (15, "end"),
    ]


async def test_speed_divides_every_duration(witness, clock):
    await played(witness, clock, 7.5, speed=2)
    assert witness.notes[-1] == (7.5, "end")


async def test_a_fault_stays_until_it_is_found(witness, clock):
    witness.has_found = False
    playing = asyncio.create_task(play(witness, witness, Tempo(clock), SCRIPT))
    await clock.advance(20.05)
    assert (12, "repair flip") not in witness.notes
    witness.has_found = True
    await clock.advance(4)
    await playing
    assert witness.notes[-3:] == [(20.1, "repair flip"), (20.1, "repaired flip"), (23.1, "end")]


async def test_patience_ends_and_the_script_goes_on(witness, clock):
    witness.has_found = witness.has_recovered = False
    await played(witness, clock, 16 + 2 * PATIENCE_SECONDS)
    assert witness.notes[-1][1] == "end"
