"""Habits that no linter knows: three broad excepts, nothing left for later, no dull names."""

import ast
import re

from tests.contracts.source import ROOT, modules, place, tree

# Where one part's fault must not stop its neighbours: an attempt, a sink, a catalog source.
BROAD_EXCEPTS = [
    "probe/engine/fanout.py",
    "probe/engine/prober.py",
    "probe/engine/refresh.py",
]
_DULL = {"utils", "util", "helper", "helpers", "manager", "service", "misc", "common"}
_LEFT_FOR_LATER = re.compile(
    r"\b(TODO|FIXME|XXX|NotImplementedError|for now|no longer|previously|legacy)\b"
)
_PATIENCE = re.compile(r"(?<!\w)(?:time|asyncio)\.sleep\((?!0\))")


def _swallows_all(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    if isinstance(last, ast.Raise) and last.exc is None:
        return False
    caught = handler.type
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(
        name is None or (isinstance(name, ast.Name) and name.id in {"Exception", "BaseException"})
        for name in names
    )


def test_broad_excepts_are_three_and_stand_where_faults_are_contained():
    broad = [
        str(path.relative_to(ROOT))
        for path in modules("probe")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and _swallows_all(node)
    ]
    assert sorted(broad) == BROAD_EXCEPTS


def test_no_module_has_a_name_that_says_nothing():
    assert [
        path for path in modules("probe", "bench", "dashboards", "tests") if path.stem in _DULL
    ] == []


def test_nothing_is_left_for_later_and_no_history_is_told():
    assert _lines_with(_LEFT_FOR_LATER, "probe", "bench", "dashboards") == []


def test_no_test_waits_for_time_to_pass():
    assert _lines_with(_PATIENCE, "tests") == []


def test_tests_skip_by_one_way_only():
    skips = re.compile(r"pytest\.(?:skip|mark\.skip|mark\.skipif|importorskip)\b")
    assert [line for line in _lines_with(skips, "tests") if "tests/real.py" not in line] == []


def _lines_with(pattern: re.Pattern[str], *folders: str) -> list[str]:
    return [
        f"{place(path, number)}: {line.strip()}"
        for path in modules(*folders)
        if path.name != "test_habits.py"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]
