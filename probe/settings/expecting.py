"""What every release should have, and the way back from it."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from probe.catalog.fields import Version
from probe.domain.artifact import Platform
from probe.domain.expectation import Expectation
from probe.domain.platform_names import parse_platform
from probe.domain.release_range import ReleaseRange, bound_of
from probe.settings.policy import Section
from probe.settings.words import BoundText, NameTemplate, PageTemplate, PlatformName

_SPELT = ("{os}", "{arch}")


def _once_each(names: tuple[str, ...]) -> tuple[str, ...]:
    said: dict[Platform | None, str] = {}
    for name in names:
        platform = parse_platform(name)
        if platform in said:
            raise ValueError(f"{said[platform]} and {name} are one platform: say {platform} once")
        said[platform] = name
    return names


class ExpectEntry(Section):
    """What every release should have."""

    platforms: Annotated[tuple[PlatformName, ...], AfterValidator(_once_each)] = ()
    """Platforms for which there must be something to install."""
    since: dict[PlatformName, BoundText] = Field(default_factory=dict)
    """From which day or version on some of them are asked for, as in linux/riscv64: 2026-08-01."""
    until: dict[PlatformName, BoundText] = Field(default_factory=dict)
    """From which day or version on some of them are not any more, as in darwin/amd64: '2.0'."""
    artifacts: Annotated[tuple[NameTemplate, ...], Field(max_length=200)] = ()
    """File names with {version} {tag} {channel} {os} {arch}, and * for anything; those with {os} or
    {arch} stand for a file for each platform, however it spells them."""
    checksums: bool = True
    """A digest for every file that users install."""
    notes: bool = False
    """Notes: a document that answers with something to read."""
    like_previous: bool = True
    """The files that the release before it in its train had, where neither a plan nor artifacts
    says more, and as far as their names hold its version and nothing else of one release only."""

    @model_validator(mode="after")
    def _has_the_platforms(self) -> Self:
        for key, bounds in (("since", self.since), ("until", self.until)):
            unknown = sorted(bounds.keys() - set(self.platforms))
            if unknown:
                raise ValueError(f"{key} names {unknown[0]}, which is not among platforms")
        if not self.platforms and any(each in text for text in self.artifacts for each in _SPELT):
            raise ValueError("artifacts with {os} or {arch} need platforms")
        for name in self.platforms:
            try:
                self._range(name)
            except ValueError as fault:
                raise ValueError(f"{name}: {fault}") from None
        return self

    def expectation(self, *, planned: bool) -> Expectation:
        """Return what this says; a *planned* catalog lists what should exist."""
        bounded = [
            (platform, self._range(name))
            for name in self.platforms
            if name in self.since or name in self.until
            if (platform := parse_platform(name)) is not None
        ]
        return Expectation(
            ranges=tuple(bounded),
            artifacts=self.artifacts,
            checksums=self.checksums,
            notes=self.notes,
            planned=planned,
            like_previous=self.like_previous,
        )

    def _range(self, name: str) -> ReleaseRange:
        since, until = self.since.get(name), self.until.get(name)
        return ReleaseRange(since and bound_of(since), until and bound_of(until))


class RollbackEntry(Section):
    """The way back, where the releases of the source do not name it."""

    known_good: Annotated[tuple[Version, ...], Field(max_length=20)] = ()
    """Versions that one may go back to; they are probed like pinned ones."""
    document: PageTemplate = ""
    """Where it says how to go back; {version} is the version that one goes back to."""
