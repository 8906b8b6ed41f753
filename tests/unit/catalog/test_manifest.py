"""The manifest source: what a valid document says, and everything that is wrong with others."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from probe.catalog.manifest import ManifestOptions
from probe.domain.artifact import (
    ANY_PLATFORM,
    Artifact,
    AssetClass,
    Digest,
    DigestAlgorithm,
    Platform,
    Release,
)
from probe.ports import CatalogError, DocumentUnavailable
from tests.fakes.clock import FakeClock
from tests.fakes.documents import FakeDocuments, a_document
from tests.fakes.metrics import FakeMetrics

URL = "https://dl.example.com/widget/manifest.json"
HEX = "ab" * 32


def an_asset(**fields: Any) -> dict[str, Any]:
    return {
        "name": "widget_1.4.2_linux_amd64.tar.gz",
        "size": 3,
        "hashes": {"sha256": HEX},
    } | fields


def a_manifest(**fields: Any) -> dict[str, Any]:
    return {
        "schema": "delivery-manifest/v1",
        "product": "widget",
        "version": "1.4.2",
        "published_at": "2026-08-20T10:00:00Z",
        "assets": [an_asset()],
    } | fields


def an_envelope(*releases: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"schema": "delivery-manifest/v1", "releases": list(releases)} | fields


def a_source(documents: FakeDocuments, **fields: Any):
    options = ManifestOptions.model_validate({"kind": "manifest", "url": URL} | fields)
    return options.build(
        "widget", "stable", documents=documents, metrics=FakeMetrics(), clock=FakeClock()
    )


async def read(document: Any, **fields: Any):
    body = document if isinstance(document, bytes) else json.dumps(document)
    return await a_source(FakeDocuments({URL: a_document(body)}), **fields).releases()


async def fault_of(document: Any, **fields: Any) -> str:
    with pytest.raises(CatalogError) as raised:
        await read(document, **fields)
    return str(raised.value).removeprefix(f"{URL}: ")


async def test_the_whole_manifest_is_read():
    (release,) = await read(
        a_manifest(
            channel="stable",
            tag="v1.4.2",
            approved_at="2026-08-20T11:58:00+02:00",
            tagged_at="2026-08-20T09:00:00Z",
            previous_known_good={"version": "1.4.1", "rollback_doc": "https://example.com/back"},
            notes_url="https://example.com/notes",
            required_endpoints=["github", "cdn"],
            pointers=[{"name": "latest.json", "must_equal": "1.4.2"}],
            assets=[
                an_asset(
                    **{"class": "binary"},
                    platform={"os": "macOS", "arch": "aarch64"},
                    hashes={"sha256": HEX.upper(), "md5": "0" * 32, "blake9": "?"},
                    signatures=[{"kind": "sigstore", "ref": "a.sigstore.json"}],
                    provenance=[{"predicateType": "https://slsa.dev/provenance/v1"}],
                )
            ],
        )
    )

    assert release == Release(
        version="1.4.2",
        channel="stable",
        published_at=datetime(2026, 8, 20, 10, tzinfo=UTC),
        artifacts=(
            Artifact(
                "widget_1.4.2_linux_amd64.tar.gz",
                AssetClass.BINARY,
                Platform("darwin", "arm64"),
                3,
                (Digest(DigestAlgorithm.SHA256, HEX),),
            ),
        ),
        tag="v1.4.2",
        approved_at=datetime(2026, 8, 20, 9, 58, tzinfo=UTC),
        tagged_at=datetime(2026, 8, 20, 9, tzinfo=UTC),
        previous_known_good="1.4.1",
        rollback_doc="https://example.com/back",
        notes_url="https://example.com/notes",
        required_endpoints=("github", "cdn"),
        pointers=(("latest.json", "1.4.2"),),
    )


async def test_what_is_left_out_is_read_from_the_name():
    (release,) = await read(a_manifest(assets=[{"name": "widget_1.4.2_linux_amd64.tar.gz"}]))

    assert release.channel == "stable"
    assert release.artifacts == (
        Artifact(
            "widget_1.4.2_linux_amd64.tar.gz",
            AssetClass.ARCHIVE,
            Platform("linux", "amd64"),
            None,
        ),
    )


async def test_a_platform_may_be_one_word():
    (release,) = await read(
        a_manifest(assets=[an_asset(platform="any"), an_asset(name="b", platform="win/x64")])
    )

    platforms = [each.platform for each in release.artifacts]
    assert platforms == [ANY_PLATFORM, Platform("windows", "amd64")]


async def test_a_list_of_releases_is_read_and_other_channels_are_left_out():
    releases = await read(
        an_envelope(
            a_manifest(),
            a_manifest(version="1.4.1", channel="stable", yanked=True),
            a_manifest(version="1.5.0-rc.1", channel="beta"),
            a_manifest(version="1.4.2", channel="beta"),
        )
    )

    assert [(each.version, each.yanked) for each in releases] == [("1.4.2", False), ("1.4.1", True)]


async def test_unknown_keys_are_let_be():
    (release,) = await read(a_manifest(sla="gold", assets=[an_asset(colour="red")]))

    assert release.version == "1.4.2"


async def test_only_files_that_match_count():
    (release,) = await read(
        a_manifest(assets=[an_asset(name="a.zip"), an_asset(name="b.zip"), an_asset(name="c.txt")]),
        match=["*.zip"],
        exclude=["b*"],
    )

    assert [each.name for each in release.artifacts] == ["a.zip"]


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ([], "$: an object is expected"),
        (a_manifest(schema="delivery-manifest/v2"), "$.schema: Input should be 'delivery-manif"),
        ({"version": "1"}, "$.schema: Field required"),
        (a_manifest(product="gadget"), "$.product: this is 'gadget', not 'widget'"),
        (an_envelope(product="gadget"), "$.product: this is 'gadget', not 'widget'"),
        (a_manifest(version=""), "$.version: a version has 1 to 128 characters, not 0"),
        (a_manifest(version="../etc"), "$.version: a version has no empty, . or .. segments"),
        (a_manifest(version=1.4), "$.version: Input should be a valid string"),
        (a_manifest(published_at="soon"), "$.published_at: a time such as 2026-08-20T10:00:00Z"),
        (a_manifest(published_at="2026-08-20T10:00:00"), "$.published_at: a time needs an offset"),
        (a_manifest(published_at="0001-01-01T00:00:00+05:00"), "$.published_at: a time such as"),
        (a_manifest(published_at=1755000000), "$.published_at: a time such as"),
        (a_manifest(yanked="no"), "$.yanked: Input should be a valid boolean"),
        (a_manifest(assets=None), "$.assets: Input should be a valid list"),
        (a_manifest(assets=["a.zip"]), "$.assets[0]: an object is expected"),
        (a_manifest(assets=[an_asset(size=-1)]), "$.assets[0].size: Input should be greater than"),
        (a_manifest(assets=[an_asset(size=True)]), "$.assets[0].size: Input should be a valid int"),
        (a_manifest(assets=[an_asset(size=1.5)]), "$.assets[0].size: Input should be a valid int"),
        (a_manifest(assets=[an_asset(size=2**63)]), "$.assets[0].size: Input should be less than"),
        (
            a_manifest(assets=[an_asset(hashes={"sha256": "xyz"})]),
            "$.assets[0].hashes: a sha256 digest is 64 lower-case hexadecimal characters",
        ),
        (
            a_manifest(assets=[an_asset(hashes={"sha256": HEX, "SHA-256": "cd" * 32})]),
            "$.assets[0].hashes: two different sha256 digests",
        ),
        (
            a_manifest(assets=[an_asset(**{"class": "sausage"})]),
            "$.assets[0].class: Input should be 'binary', 'archive'",
        ),
        (
            a_manifest(assets=[an_asset(platform="linux")]),
            "$.assets[0].platform: a platform is linux/amd64, any, or an object",
        ),
        (a_manifest(assets=[an_asset(name="../a")]), "$.assets[0].name: a name is a file name"),
        (a_manifest(assets=[an_asset(name="/a")]), "$.assets[0].name: a name is a file name"),
        (a_manifest(assets=[an_asset(name="a\u202eb")]), "$.assets[0].name: a name has no control"),
        (a_manifest(assets=[an_asset(name="a" * 256)]), "$.assets[0].name: a name has 1 to 255"),
        (
            a_manifest(assets=[an_asset(), an_asset()]),
            "$.assets[1].name: widget_1.4.2_linux_amd64.tar.gz is listed twice",
        ),
        (an_envelope(a_manifest(), a_manifest()), "$.releases[1].version: 1.4.2 is listed twice"),
        (an_envelope(3), "$.releases[0]: an object is expected"),
        (an_envelope(releases={}), "$.releases: Input should be a valid list"),
        (a_manifest(notes_url="a\u0000b"), "$.notes_url: control characters are not allowed"),
        (
            a_manifest(assets=[an_asset()] * 10_001),
            "$.assets: List should have at most 10000 items",
        ),
    ],
)
async def test_a_fault_is_told_with_its_place(document, fault):
    assert (await fault_of(document)).startswith(fault)


async def test_all_faults_are_counted_and_ten_are_told():
    told = await fault_of(a_manifest(assets=[an_asset(name=f"{n}", size=-1) for n in range(25)]))

    assert told.count("greater than or equal to 0") == 10
    assert told.endswith("; and 15 more")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", "not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"<!DOCTYPE html><title>Sign in</title>", "not JSON: Expecting value"),
        (b"\xff\xfe\x00", "not JSON: "),
        (b"[" * 200_000, "JSON that is nested too deeply"),
        (b'{"a":' * 100_000, "JSON that is nested too deeply"),
        (b'{"size": NaN}', "not JSON: NaN is not a JSON number"),
        (b'{"size": ' + b"9" * 5000 + b"}", "not JSON: a number of 5000 digits"),
        (b'{"version": "1", "version": "2"}', "not JSON: an object has the same key twice"),
        (json.dumps(a_manifest()).encode()[:-9], "not JSON: "),
    ],
)
async def test_what_is_no_json_is_told(body, fault):
    assert (await fault_of(body)).startswith(fault)


async def test_lone_surrogates_do_not_get_in():
    body = json.dumps(a_manifest(version="1.\ud800")).encode()

    assert await fault_of(body) == "$.version: a version has no spaces and no control characters"


async def test_a_big_manifest_is_parsed_too():
    assets = [an_asset(name=f"widget-{number}.zip") for number in range(2000)]

    (release,) = await read(a_manifest(assets=assets))

    assert len(release.artifacts) == 2000


async def test_a_missing_manifest_is_told():
    source = a_source(FakeDocuments())

    with pytest.raises(
        CatalogError, match=r"^https://dl.example.com/widget/manifest.json: HTTP 404"
    ):
        await source.releases()


async def test_a_manifest_out_of_reach_is_told():
    source = a_source(FakeDocuments({URL: DocumentUnavailable("dl.example.com: no answer")}))

    with pytest.raises(CatalogError, match=r"^dl.example.com: no answer$"):
        await source.releases()


async def test_a_query_is_never_shown():
    source = a_source(FakeDocuments(), url=f"{URL}?sig=c2VjcmV0")

    with pytest.raises(CatalogError) as raised:
        await source.releases()
    assert "c2VjcmV0" not in str(raised.value)


async def test_an_unchanged_manifest_is_asked_for_by_its_validators_and_kept():
    documents = FakeDocuments(
        {
            URL: [
                a_document(json.dumps(a_manifest()), etag='"1"', last_modified="Thu, 20 Aug 2026"),
                a_document(status=304),
            ]
        }
    )
    source = a_source(documents)

    assert await source.releases() == await source.releases()
    assert [headers for _, headers in documents.requests] == [
        {},
        {"If-None-Match": '"1"', "If-Modified-Since": "Thu, 20 Aug 2026"},
    ]


async def test_304_to_a_plain_question_is_a_fault():
    source = a_source(FakeDocuments({URL: a_document(status=304)}))

    with pytest.raises(CatalogError, match="HTTP 304"):
        await source.releases()


async def test_a_fault_does_not_replace_what_is_remembered():
    documents = FakeDocuments(
        {
            URL: [
                a_document(json.dumps(a_manifest()), etag='"1"'),
                a_document("{", etag='"2"'),
                a_document(status=304),
            ]
        }
    )
    source = a_source(documents)
    first = await source.releases()

    with pytest.raises(CatalogError):
        await source.releases()
    assert await source.releases() == first
    assert documents.requests[2][1] == {"If-None-Match": '"1"'}


async def test_product_and_channel_are_filled_into_the_url():
    documents = FakeDocuments()
    source = a_source(documents, url="file:///srv/{product}/{channel}.json")

    with pytest.raises(CatalogError):
        await source.releases()
    assert documents.urls == ["file:///srv/widget/stable.json"]


async def test_the_token_is_read_at_each_use_and_sent(tmp_path):
    secret = tmp_path / "token"
    secret.write_text("one\n")
    documents = FakeDocuments({URL: a_document(json.dumps(a_manifest()), etag='"1"')})
    source = a_source(documents, token={"file": str(secret)})

    await source.releases()
    secret.write_text("two\n")
    await source.releases()

    assert [headers for _, headers in documents.requests] == [
        {"Authorization": "Bearer one"},
        {"Authorization": "Bearer two"},
    ]


async def test_a_token_that_cannot_be_read_is_told_by_its_reference(tmp_path):
    source = a_source(FakeDocuments(), token={"file": str(tmp_path / "none")})

    with pytest.raises(CatalogError, match=f"secret file {tmp_path}/none: No such file"):
        await source.releases()


async def test_the_same_answer_without_validators_is_not_parsed_again():
    source = a_source(FakeDocuments({URL: a_document(json.dumps(a_manifest()))}))

    assert await source.releases() is await source.releases()
