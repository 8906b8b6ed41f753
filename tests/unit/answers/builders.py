"""Products of a configuration, for tests of answers."""

from probe.catalog.manifest import ManifestOptions
from probe.domain.gate import Objective
from probe.settings import ConfiguredProduct
from tests.builders import a_product, an_endpoint

CDN = an_endpoint("cdn")


def configured(
    *objectives: Objective, name: str = "widget", channel: str = "stable"
) -> ConfiguredProduct:
    product = a_product(CDN, name=name, channel=channel)
    source = ManifestOptions(kind="manifest", url="file:///absent.json")
    return ConfiguredProduct(product, source, {}, 300.0, objectives)
