"""Frozen records as rows: a column for each field, moments as milliseconds, digests as text."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from probe.domain.artifact import Digest
from probe.domain.moment import from_ms, to_ms
from probe.evidence.trouble import Damaged

Cell = int | float | str | None
T = TypeVar("T")
Reader = Callable[[Any], object]


def storable(text: str) -> str:
    """Return *text* with what UTF-8 cannot hold (lone surrogates) replaced."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def columns_of(record: type) -> tuple[str, ...]:
    """Return the names of the columns, in the order of the fields."""
    return tuple(each.name for each in fields(record))


def to_row(record: object) -> tuple[Cell, ...]:
    """Return the values of the columns."""
    return tuple(_cell(getattr(record, name)) for name in columns_of(type(record)))


def from_row(record: type[T], row: Sequence[Cell]) -> T:
    """
    Return the record of that type with the values of the columns.

    Raises:
        Damaged: a value that the field cannot have.
    """
    readers = _readers(record)  # type: ignore[arg-type]  # mypy finds no hash in type[T]
    try:
        return record(
            *(None if cell is None else read(cell) for read, cell in zip(readers, row, strict=True))
        )
    except (ValueError, OverflowError) as fault:
        raise Damaged(f"a row of {record.__name__} cannot be read: {fault}") from fault


def _cell(value: object) -> Cell:
    match value:
        case datetime():
            return to_ms(value)
        case str():
            return storable(value)
        case Digest():
            return str(value)
        case bool() | int() | float() | None:
            return value
    raise TypeError(f"a column cannot hold {value!r}")


@cache
def _readers(record: type) -> tuple[Reader, ...]:
    hints = get_type_hints(record)
    return tuple(_reader(hints[name]) for name in columns_of(record))


def _reader(hint: object) -> Reader:
    if get_origin(hint) is UnionType:
        [hint] = [each for each in get_args(hint) if each is not type(None)]
    if hint is datetime:
        return from_ms
    if hint is Digest:
        return Digest.parse
    if hint is bool:
        return bool
    if isinstance(hint, type) and issubclass(hint, StrEnum | float):
        return hint
    return lambda cell: cell
