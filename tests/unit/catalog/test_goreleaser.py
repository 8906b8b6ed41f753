"""The GoReleaser source: its two documents, of one release or of several."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from probe.catalog.goreleaser import GoreleaserOptions
from probe.domain.artifact import Artifact, AssetClass, Digest, DigestAlgorithm, Platform
from probe.ports import CatalogError
from tests.fakes.clock import FakeClock
from tests.fakes.documents import FakeDocuments, a_document
from tests.fakes.metrics import FakeMetrics

ARTIFACTS = "file:///srv/dist/artifacts.json"
METADATA = "file:///srv/dist/metadata.json"
HEX = hashlib.sha256(b"widget").hexdigest()
SHA256 = Digest(DigestAlgorithm.SHA256, HEX)


def a_built(name: str = "widget_1.4.2_linux_amd64.tar.gz", **fields: Any) -> dict[str, Any]:
    return {
        "name": name,
        "path": f"dist/{name}",
        "goos": "linux",
        "goarch": "amd64",
        "goamd64": "v1",
        "target": "linux_amd64_v1",
        "internal_type": 1,
        "type": "Archive",
        "extra": {"Checksum": f"sha256:{HEX}", "Size": 3, "Format": "tar.gz", "Replaces": None},
    } | fields


def some_metadata(**fields: Any) -> dict[str, Any]:
    return {
        "project_name": "widget",
        "tag": "v1.4.2",
        "previous_tag": "v1.4.1",
        "version": "1.4.2",
        "commit": "c0ffee",
        "date": "2026-08-20T12:00:00.123456789+02:00",
    } | fields


class World:
    """A source with everything it talks to."""

    def __init__(self, **options: Any) -> None:
        self.documents = FakeDocuments()
        self.source = GoreleaserOptions.model_validate(
            {"kind": "goreleaser", "artifacts_url": ARTIFACTS, "metadata_url": METADATA} | options
        ).build(
            "widget",
            "stable",
            documents=self.documents,
            metrics=FakeMetrics(),
            clock=FakeClock(),
        )

    def dist(self, *artifacts: Any, metadata: Any = None) -> "World":
        self.documents.answer(ARTIFACTS, a_document(json.dumps(artifacts)))
        self.documents.answer(METADATA, a_document(json.dumps(metadata or some_metadata())))
        return self

    async def artifacts(self) -> tuple[Artifact, ...]:
        (release,) = await self.source.releases()
        return release.artifacts

    async def fault(self) -> str:
        with pytest.raises(CatalogError) as raised:
            await self.source.releases()
        return str(raised.value)


async def test_one_release_is_read():
    (release,) = await World().dist(a_built()).source.releases()

    assert (release.version, release.tag, release.channel) == ("1.4.2", "v1.4.2", "stable")
    assert release.published_at == datetime(2026, 8, 20, 10, 0, 0, 123456, tzinfo=UTC)
    assert release.artifacts == (
        Artifact(
            "widget_1.4.2_linux_amd64.tar.gz",
            AssetClass.ARCHIVE,
            Platform("linux", "amd64"),
            3,
            (SHA256,),
        ),
    )


@pytest.mark.parametrize(
    ("fields", "platform"),
    [
        ({"goos": "darwin", "goarch": "all"}, Platform("darwin", "universal")),
        ({"goarch": "arm", "goarm": "7"}, Platform("linux", "armv7")),
        ({"goarch": "arm", "goarm": "6"}, Platform("linux", "armv6")),
        ({"goarch": "arm"}, Platform("linux", "arm")),
        ({"goarch": "mips64le"}, Platform("linux", "mips64le")),
        ({"goos": "", "goarch": "", "name": "widget_windows_386.zip"}, Platform("windows", "386")),
    ],
)
async def test_the_platform_is_what_go_calls_it(fields, platform):
    (artifact,) = await World().dist(a_built(**fields)).artifacts()

    assert artifact.platform == platform


@pytest.mark.parametrize(
    ("type_", "name", "kind"),
    [
        ("Archive", "a.zip", AssetClass.ARCHIVE),
        ("Binary", "a.zip", AssetClass.BINARY),
        ("File", "a.sbom.json", AssetClass.SBOM),
        ("Linux Package", "a.deb", AssetClass.PACKAGE),
        ("Checksum", "checksums.txt", AssetClass.CHECKSUM),
        ("Signature", "checksums.txt.sig", AssetClass.SIGNATURE),
        ("Certificate", "checksums.txt.pem", AssetClass.CERTIFICATE),
        ("Source", "widget-1.4.2.tar.gz", AssetClass.SOURCE),
        ("SBOM", "a.json", AssetClass.SBOM),
    ],
)
async def test_the_type_is_the_class(type_, name, kind):
    (artifact,) = await World().dist(a_built(name, type=type_)).artifacts()

    assert artifact.asset_class is kind


async def test_what_is_not_uploaded_does_not_count():
    world = World().dist(
        a_built("widget", type="Binary", extra={"Binary": "widget", "ID": "widget"}),
        a_built("ghcr.io/acme/widget:1.4.2", type="Docker Image"),
        a_built("widget.rb", type="Brew Tap"),
        a_built("metadata.json", type="Metadata"),
        {"name": "", "type": "Docker Manifest"},
        a_built(),
    )

    names = [each.name for each in await world.artifacts()]
    assert names == ["widget_1.4.2_linux_amd64.tar.gz"]


async def test_a_token_is_not_for_files(tmp_path):
    (tmp_path / "token").write_text("x")
    world = World(token={"file": str(tmp_path / "token")}).dist(a_built())
    await world.artifacts()

    assert [headers for _, headers in world.documents.requests] == [{}, {}]


async def test_types_can_be_chosen():
    world = World(types=["Linux Package"]).dist(a_built(), a_built("a.deb", type="Linux Package"))

    assert [each.name for each in await world.artifacts()] == ["a.deb"]


async def test_an_artifact_may_lack_checksum_and_size():
    (artifact,) = await World().dist(a_built(extra={})).artifacts()

    assert (artifact.size_bytes, artifact.digests) == (None, ())


async def test_the_same_artifact_listed_twice_is_one():
    assert len(await World().dist(a_built(), a_built()).artifacts()) == 1


@pytest.mark.parametrize(
    ("artifact", "fault"),
    [
        ("a", "$[0]: an object is expected"),
        ({"name": "a"}, "$[0].type: Field required"),
        (a_built("a/../b"), "$[0].name: a name is a file name"),
        (a_built(""), "$[0].name: a name has 1 to 255 characters, not 0"),
        (a_built(extra={"Size": "3"}), "$[0].extra.Size: Input should be a valid integer"),
        (a_built(extra={"Checksum": "sha256:x"}), "$[0].extra.Checksum: a sha256 digest is 64"),
    ],
)
async def test_a_malformed_artifact_is_told_with_its_place(artifact, fault):
    assert (await World().dist(artifact).fault()).startswith(f"{ARTIFACTS}: {fault}")


async def test_two_artifacts_of_one_name_are_told():
    fault = await World().dist(a_built("a.zip"), a_built("a.zip", goos="windows")).fault()

    assert fault == f"{ARTIFACTS}: $[1].name: a.zip is listed twice"


@pytest.mark.parametrize(
    ("metadata", "fault"),
    [
        ([], "$: an object is expected"),
        ({"version": "1"}, "$.tag: Field required; $.date: Field required"),
        (some_metadata(date="today"), "$.date: a time such as 2026-08-20T10:00:00Z is expected"),
        (some_metadata(version="a b"), "$.version: a version has no spaces"),
    ],
)
async def test_malformed_metadata_is_told(metadata, fault):
    world = World()
    world.documents.answer(METADATA, a_document(json.dumps(metadata)))

    assert (await world.fault()).startswith(f"{METADATA}: {fault}")


async def test_artifacts_that_are_no_list_are_told():
    world = World().dist()
    world.documents.answer(ARTIFACTS, a_document("{}"))

    assert await world.fault() == f"{ARTIFACTS}: $: a list of at most 10000 artifacts is expected"


async def test_each_version_has_its_own_documents():
    base = "https://dl.example.com"
    world = World(
        artifacts_url=f"{base}/{{tag}}/artifacts.json",
        metadata_url=f"{base}/{{tag}}/metadata.json",
        version_url=f"{base}/latest",
        versions=["v1.4.1"],
    )
    world.documents.answer(f"{base}/latest", a_document("v1.4.2"))
    for tag, day in (("v1.4.1", 19), ("v1.4.2", 20)):
        metadata = some_metadata(tag=tag, version=tag[1:], date=f"2026-08-{day}T10:00:00Z")
        world.documents.answer(f"{base}/{tag}/metadata.json", a_document(json.dumps(metadata)))
        world.documents.answer(f"{base}/{tag}/artifacts.json", a_document(json.dumps([a_built()])))

    releases = sorted(await world.source.releases(), key=lambda each: each.published_at)
    assert [each.version for each in releases] == ["1.4.1", "1.4.2"]


async def test_metadata_of_another_version_is_told():
    base = "https://dl.example.com"
    world = World(
        artifacts_url=f"{base}/{{version}}/artifacts.json",
        metadata_url=f"{base}/{{version}}/metadata.json",
        versions=["1.5.0"],
    )
    url = f"{base}/1.5.0"
    world.documents.answer(f"{url}/metadata.json", a_document(json.dumps(some_metadata())))
    world.documents.answer(f"{url}/artifacts.json", a_document("[]"))

    assert await world.fault() == "metadata.json of 1.5.0 is that of version 1.4.2"
