"""The ``delivery-manifest/v1`` JSON document: its form, and the releases that it lists."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from probe.catalog.faults import Faults
from probe.catalog.fields import (
    MAX_ASSETS,
    MAX_RELEASES,
    Instant,
    Name,
    Outside,
    Size,
    Text,
    Version,
    digests_of,
)
from probe.catalog.json_document import load_json
from probe.catalog.names import NameRules
from probe.domain.artifact import Artifact, AssetClass, Platform, Release
from probe.domain.platform_names import parse_platform, platform_of

SCHEMA = "delivery-manifest/v1"

_Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")]


class _Platform(Outside):
    os: _Word
    arch: _Word


class _Asset(Outside):
    name: Name
    asset_class: Annotated[AssetClass | None, Field(strict=False, alias="class")] = None
    platform: _Platform | str | None = None
    size: Size | None = None
    hashes: dict[str, str] = Field(default_factory=dict)
    signatures: list[dict[str, object]] = Field(default_factory=list)
    provenance: list[dict[str, object]] = Field(default_factory=list)

    @field_validator("hashes")
    @classmethod
    def _are_digests(cls, hashes: dict[str, str]) -> dict[str, str]:
        digests_of(hashes)
        return hashes

    @field_validator("platform")
    @classmethod
    def _is_a_platform(cls, platform: _Platform | str | None) -> _Platform | str | None:
        if isinstance(platform, str) and parse_platform(platform) is None:
            raise ValueError("a platform is linux/amd64, any, or an object with os and arch")
        return platform

    def artifact(self, rules: NameRules) -> Artifact:
        told = rules.artifact(self.name, self.size, digests_of(self.hashes))
        return Artifact(
            name=self.name,
            asset_class=self.asset_class or told.asset_class,
            platform=self._said_platform() or told.platform,
            size_bytes=self.size,
            digests=told.digests,
        )

    def _said_platform(self) -> Platform | None:
        if isinstance(self.platform, _Platform):
            return platform_of(self.platform.os, self.platform.arch)
        return parse_platform(self.platform) if self.platform else None


class _Pointer(Outside):
    name: Name
    must_equal: Version


class _KnownGood(Outside):
    version: Version
    rollback_doc: Text = ""


class _Release(Outside):
    # The envelope may say the schema and the product once for all.
    schema_name: Annotated[Literal["delivery-manifest/v1"] | None, Field(alias="schema")] = None
    product: str | None = None
    version: Version
    channel: Annotated[str, Field(max_length=64, pattern=r"^[\w.+-]+$")] | None = None
    tag: Version | None = None
    published_at: Instant
    approved_at: Instant | None = None
    tagged_at: Instant | None = None
    yanked: bool = False
    previous_known_good: _KnownGood | None = None
    notes_url: Text = ""
    required_endpoints: list[Text] = Field(default_factory=list, max_length=100)
    pointers: list[_Pointer] = Field(default_factory=list, max_length=100)
    assets: Annotated[list[object], Field(max_length=MAX_ASSETS)]

    def release(self, channel: str, artifacts: tuple[Artifact, ...]) -> Release:
        known_good = self.previous_known_good
        return Release(
            version=self.version,
            channel=self.channel or channel,
            published_at=self.published_at,
            artifacts=artifacts,
            tag=self.tag or "",
            approved_at=self.approved_at,
            tagged_at=self.tagged_at,
            yanked=self.yanked,
            previous_known_good=known_good.version if known_good else "",
            rollback_doc=known_good.rollback_doc if known_good else "",
            notes_url=self.notes_url,
            required_endpoints=tuple(self.required_endpoints),
            pointers=tuple((each.name, each.must_equal) for each in self.pointers),
        )


class _Envelope(Outside):
    schema_name: Annotated[Literal["delivery-manifest/v1"], Field(alias="schema")]
    product: str | None = None
    releases: Annotated[list[object], Field(max_length=MAX_RELEASES)]


class _Single(Outside):
    schema_name: Annotated[Literal["delivery-manifest/v1"], Field(alias="schema")]


def parse_manifest(
    body: bytes, product: str, channel: str, rules: NameRules
) -> tuple[Release, ...]:
    """
    Return the releases of *product* on *channel*; a release without a channel is on it.

    Raises:
        CatalogError: the document is not valid. All of it is read before all faults are told.
    """
    document = load_json(body)
    faults = Faults()
    parser = _Parser(product, channel, rules, faults)
    releases = parser.document(document)
    faults.raise_any()
    return tuple(release for release in releases if release.channel == channel)


class _Parser:
    def __init__(self, product: str, channel: str, rules: NameRules, faults: Faults) -> None:
        self._product = product
        self._channel = channel
        self._rules = rules
        self._faults = faults
        self._seen: set[tuple[str, str]] = set()

    def document(self, document: object) -> list[Release]:
        if not isinstance(document, dict) or "releases" not in document:
            single = self._faults.read(_Single, document, "$")
            return self._release(document, "$") if single else []
        envelope = self._faults.read(_Envelope, document, "$")
        if envelope is None:
            return []
        self._is_ours(envelope.product, "$.product")
        return [
            release
            for index, each in enumerate(envelope.releases)
            for release in self._release(each, f"$.releases[{index}]")
        ]

    def _release(self, value: object, path: str) -> list[Release]:
        model = self._faults.read(_Release, value, path)
        if model is None:
            return []
        self._is_ours(model.product, f"{path}.product")
        release = model.release(self._channel, self._artifacts(model.assets, f"{path}.assets"))
        key = (release.channel, release.version)
        if key in self._seen:
            self._faults.add(f"{path}.version", f"{release.version} is listed twice")
        self._seen.add(key)
        return [release]

    def _artifacts(self, values: list[object], path: str) -> tuple[Artifact, ...]:
        found: dict[str, Artifact] = {}
        for index, value in enumerate(values):
            asset = self._faults.read(_Asset, value, f"{path}[{index}]")
            if asset is None:
                continue
            if asset.name in found:
                self._faults.add(f"{path}[{index}].name", f"{asset.name} is listed twice")
            found[asset.name] = asset.artifact(self._rules)
        return tuple(each for each in found.values() if self._rules.accepts(each.name))

    def _is_ours(self, product: str | None, path: str) -> None:
        if product is not None and product != self._product:
            self._faults.add(path, f"this is {product!r}, not {self._product!r}")
