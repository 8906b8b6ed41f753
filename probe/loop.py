"""The event loop that measures: uvloop, without a thread for what needs none."""

import socket
from collections.abc import Mapping
from typing import Any

import uvloop

_NUMERIC: Mapping[int, tuple[int, ...]] = {socket.AF_INET: (), socket.AF_INET6: (0, 0)}


class Loop(uvloop.Loop):
    """
    A uvloop that does not resolve what is an address already.

    uvloop hands even ``127.0.0.1`` to a thread before it connects: two context switches for each
    probe, and a queue behind whoever waits for a slow resolver.
    """

    async def getaddrinfo(  # noqa: PLR0913 - as the base class has it
        self,
        host: Any,
        port: Any,
        *,
        family: int = 0,
        type: int = 0,  # noqa: A002 - as the base class has it
        proto: int = 0,
        flags: int = 0,
    ) -> list[Any]:
        """Return what ``socket.getaddrinfo`` does."""
        tail = _NUMERIC.get(family)
        if tail is not None and isinstance(port, int) and _is_numeric(family, host):
            return [(family, type, proto, "", (host, port, *tail))]
        return await super().getaddrinfo(
            host, port, family=family, type=type, proto=proto, flags=flags
        )


def _is_numeric(family: int, host: object) -> bool:
    try:
        socket.inet_pton(family, host)  # type: ignore[arg-type]  # what is no text is refused
    except (OSError, TypeError, ValueError):
        return False
    return True
