"""Series that this process leaves to another."""

from probe.series import Metric


class Unheard:
    """Takes every number and shows none."""

    def inc(
        self, metric: Metric, labels: tuple[str, ...] = (), amount: float = 1.0, exemplar: str = ""
    ) -> None:
        """Count nothing."""

    def set(self, metric: Metric, labels: tuple[str, ...] = (), value: float = 1.0) -> None:
        """Set nothing."""

    def observe(
        self, metric: Metric, labels: tuple[str, ...], value: float, exemplar: str = ""
    ) -> None:
        """Observe nothing."""

    def declare(self, metric: Metric, labels: tuple[str, ...]) -> None:
        """Declare nothing."""

    def remove(self, metric: Metric, labels: tuple[str, ...]) -> None:
        """Remove nothing."""
