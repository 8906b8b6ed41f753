"""The ``artifacts.json`` and ``metadata.json`` that GoReleaser writes beside a release."""

from dataclasses import dataclass

from pydantic import Field

from probe.catalog.faults import Faults
from probe.catalog.fields import MAX_ASSETS, Instant, Name, Outside, Size, Text, Version
from probe.catalog.json_document import load_json
from probe.catalog.names import NameRules
from probe.domain.artifact import Artifact, AssetClass, Digest, DigestAlgorithm, Platform
from probe.domain.platform_names import platform_of
from probe.ports import CatalogError, Document

# The words of goreleaser's artifact types that are files of a release; images and the manifests
# of package managers are not. None leaves the class to the name.
TYPES: dict[str, AssetClass | None] = {
    "Archive": AssetClass.ARCHIVE,
    "Binary": AssetClass.BINARY,
    "File": None,
    "Linux Package": AssetClass.PACKAGE,
    "Snap": AssetClass.PACKAGE,
    "Source": AssetClass.SOURCE,
    "Makeself": AssetClass.INSTALLER,
    "Installer": AssetClass.INSTALLER,
    "DMG": AssetClass.INSTALLER,
    "MSI": AssetClass.INSTALLER,
    "NSIS": AssetClass.INSTALLER,
    "Checksum": AssetClass.CHECKSUM,
    "Signature": AssetClass.SIGNATURE,
    "Certificate": AssetClass.CERTIFICATE,
    "SBOM": AssetClass.SBOM,
}
_BINARY = "Binary"


@dataclass(frozen=True, slots=True)
class Metadata:
    """Which release the documents are about. ``date`` is when it was built."""

    version: str
    tag: str
    date: Instant


class _Metadata(Outside):
    version: Version
    tag: Version
    date: Instant


class _Extra(Outside):
    checksum: Text = Field(default="", alias="Checksum")
    size: Size | None = Field(default=None, alias="Size")


class _Artifact(Outside):
    name: Text = ""
    type: Text
    goos: Text = ""
    goarch: Text = ""
    goarm: Text = ""
    extra: _Extra | None = None

    @property
    def is_uploaded(self) -> bool:
        """Tell whether this is a file of the release, and not one that goes into an archive."""
        checksum = self.extra.checksum if self.extra else ""
        return self.type != _BINARY or bool(checksum)

    def platform(self) -> Platform | None:
        if not (self.goos and self.goarch):
            return None
        generation = f"armv{self.goarm[0]}" if self.goarm[:1].isdigit() else self.goarch
        return platform_of(self.goos, generation if self.goarch == "arm" else self.goarch)

    def artifact(self, rules: NameRules) -> Artifact:
        told = rules.artifact(self.name)
        return Artifact(
            name=self.name,
            asset_class=TYPES.get(self.type) or told.asset_class,
            platform=self.platform() or told.platform,
            size_bytes=self.extra.size if self.extra else None,
            digests=_digests(self.extra.checksum if self.extra else ""),
        )


class _Named(Outside):
    name: Name


def parse_metadata(document: Document, _url: str) -> Metadata:
    """
    Return what ``metadata.json`` says.

    Raises:
        CatalogError: it is not valid.
    """
    faults = Faults()
    model = faults.read(_Metadata, load_json(document.body), "$")
    if model is None:
        raise faults.error()
    return Metadata(model.version, model.tag, model.date)


def parse_artifacts(
    document: Document, _url: str, types: frozenset[str], rules: NameRules
) -> tuple[Artifact, ...]:
    """
    Return the files that ``artifacts.json`` lists.

    Raises:
        CatalogError: it is not valid, or a name is listed twice.
    """
    values = load_json(document.body)
    if not isinstance(values, list) or len(values) > MAX_ASSETS:
        raise CatalogError(f"$: a list of at most {MAX_ASSETS} artifacts is expected")
    faults = Faults()
    found: dict[str, Artifact] = {}
    for index, value in enumerate(values):
        artifact = _read(value, f"$[{index}]", types, rules, faults)
        if artifact is None:
            continue
        if found.setdefault(artifact.name, artifact) != artifact:
            faults.add(f"$[{index}].name", f"{artifact.name} is listed twice")
    faults.raise_any()
    return tuple(each for each in found.values() if rules.accepts(each.name))


def _read(
    value: object, path: str, types: frozenset[str], rules: NameRules, faults: Faults
) -> Artifact | None:
    model = faults.read(_Artifact, value, path)
    if model is None or model.type not in types or not model.is_uploaded:
        return None
    if faults.read(_Named, {"name": model.name}, path) is None:
        return None
    try:
        return model.artifact(rules)
    except ValueError as error:
        faults.add(f"{path}.extra.Checksum", str(error))
        return None


def _digests(checksum: str) -> tuple[Digest, ...]:
    if checksum.partition(":")[0] not in set(DigestAlgorithm):
        return ()
    return (Digest.parse(checksum),)
