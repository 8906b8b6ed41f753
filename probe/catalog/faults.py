"""Everything that is wrong with one answer, collected before it is told."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from probe.domain.text import clean
from probe.ports import CatalogError

MAX_SHOWN = 10

Model = TypeVar("Model", bound=BaseModel)


class Faults:
    """Counts all faults and keeps the first ten, each with the JSON path where it is."""

    def __init__(self) -> None:
        self._shown: list[str] = []
        self._count = 0

    def add(self, path: str, text: str) -> None:
        """Note that *text* is wrong at *path*, as in ``$.assets[3].size``."""
        self._count += 1
        if len(self._shown) < MAX_SHOWN:
            self._shown.append(f"{clean(path, 100)}: {clean(text, 160)}")

    def read(self, model: type[Model], value: object, path: str) -> Model | None:
        """Return *value* as a *model*, or note everything that keeps it from being one."""
        try:
            return model.model_validate(value)
        except ValidationError as error:
            for each in error.errors(include_url=False, include_input=False, include_context=False):
                self.add(json_path(path, each["loc"]), _told(each["type"], each["msg"]))
            return None

    def raise_any(self) -> None:
        """
        Come back only if nothing is wrong.

        Raises:
            CatalogError: the faults in one line.
        """
        if self._count:
            raise self.error()

    def error(self) -> CatalogError:
        """Return the faults in one line."""
        more = self._count - len(self._shown)
        return CatalogError("; ".join(self._shown) + (f"; and {more} more" if more else ""))


def _told(kind: str, text: str) -> str:
    # Pydantic's own words would name a class of ours.
    return "an object is expected" if kind == "model_type" else text.removeprefix("Value error, ")


def json_path(start: str, steps: tuple[int | str, ...]) -> str:
    """Return the JSON path that *steps* lead to from *start*."""
    return start + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
