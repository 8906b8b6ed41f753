"""The sources over the real reader of documents."""

import gzip
import hashlib
import json
from typing import Any

import aiohttp
import pytest
from pydantic import TypeAdapter

from probe.catalog import SourceOptions
from probe.ports import CatalogError
from tests.fakes.clock import FakeClock
from tests.fakes.metrics import FakeMetrics

API = "https://api.github.com/repos/acme/widget/releases?per_page=100"
HEX = hashlib.sha256(b"widget").hexdigest()
GITHUB = {"kind": "github", "repo": "acme/widget"}


def a_source(documents: Any, **options: Any) -> Any:
    return (
        TypeAdapter(SourceOptions)
        .validate_python(options)
        .build("widget", "stable", documents=documents, metrics=FakeMetrics(), clock=FakeClock())
    )


def a_listed(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": number,
        "tag_name": f"v{number}.0",
        "published_at": f"2026-08-{number:02}T10:00:00Z",
        "assets": [],
    } | fields


def a_manifest() -> dict[str, Any]:
    return {
        "schema": "delivery-manifest/v1",
        "version": "1.4.2",
        "published_at": "2026-08-20T10:00:00Z",
        "assets": [{"name": "a.zip", "hashes": {"sha256": HEX}}],
    }


async def test_pages_are_followed_and_asked_for_again_by_their_validators(answers, documents):
    second = f"{API.partition('?')[0]}?page=2&per_page=100"
    link = {"Link": f'<{second}>; rel="next"'}
    answers.get(API, payload=[a_listed(2)], headers=link | {"ETag": 'W/"a"'})
    answers.get(second, payload=[a_listed(1)], headers={"ETag": 'W/"b"'})
    answers.get(API, status=304)
    answers.get(second, status=304)
    source = a_source(documents, **GITHUB)

    first = await source.releases()
    again = await source.releases()

    assert [each.version for each in first] == ["2.0", "1.0"]
    assert again == first
    asked = [(url, headers.get("If-None-Match")) for url, headers in answers.sent()]
    assert asked == [(API, None), (second, None), (API, 'W/"a"'), (second, 'W/"b"')]


async def test_the_token_does_not_follow_a_redirect_to_another_origin(answers, documents, tmp_path):
    (tmp_path / "token").write_text("ghp_x")
    asset = {
        "id": 7,
        "name": "SHA256SUMS",
        "state": "uploaded",
        "size": 3,
        "url": "https://api.github.com/repos/acme/widget/releases/assets/7",
    }
    artifact = asset | {"id": 8, "name": "a.zip"}
    storage = "https://release-assets.githubusercontent.com/7?sig=a%2Fb"
    answers.get(API, payload=[a_listed(1, assets=[asset, artifact])])
    answers.get(asset["url"], status=302, headers={"Location": storage})
    answers.get(storage, body=f"{HEX}  a.zip\n")
    token = {"file": str(tmp_path / "token")}

    (release,) = await a_source(documents, **GITHUB, checksums="auto", token=token).releases()

    assert [str(each) for each in release.artifacts[1].digests] == [f"sha256:{HEX}"]
    carried = ["Authorization" in headers for _, headers in answers.sent()]
    assert carried == [True, True, False]


async def test_a_compressed_manifest_is_read(answers, documents):
    url = "https://dl.example.com/manifest.json"
    body = gzip.compress(json.dumps(a_manifest()).encode())
    answers.get(url, body=body, headers={"Content-Encoding": "gzip"})

    (release,) = await a_source(documents, kind="manifest", url=url).releases()

    assert release.version == "1.4.2"


async def test_a_connection_that_breaks_is_told_without_its_query(answers, documents):
    url = "https://dl.example.com/manifest.json?sig=c2VjcmV0"
    answers.get(url, exception=aiohttp.ServerDisconnectedError())

    with pytest.raises(CatalogError) as raised:
        await a_source(documents, kind="manifest", url=url).releases()
    assert str(raised.value).startswith("https://dl.example.com/manifest.json: ")
    assert "c2VjcmV0" not in str(raised.value)


async def test_a_manifest_on_disk_is_read(documents, tmp_path):
    (tmp_path / "a manifest.json").write_text(json.dumps(a_manifest()))
    url = f"file://{tmp_path}/a%20manifest.json"

    (release,) = await a_source(documents, kind="manifest", url=url).releases()

    assert release.version == "1.4.2"


async def test_checksum_files_on_disk_are_read_by_version(documents, tmp_path):
    (tmp_path / "latest").write_text("v1.4.2\n")
    (tmp_path / "1.4.2").mkdir()
    (tmp_path / "1.4.2" / "SHA256SUMS").write_text(f"{HEX} *a.zip\n")

    (release,) = await a_source(
        documents,
        kind="checksums",
        url=f"file://{tmp_path}/{{version}}/SHA256SUMS",
        version_url=f"file://{tmp_path}/latest",
    ).releases()

    assert [each.name for each in release.artifacts] == ["a.zip"]


async def test_a_file_that_is_missing_is_told(documents, tmp_path):
    url = f"file://{tmp_path}/none.json"

    with pytest.raises(CatalogError, match=f"^{url}: there is no such file$"):
        await a_source(documents, kind="manifest", url=url).releases()


async def test_a_validator_that_no_header_may_hold_is_not_sent_back(answers, documents):
    url = "https://dl.example.com/manifest.json"
    answers.get(url, payload=a_manifest(), headers={"ETag": '"\x01"'}, repeat=True)
    source = a_source(documents, kind="manifest", url=url)

    first = await source.releases()

    assert await source.releases() == first
    assert "If-None-Match" not in answers.sent()[1][1]
