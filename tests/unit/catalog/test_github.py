"""The GitHub source: pages, prereleases, assets, rate limits, the publisher's digests."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from probe import __version__
from probe.catalog.github import GithubOptions
from probe.domain.artifact import Artifact, AssetClass, Digest, DigestAlgorithm, Platform
from probe.ports import CatalogError, DocumentUnavailable
from probe.series import GITHUB_RATELIMIT_REMAINING, GITHUB_RATELIMIT_RESET
from tests.builders import NOON
from tests.fakes.clock import FakeClock
from tests.fakes.documents import FakeDocuments, a_document
from tests.fakes.metrics import FakeMetrics

API = "https://api.github.com/repos/acme/widget/releases?per_page=100"
PAGE_2 = f"{API}&page=2"
DOWNLOADS = "https://github.com/acme/widget/releases/download"
HEX = hashlib.sha256(b"widget").hexdigest()
SHA256 = Digest(DigestAlgorithm.SHA256, HEX)
SHA512 = Digest(DigestAlgorithm.SHA512, hashlib.sha512(b"widget").hexdigest())
NAME = "widget_linux_amd64.tar.gz"


def an_asset(name: str = NAME, **fields: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "name": name,
        "state": "uploaded",
        "size": 3,
        "digest": f"sha256:{HEX}",
        "url": "https://api.github.com/repos/acme/widget/releases/assets/7",
        "browser_download_url": f"{DOWNLOADS}/v1.4.2/{name}",
        "updated_at": "2026-08-20T10:01:00Z",
        "uploader": {"login": "bot"},
    } | fields


def a_listed(tag: str = "v1.4.2", *assets: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "id": int(hashlib.sha256(tag.encode()).hexdigest()[:8], 16),
        "tag_name": tag,
        "draft": False,
        "prerelease": False,
        "published_at": "2026-08-20T10:00:00Z",
        "html_url": f"https://github.com/acme/widget/releases/tag/{tag}",
        "body": "What is new",
        "assets": list(assets),
    } | fields


class World:
    """A source with everything it talks to."""

    def __init__(self, channel: str = "stable", **options: Any) -> None:
        self.documents = FakeDocuments()
        self.metrics = FakeMetrics()
        self.clock = FakeClock()
        self.source = GithubOptions.model_validate(
            {"kind": "github", "repo": "acme/widget"} | options
        ).build("widget", channel, documents=self.documents, metrics=self.metrics, clock=self.clock)

    def page(self, *releases: Any, url: str = API, status: int = 200, **headers: str) -> "World":
        self.documents.answer(url, a_document(json.dumps(releases), status, **headers))
        return self

    async def versions(self) -> list[str]:
        return [each.version for each in await self.source.releases()]

    async def fault(self) -> str:
        with pytest.raises(CatalogError) as raised:
            await self.source.releases()
        return str(raised.value)


async def test_a_release_is_read_with_its_assets():
    (release,) = await World().page(a_listed("v1.4.2", an_asset())).source.releases()

    assert (release.version, release.tag, release.channel) == ("1.4.2", "v1.4.2", "stable")
    assert release.published_at == datetime(2026, 8, 20, 10, tzinfo=UTC)
    assert release.notes_url == "https://github.com/acme/widget/releases/tag/v1.4.2"
    assert release.artifacts == (
        Artifact(NAME, AssetClass.ARCHIVE, Platform("linux", "amd64"), 3, (SHA256,), vouched=None),
    )


async def test_the_request_says_who_asks_and_in_which_version():
    world = World().page()
    await world.source.releases()

    assert world.documents.requests == [
        (
            API,
            {
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
                "User-Agent": f"delivery-probe/{__version__}",
            },
        )
    ]


async def test_the_token_goes_along(tmp_path):
    secret = tmp_path / "token"
    secret.write_text("ghp_x")
    world = World(token={"file": str(secret)}).page()
    await world.source.releases()

    assert world.documents.requests[0][1]["Authorization"] == "Bearer ghp_x"


async def test_github_enterprise_has_another_base():
    world = World(api_url="https://ghe.example.com/api/v3/")
    url = "https://ghe.example.com/api/v3/repos/acme/widget/releases?per_page=100"

    assert await world.page(a_listed(), url=url).versions() == ["1.4.2"]


async def test_drafts_are_left_out_whatever_they_hold():
    draft = a_listed("v9", draft=True, published_at=None)

    assert await World().page(draft, a_listed()).versions() == ["1.4.2"]


@pytest.mark.parametrize(
    ("channel", "options", "versions"),
    [
        ("stable", {}, ["1.4.2"]),
        ("stable", {"include_prereleases": True}, ["1.5.0-rc.1", "1.4.2"]),
        ("stable", {"prerelease_channel": "beta"}, ["1.4.2"]),
        ("beta", {"prerelease_channel": "beta"}, ["1.5.0-rc.1"]),
        ("beta", {}, ["1.4.2"]),
    ],
)
async def test_prereleases_belong_where_the_options_put_them(channel, options, versions):
    world = World(channel, **options).page(a_listed("v1.5.0-rc.1", prerelease=True), a_listed())

    assert await world.versions() == versions
    assert {each.channel for each in await world.source.releases()} == {channel}


async def test_a_tag_pattern_finds_the_version_and_leaves_other_tags_out():
    world = World(tag_pattern=r"cli/v(?P<version>[\d.]+)")

    world.page(a_listed("cli/v2.0"), a_listed("lib/v3.0"), a_listed("cli/v2.0-broken"))
    assert await world.versions() == ["2.0"]


async def test_only_a_v_before_a_number_is_left_out_of_the_version():
    tags = ["v1.0", "V2.0", "vega-3", "release-4"]

    versions = await World().page(*map(a_listed, tags)).versions()
    assert versions == ["1.0", "2.0", "vega-3", "release-4"]


async def test_two_tags_of_one_version_are_told():
    fault = await World().page(a_listed("v1.0"), a_listed("1.0")).fault()

    assert fault.startswith("the tags v1.0 and 1.0 are both version 1.0")


async def test_an_asset_that_is_not_uploaded_is_owed_but_nothing_is_known_of_it():
    open_asset = an_asset(state="open", size=1)
    (release,) = await World().page(a_listed("v1", open_asset)).source.releases()

    assert release.artifacts == (
        Artifact(NAME, AssetClass.ARCHIVE, Platform("linux", "amd64"), None, (), vouched=None),
    )


async def test_an_empty_asset_has_size_zero():
    (release,) = await World().page(a_listed("v1", an_asset(size=0))).source.releases()

    assert release.artifacts[0].size_bytes == 0


@pytest.mark.parametrize("digest", [None, "", "md5:" + "0" * 32, "blake3:" + HEX])
async def test_an_asset_without_a_digest_that_proves_has_none(digest):
    (release,) = await World().page(a_listed("v1", an_asset(digest=digest))).source.releases()

    assert release.artifacts[0].digests == ()


async def test_a_release_without_notes_has_no_notes():
    (release,) = await World().page(a_listed(body=" \r\n")).source.releases()

    assert release.notes_url == ""


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ({"message": "Moved Permanently"}, "$: a list of at most 100 releases is expected"),
        ([3], "$[0]: an object is expected"),
        ([a_listed(tag_name=None)], "$[0].tag_name: Input should be a valid string"),
        ([a_listed("v1/../2")], "$[0].tag_name: a version has no empty, . or .. segments"),
        ([a_listed(published_at=None)], "$[0].published_at: a release that is no draft has a time"),
        ([a_listed("v1", an_asset("a/../b"))], "$[0].assets[0].name: a name is a file name"),
        ([a_listed("v1", an_asset(size=-1))], "$[0].assets[0].size: Input should be greater"),
        ([a_listed("v1", an_asset(digest="sha256:xyz"))], "$[0].assets[0].digest: a sha256 digest"),
        ([a_listed("v1", an_asset(), an_asset())], f"$[0].assets[1].name: {NAME} is listed twice"),
    ],
)
async def test_a_malformed_page_is_told_with_its_place(page, fault):
    world = World()
    world.documents.answer(API, a_document(json.dumps(page)))

    told = await world.fault()
    assert told.startswith(f"https://api.github.com/repos/acme/widget/releases: {fault}")


async def test_the_next_page_is_read():
    world = World().page(a_listed("v2"), link=f'<{PAGE_2}>; rel="next", <{API}&page=9>; rel="last"')
    world.page(a_listed("v1"), url=PAGE_2, link=f'<{API}>; rel="first"')

    assert await world.versions() == ["2", "1"]


async def test_no_more_pages_are_read_than_allowed():
    world = World(max_pages=1).page(a_listed("v2"), link=f'<{PAGE_2}>; rel="next"')

    assert await world.versions() == ["2"]
    assert world.documents.urls == [API]


async def test_a_release_that_moves_to_the_next_page_meanwhile_is_listed_once():
    world = World().page(a_listed("v2"), a_listed("v1"), link=f'<{PAGE_2}>; rel="next"')
    world.page(a_listed("v1"), url=PAGE_2)

    assert await world.versions() == ["2", "1"]


async def test_a_missing_page_loses_nothing_silently():
    world = World().page(a_listed("v2"), link=f'<{PAGE_2}>; rel="next"')

    assert await world.fault() == "https://api.github.com/repos/acme/widget/releases: HTTP 404"


@pytest.mark.parametrize(
    "target", ["https://evil.example.com/2", "http://api.github.com/2", "file:///etc/passwd"]
)
async def test_the_next_page_stays_at_the_origin(target):
    world = World().page(link=f'<{target}>; rel="next"')

    assert "the next page" in await world.fault()
    assert world.documents.urls == [API]


async def test_each_page_is_asked_for_by_its_own_validators():
    world = World()
    world.page(a_listed("v2"), etag='"a"', link=f'<{PAGE_2}>; rel="next"')
    world.page(a_listed("v1"), url=PAGE_2, etag='"b"')
    await world.versions()
    for url in (API, PAGE_2):
        world.documents.answer(url, a_document(status=304))

    assert await world.versions() == ["2", "1"]
    sent = [headers.get("If-None-Match") for _, headers in world.documents.requests]
    assert sent == [None, None, '"a"', '"b"']


async def test_an_entity_tag_is_not_used_with_another_token(tmp_path):
    secret = tmp_path / "token"
    secret.write_text("one")
    world = World(token={"file": str(secret)}).page(a_listed(), etag='"a"')
    await world.versions()
    secret.write_text("two")
    await world.versions()

    assert "If-None-Match" not in world.documents.requests[1][1]


async def test_the_rate_limit_is_told():
    reset = int(NOON.timestamp()) + 600
    world = World().page(x_ratelimit_remaining="59", x_ratelimit_reset=str(reset))
    await world.versions()

    assert world.metrics.value(GITHUB_RATELIMIT_REMAINING, "widget", "stable") == 59
    assert world.metrics.value(GITHUB_RATELIMIT_RESET, "widget", "stable") == reset


@pytest.mark.parametrize(
    ("status", "headers", "body", "seconds"),
    [
        (403, {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "+600"}, "", 600),
        (429, {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "+600"}, "", 600),
        (403, {"retry_after": "30"}, "", 30),
        (429, {"retry_after": "Thu, 20 Aug 2026 12:02:00 GMT"}, "", 120),
        (429, {}, "", 60),
        (403, {}, "You have exceeded a secondary Rate Limit", 60),
        (403, {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "+99999999"}, "", 3600),
        (429, {"retry_after": "99999999999"}, "", 3600),
        (429, {"retry_after": "soon"}, "", 60),
    ],
)
async def test_after_a_refusal_nothing_is_asked_before_the_time_given(
    status, headers, body, seconds
):
    world = World()
    if headers.get("x_ratelimit_reset"):
        reset = int(NOON.timestamp()) + int(headers["x_ratelimit_reset"])
        headers = headers | {"x_ratelimit_reset": str(reset)}
    world.documents.answer(API, a_document(body, status, **headers))
    until = NOON + timedelta(seconds=seconds)

    expected = f"GitHub's rate limit is used up until {until:%H:%M:%SZ}"
    assert await world.fault() == expected
    world.page(a_listed())
    await world.clock.advance(seconds - 1)
    assert await world.fault() == expected
    assert len(world.documents.requests) == 1
    await world.clock.advance(1)
    assert await world.versions() == ["1.4.2"]


async def test_the_last_request_of_a_window_is_not_followed_by_another():
    reset = str(int(NOON.timestamp()) + 600)
    world = World().page(a_listed(), x_ratelimit_remaining="0", x_ratelimit_reset=reset)

    assert await world.versions() == ["1.4.2"]
    assert (await world.fault()).startswith("GitHub's rate limit is used up until")


async def test_a_refusal_for_another_reason_is_asked_again():
    world = World().page(status=403, x_ratelimit_remaining="42")

    for _ in range(2):
        assert await world.fault() == "https://api.github.com/repos/acme/widget/releases: HTTP 403"
    assert len(world.documents.requests) == 2


class TestPublisherSums:
    """Digests that the publisher wrote into a file of the release."""

    @staticmethod
    def world(sums: str | None, *assets: dict[str, Any], **options: Any) -> World:
        world = World(**({"checksums": "auto"} | options))
        listed = an_asset("checksums.txt", id=8, digest=None)
        world.page(a_listed("v1.4.2", listed, *(assets or (an_asset(digest=None),))))
        if sums is not None:
            world.documents.answer(f"{DOWNLOADS}/v1.4.2/checksums.txt", a_document(sums))
        return world

    async def test_they_are_not_read_unless_asked_for(self):
        world = self.world(f"{HEX}  {NAME}", checksums="none")
        (release,) = await world.source.releases()

        assert (release.artifacts[1].digests, release.artifacts[1].vouched) == ((), None)
        assert world.documents.urls == [API]

    async def test_only_those_vouch_for_a_file_and_not_what_the_platform_computed(self):
        other = an_asset("widget_windows_amd64.zip", id=9)
        (release,) = await self.world(f"{HEX}  {NAME}", an_asset(), other).source.releases()
        assert [each.vouched for each in release.artifacts] == [False, True, False]

    async def test_a_release_without_any_is_vouched_for_by_nobody(self):
        world = World(checksums="auto").page(a_listed("v1.4.2", an_asset()))
        assert [each.vouched for each in (await world.source.releases())[0].artifacts] == [False]

    async def test_where_they_cannot_be_had_nobody_knows(self):
        (release,) = await self.world(None, an_asset()).source.releases()
        assert [each.vouched for each in release.artifacts] == [None, None]

    @pytest.mark.parametrize("wanted", ["auto", "checksums.txt"])
    async def test_they_join_those_of_the_platform(self, wanted):
        world = self.world(f"{SHA512.hex}  ./dist/{NAME}\n", an_asset(), checksums=wanted)
        (release,) = await world.source.releases()

        assert release.artifacts[1].digests == (SHA256, SHA512)

    async def test_they_are_read_once_for_each_edition_of_the_file(self):
        world = self.world(f"{HEX}  {NAME}")
        await world.source.releases()
        await world.source.releases()

        assert world.documents.urls == [API, f"{DOWNLOADS}/v1.4.2/checksums.txt", API]

    async def test_a_long_file_is_read_too(self):
        world = self.world(f"{HEX}  other\n" + f"# {'=' * 60}\n" * 1000 + f"{HEX}  {NAME}\n")
        (release,) = await world.source.releases()

        assert release.artifacts[1].digests == (SHA256,)

    async def test_a_disagreement_is_a_fault_of_the_catalog(self):
        other = "cd" * 32

        assert await self.world(f"{other}  {NAME}", an_asset()).fault() == (
            f"v1.4.2, checksums.txt: {NAME} is sha256:{other} by its publisher "
            f"and sha256:{HEX} by GitHub"
        )

    async def test_a_contradiction_is_a_fault_of_the_catalog(self):
        world = self.world(f"{HEX}  {NAME}\n{'cd' * 32}  {NAME}\n")

        assert await world.fault() == (f"v1.4.2, checksums.txt: two different digests for {NAME}")

    async def test_a_page_in_place_of_the_file_is_a_fault_of_the_catalog(self):
        world = self.world("<html>Sign in</html>")

        assert await world.fault() == (
            "v1.4.2, checksums.txt: not a checksum file "
            "(line 1: not a line of a checksum file: <html>Sign in</html>)"
        )

    async def test_a_file_that_is_missing_hides_no_release(self):
        (release,) = await self.world(None, an_asset()).source.releases()

        assert release.artifacts[1].digests == (SHA256,)

    async def test_a_file_out_of_reach_hides_no_release(self):
        world = self.world(None, an_asset())
        url = f"{DOWNLOADS}/v1.4.2/checksums.txt"
        world.documents.answer(
            url, DocumentUnavailable("gone"), a_document(f"{SHA512.hex}  {NAME}")
        )

        assert (await world.source.releases())[0].artifacts[1].digests == (SHA256,)
        assert (await world.source.releases())[0].artifacts[1].digests == (SHA256, SHA512)

    async def test_with_a_token_the_file_is_read_through_the_api(self, tmp_path):
        secret = tmp_path / "token"
        secret.write_text("ghp_x")
        world = self.world(None, token={"file": str(secret)})
        url = "https://api.github.com/repos/acme/widget/releases/assets/7"
        world.documents.answer(url, a_document(f"{HEX}  {NAME}"))
        (release,) = await world.source.releases()

        assert release.artifacts[1].digests == (SHA256,)
        assert world.documents.requests[1] == (
            url,
            {"Accept": "application/octet-stream", "Authorization": "Bearer ghp_x"},
        )

    async def test_the_token_goes_to_no_other_origin(self, tmp_path):
        secret = tmp_path / "token"
        secret.write_text("ghp_x")
        world = World(checksums="auto", token={"file": str(secret)})
        evil = an_asset(
            "SHA256SUMS",
            url="https://evil.example.com/a",
            browser_download_url="https://evil.example.com/b",
        )
        world.page(a_listed("v1", evil))
        await world.source.releases()

        assert world.documents.requests[1] == (
            "https://evil.example.com/b",
            {"Accept": "application/octet-stream"},
        )

    async def test_an_answer_cannot_name_a_file_of_this_machine(self):
        world = World(checksums="auto")
        evil = an_asset("SHA256SUMS", browser_download_url="file:///etc/passwd")
        world.page(a_listed("v1", evil))
        await world.source.releases()

        assert world.documents.urls == [API]

    async def test_a_sidecar_is_not_taken_for_the_file_about_all(self):
        world = World(checksums="auto")
        world.page(a_listed("v1", an_asset(), an_asset(f"{NAME}.sha256", id=9)))
        await world.source.releases()

        assert world.documents.urls == [API]

    async def test_a_name_may_hold_the_version(self):
        world = World(checksums="widget_{version}_{tag}_SHA256SUMS")
        name = "widget_1.4.2_v1.4.2_SHA256SUMS"
        world.page(a_listed("v1.4.2", an_asset(name), an_asset(digest=None)))
        world.documents.answer(f"{DOWNLOADS}/v1.4.2/{name}", a_document(f"{HEX}  {NAME}"))
        (release,) = await world.source.releases()

        assert release.artifacts[1].digests == (SHA256,)

    async def test_only_the_newest_ten_releases_are_read(self):
        world = World(checksums="auto")
        world.page(
            *(
                a_listed(
                    f"v{number}",
                    an_asset(
                        "SHA256SUMS",
                        id=number,
                        browser_download_url=f"{DOWNLOADS}/v{number}/SHA256SUMS",
                    ),
                    published_at=f"2026-08-{number:02}T00:00:00Z",
                )
                for number in range(1, 13)
            )
        )
        releases = await world.source.releases()

        assert len(releases) == 12
        assert world.documents.urls[1:] == [
            f"{DOWNLOADS}/v{number}/SHA256SUMS" for number in range(12, 2, -1)
        ]
