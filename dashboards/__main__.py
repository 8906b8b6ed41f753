"""``python -m dashboards [--check]`` in the project's folder; 1 if ``--check`` finds drift."""

import sys
from pathlib import Path

from dashboards import DASHBOARDS
from probe.generate.__main__ import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(), DASHBOARDS))
