"""
The Grafana dashboards, written as code; beside it lies the JSON that ``make generate`` writes.

Nothing of it is needed to run the service: the SDK that it is made with is there for development.
"""

import json
from functools import partial
from typing import Any

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from dashboards.board import Board
from dashboards.endpoint import endpoint
from dashboards.integrity import integrity
from dashboards.internals import internals
from dashboards.latency import latency
from dashboards.overview import overview
from dashboards.release import release
from dashboards.slo import slo
from probe.generate import Documents

BOARDS = (overview(), release(), endpoint(), latency(), integrity(), slo(), internals())


def text(board: Board) -> str:
    """Return a dashboard as Grafana reads it from a file."""
    tree = json.loads(JSONEncoder().encode(board.build()))
    return json.dumps(_in_place(tree), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _in_place(node: Any) -> Any:
    # The SDK puts every link and annotation into a menu; here they stand where they always stood.
    if isinstance(node, dict):
        return {key: _in_place(value) for key, value in node.items() if key != "placement"}
    return [_in_place(each) for each in node] if isinstance(node, list) else node


DASHBOARDS: Documents = {f"dashboards/{board.uid}.json": partial(text, board) for board in BOARDS}
