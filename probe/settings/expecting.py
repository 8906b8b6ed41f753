"""What every release should have, and the way back from it."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from probe.domain.expectation import Expectation
from probe.domain.platform_names import parse_platform
from probe.settings.policy import Section
from probe.settings.words import NameTemplate, PageTemplate, PlatformName

_SPELT = ("{os}", "{arch}")


class ExpectEntry(Section):
    """What every release should have."""

    platforms: tuple[PlatformName, ...] = ()
    """Platforms for which there must be something to install."""
    since: dict[PlatformName, date] = Field(default_factory=dict)
    """From which day on some of them are asked for, as in linux/riscv64: 2026-08-01."""
    artifacts: Annotated[tuple[NameTemplate, ...], Field(max_length=200)] = ()
    """File names with {version} {tag} {channel} {os} {arch}, and * for anything; those with {os} or
    {arch} stand for a file for each platform, however it spells them."""
    checksums: bool = True
    """A digest for every file that users install."""
    notes: bool = False
    """Notes: a document that answers with something to read."""
    like_previous: bool = True
    """The files that the release before had, where neither a plan nor artifacts says more."""

    @model_validator(mode="after")
    def _has_the_platforms(self) -> Self:
        unknown = sorted(self.since.keys() - set(self.platforms))
        if unknown:
            raise ValueError(f"since names {unknown[0]}, which is not among platforms")
        if not self.platforms and any(each in text for text in self.artifacts for each in _SPELT):
            raise ValueError("artifacts with {os} or {arch} need platforms")
        return self

    def expectation(self, *, planned: bool) -> Expectation:
        """Return what this says; a *planned* catalog lists what should exist."""
        since = ((parse_platform(name), day) for name, day in self.since.items())
        return Expectation(
            since=tuple((platform, day) for platform, day in since if platform),
            artifacts=self.artifacts,
            checksums=self.checksums,
            notes=self.notes,
            planned=planned,
            like_previous=self.like_previous,
        )


class RollbackEntry(Section):
    """The way back, where the releases of the source do not name it."""

    known_good: Annotated[tuple[str, ...], Field(max_length=20)] = ()
    """Versions that one may go back to; they are probed like pinned ones."""
    document: PageTemplate = ""
    """Where it says how to go back; {version} is the version that one goes back to."""
