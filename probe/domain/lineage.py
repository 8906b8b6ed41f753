"""What a file is called from release to release, and which release is the one before."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from probe.domain.artifact import Release
from probe.domain.naming import holds_version
from probe.domain.version import Version, version_of

# GitHub writes so what it does not want in the name of a file.
_UNWANTED = re.compile(r"[^0-9A-Za-z._-]+")
# A commit, a build, a day: what is of one release only, and has no name in the next.
_OF_ONE_RELEASE = re.compile(
    r"[0-9]{5}"
    r"|(?<![0-9A-Za-z])g?(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,64}(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])(?:b|r|rev|build)[-_.]?[0-9]{2,}(?![0-9A-Za-z])"
    # A package that was made anew of the same version, as in 1.4.1-2, is not so in the next.
    r"|(?<= )[-+~](?!(?:1|32|64)(?![0-9]))[0-9]{1,2}(?![0-9A-Za-z])",
    re.IGNORECASE,
)
# So many dots are no other number's, whatever letters stand before it: go1.21.5.
_UNMISTAKABLE = 2


def lineage(name: str, version: str) -> str:
    """Return *name* with *version* taken out: what a file is called in every release."""
    return _pattern(_spelt(version, numbers=True)).sub("{version}", name)


def carried(name: str, previous: Release, release: Release) -> str | None:
    """
    Return what the file *name* of *previous* should be called in *release*.

    ``None`` if that cannot be told, as the name holds something else that is of one release only.
    """
    renamed = _renamed(previous, release)
    pattern = _pattern(tuple(renamed))
    found = [each[0] for each in pattern.finditer(name)]
    # Of two the other one may be a machine's, or the product's.
    twice = len(found) > 1 and any(each.isdigit() for each in found)
    rest = pattern.sub(" ", name)
    if twice or holds_version(rest) or _OF_ONE_RELEASE.search(rest):
        return None
    return pattern.sub(lambda each: renamed[each[0]], name)


def names_version(name: str, release: Release) -> bool:
    """Tell whether the file *name* of *release* says which release it is of."""
    spelt = (*_spelt(release.version, numbers=True), *_spelt(release.tag, numbers=False))
    return _pattern(spelt).search(name) is not None


def predecessor(release: Release, remembered: Iterable[Release]) -> Release | None:
    """
    Return the release of the same train before *release* that was not withdrawn.

    It has the greatest numbers that are not greater, and the same text before these: a patch of
    1.9 comes after 1.9.8, whenever 2.0 came. Without numbers it is the last one that has none.
    """
    own = version_of(release.version)
    before = [
        (theirs.numbers if theirs else (), each.published_at, each)
        for each in remembered
        if not each.yanked and each.published_at < release.published_at
        if _of_one_train(theirs := version_of(each.version), own)
    ]
    return max(before, key=lambda each: each[:2], default=(None, None, None))[2]


def _of_one_train(earlier: Version | None, own: Version | None) -> bool:
    if earlier is None or own is None:
        return earlier is own
    return earlier.before == own.before and earlier.numbers <= own.numbers


def _renamed(previous: Release, release: Release) -> Mapping[str, str]:
    old, new = version_of(previous.version), version_of(release.version)
    # Names without a candidate's suffix do not say how they will spell one: -rc.1, ~rc.1, rc1.
    if old is not None and new is not None and new.after and not old.after:
        return {}
    # What is around the numbers may be missing in names, or spelt otherwise.
    alike = old is not None and new is not None and old.after == new.after
    pairs = (
        *zip(*(_spelt(each.version, numbers=alike) for each in (previous, release)), strict=False),
        *zip(*(_spelt(each.tag, numbers=False) for each in (previous, release)), strict=False),
    )
    renamed: dict[str, str] = {}
    for before, now in pairs:
        if before and now and before != now:
            renamed.setdefault(before, now)
    return renamed


@lru_cache(maxsize=1024)
def _spelt(version: str, *, numbers: bool) -> tuple[str, ...]:
    """Return how names may spell *version*, each way always in the same place."""
    parts = version_of(version)
    bare = version.removeprefix("v")
    ways = [bare, parts.dotted + parts.after if parts else bare]
    if numbers:
        ways.append(parts.dotted if parts else bare)
    written = (each for way in ways for each in (way, _UNWANTED.sub(".", way)))
    return tuple(each for way in written for each in (way, way.replace(".", "_")))


@lru_cache(maxsize=1024)
def _pattern(spelt: tuple[str, ...]) -> re.Pattern[str]:
    ways = [_begun(each) for each in sorted({*spelt} - {""}, key=len, reverse=True)]
    # Without any there is nothing to be found.
    found = "|".join(ways) or "(?!)"
    return re.compile(rf"(?<![0-9]\.)(?<!x86[-_])(?:{found})(?![0-9A-Za-z])(?!\.[0-9])")


def _begun(way: str) -> str:
    unmistakable = len(re.findall(r"[0-9][._](?=[0-9])", way)) >= _UNMISTAKABLE
    begun = r"(?<![0-9])" if unmistakable else r"(?:(?<![0-9A-Za-z])|(?<=(?<![0-9A-Za-z])[vV]))"
    return begun + re.escape(way)
