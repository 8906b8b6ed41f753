"""Observations for machines: one JSON object a line."""

import json

from probe.domain.observation import Observation
from probe.domain.record import as_record


def json_line(observation: Observation) -> str:
    """Return one observation as JSON in ASCII, without a line end (RFC 8259)."""
    return json.dumps(as_record(observation), allow_nan=False, separators=(",", ":"))
