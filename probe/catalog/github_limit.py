"""GitHub's rate limits: told to Prometheus, and kept to."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from probe.ports import CatalogError, Clock, Document, Metrics
from probe.series import GITHUB_RATELIMIT_REMAINING, GITHUB_RATELIMIT_RESET

# A window of the primary limit; what asks for a longer wait is wrong or means harm.
_LONGEST_WAIT = timedelta(hours=1)
# "If the header is missing, wait for at least one minute" (GitHub, Best practices).
_SECONDARY_WAIT = timedelta(minutes=1)
_REFUSALS = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})
_SAYS_SO = b"rate limit"
_MAX_DIGITS = 12


class RateLimit:
    """When the API may be asked again, by what it said last."""

    def __init__(self, labels: tuple[str, str], metrics: Metrics, clock: Clock) -> None:
        self._labels = labels
        self._metrics = metrics
        self._clock = clock
        self._not_before: datetime | None = None

    def keep(self) -> None:
        """
        Come back if the API may be asked now.

        Raises:
            CatalogError: not before a time that the API gave.
        """
        if self._not_before and self._clock.now() < self._not_before:
            raise CatalogError(f"GitHub's rate limit is used up until {self._not_before:%H:%M:%SZ}")

    def note(self, document: Document) -> None:
        """
        Take in what an answer says about the limits.

        Raises:
            CatalogError: the answer is that the limit is used up.
        """
        headers = document.headers
        remaining = _number(headers, "x-ratelimit-remaining")
        reset = _number(headers, "x-ratelimit-reset")
        if remaining is not None:
            self._metrics.set(GITHUB_RATELIMIT_REMAINING, self._labels, float(remaining))
        if reset is not None:
            self._metrics.set(GITHUB_RATELIMIT_RESET, self._labels, float(reset))
        if wait := self._wait(document, remaining, reset):
            self._not_before = self._clock.now() + min(wait, _LONGEST_WAIT)
        if document.status in _REFUSALS:
            self.keep()

    def _wait(
        self, document: Document, remaining: int | None, reset: int | None
    ) -> timedelta | None:
        refused = document.status in _REFUSALS
        if refused and (after := self._retry_after(document.headers)):
            return after
        if remaining == 0 and reset is not None:
            return timedelta(seconds=reset - self._clock.now().timestamp())
        said = document.status == HTTPStatus.TOO_MANY_REQUESTS or _SAYS_SO in document.body.lower()
        return _SECONDARY_WAIT if refused and said else None

    def _retry_after(self, headers: Mapping[str, str]) -> timedelta | None:
        seconds = _number(headers, "retry-after")
        if seconds is not None:
            return min(timedelta(seconds=seconds), _LONGEST_WAIT)
        try:
            return parsedate_to_datetime(headers.get("retry-after", "")) - self._clock.now()
        except (ValueError, TypeError):
            return None


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < _MAX_DIGITS else None
