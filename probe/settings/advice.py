"""
What a configuration that is right could do better: habits that make KPIs worth having.

Each piece of advice stands where it would be followed, and says what would be right.
"""

from collections.abc import Callable, Iterator

from probe.domain.fault import Fault, Path, key_of
from probe.domain.gate import Kind, Mode
from probe.kpi import BY_NAME, Category
from probe.settings.build import Promise
from probe.settings.document import Node
from probe.settings.model import Configuration, ProductEntry

_DESCRIBED = "metadata_completeness"
_SEVERAL = 2
_PROMISE = (
    "an SLA is a promise to customers, and needs 30 days of history of the same target as an SLO"
)

_Found = tuple[Path, str]
_Look = Callable[[Configuration, int, ProductEntry], Iterator[_Found]]


def advice_on(root: Node, configuration: Configuration, file: str) -> tuple[Fault, ...]:
    """Return all advice on the document under *root*, of which *configuration* is the model."""
    found = [
        each
        for number, product in enumerate(configuration.products)
        for look in _LOOKS
        for each in look(configuration, number, product)
    ]
    return tuple(_placed(root, file, path, message) for path, message in found)


def promises_in(root: Node, configuration: Configuration, file: str) -> tuple[Promise, ...]:
    """Return the SLAs that the document under *root* asks for, where it does."""
    return tuple(
        Promise((product.name, product.channel), each.kpi, _placed(root, file, place, _PROMISE))
        for number, product in enumerate(configuration.products)
        for each in product.targets.objectives()
        if each.kind is Kind.SLA
        for place in [_at(number, "targets", each.kpi, "kind")]
    )


def _placed(root: Node, file: str, path: Path, message: str) -> Fault:
    """Place advice where it is to be followed, or at what is nearest to it."""
    node, place = root, root.place
    for step in path:
        child = node.child(step)
        if child is None:
            break
        within = isinstance(child.plain, dict | list)
        place = node.keys.get(str(step), child.place) if within else child.place
        node = child
    return Fault(file, message, key_of(path), place.line, place.column)


def _at(number: int, *steps: str) -> Path:
    return ("products", number, *steps)


def _owned(_: Configuration, number: int, product: ProductEntry) -> Iterator[_Found]:
    if not product.owner.strip():
        yield _at(number, "owner"), "nobody is told when it cannot be had: name a team"


def _paths(_: Configuration, number: int, product: ProductEntry) -> Iterator[_Found]:
    if len(product.endpoints) < _SEVERAL:
        message = (
            "there is one way to the files, so that nothing tells a broken origin from a stale "
            "copy: add a second one, such as the origin behind the CDN"
        )
        yield _at(number, "endpoints"), message


def _regions(configuration: Configuration, number: int, product: ProductEntry) -> Iterator[_Found]:
    all_ = [region.name for region in configuration.regions]
    seen = {region for each in product.endpoints for region in each.regions or all_}
    if len(seen) < _SEVERAL:
        message = (
            f"{product.name} ({product.channel}) is probed from one region, which is not where all "
            "users are: add a second one, outside of the network it is published from"
        )
        yield ("regions",) if len(all_) < _SEVERAL else _at(number, "endpoints"), message


def _chosen(_: Configuration, number: int, product: ProductEntry) -> Iterator[_Found]:
    place = _at(number, "starter_set")
    for category in Category:
        names = [name for name in product.starter_set if BY_NAME[name].category is category]
        if len(names) != 1:
            many = f"{', '.join(names)} are of {category}" if names else f"none is of {category}"
            yield place, f"{many}: choose one KPI of each category"


def _asked(_: Configuration, number: int, product: ProductEntry) -> Iterator[_Found]:
    missing = [name for name in product.starter_set if getattr(product.targets, name) is None]
    if missing:
        message = (
            f"nothing is asked of {', '.join(missing)}: delivery-probe baseline proposes targets, "
            "and starter_set may name other KPIs of the same categories"
        )
        yield _at(number, "targets"), message
    if getattr(product.targets, _DESCRIBED) is None:
        message = f"{_DESCRIBED} has no target and no owner: nobody finds what is badly described"
        yield _at(number, "targets"), message


def _gated(_: Configuration, number: int, product: ProductEntry) -> Iterator[_Found]:
    objectives = product.targets.objectives()
    if objectives and all(each.mode is Mode.INFORM for each in objectives):
        yield _at(number, "targets"), "no target has mode: gate, so nothing ever stops a release"
    for each in objectives:
        kpi = BY_NAME[each.kpi]
        if each.mode is Mode.GATE and kpi.headline is None:
            message = f"{kpi.awaits} not observed, and what is unknown passes no gate: use inform"
            yield _at(number, "targets", each.kpi, "mode"), message


def _own(configuration: Configuration, number: int, product: ProductEntry) -> Iterator[_Found]:
    if not product.targets.model_fields_set:
        return
    before = (each for each in configuration.products[:number] if each.name == product.name)
    same = next((each.channel for each in before if each.targets == product.targets), None)
    if same is not None:
        message = (
            f"are those of channel {same}, though {product.channel} is delivered to others and "
            "otherwise: ask what suits it"
        )
        yield _at(number, "targets"), message


_LOOKS: tuple[_Look, ...] = (_owned, _paths, _regions, _chosen, _asked, _gated, _own)
