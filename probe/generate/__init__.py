"""What is written from the code, so that it cannot say anything else than the code does."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from probe.domain.gate_record import GATE_SCHEMA
from probe.generate.alerts_page import alerts_page
from probe.generate.kpis_page import kpis_page
from probe.generate.metrics_page import metrics_page
from probe.generate.rules import shipped_files
from probe.kpi.baseline_record import BASELINE_SCHEMA
from probe.kpi.review_record import REVIEW_SCHEMA
from probe.kpi.scorecard_record import SCORECARD_SCHEMA


def _schema(schema: Mapping[str, object]) -> str:
    return json.dumps(schema, indent=2) + "\n"


Documents = Mapping[str, Callable[[], str]]
"""What each path, from the project's folder, is to hold."""


def documents() -> Documents:
    """Return all that is written from the code."""
    return {
        "docs/metrics.md": metrics_page,
        "docs/kpis.md": kpis_page,
        "docs/alerts.md": alerts_page,
        "docs/schema/baseline.json": partial(_schema, BASELINE_SCHEMA),
        "docs/schema/gate.json": partial(_schema, GATE_SCHEMA),
        "docs/schema/review.json": partial(_schema, REVIEW_SCHEMA),
        "docs/schema/scorecard.json": partial(_schema, SCORECARD_SCHEMA),
        **{path: partial(str, text) for path, text in shipped_files().items()},
    }


def write(root: Path, wanted: Documents) -> list[str]:
    """Write every document under *root*; return the paths of those that changed."""
    changed = stale(root, wanted)
    for path in changed:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(wanted[path](), encoding="utf-8")
    return changed


def stale(root: Path, wanted: Documents) -> list[str]:
    """Return the paths of documents under *root* that are missing or say something else."""
    return [path for path, text in wanted.items() if _read(root / path) != text()]


def _read(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None
