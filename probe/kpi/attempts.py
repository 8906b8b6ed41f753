"""Which attempts the error budgets are of, and which of them spend it."""

from decimal import Decimal

from probe.kpi.alert import Scope
from probe.kpi.events import Events

# A bucket of the histogram ends here: a share of durations below another time is not to be had.
FAST_SECONDS = 60

_BURN = "DeliveryErrorBudgetBurn"
_FAILED = "sum by ($by) (increase(delivery_download_failures_total{of}[$window]))"
_ALL = "sum by ($by) (increase(delivery_download_attempts_total{of}[$window]))"


def _failed(of: str = "") -> str:
    return _FAILED.replace("{of}", of)


def _all(of: str = "") -> str:
    return _ALL.replace("{of}", of)


DOWNLOADS = Events(_failed(), _all(), _BURN, pages=True)

DOWNLOADS_OF_A_REGION = Events(
    _failed(), _all(), "DeliveryRegionalErrorBudgetBurn", Scope.REGIONAL, pages=True
)

_PRIVATE = '{auth_mode!="none"}'
_REFUSED = _failed('{auth_mode!="none", reason=~"auth_denied|auth_expired|auth_idp"}')
_AUTHORIZED = f"""\
(
  {_all(_PRIVATE)}
  - {_failed(_PRIVATE)}
  + {_REFUSED}
)"""

AUTHORIZATIONS = Events(_REFUSED, _AUTHORIZED, _BURN)

_FULL = '{depth="full"}'

TRANSFERS = Events(_failed(_FULL), _all(_FULL), _BURN)

_OTHER_BYTES = "checksum_mismatch|stale"
_HASHED = f"""\
(
  {_all(_FULL)}
  - {_failed(f'{{depth="full", reason!~"{_OTHER_BYTES}"}}')}
)"""

VERIFICATIONS = Events(_failed(f'{{depth="full", reason=~"{_OTHER_BYTES}"}}'), _HASHED, _BURN)

_FAST = (
    "sum by ($by) (increase("
    f'delivery_download_duration_seconds_bucket{{le="{FAST_SECONDS}.0"}}[$window]))'
)

# What 95 % stay within is the KPI: 5 % may take longer. What failed was not fast.
FAST_TRANSFERS = Events(
    f"""\
(
  {_all(_FULL)}
  - {_FAST}
)""",
    _all(_FULL),
    "DeliveryLatencyBudgetBurn",
    objective=Decimal("0.95"),
)
