"""What a product's own rules add to what file names tell."""

import re
from dataclasses import dataclass

from probe.domain.artifact import Artifact, AssetClass, Digest, Platform
from probe.domain.naming import Description, describe
from probe.domain.platform_names import platform_of

PATTERN_GROUPS = frozenset({"os", "arch", "version", "class"})


@dataclass(frozen=True, slots=True)
class NameRules:
    """Which files of a release count, and what overrides the reading of their names."""

    match: tuple[re.Pattern[str], ...] = ()
    exclude: tuple[re.Pattern[str], ...] = ()
    pattern: re.Pattern[str] | None = None
    platforms: tuple[tuple[re.Pattern[str], Platform], ...] = ()

    def accepts(self, name: str) -> bool:
        """Tell whether the file counts."""
        wanted = not self.match or any(each.match(name) for each in self.match)
        return wanted and not any(each.match(name) for each in self.exclude)

    def describe(self, name: str) -> Description:
        """Return what *name* tells by these rules."""
        told = describe(name)
        if self.pattern and (found := self.pattern.search(name)):
            told = _overridden(told, found.groupdict())
        for glob, platform in self.platforms:
            if glob.match(name):
                return Description(platform, told.asset_class, told.version)
        return told

    def artifact(
        self, name: str, size_bytes: int | None = None, digests: tuple[Digest, ...] = ()
    ) -> Artifact:
        """Return the artifact of which nothing but its name tells platform and class."""
        told = self.describe(name)
        return Artifact(name, told.asset_class, told.platform, size_bytes, digests)


def _overridden(told: Description, groups: dict[str, str | None]) -> Description:
    known = told.platform
    os = groups.get("os") or (known.os if known else "")
    arch = groups.get("arch") or (known.arch if known else "")
    kind = (groups.get("class") or "").lower()
    return Description(
        platform=platform_of(os, arch) if os and arch else known,
        asset_class=AssetClass(kind) if kind in _CLASSES else told.asset_class,
        version=groups.get("version") or told.version,
    )


_CLASSES = frozenset(AssetClass)
