"""Three regions and an internet, each a network namespace, with distances between them."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from tests import real

WIRE = Path(__file__).with_name("wire.py")
INTERNET = "dp-internet"
# What is probed is in one network, who watches and pages in another: the first may be lost.
PUBLIC, OURS = "10.77.0.", "10.78.0."
HUB = f"{OURS}1"


@dataclass(frozen=True, slots=True)
class Place:
    """A region: its number, and how many milliseconds away from everything it is."""

    name: str
    number: int
    delay_ms: float

    @property
    def namespace(self) -> str:
        return f"dp-{self.name}"

    @property
    def address(self) -> str:
        """Return where it is reached by who watches it."""
        return f"{OURS}{self.number}"

    @property
    def edge(self) -> str:
        """Return the address of the CDN's edge that serves it."""
        return f"{PUBLIC}{20 + self.number}"


EU, US, AP = Place("eu", 11, 5), Place("us", 12, 30), Place("ap", 13, 60)
PLACES = (EU, US, AP)


@dataclass
class Network:
    """The namespaces; leaving the block takes all of it away."""

    _wires: dict[str, subprocess.Popen[str]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self._take_away()
        try:
            self._lay()
        except (subprocess.CalledProcessError, OSError) as fault:
            self._take_away()
            real.cannot(f"no network namespaces can be made here: {fault}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._take_away()

    def cut(self, place: Place) -> None:
        """Let nothing through between *place* and the internet; nobody is told."""
        self._wires[place.name].send_signal(signal.SIGSTOP)

    def mend(self, place: Place) -> None:
        self._wires[place.name].send_signal(signal.SIGCONT)

    def _lay(self) -> None:
        _ip("netns", "add", INTERNET)
        _ip("-n", INTERNET, "link", "set", "lo", "up")
        for bridge, address in (("public", f"{PUBLIC}1/24"), ("ours", f"{HUB}/24")):
            _ip("-n", INTERNET, "link", "add", bridge, "type", "bridge")
            _ip("-n", INTERNET, "addr", "add", address, "dev", bridge)
            _ip("-n", INTERNET, "link", "set", bridge, "up")
        for place in PLACES:
            self._connect(place)

    def _connect(self, place: Place) -> None:
        inside, near, far = place.namespace, "eth0", f"w-{place.name}"
        _ip("netns", "add", inside)
        _ip("-n", inside, "link", "set", "lo", "up")
        ends = [inside, near, INTERNET, far]
        wire = subprocess.Popen(
            [sys.executable, WIRE, *ends, str(place.delay_ms)], stdout=subprocess.PIPE, text=True
        )
        self._wires[place.name] = wire
        assert wire.stdout is not None
        if wire.stdout.readline() != "up\n":
            raise OSError("the wire is not up")
        _ip("-n", INTERNET, "link", "set", far, "master", "public", "up")
        _ip("-n", inside, "addr", "add", f"{PUBLIC}{place.number}/24", "dev", near)
        _ip("-n", inside, "link", "set", near, "up")
        pair = ("link", "add", f"v-{place.name}", "type", "veth", "peer", "name", "eth1")
        _ip("-n", INTERNET, *pair, "netns", inside)
        _ip("-n", INTERNET, "link", "set", f"v-{place.name}", "master", "ours", "up")
        _ip("-n", inside, "addr", "add", f"{place.address}/24", "dev", "eth1")
        _ip("-n", inside, "link", "set", "eth1", "up")

    def _take_away(self) -> None:
        for wire in self._wires.values():
            wire.kill()
            wire.communicate()
        self._wires.clear()
        for namespace in (*(place.namespace for place in PLACES), INTERNET):
            if Path(f"/run/netns/{namespace}").exists():
                _ip("netns", "del", namespace)


def within(namespace: str, *command: str | Path) -> list[str]:
    """Return *command* as it is run in *namespace*."""
    return ["ip", "netns", "exec", namespace, *map(str, command)]


def serve_address(address: str) -> None:
    """Give the internet another address, for a server of its own."""
    _ip("-n", INTERNET, "addr", "add", f"{address}/24", "dev", "public")


def need_namespaces() -> None:
    real.need("ip")
    if os.geteuid() != 0 or not Path("/dev/net/tun").exists():
        real.cannot("network namespaces and TAP devices are for root")


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
