"""
A ledger as lines of JSON, for moving house: what each kind of line holds, and its rules.

The first line says what it is, ``{"kind": "ledger", …}``, the last one how many came before it.
Ids are of the export alone. Moments are ISO 8601 in records, milliseconds in counts.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, create_model

from probe.domain.bucket import BUCKET_MS
from probe.domain.evidence import Published, Segment
from probe.evidence.register import TABLES

FORMAT = 1

Id = Annotated[int, Field(ge=1, lt=2**62)]
Number = Annotated[int, Field(ge=0, lt=2**40)]
Count = Annotated[int, Field(ge=0, lt=2**62)]
Ms = Annotated[int, Field(ge=0, lt=2**50)]
PartMs = Annotated[int, Field(ge=0, le=BUCKET_MS)]

# A bucket's number and the columns of its row.
BucketCells = tuple[
    Number, Count, Count, Count, Count, Count, PartMs, PartMs, Count, str | None, str | None
]
SumCells = tuple[Count, Count, Count, Count, Count, Count, Count, Count, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Header:
    """What the file is."""

    format: int
    schema: int
    exported_at: datetime


@dataclass(frozen=True, slots=True)
class End:
    """How many lines came before this one; a file without it was cut short."""

    lines: int


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """A segment, by a number that later lines name it by."""

    id: Id
    segment: Segment


@dataclass(frozen=True, slots=True)
class StandingLine:
    """What is known of a target at the moment."""

    up: bool | None
    settled_ms: Ms
    until_ms: Ms
    reason: str | None
    depth: str
    attempt_ms: Ms
    verified_ms: Ms | None
    full_ms: Ms | None
    heard_ms: Ms | None = None


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target, by a number that later lines name it by."""

    id: Id
    key: str
    segment: Id
    artifact: str
    platform: str
    address: str
    standing: StandingLine | None


@dataclass(frozen=True, slots=True)
class BucketLine:
    """A bucket that is not packed."""

    target: Id
    bucket: BucketCells


@dataclass(frozen=True, slots=True)
class ChunkLine:
    """The buckets of a target in four hours that are packed; they are in the sums by day."""

    target: Id
    number: Number
    buckets: Annotated[tuple[BucketCells, ...], Field(min_length=1, max_length=48)]


@dataclass(frozen=True, slots=True)
class DayLine:
    """The sum of a segment's packed buckets over a day."""

    segment: Id
    day: Number
    sums: SumCells


KINDS: Final[dict[str, type]] = {
    "ledger": Header,
    "segment": SegmentLine,
    "target": TargetLine,
    "bucket": BucketLine,
    "chunk": ChunkLine,
    "day": DayLine,
    "release": Published,
    **{table.name: table.record for table in TABLES},
    "end": End,
}


class Line(BaseModel):
    """A line; the model of each kind says which record it holds."""

    # Holds for the records as well, which have no rules of their own.
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)

    kind: str


_MODELS: Final = {
    kind: create_model(f"{record.__name__}Model", __base__=Line, record=(record, ...))
    for kind, record in KINDS.items()
}


def line_of(kind: str, record: object) -> bytes:
    """Return one line, its newline included."""
    line = _MODELS[kind].model_validate({"kind": kind, "record": record})
    return line.model_dump_json().encode() + b"\n"


def record_of(kind: str, line: bytes) -> object:
    """
    Return what a line of that kind holds.

    Raises:
        KeyError: there is no such kind.
        pydantic.ValidationError: the line is not as it should be.
    """
    record: object = getattr(_MODELS[kind].model_validate_json(line), "record")  # noqa: B009 - the model is made above
    return record
