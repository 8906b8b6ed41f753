"""Options that would not work are refused, with what would be right."""

import pytest
from pydantic import TypeAdapter, ValidationError

from probe.catalog import SourceOptions
from probe.catalog.options import fill
from probe.domain.artifact import ANY_PLATFORM, Platform

ADAPTER = TypeAdapter(SourceOptions)

MANIFEST = {"kind": "manifest", "url": "https://example.com/m.json"}
GITHUB = {"kind": "github", "repo": "acme/widget"}
CHECKSUMS = {
    "kind": "checksums",
    "url": "https://example.com/{version}/SHA256SUMS",
    "versions": ["1.0"],
}
GORELEASER = {
    "kind": "goreleaser",
    "artifacts_url": "file:///dist/artifacts.json",
    "metadata_url": "file:///dist/metadata.json",
}


@pytest.mark.parametrize("options", [MANIFEST, GITHUB, CHECKSUMS, GORELEASER])
def test_the_least_that_is_needed_is_enough(options):
    assert ADAPTER.validate_python(options).kind == options["kind"]


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"kind": "gitlab"}, "does not match any of the expected tags"),
        (MANIFEST | {"colour": "red"}, "Extra inputs are not permitted"),
        (MANIFEST | {"url": "manifest.json"}, "an http, https or file:/// URL is expected"),
        (MANIFEST | {"url": "ftp://example.com/a"}, "an http, https or file:/// URL is expected"),
        (MANIFEST | {"url": "https://u:p@example.com/a"}, "a URL holds no credentials; use token"),
        (MANIFEST | {"url": "https://example.com/a b"}, "a URL holds no spaces"),
        (MANIFEST | {"url": "https://example.com/{version}"}, "unknown field {version}"),
        (MANIFEST | {"url": "https://example.com/{version"}, "expected '}' before end of string"),
        (MANIFEST | {"url": "https://example.com/{product!r}"}, "a field is a name in braces"),
        (MANIFEST | {"url": "https://{product}.example.com/"}, "no host"),
        (MANIFEST | {"pattern": "("}, "Input should be a valid regular expression"),
        (MANIFEST | {"pattern": "(?P<colour>x)"}, "named groups are expected"),
        (MANIFEST | {"pattern": "x"}, "named groups are expected"),
        (MANIFEST | {"platforms": {"*.zip": "linux"}}, "a platform such as linux/amd64"),
        (MANIFEST | {"token": "ghp_secret"}, "a secret is given by reference only"),
        (GITHUB | {"repo": "acme"}, "String should match pattern"),
        (GITHUB | {"api_url": "file:///etc"}, "an http or https URL without fields is expected"),
        (GITHUB | {"max_pages": 11}, "Input should be less than or equal to 10"),
        (GITHUB | {"tag_pattern": "v(.*)"}, "a group (?P<version>…) is expected"),
        (GITHUB | {"checksums": "{name}.sha256"}, "auto, none, or a file name"),
        (
            GITHUB | {"include_prereleases": True, "prerelease_channel": "beta"},
            "include_prereleases and prerelease_channel exclude one another",
        ),
        (CHECKSUMS | {"versions": []}, "version_url, versions or index_url is needed"),
        (CHECKSUMS | {"url": "https://example.com/SUMS"}, "url needs {version} or {tag}"),
        (CHECKSUMS | {"version_path": "a"}, "version_path and version_pattern need version_url"),
        (CHECKSUMS | {"index_path": "[*]"}, "index_path needs index_url"),
        (
            CHECKSUMS | {"version_url": "https://a/b", "version_path": "a[b"},
            "a path such as releases[0].version is expected",
        ),
        (
            CHECKSUMS
            | {"version_url": "https://a/b", "version_path": "a", "version_pattern": "(.*)"},
            "version_path and version_pattern exclude one another",
        ),
        (GORELEASER | {"types": ["Sausage"]}, "'Sausage' is none of Archive, Binary"),
        (
            GORELEASER | {"metadata_url": "file:///{version}/metadata.json"},
            "{version} or {tag} stands in both URLs or in none",
        ),
        (GORELEASER | {"versions": ["1.0"]}, "and only they do"),
    ],
)
def test_what_would_not_work_is_refused(options, fault):
    with pytest.raises(ValidationError) as raised:
        ADAPTER.validate_python(options)
    (told,) = [each["msg"] for each in raised.value.errors()]
    assert fault in told
    assert "ghp_secret" not in told


def test_every_option_is_described_in_the_schema():
    schema = ADAPTER.json_schema()

    undescribed = [
        f"{name}.{key}"
        for name, definition in schema["$defs"].items()
        if name.endswith("Options")
        for key, field in definition["properties"].items()
        if key != "kind" and not field.get("description")
    ]
    assert undescribed == []


def test_filling_encodes_what_a_path_cannot_hold():
    assert fill("https://h/{tag}/x", {"tag": "a b?c#d/é%"}) == "https://h/a%20b%3Fc%23d/%C3%A9%25/x"


def test_rules_for_names_come_from_the_options():
    rules = ADAPTER.validate_python(
        MANIFEST
        | {
            "match": ["widget*"],
            "exclude": ["*.txt"],
            "pattern": r"(?P<os>lnx)64",
            "platforms": {"*-mac.zip": "darwin/universal", "*.jar": "any"},
        }
    ).rules

    names = ["widget.zip", "widget.txt", "gadget.zip"]
    assert [rules.accepts(name) for name in names] == [True, False, False]
    assert rules.describe("widget-mac.zip").platform == Platform("darwin", "universal")
    assert rules.describe("widget-linux-x64.jar").platform == ANY_PLATFORM
    assert rules.describe("widget-lnx64.zip").platform == Platform("linux", "amd64")
