"""Which product is meant."""

import pytest

from probe.answers import product_of
from probe.ports import NoSuchProduct
from tests.unit.answers.builders import configured

WIDGET = configured()


def test_a_product_is_named_and_if_need_be_its_channel():
    beta = configured(channel="beta")
    assert product_of([WIDGET], "widget") is WIDGET
    assert product_of([WIDGET, beta], "widget", "beta") is beta
    with pytest.raises(NoSuchProduct, match="widget has the channels stable, beta; say which"):
        product_of([WIDGET, beta], "widget")
    with pytest.raises(NoSuchProduct, match="widget has the channels stable; say which"):
        product_of([WIDGET], "widget", "edge")
    with pytest.raises(NoSuchProduct, match="no product is named x; there are widget"):
        product_of([WIDGET, beta], "x")
