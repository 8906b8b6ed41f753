"""What files are called from release to release, and which release is the one before."""

from datetime import timedelta

import pytest

from probe.domain.lineage import carried, lineage, predecessor
from tests.builders import NOON, a_release


@pytest.mark.parametrize(
    ("name", "version", "found"),
    [
        ("widget_1.4.1_linux_amd64.tar.gz", "v1.4.1", "widget_{version}_linux_amd64.tar.gz"),
        ("widget_v1.4.1.zip", "1.4.1", "widget_v{version}.zip"),
        ("tool-6-linux-x86_64.tar.gz", "6", "tool-{version}-linux-x86_64.tar.gz"),
        ("widget_1.4.1_linux.zip", "cli-v1.4.1", "widget_{version}_linux.zip"),
        ("go1.21.5.linux-amd64.tar.gz", "1.21.5", "go{version}.linux-amd64.tar.gz"),
        ("notes.pdf", "", "notes.pdf"),
    ],
)
def test_a_file_has_one_lineage_over_its_versions(name, version, found):
    assert lineage(name, version) == found


@pytest.mark.parametrize(
    ("before", "now", "name", "expected"),
    [
        ("6", "7", "tool-6-linux-x86_64.tar.gz", "tool-7-linux-x86_64.tar.gz"),
        ("6", "7", "tool-6-linux-armv6.tar.gz", "tool-7-linux-armv6.tar.gz"),
        ("64", "65", "tool-64-linux-x86_64.tar.gz", "tool-65-linux-x86_64.tar.gz"),
        ("v3", "v4", "w_v3_x64.zip", "w_v4_x64.zip"),
        ("v1.4.1-1", "v1.4.2-1", "widget_1.4.1_linux.tgz", "widget_1.4.2_linux.tgz"),
        ("1.4.1-1", "1.4.2-2", "widget_1.4.1-1_amd64.deb", "widget_1.4.2-2_amd64.deb"),
        ("cli-v1.4.1", "cli-v1.4.2", "cli-v1.4.1.zip", "cli-v1.4.2.zip"),
        ("cli-v1.4.1", "cli-v1.4.2", "widget_1.4.1.zip", "widget_1.4.2.zip"),
        ("1.4.1+b1", "1.4.1+b2", "widget_1.4.1.b1.zip", "widget_1.4.1.b2.zip"),
        ("1.84.0", "1.85.0", "boost_1_84_0.zip", "boost_1_85_0.zip"),
        ("1.4.1-rc.1", "1.4.1", "widget-1.4.1-rc.1.tgz", "widget-1.4.1.tgz"),
        ("1.21.5", "1.21.6", "go1.21.5.linux-amd64.tar.gz", "go1.21.6.linux-amd64.tar.gz"),
        ("1.4.1", "1.4.2", "w_1.4.1_ubuntu22.04.deb", "w_1.4.2_ubuntu22.04.deb"),
        ("2.17", "2.18", "w_2.17_glibc2.17.tgz", "w_2.18_glibc2.17.tgz"),
        ("1.4.1", "1.4.2", "w_1.4.1.tgz.sha256", "w_1.4.2.tgz.sha256"),
        ("1.4.1", "1.4.2", "notes.pdf", "notes.pdf"),
        # What is of one release, and not its version, cannot be told of the next.
        ("24", "25", "wasi-sdk-24.0-x86_64-linux.tar.gz", None),
        ("6", "7", "tool-6-on-6.zip", None),
        ("1.4.1-1", "1.4.2-2", "widget_1.4.1_linux.tgz", None),
        ("1.4.1-rc.1", "1.4.2", "widget_1.4.1rc1.whl", None),
        ("1.4.1", "1.4.1-1", "widget_1.4.1.9.zip", None),
        ("1.4.1", "1.4.2", "w_1.4.1-1_amd64.deb", "w_1.4.2-1_amd64.deb"),
        ("1.4.1", "1.4.2", "w_1.4.1-2_amd64.deb", None),
        ("1.4.1", "1.4.2-rc.1", "w_1.4.1_amd64.deb", None),
        ("1.4.2-rc.1", "1.4.2-rc.2", "w_1.4.2-rc.1.tgz", "w_1.4.2-rc.2.tgz"),
        ("1.4.1", "1.4.2", "chart-0.3.1.tgz", None),
        ("1.4.1", "1.4.2", "w-1.4.1-abc1234-linux.tgz", None),
        ("1.4.1", "1.4.2", "w-1.4.1-5-g0123abc.tgz", None),
        ("1.4.1", "1.4.2", "w-1.4.1-20260801.tgz", None),
        ("1.4.1", "1.4.2", "w-1.4.1-build42.tgz", None),
    ],
)
def test_a_file_is_called_by_the_version_and_like_before(before, now, name, expected):
    assert carried(name, a_release(before), a_release(now)) == expected


@pytest.mark.parametrize(
    ("versions", "version", "before"),
    [
        (("1.9.7", "1.9.8", "2.0.0"), "1.9.9", "1.9.8"),
        (("1.9", "1.10"), "1.11", "1.10"),
        (("1.10", "1.9.1"), "1.11", "1.10"),
        (("1.4.1", "1.4.2-rc.1"), "1.4.2", "1.4.2-rc.1"),
        (("2.0.0",), "1.9.9", None),
        (("cli-v1.4.1", "server-v1.4.1"), "cli-v1.4.2", "cli-v1.4.1"),
        (("server-v1.4.1",), "cli-v1.4.2", None),
        (("bookworm", "1.0", "trixie", "2.0"), "forky", "trixie"),
        (("nightly",), "1.0", None),
        ((), "1.0", None),
    ],
)
def test_before_a_release_is_the_one_that_it_goes_on_from(versions, version, before):
    earlier = [
        a_release(each, published_at=NOON + timedelta(hours=hours))
        for hours, each in enumerate(versions)
    ]
    release = a_release(version, published_at=NOON + timedelta(days=1))
    found = predecessor(release, [release, *earlier])
    assert (found and found.version) == before


def test_what_was_withdrawn_or_came_later_is_not_before():
    release = a_release("1.4.2")
    earlier = NOON - timedelta(days=1)
    sound = a_release("1.4.0", published_at=earlier)
    withdrawn = a_release("1.4.1", published_at=earlier, yanked=True)
    later = a_release("1.4.1", published_at=NOON + timedelta(days=1))
    assert predecessor(release, [later, withdrawn, sound]) is sound
