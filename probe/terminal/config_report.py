"""What ``check-config`` prints."""

from collections.abc import Sequence

from rich.console import Console

from probe.domain.target import Product, Region
from probe.terminal.wording import counted, plain

_LINE = 1000


def print_accepted(
    console: Console, products: Sequence[Product], regions: Sequence[Region], advice: int = 0
) -> None:
    """
    Print what a sound configuration asks for; the catalog says how many artifacts that is.

    *advice* counts what it could do better.
    """
    endpoints = sum(len(product.endpoints) for product in products)
    parts = ((len(products), "product"), (endpoints, "endpoint"), (len(regions), "region"))
    count = ", ".join(counted(number, noun) for number, noun in parts)
    console.print(plain(f"ok: {count}", _LINE), soft_wrap=True)
    for product in products:
        names = ", ".join(endpoint.name for endpoint in product.endpoints)
        line = f"{product.name} ({product.channel}, {product.owner}): {names}"
        console.print(plain(line, _LINE), soft_wrap=True)
    if advice:
        pieces = counted(advice, "piece")
        console.print(plain(f"{pieces} of advice; --strict shows it", _LINE), soft_wrap=True)
