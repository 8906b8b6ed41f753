"""What is running, and on which configuration."""

import platform

from probe.ports import Clock, Metrics
from probe.series import BUILD_INFO, CONFIG_RELOAD_SUCCESSFUL, CONFIG_RELOAD_TIMESTAMP


def show_build(metrics: Metrics, version: str) -> None:
    """Show the versions of this service and of its interpreter."""
    metrics.set(BUILD_INFO, (version, platform.python_version()))


def show_reload(metrics: Metrics, clock: Clock, *, taken: bool) -> None:
    """Show whether the configuration that was read last was taken, and when one last was."""
    metrics.set(CONFIG_RELOAD_SUCCESSFUL, (), float(taken))
    if taken:
        metrics.set(CONFIG_RELOAD_TIMESTAMP, (), clock.now().timestamp())
