"""The checksums source: versions, their checksum files, and when they came."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from probe.catalog.checksums import ChecksumsOptions
from probe.domain.artifact import Artifact, AssetClass, Digest, DigestAlgorithm, Platform
from probe.ports import CatalogError, Document
from tests.builders import NOON
from tests.fakes.clock import FakeClock
from tests.fakes.documents import FakeDocuments, a_document
from tests.fakes.metrics import FakeMetrics

BASE = "https://dl.example.com/widget"
POINTER = f"{BASE}/latest"
INDEX = f"{BASE}/index"
HEX = hashlib.sha256(b"widget").hexdigest()
NAME = "widget_linux_amd64.tar.gz"


def sums_url(version: str) -> str:
    return f"{BASE}/{version}/SHA256SUMS"


class World:
    """A source with everything it talks to."""

    def __init__(self, **options: Any) -> None:
        self.documents = FakeDocuments()
        self.clock = FakeClock()
        self.source = ChecksumsOptions.model_validate(
            {"kind": "checksums", "url": f"{BASE}/{{version}}/SHA256SUMS"} | options
        ).build(
            "widget",
            "stable",
            documents=self.documents,
            metrics=FakeMetrics(),
            clock=self.clock,
        )

    def points_to(self, text: str) -> "World":
        self.documents.answer(POINTER, a_document(text))
        return self

    def sums(self, version: str, body: str = f"{HEX}  {NAME}\n", **headers: str) -> "World":
        self.documents.answer(sums_url(version), a_document(body, **headers))
        return self

    async def versions(self) -> list[str]:
        releases = await self.source.releases()
        return [each.version for each in sorted(releases, key=lambda each: each.published_at)]

    async def fault(self) -> str:
        with pytest.raises(CatalogError) as raised:
            await self.source.releases()
        return str(raised.value)


async def test_the_files_of_the_current_version_are_the_release():
    world = World(version_url=POINTER).points_to("v1.4.2\n")
    world.sums("1.4.2", last_modified="Thu, 20 Aug 2026 10:00:00 GMT")
    (release,) = await world.source.releases()

    assert (release.version, release.tag, release.channel) == ("1.4.2", "v1.4.2", "stable")
    assert release.published_at == datetime(2026, 8, 20, 10, tzinfo=UTC)
    assert release.artifacts == (
        Artifact(
            NAME,
            AssetClass.ARCHIVE,
            Platform("linux", "amd64"),
            None,
            (Digest(DigestAlgorithm.SHA256, HEX),),
        ),
    )


@pytest.mark.parametrize(
    ("options", "pointer"),
    [
        ({}, "  v1.4.2  \n"),
        ({}, "\ufeff1.4.2"),
        ({"version_path": "tag_name"}, '{"tag_name": "v1.4.2"}'),
        ({"version_path": "$.channels.stable[0]"}, '{"channels": {"stable": ["1.4.2"]}}'),
        ({"version_pattern": r"^version: (\S+)"}, "version: 1.4.2\nother: 2"),
        ({"version_pattern": r"\d+\.\d+\.\d+"}, "<a href='widget-1.4.2.zip'>"),
    ],
)
async def test_the_pointer_is_text_json_or_searched(options, pointer):
    world = World(version_url=POINTER, **options).points_to(pointer).sums("1.4.2")

    assert await world.versions() == ["1.4.2"]


@pytest.mark.parametrize(
    ("options", "pointer", "fault"),
    [
        ({}, "", "'': a version has 1 to 128 characters, not 0"),
        ({}, "<html>Sign in</html>", "'<html>Sign in</html>': a version has no spaces"),
        ({}, "<html/>", "'<html/>': a version has no empty, . or .. segments and no markup"),
        ({}, "../../etc", "'../../etc': a version has no empty, . or .. segments"),
        ({}, "1.0\n1.1", "'1.0 1.1': a version has no spaces and no control characters"),
        ({}, "1" * 1048577, "longer than the 1048576 bytes a list of versions has"),
        ({"version_path": "a.b"}, '{"a": {}}', "a.b: there is nothing at 'b'"),
        ({"version_path": "a"}, '{"a": 1.4}', "a: not a string"),
        ({"version_path": "[*]"}, '["1", "2"]', "one version is expected, not 2"),
        ({"version_path": "a"}, "1.4.2", "not JSON: Extra data"),
        ({"version_path": "a"}, "<html>", "not JSON: Expecting value"),
        ({"version_pattern": "v=(.*)"}, "none", "version_pattern matches nothing"),
    ],
)
async def test_a_pointer_that_is_no_version_is_told(options, pointer, fault):
    told = await World(version_url=POINTER, **options).points_to(pointer).fault()

    assert told.startswith(f"{POINTER}: {fault}")


async def test_the_tag_can_stand_in_the_url():
    world = World(version_url=POINTER, url=f"{BASE}/{{tag}}/{{product}}-{{channel}}.sha256")
    world.points_to("v1.0")
    world.documents.answer(f"{BASE}/v1.0/widget-stable.sha256", a_document(f"{HEX}  {NAME}"))

    assert await world.versions() == ["1.0"]


async def test_a_release_without_a_date_is_as_old_as_this_process_knows_it():
    world = World(version_url=POINTER).points_to("1.0").sums("1.0")
    (first,) = await world.source.releases()
    await world.clock.advance(3600)
    (again,) = await world.source.releases()

    assert first.published_at == again.published_at == NOON


@pytest.mark.parametrize("date", ["Fri, 21 Aug 2026 10:00:00 GMT", "yesterday", ""])
async def test_a_date_that_cannot_be_is_not_believed(date):
    world = World(version_url=POINTER).points_to("1.0").sums("1.0", last_modified=date)
    (release,) = await world.source.releases()

    assert release.published_at == NOON


async def test_writing_the_file_anew_does_not_make_the_release_younger():
    world = World(version_url=POINTER).points_to("1.0")
    world.sums("1.0", last_modified="Wed, 19 Aug 2026 10:00:00 GMT")
    await world.source.releases()
    world.sums("1.0", f"{HEX}  other.zip", last_modified="Thu, 20 Aug 2026 10:00:00 GMT")
    (release,) = await world.source.releases()

    assert release.published_at == datetime(2026, 8, 19, 10, tzinfo=UTC)
    assert [each.name for each in release.artifacts] == ["other.zip"]


async def test_versions_that_were_pointed_to_stay():
    world = World(version_url=POINTER).points_to("1.0").sums("1.0").sums("1.1")
    await world.source.releases()
    await world.clock.advance(60)
    world.points_to("1.1")

    assert await world.versions() == ["1.0", "1.1"]


async def test_a_version_whose_file_is_not_there_yet_is_a_fault():
    world = World(version_url=POINTER).points_to("1.1")

    assert await world.fault() == f"{sums_url('1.1')}: HTTP 404"


async def test_earlier_versions_are_read_once():
    world = World(version_url=POINTER, versions=["0.9", "1.0"]).points_to("1.0")
    world.sums("0.9").sums("1.0")
    await world.source.releases()
    await world.source.releases()

    assert world.documents.urls.count(sums_url("0.9")) == 1
    assert world.documents.urls.count(sums_url("1.0")) == 2


async def test_versions_without_dates_keep_their_order():
    versions = ["1.9", "1.10", "1.10rc1", "nightly"]
    world = World(version_url=POINTER, versions=versions).points_to("1.11").sums("1.11")
    for version in versions:
        world.sums(version)

    assert await world.versions() == ["nightly", "1.9", "1.10rc1", "1.10", "1.11"]


@pytest.mark.parametrize(
    ("options", "index"),
    [
        ({}, "# all of them\nv1.0\n\n1.2\n1.1\n0.9\n"),
        (
            {"index_path": "[*].version"},
            json.dumps([{"version": v} for v in ["0.9", "1.2", "1.1"]]),
        ),
    ],
)
async def test_the_newest_versions_of_an_index_are_read(options, index):
    world = World(index_url=INDEX, history=1, **options)
    world.documents.answer(INDEX, a_document(index))
    world.sums("1.2").sums("1.1")

    assert await world.versions() == ["1.1", "1.2"]


async def test_what_leaves_the_index_is_gone():
    world = World(index_url=INDEX).sums("1.0").sums("1.1")
    world.documents.answer(INDEX, a_document("1.0\n1.1"))
    await world.source.releases()
    world.documents.answer(INDEX, a_document("1.1"))

    assert await world.versions() == ["1.1"]


async def test_an_earlier_version_that_is_pruned_is_left_out():
    world = World(index_url=INDEX).sums("1.1")
    world.documents.answer(INDEX, a_document("1.0\n1.1"))

    assert await world.versions() == ["1.1"]


async def test_an_earlier_version_out_of_order_is_a_fault():
    world = World(index_url=INDEX).sums("1.1")
    world.documents.answer(INDEX, a_document("1.0\n1.1"))
    world.documents.answer(sums_url("1.0"), Document(503, {}, b""))

    assert await world.fault() == f"{sums_url('1.0')}: HTTP 503"


async def test_an_index_of_markup_is_a_fault():
    world = World(index_url=INDEX)
    world.documents.answer(INDEX, a_document("<html>\n<body>"))

    assert (await world.fault()).startswith(f"{INDEX}: '<html>': a version has no empty")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("", "not a checksum file (it is empty)"),
        ("<html>", "not a checksum file (line 1: not a line of a checksum file: <html>)"),
        (
            f"{HEX}  a.zip\nhalf a li",
            "checksums: line 2: not a line of a checksum file: half a li",
        ),
        (f"{HEX}  a.zip\n{'cd' * 32}  a.zip", "two different digests for a.zip"),
        (
            f"{HEX}  x/a.zip\n{'cd' * 32}  y/a.zip",
            "two different digests for a.zip in two directories",
        ),
        ("".join(f"{HEX}  {n}\n" for n in range(10_001)), "more than 10000 files"),
        (f"\\{HEX}  a\\nb", "a b: a name has no control characters and no space at its ends"),
        (f"{HEX}  ..", "..: a name is a file name or a relative path"),
    ],
)
async def test_a_file_with_a_fault_is_told(body, fault):
    world = World(version_url=POINTER).points_to("1.0").sums("1.0", body)

    assert (await world.fault()).startswith(f"{sums_url('1.0')}: {fault}")


async def test_directories_can_be_kept():
    world = World(version_url=POINTER, directories="keep").points_to("1.0")
    world.sums("1.0", f"{HEX}  ./x/a.zip\n{'cd' * 32}  y/a.zip\n")
    (release,) = await world.source.releases()

    assert [each.name for each in release.artifacts] == ["x/a.zip", "y/a.zip"]


async def test_a_file_whose_digests_prove_nothing_is_listed_without():
    world = World(version_url=POINTER).points_to("1.0").sums("1.0", f"{'0' * 32}  a.zip")
    (release,) = await world.source.releases()

    assert release.artifacts[0].digests == ()


async def test_files_that_do_not_match_do_not_count():
    world = World(version_url=POINTER, exclude=["*.txt"]).points_to("1.0")
    world.sums("1.0", f"{HEX}  a.zip\n{HEX}  a.txt\n")
    (release,) = await world.source.releases()

    assert [each.name for each in release.artifacts] == ["a.zip"]


async def test_the_token_stays_at_the_origin_of_the_checksum_files(tmp_path):
    secret = tmp_path / "token"
    secret.write_text("x")
    pointer = "https://other.example.com/latest"
    world = World(version_url=pointer, token={"file": str(secret)}).sums("1.0")
    world.documents.answer(pointer, a_document("1.0"))
    await world.source.releases()

    assert world.documents.requests == [
        (pointer, {}),
        (sums_url("1.0"), {"Authorization": "Bearer x"}),
    ]


async def test_an_unchanged_file_keeps_its_listing():
    world = World(version_url=POINTER).points_to("1.0")
    sums = a_document(f"{HEX}  {NAME}", etag='"1"')
    world.documents.answer(sums_url("1.0"), sums, a_document(status=304))
    first = await world.source.releases()
    await world.clock.advance(timedelta(hours=1).total_seconds())

    assert await world.source.releases() == first
