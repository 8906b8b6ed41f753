"""What a Prometheus says of a small world in which all is well, to be changed by a test."""

from datetime import datetime, timedelta

from probe.domain.promql import Sample
from probe.domain.target import EndpointKind
from probe.kpi.central import Findings
from probe.kpi.central.inquiry import Fact
from probe.kpi.hearing import Asked
from tests.builders import NOON, a_product, an_endpoint

EU, US = "eu-west-1", "us-east-1"
ORIGIN = an_endpoint("origin", origin=True)
CDN = an_endpoint("cdn", kind=EndpointKind.CDN)
PRODUCT = a_product(ORIGIN, CDN)
FILE = "widget_1.4.2_linux_amd64.tar.gz"
PAIRS = tuple((endpoint, region) for endpoint in ("origin", "cdn") for region in (EU, US))
PUBLISHED = NOON - timedelta(hours=1)
RECENT = timedelta(minutes=15)


def ago(**time: float) -> datetime:
    return NOON - timedelta(**time)


def asked(version: str = "1.4.2", *regions: str) -> Asked:
    return Asked(NOON, RECENT, version, regions or (EU, US))


def a_sample(value: float | datetime, **labels: str) -> Sample:
    return Sample(labels, value.timestamp() if isinstance(value, datetime) else value)


def of_target(
    value: float | datetime,
    endpoint: str,
    region: str,
    artifact: str = FILE,
    version: str = "1.4.2",
) -> Sample:
    place = {"endpoint": endpoint, "probe_region": region, "version": version}
    return a_sample(value, **place, artifact=artifact, platform="linux/amd64")


def of_pair(value: float | datetime, endpoint: str, region: str, **more: str) -> Sample:
    return a_sample(value, version="1.4.2", endpoint=endpoint, probe_region=region, **more)


def findings(**changed: tuple[Sample, ...]) -> Findings:
    """Return findings; the keys of *changed* are names of facts or of KPIs."""
    well: dict[str, tuple[Sample, ...]] = {
        Fact.PUBLISHED: (a_sample(PUBLISHED, version="1.4.2"),),
        Fact.STARTED: (a_sample(PUBLISHED, version="1.4.2", t0_source="published"),),
        Fact.FIRST: tuple(
            of_pair(PUBLISHED + timedelta(minutes=minute), *pair, object="asset")
            for minute, pair in enumerate(PAIRS, 1)
        ),
        Fact.UNCERTAINTY: tuple(of_pair(30.0, *pair, object="asset") for pair in PAIRS),
        Fact.EXCLUDED: tuple(of_pair(0.0, *pair) for pair in PAIRS),
        Fact.VERIFIED: tuple(of_target(ago(minutes=2), *pair) for pair in PAIRS),
        Fact.FAILED: (),
        Fact.UP: tuple(of_target(1.0, *pair) for pair in PAIRS),
    }
    return {**well, **{name.lower(): samples for name, samples in changed.items()}}
