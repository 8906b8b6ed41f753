"""Whether there are attempts enough to page by: of a synthetic probe there are few."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_UP, Decimal

from probe.domain.quantity import duration, percent
from probe.domain.target import Endpoint, Product
from probe.kpi import BURNS, FEWEST_FAILURES, Burn, Events, Kpi, Scope

_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Thin:
    """A page that fewer than three failures could trigger, and in ``why`` what would help."""

    kpi: str
    burn: Burn
    why: str


def thin_pages(
    kpi: Kpi, events: Events, objective: Decimal, product: Product, regions: Sequence[str]
) -> Iterable[Thin]:
    """Yield the pages on *objective* that must not be, by the intervals of *product*."""
    if not events.pages:
        return
    files = max(1, len(product.platforms))
    pairs = _fewest(product, regions) if events.scope is Scope.REGIONAL else _all(product, regions)
    attempts = Decimal(0)
    for each in pairs:
        attempts += files * _HOUR / Decimal(str(each.interval_seconds))
    for burn in BURNS:
        needed = burn.attempts_needed(objective)
        if burn.pages and attempts < needed:
            why = _why(kpi, burn, objective, attempts, _HOUR * files * len(pairs) / needed)
            yield Thin(kpi.name, burn, f"{product.name} ({product.channel}): {why}")


def _all(product: Product, regions: Sequence[str]) -> list[Endpoint]:
    return [pair for region in regions for pair in _from(product, region)]


def _fewest(product: Product, regions: Sequence[str]) -> list[Endpoint]:
    """Return the endpoints that are probed from the region with the fewest attempts."""
    probed = (pairs for region in regions if (pairs := _from(product, region)))
    return min(probed, key=lambda pairs: sum(1 / each.interval_seconds for each in pairs))


def _from(product: Product, region: str) -> list[Endpoint]:
    return [each for each in product.endpoints if not each.regions or region in each.regions]


def _why(kpi: Kpi, burn: Burn, objective: Decimal, attempts: Decimal, interval: Decimal) -> str:
    short, long = (duration(each.total_seconds()) for each in (burn.short, burn.long))
    needed = burn.attempts_needed(objective).to_integral_value(ROUND_UP)
    return (
        f"{kpi.name} of {percent(float(objective))} may not page by {short} and {long}, because "
        f"fewer than {FEWEST_FAILURES} failures could: it takes {needed} attempts an hour, and "
        f"{attempts.to_integral_value(ROUND_DOWN)} are sure; {_help(burn, attempts, interval)}"
    )


def _help(burn: Burn, attempts: Decimal, interval: Decimal) -> str:
    objective = burn.objective_for(attempts)
    ways = [f"an interval of {int(interval)}s at every endpoint"] if interval >= 1 else []
    if objective is not None:
        most = objective.quantize(Decimal("0.0001"), ROUND_DOWN)
        ways.append(f"an objective of {percent(float(most))}")
    return f"{' or '.join(ways) or 'no interval'} would do"
