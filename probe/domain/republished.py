"""Files that come anew under the name they had: what was proven of them is of other bytes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from probe.domain.artifact import Digest, Release
from probe.domain.evidence import Event
from probe.domain.told import told_id

REPUBLISHED = "republished"


def republished(product: str, before: Release, after: Release, now: datetime) -> tuple[Event, ...]:
    """
    Return the files of *after* that had quite other digests *before*, each as an event.

    A catalog that cannot make up its mind is told of once an hour, as one id is one event.
    """
    digests = {each.name: each.digests for each in before.artifacts}
    return tuple(
        Event(
            id=told_id(
                *(REPUBLISHED, product, after.channel, after.version, file.name),
                *(str(file.digests[0]), f"{now:%Y-%m-%dT%H}"),
            ),
            kind=REPUBLISHED,
            product=product,
            channel=after.channel,
            version=after.version,
            at=now,
            actor="catalog",
            detail=file.name,
        )
        for file in after.artifacts
        if _are_others(file.digests, digests.get(file.name, ()))
    )


def _are_others(now: Sequence[Digest], before: Sequence[Digest]) -> bool:
    # Another algorithm alone says nothing of the bytes.
    comparable = {each.algorithm for each in now} & {each.algorithm for each in before}
    return bool(comparable) and set(now).isdisjoint(before)


def renewals(events: Iterable[Event], version: str) -> Mapping[str, datetime]:
    """Return by file of *version* when it last came anew; *events* are in order."""
    return {
        each.detail: each.at
        for each in events
        if each.kind == REPUBLISHED and each.version == version
    }
