"""
How fast an error budget may burn: four pairs of windows, as in the kubernetes-mixin.

A budget is for 30 days. To page because 2 % of it went in an hour, or 5 % in six, and to ask for
a ticket because 10 % went in a day or in three, is what the SRE workbook proposes (chapter 5).
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

# Of a synthetic probe there are few attempts. One lost packet wakes nobody.
FEWEST_FAILURES = 3

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Burn:
    """
    A pace that is too fast: ``factor`` times what would spend the budget in 30 days.

    It is held over the ``long`` window, and over the ``short`` one so that the alert ends soon.
    """

    factor: Decimal
    long: timedelta
    short: timedelta
    after: timedelta
    pages: bool

    def attempts_needed(self, objective: Decimal) -> Decimal:
        """
        Return how many attempts an hour it takes for *objective*, which is less than 1.

        Then no fewer than three failures are too many, and no window is without attempts.
        """
        allowed = self.factor * (1 - objective)
        to_fail = FEWEST_FAILURES / allowed * _per_hour(self.long)
        return max(to_fail, FEWEST_FAILURES * _per_hour(self.short))

    def objective_for(self, attempts: Decimal) -> Decimal | None:
        """Return the highest objective that so many *attempts* an hour are enough for, if any."""
        if attempts < FEWEST_FAILURES * _per_hour(self.short):
            return None
        objective = 1 - FEWEST_FAILURES / (self.factor * attempts) * _per_hour(self.long)
        return objective if objective > 0 else None


def _per_hour(window: timedelta) -> Decimal:
    return Decimal(_HOUR // timedelta(seconds=1)) / Decimal(window // timedelta(seconds=1))


BURNS = (
    Burn(Decimal("14.4"), _HOUR, timedelta(minutes=5), timedelta(minutes=2), pages=True),
    Burn(Decimal(6), 6 * _HOUR, timedelta(minutes=30), timedelta(minutes=15), pages=True),
    Burn(Decimal(3), 24 * _HOUR, 2 * _HOUR, _HOUR, pages=False),
    Burn(Decimal(1), 72 * _HOUR, 6 * _HOUR, 3 * _HOUR, pages=False),
)
