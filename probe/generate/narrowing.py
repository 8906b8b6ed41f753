"""PromQL for every product, made PromQL for one: its own series, held against its own numbers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from probe.kpi import RULES
from probe.series import METRICS

_NAME = re.compile(r"\b(?P<name>delivery_\w+|(?:delivery|slo):[\w:]+)(?:\{(?P<said>[^}]*)\})?")
_PART = re.compile(r"_(?:bucket|sum|count)$")
_CHANNEL = re.compile(r'channel(?P<is>!?=)"(?P<channel>[^"]*)"')

_HELD_AGAINST = re.compile(
    r"on \(product, channel\) group_left \(\) "
    r"(?P<open>\((?P<times>[\d.]+) \* )?max by \(product, channel\) "
    r"\((?P<what>delivery:slo_target:\w+|slo:error_budget:ratio)"
    r'\{(?:kpi|sloth_slo)="(?P<kpi>\w+)"\}\)(?(open)\))'
)

_OF_THE_PROBER = frozenset(each.name for each in METRICS if "product" not in each.labels)


class OfAnother(Exception):
    """The expression is about other channels."""


@dataclass(frozen=True, slots=True)
class Train:
    """
    One product on one channel, and by KPI the numbers that it is held against.

    ``targets`` are in the unit of the KPI; ``objectives`` are shares of attempts, below 1.
    """

    product: str
    channel: str
    targets: Mapping[str, Decimal]
    objectives: Mapping[str, Decimal]

    def narrow(self, expr: str) -> str:
        """
        Return *expr*, which is for every product, as it reads for this one.

        Raises:
            OfAnother: it names another channel.
        """
        return _NAME.sub(self._selected, _HELD_AGAINST.sub(self._number, expr))

    def _number(self, found: re.Match[str]) -> str:
        if found["what"].startswith("slo:"):
            value = 1 - self.objectives[found["kpi"]]
        else:
            value = self.targets[found["kpi"]]
        return f"{found['times']} * {number(value)}" if found["times"] else number(value)

    def _selected(self, found: re.Match[str]) -> str:
        if _is_of_the_prober(found["name"]):
            return found[0]
        said = found["said"].split(", ") if found["said"] else []
        about_channel = [each for each in map(_CHANNEL.fullmatch, said) if each is not None]
        for each in about_channel:
            if (each["channel"] == self.channel) != (each["is"] == "="):
                raise OfAnother
        rest = [each for each in said if not _CHANNEL.fullmatch(each)]
        selector = [f'product="{self.product}"', f'channel="{self.channel}"', *rest]
        return f"{found['name']}{{{', '.join(selector)}}}"


def number(value: Decimal) -> str:
    """Return *value* as PromQL has it, without an exponent and without noise."""
    return f"{value.normalize():f}"


@cache
def _is_of_the_prober(name: str) -> bool:
    read = [found["name"] for rule in RULES if rule.record == name for found in _read(rule.expr)]
    if not read:
        return name in _OF_THE_PROBER or _PART.sub("", name) in _OF_THE_PROBER
    return all(map(_is_of_the_prober, read))


def _read(expr: str) -> list[re.Match[str]]:
    return list(_NAME.finditer(expr))
