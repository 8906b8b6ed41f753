"""``python -m probe.generate [--check]`` in the project's folder; 1 if ``--check`` finds drift."""

import sys
from pathlib import Path

from probe.generate import Documents, documents, stale, write


def main(arguments: list[str], root: Path, wanted: Documents) -> int:
    """Write the documents, or with ``--check`` say which of them are not what would be written."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python -m probe.generate [--check]\n")
        return 2
    if not arguments:
        sys.stdout.writelines(f"wrote {path}\n" for path in write(root, wanted))
        return 0
    drifted = stale(root, wanted)
    sys.stderr.writelines(f"{path} is not what make generate writes\n" for path in drifted)
    return 1 if drifted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(), documents()))
