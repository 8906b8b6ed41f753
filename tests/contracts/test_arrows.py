"""Who may import whom; the contracts themselves stand in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

from tests.contracts.source import ROOT


def test_every_import_contract_is_kept():
    # In a process of its own: import-linter sets up logging, and disables every logger there is.
    command = str(Path(sys.executable).with_name("lint-imports"))
    done = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
