"""What caches on the way say of themselves."""

import pytest

from probe.domain.cache import cache_of, edge_of
from probe.domain.observation import Cache


@pytest.mark.parametrize(
    ("said", "cache"),
    [
        ("ExampleCache; hit", Cache.HIT),
        ("ExampleCache; hit; ttl=376", Cache.HIT),
        ("ExampleCache; hit; ttl=-412", Cache.STALE),
        ("ExampleCache; fwd=uri-miss; stored", Cache.MISS),
        ("ExampleCache; fwd=stale; fwd-status=304", Cache.HIT),
        ("ExampleCache; fwd=stale; fwd-status=200", Cache.MISS),
        ("ExampleCache; fwd=bypass", Cache.BYPASS),
        ("ExampleCache; fwd=method", Cache.BYPASS),
        ("ExampleCache", Cache.UNKNOWN),
        ("OriginCache; hit; ttl=1100, CDN; fwd=uri-miss; collapsed", Cache.HIT),
        ('Odd; fwd=miss; detail="a, b; hit"', Cache.MISS),
        ('"quoted; name"; hit', Cache.HIT),
        ('Broken; detail="', Cache.UNKNOWN),
    ],
)
def test_the_standard_header_is_read_as_rfc_9211_has_it(said, cache):
    assert cache_of({"cache-status": said, "cf-cache-status": "BYPASS"}) is cache


@pytest.mark.parametrize(
    ("name", "said", "cache"),
    [
        ("cf-cache-status", "HIT", Cache.HIT),
        ("cf-cache-status", "MISS", Cache.MISS),
        ("cf-cache-status", "EXPIRED", Cache.MISS),
        ("cf-cache-status", "STALE", Cache.STALE),
        ("cf-cache-status", "UPDATING", Cache.STALE),
        ("cf-cache-status", "REVALIDATED", Cache.HIT),
        ("cf-cache-status", "BYPASS", Cache.BYPASS),
        ("cf-cache-status", "DYNAMIC", Cache.BYPASS),
        ("cf-cache-status", "NONE", Cache.BYPASS),
        ("cf-cache-status", "something", Cache.UNKNOWN),
        ("x-cache", "Hit from cloudfront", Cache.HIT),
        ("x-cache", "RefreshHit from cloudfront", Cache.HIT),
        ("x-cache", "Miss from cloudfront", Cache.MISS),
        ("x-cache", "Error from cloudfront", Cache.UNKNOWN),
        ("x-cache", "HIT, MISS", Cache.HIT),
        ("x-cache", "MISS, MISS", Cache.MISS),
        ("x-cache", "HIT", Cache.HIT),
        ("x-cache", "MISS from squid.example.com", Cache.MISS),
        ("x-cache", "HIT from squid.example.com", Cache.HIT),
        ("x-cache", "TCP_MEM_HIT from a23-1-2-3.deploy.akamaitechnologies.com", Cache.HIT),
        ("x-cache", "TCP_EXPIRED_MISS from a23", Cache.MISS),
        ("x-cache", "TCP_REFRESH_HIT from a23", Cache.HIT),
        ("x-cache", "TCP_REFRESH_FAIL_HIT from a23", Cache.STALE),
        ("x-cache", "CONFIG_NOCACHE", Cache.BYPASS),
        ("x-cache", "PRIVATE_NOSTORE", Cache.BYPASS),
        ("x-cache", "pass", Cache.BYPASS),
        ("x-cache-status", "EXPIRED", Cache.MISS),
        ("x-cache-status", "STALE", Cache.STALE),
        ("x-cache-status", "UPDATING", Cache.STALE),
        ("x-cache-status", "REVALIDATED", Cache.HIT),
        ("x-cache-status", "BYPASS", Cache.BYPASS),
        ("x-proxy-cache", "hit", Cache.HIT),
        ("cdn-cache", "MISS", Cache.MISS),
        ("age", "93055", Cache.HIT),
        ("age", "0", Cache.UNKNOWN),
        ("age", "old", Cache.UNKNOWN),
        ("age", "\u0663", Cache.UNKNOWN),
    ],
)
def test_vendors_words_are_one_of_five(name, said, cache):
    assert cache_of({name: said}) is cache


def test_nothing_said_is_unknown():
    assert cache_of({}) is Cache.UNKNOWN


@pytest.mark.parametrize(
    ("headers", "edge"),
    [
        ({"cf-ray": "8a1b2c3d4e5f6789-AMS", "via": "1.1 varnish"}, "AMS"),
        ({"x-amz-cf-pop": "FRA56-P5"}, "FRA56-P5"),
        ({"x-served-by": "cache-iad-kiad1-IAD, cache-ams12345-AMS"}, "cache-ams12345-AMS"),
        ({"via": "1.1 origin, 1.1 edge-7 (squid)"}, "edge-7 (squid)"),
        ({"x-amz-cf-pop": "\x1b[31m" + "a" * 90}, "[31m" + "a" * 55 + "…"),
        ({}, ""),
    ],
)
def test_the_edge_is_named_cleaned_and_cut(headers, edge):
    assert edge_of(headers) == edge
