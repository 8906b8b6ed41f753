"""
Rules between parts of the document: names that must differ or exist, times that must fit.

They read the tree and not the model, so that they are told together with what else is wrong. A
part that is itself at fault is passed over in silence here.
"""

from collections.abc import Callable, Iterator
from difflib import get_close_matches

from probe.domain.fault import Fault, Path, key_of
from probe.domain.quantity import duration, seconds
from probe.domain.text import clean
from probe.settings.document import Node, Place
from probe.settings.policy import Policy

_DEFAULTS = Policy()
_NOTHING = Node(None, Place(0, 0))
_PHASES = ("connect", "first_byte", "stall")


def broken_rules(root: Node, file: str) -> tuple[Fault, ...]:
    """Return every fault that lies between parts of the document."""
    products = list(_entries(root, ("products",)))
    found = [
        *_twice(_entries(root, ("regions",)), _name, "region"),
        *_weights(list(_entries(root, ("regions",)))),
        *_twice(products, _train, "product and channel"),
        *_times(root, products),
    ]
    for path, product in products:
        endpoints = list(_entries(product, ("endpoints",), path))
        found += _twice(endpoints, _name, "endpoint of this product")
        found += _regions(root, endpoints)
    return tuple(
        Fault(file, message, key_of(path), node.place.line, node.place.column)
        for path, node, message in dict.fromkeys(found)
    )


_Found = tuple[Path, Node, str]
_Entry = tuple[Path, Node]


def _entries(node: Node, keys: tuple[str, ...], path: Path = ()) -> Iterator[_Entry]:
    for key in keys:
        node = node.child(key) or _NOTHING
    for index, entry in node.items():
        if isinstance(index, int):
            yield (*path, *keys, index), entry


def _name(entry: Node) -> str | None:
    name = entry.child("name")
    return name.plain if name and isinstance(name.plain, str) else None


def _train(product: Node) -> str | None:
    channel = product.child("channel")
    name = _name(product)
    return name and f"{name} {channel.plain if channel else 'stable'}"


def _twice(
    entries: Iterator[_Entry] | list[_Entry], name_of: Callable[[Node], str | None], what: str
) -> Iterator[_Found]:
    first: dict[str, Node] = {}
    for path, entry in entries:
        name = name_of(entry)
        if name is None:
            continue
        if name in first:
            line = first[name].place.line
            yield path, entry, f"a second {what} of this name; the first is on line {line}"
        first.setdefault(name, entry)


def _weights(regions: list[_Entry]) -> Iterator[_Found]:
    """Yield the regions of whose users nobody knows the share, where others have one."""
    without = [
        (path, region)
        for path, region in regions
        if (region.child("weight") or _NOTHING).plain is None
    ]
    if len(without) < len(regions):
        for path, region in without:
            yield path, region, "has no weight, though others have; give one to each, or to none"


def _regions(root: Node, endpoints: list[_Entry]) -> Iterator[_Found]:
    names = [_name(region) for _, region in _entries(root, ("regions",))]
    known = sorted(name for name in names if name)
    if None in names or not known:
        return
    for path, endpoint in endpoints:
        for place, wanted in _entries(endpoint, ("regions",), path):
            if isinstance(wanted.plain, str) and wanted.plain not in known:
                yield place, wanted, unknown_region(wanted.plain, known)


def unknown_region(name: str, known: list[str]) -> str:
    """Say that there is no such region, and which there are."""
    near = get_close_matches(name, known, n=1)
    meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(known[:20])}"
    return f"no region is named {clean(name, 40)}; {meant}"


def _times(root: Node, products: list[_Entry]) -> Iterator[_Found]:
    top: _Entry = (("defaults",), root.child("defaults") or _NOTHING)
    levels = [[top]]
    for path, product in products:
        levels.append([(path, product), top])
        levels += [
            [endpoint, (path, product), top] for endpoint in _entries(product, ("endpoints",), path)
        ]
    for nearest_first in levels:
        yield from _fit(nearest_first)


def _fit(levels: list[_Entry]) -> Iterator[_Found]:
    """Yield what of the times that hold at one level does not fit; it is told where it is said."""
    interval = _Time.said(levels, ("interval",), _DEFAULTS.interval)
    total = _Time.said(levels, ("timeouts", "total"), _DEFAULTS.timeouts.total)
    phases = {
        phase: _Time.said(levels, ("timeouts", phase), getattr(_DEFAULTS.timeouts, phase))
        for phase in _PHASES
    }
    for phase, time in phases.items():
        if time.known and total.known and time.amount > total.amount:
            yield from _told(
                (time, total), f"{phase} {time} is longer than total {total}; {_LOWER}"
            )
    connect, first_byte = phases["connect"], phases["first_byte"]
    least = connect.amount + first_byte.amount
    if interval.known and connect.known and first_byte.known and interval.amount < least:
        message = (
            f"interval {interval} cannot hold one attempt that waits as long as it may: connect "
            f"{connect} and first_byte {first_byte} are {duration(least)}; make the interval at "
            "least that, or the timeouts shorter"
        )
        yield from _told((interval, first_byte, connect), message)


_LOWER = "lower the one or raise the other"


class _Time:
    """A time and where it was said; not *known* where what was said is itself at fault."""

    def __init__(self, amount: float | None, depth: int, path: Path, node: Node | None) -> None:
        self.known = amount is not None
        self.amount = amount or 0.0
        self.depth, self.path, self.node = depth, path, node

    @classmethod
    def said(cls, levels: list[_Entry], keys: tuple[str, ...], default: float) -> "_Time":
        for depth, (path, level) in enumerate(levels):
            node: Node | None = level
            for key in keys:
                node = node.child(key) if node else None
            if node is not None:
                return cls(_seconds(node), depth, (*path, *keys), node)
        return cls(default, len(levels), (), None)

    def __str__(self) -> str:
        return duration(self.amount)


def _told(times: tuple[_Time, ...], message: str) -> Iterator[_Found]:
    said = [time for time in times if time.node is not None]
    nearest = min(said, key=lambda time: time.depth)
    if nearest.node is not None:
        yield nearest.path, nearest.node, message


def _seconds(node: Node) -> float | None:
    try:
        return seconds(node.plain) if isinstance(node.plain, str) else None
    except ValueError:
        return None
