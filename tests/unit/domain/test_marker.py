"""Markers as mirrors have them."""

from datetime import UTC, datetime

import pytest

from probe.domain.marker import Marker, MarkerKind, Sign, moment_of, sign_of, version_named
from tests.builders import NOON

DEBIAN = b"""\
Thu Aug 20 12:00:00 UTC 2026
Date: Thu, 20 Aug 2026 12:00:00 +0000
Date-Started: Thu, 20 Aug 2026 11:41:02 +0000
Archive serial: 2026082002
Used ftpsync version: 20180513
Upstream-mirror: syncproxy.example.org
"""
KNOWN = ["2.0.0", "1.10.0", "1.1.0", "v1.0.0"]


def a_marker(kind, header=""):
    return Marker(kind, "https://mirror.example/lastsync", header=header)


@pytest.mark.parametrize(
    ("kind", "body", "sign"),
    [
        (MarkerKind.EPOCH, b"1787227200\n", Sign(NOON)),
        (MarkerKind.EPOCH, b"yesterday\n", None),
        (MarkerKind.EPOCH, b"", None),
        (MarkerKind.EPOCH, b"<html>1787227200</html>", None),
        (MarkerKind.TRACE, b"1787227200\nmore\n", Sign(NOON)),
        (MarkerKind.TRACE, b"2026-08-20T12:00:00Z\n", Sign(NOON)),
        (MarkerKind.TRACE, b"Thu Aug 20 12:00:00 UTC 2026\n", Sign(NOON)),
        (MarkerKind.TRACE, b"20260820T12:00:00\n", Sign(NOON)),
        (MarkerKind.TRACE, b"<!DOCTYPE html>", None),
        (MarkerKind.DEBIAN_TRACE, DEBIAN, Sign(NOON, "2026082002")),
        (MarkerKind.DEBIAN_TRACE, b"Thu Aug 20 12:00:00 UTC 2026\n", Sign(NOON)),
        (MarkerKind.DEBIAN_TRACE, b"not found\n", None),
        (MarkerKind.DEBIAN_TRACE, b"", None),
        (MarkerKind.INDEX, b"anything", Sign()),
    ],
)
def test_a_marker_says_when_the_mirror_was_synced(kind, body, sign):
    assert sign_of(a_marker(kind), {}, body) == sign


@pytest.mark.parametrize(
    ("value", "sign"),
    [
        ("Thu, 20 Aug 2026 12:00:00 GMT", Sign(NOON)),
        ("Thu, 20 Aug 2026 14:00:00 +0200", Sign(NOON)),
        ("20261231", Sign(serial="20261231")),
        ("soon", None),
        ("", None),
    ],
)
def test_a_header_says_it_too(value, sign):
    marker = a_marker(MarkerKind.HEADER, "x-pypi-last-serial")
    assert sign_of(marker, {"x-pypi-last-serial": value}, b"") == sign


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+23:59", "9999-12-31", "000000001", "-5"])
def test_a_time_that_no_mirror_can_mean_is_none(text):
    assert moment_of(text) is None


@pytest.mark.parametrize("text", ["Thu Aug 32 12:00:00 UTC 2026", "Thu Foo 20 12:00:00 UTC 2026"])
def test_a_date_that_is_none_is_no_date(text):
    assert moment_of(text) is None


@pytest.mark.parametrize(
    ("body", "version"),
    [
        (b"2.0.0\n", "2.0.0"),
        (b"v1.10.0", "1.10.0"),
        (b"1.0.0", "v1.0.0"),
        (b'{"version": "1.1.0", "previous": "1.0.0"}', "1.1.0"),
        (b'{"tag_name": "v1.10.0", "name": "Release 1.10.0, better than 2.0.0"}', "1.10.0"),
        (b"0123  widget_1.1.0_linux.tar.gz\n4567  widget_1.1.0_mac.zip\n", "1.1.0"),
        (b"widget-1.1.0-linux.tgz widget-1.10.0-linux.tgz", "1.10.0"),
        (b"widget-2.0.0-rc1.tgz widget-1.1.0.tgz", "1.1.0"),
        (b"widget-12.0.0.tgz", ""),
        (b"widget-2.0.0.1.tgz", ""),
        (b"3.0.0", ""),
        (b"", ""),
        (b"{broken", ""),
        (b"\xff\xfe", ""),
    ],
)
def test_a_pointer_or_an_index_names_a_release(body, version):
    assert version_named(body, KNOWN) == version


def test_moments_are_in_utc():
    assert moment_of("2026-08-20T14:00:00+02:00") == datetime(2026, 8, 20, 12, tzinfo=UTC)
