"""The demo as its users run it: ``delivery-probe demo``, until its script is over."""

import sys
import urllib.request
from pathlib import Path

from tests.daemon import Daemon, free_port

SPEED = 4


class Demo(Daemon):
    """Plays the script, and goes on serving after it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        where = f"--listen=127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "probe", "demo", where, f"--speed={SPEED}"]
        super().__init__(command, folder / "log", self._serves)

    @property
    def is_over(self) -> bool:
        """Tell whether the script is over."""
        return "faults found with the expected reason" in self.log.read_text()

    def _serves(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=1).close()
        except OSError:
            return False
        return True
