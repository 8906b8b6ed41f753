"""Which of the bundled Grafana dashboards shows the same as a page, and with what chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

_AROUND = timedelta(hours=1)
_TRAIN = {"product": "product", "channel": "channel"}
_PLACE = {**_TRAIN, "endpoint": "endpoint", "probe_region": "region"}


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard; ``chosen`` says which of its variables is which key of a record."""

    uid: str
    chosen: Mapping[str, str]


# By the name of the template.
BOARDS: Mapping[str, Board] = {
    "overview": Board("delivery-overview", {}),
    "product": Board("delivery-overview", _TRAIN),
    "release": Board("delivery-release", {**_TRAIN, "version": "version"}),
    "incidents": Board("delivery-overview", {}),
    "incident": Board("delivery-endpoint", _PLACE),
    "targets": Board("delivery-endpoint", {}),
    "target": Board("delivery-endpoint", _PLACE),
    "kpis": Board("delivery-slo", _TRAIN),
}


def board_link(grafana: str, page: str, record: Mapping[str, object]) -> str:
    """Return where in the *grafana* at a URL the same is shown; empty where it is not."""
    board = BOARDS.get(page)
    if board is None or not grafana:
        return ""
    asked = {
        f"var-{name}": str(record[key]) for name, key in board.chosen.items() if record.get(key)
    }
    if page == "incident":
        asked |= _span(record)
    query = urlencode(asked)
    return f"{grafana.rstrip('/')}/d/{board.uid}" + (f"?{query}" if query else "")


def _span(incident: Mapping[str, object]) -> dict[str, str]:
    onset = datetime.fromisoformat(str(incident["onset_at"]))
    restored = incident["restored_at"]
    until = _ms(datetime.fromisoformat(str(restored)) + _AROUND) if restored else "now"
    return {"from": _ms(onset - _AROUND), "to": until}


def _ms(at: datetime) -> str:
    return f"{at.timestamp() * 1000:.0f}"
