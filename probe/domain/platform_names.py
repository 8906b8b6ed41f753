"""
The many spellings of an operating system and an architecture, in file names and elsewhere.

Go's spelling is the normal form (``linux/amd64``), with the ARM generations told apart
(``linux/armv7``). A macOS binary that holds both architectures is ``darwin/universal``.
"""

import re

from probe.domain.artifact import ANY_PLATFORM, Platform

UNIVERSAL = "universal"

_SYSTEM_NAMES = {
    "linux": "linux lnx manylinux musllinux linuxmusl linuxstatic",
    "darwin": "darwin macos macosx osx mac apple",
    "windows": "windows win mingw msvc msys cygwin",
    "freebsd": "freebsd",
    "openbsd": "openbsd",
    "netbsd": "netbsd",
    "dragonfly": "dragonfly dragonflybsd",
    "solaris": "solaris sunos",
    "illumos": "illumos omnios",
    "aix": "aix",
    "android": "android",
    "ios": "ios",
    "plan9": "plan9",
    "wasip1": "wasi wasip1",
    "js": "emscripten pyodide",
}
_DISTRIBUTIONS = (
    "alpine ubuntu debian fedora centos rhel rocky almalinux sles opensuse suse archlinux "
    "amzn amazonlinux el fc trixie bookworm bullseye buster noble jammy focal bionic"
)
_MACHINE_NAMES = {
    "amd64": "amd64 x64 x8664 em64t intel64 amd64v1 amd64v2 amd64v3 amd64v4",
    "arm64": "arm64 aarch64 armv8 armv8l arm64v8 arm64e",
    "386": "386 i386 i486 i586 i686 x86 ia32",
    "arm": "arm arm32",
    "armv5": "armv5 armv5l armv5te armv5tel armel arm32v5 arm5",
    "armv6": "armv6 armv6l armv6hf armv6hl arm32v6 arm6",
    "armv7": "armv7 armv7l armv7a armv7hl armv7hf armhf armhfp armeabi arm32v7 arm7",
    "riscv64": "riscv64 riscv64gc rv64gc",
    "ppc64le": "ppc64le ppc64el powerpc64le",
    "ppc64": "ppc64 powerpc64",
    "ppc": "ppc powerpc",
    "s390x": "s390x s390",
    "mips": "mips",
    "mipsle": "mipsle mipsel",
    "mips64": "mips64",
    "mips64le": "mips64le mips64el",
    "loong64": "loong64 loongarch64",
    "sparc64": "sparc64 sparcv9",
    "wasm": "wasm wasm32",
    UNIVERSAL: "universal universal2",
}
_ANY_WORDS = frozenset({"any", "noarch", "all"})

SYSTEMS = {alias: name for name, aliases in _SYSTEM_NAMES.items() for alias in aliases.split()}
MACHINES = {alias: name for name, aliases in _MACHINE_NAMES.items() for alias in aliases.split()}

# What is only a machine where the system is macOS; elsewhere these are ordinary words.
_APPLE_MACHINES = {"intel": "amd64", "silicon": "arm64", "m1": "arm64"}
_WIDTHS = {"64": "amd64", "32": "386", "64bit": "amd64", "32bit": "386"}


