"""
A wire between two network namespaces that takes time: ``wire.py NAMESPACE DEVICE … DELAY_MS``.

Frames are carried between two TAP devices by this process, each after the delay. Stopping the
process (SIGSTOP) is a cut: nothing is refused, nothing arrives. It says "up" when it is.
"""

import ctypes
import fcntl
import heapq
import os
import selectors
import struct
import sys
from contextlib import suppress

from probe.clock import SystemClock

_SET_INTERFACE = 0x400454CA
_TAP, _BARE = 0x0002, 0x1000
_NET = 0x40000000
_FRAME = 65536

_now = SystemClock().monotonic


def main(near: tuple[str, str], far: tuple[str, str], delay: float) -> None:
    """Carry frames for ever."""
    ends = _end(*near), _end(*far)
    other = dict(zip(ends, reversed(ends), strict=True))
    watch = selectors.DefaultSelector()
    for end in ends:
        watch.register(end, selectors.EVENT_READ)
    sys.stdout.write("up\n")
    sys.stdout.flush()
    under_way: list[tuple[float, int, int, bytes]] = []
    count = 0
    while True:
        wait = max(0.0, under_way[0][0] - _now()) if under_way else None
        for key, _ in watch.select(wait):
            frame = os.read(key.fd, _FRAME)
            count += 1
            heapq.heappush(under_way, (_now() + delay, count, other[key.fd], frame))
        now = _now()
        while under_way and under_way[0][0] <= now:
            _, _, end, frame = heapq.heappop(under_way)
            # A device that is down loses frames, as any wire does.
            with suppress(OSError):
                os.write(end, frame)


def _end(namespace: str, device: str) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        _enter(libc, there)
        end = os.open("/dev/net/tun", os.O_RDWR)
        fcntl.ioctl(end, _SET_INTERFACE, struct.pack("16sH", device.encode(), _TAP | _BARE))
    finally:
        _enter(libc, home)
        os.close(home)
        os.close(there)
    return end


def _enter(libc: ctypes.CDLL, namespace: int) -> None:
    if libc.setns(namespace, _NET):
        raise OSError(ctypes.get_errno(), "setns")


if __name__ == "__main__":
    main((sys.argv[1], sys.argv[2]), (sys.argv[3], sys.argv[4]), float(sys.argv[5]) / 1000)
