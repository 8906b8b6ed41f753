"""One thing that is wrong with the configuration, and where."""

from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One fault: where it stands and what would be right. Never repeats a value that was given.

    ``line`` and ``column`` count from 1; both are 0 where the fault has no place in a file.
    """

    file: str
    message: str
    key: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return ": ".join(part for part in (place, self.key, self.message) if part)


def key_of(path: Path) -> str:
    """Return a path as people write it: ``products[0].endpoints[1].url``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")