def _longest_first(words: list[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


# Spellings that hold a delimiter themselves, made one word before the name is taken apart.
_JOINED = tuple(
    (re.compile(rf"(?<![a-z0-9]){spelling}"), word)
    for spelling, word in (
        (r"x86[-_]64(?![0-9])", "amd64"),
        (r"x86[-_]32(?![0-9])", "386"),
        (r"aarch_64(?![0-9])", "arm64"),
        (r"ppcle_64(?![0-9])", "ppc64le"),
        (r"ppc_64(?![0-9])", "ppc64"),
        (r"s390_64(?![0-9])", "s390x"),
        (r"arm64[-_]v8a(?![a-z0-9])", "android-arm64"),
        (r"armeabi[-_]v7a(?![a-z0-9])", "android-armv7"),
        (r"arm[-_]v([5-8])(?![.0-9])", r"armv\1"),
        (r"arm_([5-7])(?![.0-9])", r"armv\1"),
        (r"apple[-_]silicon(?![a-z0-9])", "darwin-arm64"),
        (r"universal[-_]binary(?![a-z0-9])", UNIVERSAL),
        (r"(64|32)[-_]bit(?![a-z0-9])", r"\1bit"),
    )
)
_GLUED = re.compile(
    rf"({_longest_first([*SYSTEMS, 'w'])})(\d+(?:bit)?|{_longest_first(list(MACHINES))})"
)
_DISTRIBUTION = re.compile(rf"(?:{_longest_first(_DISTRIBUTIONS.split())})\d*")
_DELIMITERS = re.compile(r"[^a-z0-9]+")


def platform_of(os: str, arch: str) -> Platform:
    """Return the normal form of a system and an architecture that are spelled out."""
    system = os.strip().lower()
    machine = arch.strip().lower().replace("-", "_")
    for spelling, word in _JOINED:
        machine = spelling.sub(word, machine)
    return _combined(
        "any" if system in _ANY_WORDS else SYSTEMS.get(system, system),
        "any" if machine in _ANY_WORDS else MACHINES.get(machine, machine),
    )


def parse_platform(text: str) -> Platform | None:
    """Return the platform written ``linux/amd64``, ``any``, or in other spellings of these."""
    system, slash, machine = text.strip().partition("/")
    if not slash:
        return ANY_PLATFORM if system.lower() in _ANY_WORDS else None
    return platform_of(system, machine) if system and machine else None


def find_platform(stem: str, implied_os: str = "") -> Platform | None:
    """
    Return the platform that a file name without its suffixes tells; None if it tells half.

    The last word that names a system or a machine counts, as products are named first.
    ``implied_os`` is what the suffix says, where the name does not.
    """
    lower = stem.lower()
    for spelling, word in _JOINED:
        lower = spelling.sub(word, lower)
    return _Words(_DELIMITERS.split(lower)).platform(implied_os)


class _Words:
    """What the words of one name say about systems and machines, each in order."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._systems: list[str] = []
        self._machines: list[str] = []
        self._widths: list[str] = []
        self._linux_distribution = False
        after_system = False
        for word in words:
            after_system = self._read(word, after_system=after_system)

    def _read(self, word: str, *, after_system: bool) -> bool:
        if word in MACHINES:
            self._machines.append(MACHINES[word])
        elif word in SYSTEMS:
            self._systems.append(SYSTEMS[word])
            return True
        elif word in _WIDTHS and (after_system or word.endswith("bit")):
            self._widths.append(_WIDTHS[word])
        elif glued := _GLUED.fullmatch(word):
            self._read_glued(*glued.groups())
        elif _DISTRIBUTION.fullmatch(word):
            self._linux_distribution = True
        return False

    def _read_glued(self, system: str, rest: str) -> None:
        if system == "w" and rest not in _WIDTHS:
            return
        self._systems.append(SYSTEMS.get(system, "windows"))
        if rest in MACHINES:
            self._machines.append(MACHINES[rest])
        elif rest in _WIDTHS:
            self._widths.append(_WIDTHS[rest])

    def platform(self, implied_os: str) -> Platform | None:
        said = self._systems[-1] if self._systems else ""
        system = said or ("linux" if self._linux_distribution else implied_os)
        machine = self._machine(system)
        if machine == "any" and not said:
            return ANY_PLATFORM
        if machine == "wasm":
            return Platform(said or "any", machine)
        return _combined(system, machine) if system and machine else None

    def _machine(self, system: str) -> str:
        if system == "darwin" and {"amd64", "arm64"} <= set(self._machines):
            return UNIVERSAL
        if self._machines:
            return self._machines[-1]
        if system == "darwin":
            for word in self._words:
                if word in _APPLE_MACHINES:
                    return _APPLE_MACHINES[word]
        if self._widths:
            return self._widths[-1]
        return "any" if _ANY_WORDS.intersection(self._words) else ""


def _combined(system: str, machine: str) -> Platform:
    if system == "darwin" and machine == "any":
        return Platform(system, UNIVERSAL)
    if system != "darwin" and machine == UNIVERSAL:
        return Platform(system, "any")
    return Platform(system, machine)
