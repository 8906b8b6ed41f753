import pytest

from probe.demo.configuration import configuration
from probe.demo.script import ENDPOINTS
from probe.domain.target import EndpointKind
from probe.settings import Settings, parse

URLS = {name: f"http://127.0.0.1:{port}" for port, name in enumerate(ENDPOINTS, 8001)}
MANIFEST = "http://127.0.0.1:8001/manifest.json"
CONTROL = "http://127.0.0.1:8009/alive.txt"


def settings(speed: float) -> Settings:
    found = parse(configuration(URLS, MANIFEST, CONTROL, speed).encode(), "demo.yaml")
    assert isinstance(found, Settings), found
    return found


@pytest.mark.parametrize(
    ("speed", "interval"),
    [(0.5, 4.0), (1.0, 2.0), (1.99, 1.005), (2.0, 1.0), (3.0, 1.0), (100.0, 1.0)],
)
def test_the_configuration_is_accepted_at_any_speed(speed, interval):
    [product] = settings(speed).products
    assert {round(each.interval_seconds, 3) for each in product.product.endpoints} == {interval}


def test_every_endpoint_of_the_world_is_probed_and_one_is_the_origin():
    [product] = settings(1).products
    assert [(each.name, each.kind, each.origin) for each in product.product.endpoints] == [
        ("origin", EndpointKind.REPOSITORY, True),
        ("cdn", EndpointKind.CDN, False),
        ("mirror-eu", EndpointKind.MIRROR, False),
        ("mirror-us", EndpointKind.MIRROR, False),
    ]


def test_the_control_target_is_in_the_world():
    assert settings(1).control_targets == (CONTROL,)
