"""What every release of a product should have, whatever its catalog lists."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from fnmatch import translate

from probe.domain.artifact import ANY_PLATFORM, Artifact, AssetClass, Platform, Release
from probe.domain.class_names import classify
from probe.domain.lineage import carried, names_version
from probe.domain.platform_names import UNIVERSAL
from probe.domain.release_range import ReleaseRange

_OF_PLATFORM = ("{os}", "{arch}")
_ALIKE = 0.75
_COMPARED = 20
# What has a meaning in a pattern, and none in what a template is filled with.
_SPECIAL = re.compile(r"[*?\[]")


class ExpectedBy(StrEnum):
    """Where the list of what should be there comes from, best first."""

    CATALOG = "catalog"
    TEMPLATES = "templates"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Expectation:
    """
    What a product asks of every release.

    ``artifacts`` are names with fields, as in ``widget_{version}_{os}_{arch}.*``; one with a
    platform in it stands for a file for each of the product's. Some of those are only asked for
    within ``ranges``. A ``planned`` catalog lists what should exist, any other what was uploaded:
    without templates the release before it says what should be there, if ``like_previous``.
    """

    ranges: tuple[tuple[Platform, ReleaseRange], ...] = ()
    artifacts: tuple[str, ...] = ()
    checksums: bool = True
    notes: bool = False
    planned: bool = False
    like_previous: bool = True

    def among(self, platforms: Iterable[Platform], release: Release) -> tuple[Platform, ...]:
        """Return those of *platforms* for which *release* must have something to install."""
        dropped = self.dropped(release)
        return tuple(each for each in platforms if each not in dropped)

    def dropped(self, release: Release) -> frozenset[Platform]:
        """Return the platforms for which *release* need not have anything."""
        return frozenset(platform for platform, within in self.ranges if not within.holds(release))


@dataclass(frozen=True, slots=True)
class Expected:
    """A file that should be there: its name, what it is for, and for which platform."""

    name: str
    asset_class: AssetClass
    platform: Platform | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    What is listed, held against what should be.

    ``absent`` are not listed, ``unexpected`` are listed and installed by users, and nobody asked
    for them. ``renamed`` guesses which of the one are which of the other.
    """

    by: ExpectedBy
    absent: tuple[Expected, ...] = ()
    unexpected: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)


def runs_on(built: Platform, wanted: Platform) -> bool:
    """Tell whether what was *built* for one platform is of use on another."""
    if built in (ANY_PLATFORM, wanted):
        return True
    return built.os == wanted.os and built.arch in ("any", UNIVERSAL)


def absent_platforms(expected: Iterable[Platform], release: Release) -> tuple[Platform, ...]:
    """Return the platforms that *release* should be built for and has no file for."""
    built = {
        each.platform
        for each in release.artifacts
        if each.asset_class.distributable and each.platform is not None
    }
    return tuple(wanted for wanted in expected if not any(runs_on(each, wanted) for each in built))


def compared(
    expects: Expectation,
    platforms: Sequence[Platform],
    release: Release,
    previous: Release | None,
) -> Comparison:
    """
    Return what of *release* is absent or unexpected.

    *platforms* are those for which it must have something, *previous* is its predecessor, whose
    names count as far as what they should be in *release* can be told.
    """
    if expects.planned:
        return Comparison(ExpectedBy.CATALOG)
    if expects.artifacts:
        return _by_templates(expects.artifacts, platforms, release)
    if previous is not None and expects.like_previous:
        return _by_previous(release, previous, expects.dropped(release))
    return Comparison(ExpectedBy.CATALOG)


def _by_templates(
    templates: Iterable[str], platforms: Sequence[Platform], release: Release
) -> Comparison:
    absent: list[Expected] = []
    known: set[str] = set()
    for template in templates:
        of_platform = any(each in template for each in _OF_PLATFORM)
        for platform in platforms if of_platform else (None,):
            wanted = _Wanted.of(template, platform, release)
            found = {each.name for each in release.artifacts if wanted.is_met_by(each)}
            known |= found
            if not found:
                absent.append(wanted.expected)
    return _comparison(ExpectedBy.TEMPLATES, absent, release, known)


def _by_previous(release: Release, previous: Release, dropped: Collection[Platform]) -> Comparison:
    listed = {each.name for each in release.artifacts}
    told = [(carried(each.name, previous, release), each) for each in previous.artifacts]
    wanted = [
        Expected(name, each.asset_class, each.platform) for name, each in told if name is not None
    ]
    names = {each.name for each in wanted}
    versioned = any(names_version(each.name, previous) for each in previous.artifacts)
    # Where none is called so the names are made otherwise, and say nothing.
    if not versioned or (listed and not listed & names):
        return Comparison(ExpectedBy.CATALOG)
    absent = [each for each in wanted if each.name not in listed and each.platform not in dropped]
    # A file whose name could not be told is not unexpected under its new one.
    known = names if len(wanted) == len(told) else listed
    return _comparison(ExpectedBy.PREVIOUS, absent, release, known)


def _comparison(
    by: ExpectedBy, absent: Sequence[Expected], release: Release, known: set[str]
) -> Comparison:
    unexpected = [
        each.name
        for each in release.artifacts
        if each.asset_class.distributable and each.name not in known
    ]
    names = [each.name for each in absent]
    return Comparison(by, tuple(absent), tuple(unexpected), renamings(names, unexpected))


def renamings(absent: Sequence[str], unexpected: Sequence[str]) -> Mapping[str, str]:
    """Guess which absent name became which unexpected one, of twenty each that are alike."""
    alike = [
        (ratio, old, new)
        for old in absent[:_COMPARED]
        for new in unexpected[:_COMPARED]
        if (ratio := SequenceMatcher(None, old, new, autojunk=False).ratio()) >= _ALIKE
    ]
    pairs: dict[str, str] = {}
    for _, old, new in sorted(alike, key=lambda each: (-each[0], each[1], each[2])):
        if old not in pairs and new not in pairs.values():
            pairs[old] = new
    return pairs


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A template filled for a release and a platform, whose spelling in the name is free."""

    expected: Expected
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, template: str, platform: Platform | None, release: Release) -> "_Wanted":
        said = {
            "version": release.version,
            "tag": release.tag or release.version,
            "channel": release.channel,
        }
        shown = template.format_map(
            {
                **said,
                "os": platform.os if platform else "",
                "arch": platform.arch if platform else "",
            }
        )
        literal = {name: _SPECIAL.sub(r"[\g<0>]", text) for name, text in said.items()}
        pattern = translate(template.format_map({**literal, "os": "*", "arch": "*"}))
        return cls(Expected(shown, classify(shown).asset_class, platform), re.compile(pattern))

    def is_met_by(self, artifact: Artifact) -> bool:
        """Tell whether *artifact* is the file."""
        expected = self.expected
        if self.pattern.match(artifact.name) is None or not _same_use(expected, artifact):
            return False
        if expected.platform is None:
            return True
        return artifact.platform is not None and runs_on(artifact.platform, expected.platform)


def _same_use(expected: Expected, artifact: Artifact) -> bool:
    if expected.asset_class.distributable:
        return artifact.asset_class.distributable
    return expected.asset_class is artifact.asset_class
