"""One observation by itself as exposition text, in a store of its own."""

from probe import series
from probe.domain.observation import Inconclusive, Observation, Passed
from probe.domain.record import verdict_word
from probe.exposition.negotiation import Format, choose_format
from probe.exposition.store import SeriesStore
from probe.ports import Clock, Rendered


def render_one(observation: Observation, accept: str, clock: Clock) -> Rendered:
    """Return the series of :data:`probe.series.ON_DEMAND` that *observation* fills."""
    store = SeriesStore(clock, series.ON_DEMAND)
    _fill(store, observation)
    form = choose_format(accept)
    openmetrics = form is Format.OPENMETRICS
    chunks = tuple(store.slices(frozenset(), openmetrics=openmetrics))
    return Rendered(form, (*chunks, b"# EOF\n") if openmetrics else chunks)


def _fill(store: SeriesStore, observation: Observation) -> None:
    target = observation.probe.target
    download = observation.download
    identity = (target.product, target.release.channel, target.release.version)
    place = (target.artifact.name, target.endpoint.name, target.region.name)
    if not isinstance(observation.verdict, Inconclusive):
        store.set(series.PROBE_SUCCESS, (), float(isinstance(observation.verdict, Passed)))
    store.set(series.PROBE_DURATION, (), download.timings.total)
    for phase, seconds in download.timings.items():
        store.set(series.PROBE_PHASE, (phase,), seconds)
    if download.status is not None:
        store.set(series.PROBE_STATUS, (), download.status)
    store.set(series.PROBE_BYTES, (), download.bytes_received)
    store.set(series.PROBE_REDIRECTS, (), len(download.hops))
    if download.certificate_expires_at is not None:
        store.set(series.PROBE_CERTIFICATE, (), download.certificate_expires_at.timestamp())
    if failure := observation.failure:
        labels = (verdict_word(observation), failure.reason, failure.phase)
        store.set(series.PROBE_FAILURE, labels)
    store.set(series.PROBE_INFO, (*identity, *place, observation.probe.depth))
