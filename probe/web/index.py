"""Finding a target by its key or its URL."""

import asyncio
from collections.abc import Sequence

from probe.domain.target import Target

# Making a URL takes about ten microseconds, so a pause every two milliseconds.
_SLICE = 200


class TargetIndex:
    """An index of the plan, made anew when the plan is another one."""

    def __init__(self) -> None:
        self._indexed: Sequence[Target] | None = None
        self._by_name: dict[str, list[Target]] = {}

    async def find(self, targets: Sequence[Target], name: str, region: str) -> Target | None:
        """Return the first of *targets* with that key or URL, in *region* if one is named."""
        if self._indexed is not targets:
            self._by_name = await _by_name(targets)
            self._indexed = targets
        found = self._by_name.get(name, ())
        return next((t for t in found if region in ("", t.region.name)), None)


async def _by_name(targets: Sequence[Target]) -> dict[str, list[Target]]:
    by_name: dict[str, list[Target]] = {}
    for number, target in enumerate(targets, 1):
        by_name.setdefault(target.key, []).append(target)
        by_name.setdefault(target.url, []).append(target)
        if number % _SLICE == 0:
            await asyncio.sleep(0)
    return by_name
