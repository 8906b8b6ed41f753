"""The service as it runs in a container."""

import subprocess
import urllib.request
from pathlib import Path

from tests.daemon import Daemon
from tests.integration.image.podman import IMAGE, Podman

CONFINED = ("--network=host", "--read-only", "--read-only-tmpfs=false", "--cap-drop=ALL")
CONFINED += ("--security-opt=no-new-privileges",)


class Container(Daemon):
    """The service in a container that may do next to nothing; ends with podman."""

    ready = "/-/ready"

    def __init__(self, podman: Podman, name: str, folder: Path, port: int, *flags: str) -> None:
        self.port = port
        self.podman = podman
        self._name = name
        command = ["podman", "run", f"--name={name}", *CONFINED, *flags, IMAGE]
        super().__init__(command, folder / "log", self._is_ready, podman.environment)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return str(answer.read().decode())

    def status(self) -> dict[str, str]:
        """Return what the kernel says of its process 1."""
        pid = self.podman("inspect", "--format={{.State.Pid}}", self._name).strip()
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}

    def python(self, program: str) -> subprocess.CompletedProcess[str]:
        """Run *program* inside."""
        return self.podman.run("exec", self._name, "python", "-c", program)

    def _is_ready(self) -> bool:
        try:
            self.get(self.ready)
        except OSError:
            return False
        return True
