"""Caches where none is declared."""

from probe.domain.observation import Cache
from probe.domain.target import EndpointKind
from probe.sinks import CacheSink
from tests.builders import NOON, a_download, a_probe, an_endpoint, an_observation
from tests.fakes.clock import FakeClock
from tests.fakes.ledger import FakeLedger

ORIGIN = an_endpoint("origin")
CDN = an_endpoint("cdn", kind=EndpointKind.CDN)


def seen(endpoint=ORIGIN, cache=Cache.HIT):
    probe = a_probe(endpoint=endpoint)
    return an_observation(probe=probe, download=a_download(cache=cache))


def test_the_first_answer_of_a_cache_is_kept_once():
    ledger = FakeLedger()
    sink = CacheSink(ledger, FakeClock())
    for cache in (Cache.MISS, Cache.HIT, Cache.HIT):
        sink.record(seen(cache=cache))
    [event] = ledger.entries
    assert (event.kind, event.detail, event.at) == ("cache", "origin", NOON)
    again = FakeLedger()
    CacheSink(again, FakeClock()).record(seen())
    assert again.entries[0].id == event.id


def test_a_cache_where_one_is_declared_is_no_news():
    ledger = FakeLedger()
    sink = CacheSink(ledger, FakeClock())
    sink.record(seen(CDN))
    sink.record(seen(cache=Cache.UNKNOWN))
    assert ledger.entries == []
