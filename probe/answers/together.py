"""Asking several things at once."""

import asyncio
from collections.abc import Coroutine, Hashable, Mapping
from typing import Any, TypeVar

from probe.ports import EvidenceUnavailable

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


async def together(asked: Mapping[K, Coroutine[Any, Any, T]]) -> dict[K, T]:
    """
    Return what comes of each; with the first that fails the others are given up.

    Raises:
        EvidenceUnavailable: one of them fails.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = {name: group.create_task(work) for name, work in asked.items()}
    except ExceptionGroup as failed:  # not broad: bugs go on as they came
        faults, bugs = failed.split(EvidenceUnavailable)
        if faults is None or bugs is not None:
            raise
        raise faults.exceptions[0] from None
    return {name: task.result() for name, task in tasks.items()}
