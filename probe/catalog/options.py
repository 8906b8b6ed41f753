"""What the options of every kind of source have in common."""

import fnmatch
import re
import string
from collections.abc import Mapping
from typing import Annotated, ClassVar
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from probe.catalog.names import PATTERN_GROUPS, NameRules
from probe.domain.link import Link
from probe.domain.platform_names import parse_platform
from probe.secret import SecretRef

_PRODUCT_FIELDS = frozenset({"product", "channel"})
_VERSION_FIELDS = _PRODUCT_FIELDS | {"version", "tag"}
_PATH_SAFE = "/-._~!$&'()*+,;=:@"


def _checked_url(text: str, known: frozenset[str]) -> str:
    if any(not character.isprintable() or character.isspace() for character in text):
        raise ValueError("a URL holds no spaces and no control characters")
    unknown = template_fields(text) - known
    if unknown:
        raise ValueError(f"unknown field {{{min(unknown)}}} (there are {', '.join(sorted(known))})")
    if text.startswith("file:///"):
        return text
    try:
        where = Link.parse(text)
    except ValueError as error:
        raise ValueError(f"an http, https or file:/// URL is expected: {error}") from None
    if "@" in urlsplit(text).netloc:
        raise ValueError(f"a URL holds no credentials; use token: {where.shown}")
    return text


def _document_url(text: str) -> str:
    return _checked_url(text, _PRODUCT_FIELDS)


def _versioned_url(text: str) -> str:
    return _checked_url(text, _VERSION_FIELDS)


def _name_pattern(pattern: re.Pattern[str]) -> re.Pattern[str]:
    groups = set(pattern.groupindex)
    if not groups or groups - PATTERN_GROUPS:
        known = ", ".join(sorted(PATTERN_GROUPS))
        raise ValueError(f"named groups are expected, as in (?P<os>…), of {known}")
    return pattern


def _platform(text: str) -> str:
    if parse_platform(text) is None:
        raise ValueError("a platform such as linux/amd64, or any, is expected")
    return text


DocumentUrl = Annotated[str, AfterValidator(_document_url)]
VersionedUrl = Annotated[str, AfterValidator(_versioned_url)]
NamePattern = Annotated[re.Pattern[str], AfterValidator(_name_pattern)]


class SourceModel(BaseModel):
    """Options of every source: which files count, and what their names mean."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    # Whether the source lists what should exist, or what somebody has uploaded.
    planned: ClassVar[bool] = False

    match: tuple[str, ...] = Field(
        default=(), description="Shell patterns; only files that match one of them count."
    )
    exclude: tuple[str, ...] = Field(
        default=(), description="Shell patterns; files that match one of them do not count."
    )
    pattern: NamePattern | None = Field(
        default=None,
        description="A regular expression that is searched for in file names; its named groups "
        "os, arch, version and class override what the name would tell.",
    )
    platforms: dict[str, Annotated[str, AfterValidator(_platform)]] = Field(
        default_factory=dict,
        description="From shell patterns to platforms (linux/amd64, any), for files whose names "
        "do not tell; the first match counts.",
    )
    token: SecretRef | None = Field(
        default=None,
        description="A bearer token for the documents of the source: {env: NAME} or {file: PATH}.",
    )

    @property
    def rules(self) -> NameRules:
        """Return how file names are to be read."""
        return NameRules(
            match=_globs(self.match),
            exclude=_globs(self.exclude),
            pattern=self.pattern,
            platforms=tuple(
                (re.compile(fnmatch.translate(glob)), platform)
                for glob, text in self.platforms.items()
                if (platform := parse_platform(text))
            ),
        )


def _globs(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(fnmatch.translate(pattern)) for pattern in patterns)


def template_fields(template: str) -> set[str]:
    """
    Return the names of the fields of a template.

    Raises:
        ValueError: the braces do not match, or a field has a format.
    """
    names: set[str] = set()
    for _, name, form, conversion in string.Formatter().parse(template):
        if name is None:
            continue
        if form or conversion or not name:
            raise ValueError("a field is a name in braces, as in {version}")
        names.add(name)
    return names


def fill(template: str, values: Mapping[str, str]) -> str:
    """Fill a URL template; what a path may not hold (RFC 3986) is percent-encoded."""
    return template.format_map(
        {name: quote(text, safe=_PATH_SAFE) for name, text in values.items()}
    )
