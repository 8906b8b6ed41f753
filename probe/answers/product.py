"""Which product of the configuration is meant."""

from collections.abc import Sequence
from difflib import get_close_matches

from probe.domain.text import clean
from probe.ports import NoSuchProduct
from probe.settings import ConfiguredProduct

_NAMES = 20


def product_of(
    products: Sequence[ConfiguredProduct], name: str, channel: str = ""
) -> ConfiguredProduct:
    """
    Return the product of that name, and of that channel if it has several.

    Raises:
        NoSuchProduct: none is meant, or more than one.
    """
    named = [each for each in products if each.product.name == name]
    found = [each for each in named if channel in ("", each.product.channel)]
    if len(found) == 1:
        return found[0]
    if named:
        channels = ", ".join(each.product.channel for each in named[:_NAMES])
        raise NoSuchProduct(f"{name} has the channels {channels}; say which, with channel")
    known = list(dict.fromkeys(each.product.name for each in products))
    near = get_close_matches(name, known, n=1)
    meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(known[:_NAMES])}"
    raise NoSuchProduct(f"no product is named {clean(name, 60)}; {meant}")
