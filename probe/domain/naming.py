"""What the name of a release's file tells: its platform, its class, its version."""

import re
from dataclasses import dataclass

from probe.domain.artifact import ANY_PLATFORM, AssetClass, Platform
from probe.domain.class_names import Classified, classify
from probe.domain.platform_names import find_platform
from probe.domain.version import MAX_VERSION_LENGTH

MAX_NAME_LENGTH = 255

_NO_SEGMENTS = frozenset({"", ".", ".."})


@dataclass(frozen=True, slots=True)
class Description:
    """What a file name tells. ``platform`` None and ``version`` empty: it does not tell."""

    platform: Platform | None
    asset_class: AssetClass
    version: str = ""


_PRERELEASE = (
    r"(?:[-.~]?(?:alpha|beta|preview|pre|rc|dev|post|canary|nightly|snapshot|next)"
    r"(?:[-.]?\d+(?:\.\d+)*)?|[-.~]?[abcm]\d+)"
)
_NUMBERS = rf"\d+(?:\.\d+)+(?:{_PRERELEASE})*(?:p\d+|[a-z])?(?:\+[0-9a-z]+(?:\.[0-9a-z]+)*)?"
_VERSION = re.compile(rf"(?<![a-z0-9])(?<!\d\.)v?({_NUMBERS})(?![a-z0-9])", re.IGNORECASE)
# As in go1.21.5: no delimiter between the product and its version.
_GLUED_VERSION = re.compile(rf"(?<=[a-z])({_NUMBERS})(?![a-z0-9])", re.IGNORECASE)

# Versions of what the file runs on, not of the file; what comes first in a name is the product.
_LIBRARIES = "ubuntu|debian|alpine|fedora|centos|rhel|el|fc|glibc|musl|cuda|rocm|python"
_SYSTEMS = "macosx?|osx|darwin|freebsd|openbsd|netbsd|linux|windows|win"


def _versioned(words: str) -> re.Pattern[str]:
    numbers = r"[-_]?\d+(?:[._]\d+)+(?![a-z0-9])"
    return re.compile(rf"(?<=[-_. ])(?:{words}){numbers}", re.IGNORECASE)


_SURROUNDINGS = (_versioned(f"{_LIBRARIES}|{_SYSTEMS}"), _versioned(_LIBRARIES))

# By convention (PEP 625, Autotools, npm, Helm) a tarball that names no platform has none.
_SOURCE_SUFFIXES = (".tar.gz", ".tar.xz", ".tar.bz2", ".tar.lz")
_WHEEL_PARTS = (5, 6)


def describe(name: str) -> Description:
    """Return what *name*, a file name or a relative path, tells about the file."""
    base = name.rpartition("/")[2][:MAX_NAME_LENGTH]
    found = classify(base)
    if ".whl" in base.lower() and found.stem.count("-") + 1 in _WHEEL_PARTS:
        return _wheel(found)
    version = find_version(found.stem)
    bare = found.stem.replace(version, " ", 1) if version else found.stem
    platform = find_platform(_SURROUNDINGS[0].sub(_system_only, bare), found.implied_os)
    return _conventional(base.lower(), found, platform, version)


def find_version(stem: str) -> str:
    """Return the first version in a file name without its suffixes; empty if there is none."""
    # What follows a system may be the file's version after all, if there is no other.
    for surroundings in _SURROUNDINGS:
        bare = surroundings.sub(lambda match: "-" * len(match.group()), stem)
        match = _VERSION.search(bare) or _GLUED_VERSION.search(bare)
        if match:
            return match.group(1)
    return ""


def holds_version(name: str) -> bool:
    """Tell whether a version stands in *name* that is not one of what the file runs on."""
    bare = _SURROUNDINGS[0].sub(" ", name)
    return bool(_VERSION.search(bare) or _GLUED_VERSION.search(bare))


def _system_only(match: re.Match[str]) -> str:
    return re.split(r"[-_\d]", match.group(), maxsplit=1)[0] + " "


def _wheel(found: Classified) -> Description:
    # PEP 427: name-version(-build)-python-abi-platform.
    parts = found.stem.split("-")
    return Description(find_platform(parts[-1]), found.asset_class, parts[1])


def _conventional(
    lower: str, found: Classified, platform: Platform | None, version: str
) -> Description:
    kind = found.asset_class
    if platform is None and found.portable:
        return Description(ANY_PLATFORM, kind, version)
    if platform is None and version and kind is AssetClass.ARCHIVE:
        if lower.endswith(_SOURCE_SUFFIXES) and found.stem.endswith(version):
            return Description(ANY_PLATFORM, AssetClass.SOURCE, version)
        if lower.endswith(".tgz"):
            return Description(ANY_PLATFORM, AssetClass.PACKAGE, version)
    return Description(platform, kind, version)


def name_fault(name: str) -> str:
    """Return what keeps *name* from being a file name or a relative path; empty if nothing."""
    if not name or len(name) > MAX_NAME_LENGTH:
        return f"a name has 1 to {MAX_NAME_LENGTH} characters, not {len(name)}"
    if not name.isprintable() or name != name.strip():
        return "a name has no control characters and no space at its ends"
    if any(segment in _NO_SEGMENTS for segment in name.split("/")):
        return "a name is a file name or a relative path without empty, . or .. segments"
    return ""


def version_fault(version: str) -> str:
    """Return what keeps *version* from being a version or a tag; empty if nothing does."""
    if not version or len(version) > MAX_VERSION_LENGTH:
        return f"a version has 1 to {MAX_VERSION_LENGTH} characters, not {len(version)}"
    if not version.isprintable() or " " in version:
        return "a version has no spaces and no control characters"
    if any(segment in _NO_SEGMENTS for segment in version.split("/")) or "<" in version:
        return "a version has no empty, . or .. segments and no markup"
    return ""
