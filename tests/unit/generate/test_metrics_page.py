"""The page that explains every metric, and that it is the one in the project."""

import ast
from functools import cache

import pytest

from probe import series
from probe.generate import documents, stale, write
from probe.generate.__main__ import main
from probe.generate.groups import GROUPS
from probe.generate.labels import LABELS
from probe.series import METRICS, ON_DEMAND, Metric
from tests.contracts.source import ROOT, modules, tree


def test_the_pages_in_the_project_are_what_would_be_written():
    assert stale(ROOT, documents()) == [], "run make generate"


def test_every_metric_is_explained_once():
    explained = [metric.name for group in GROUPS for metric in group.metrics]
    assert sorted(explained) == sorted(metric.name for metric in METRICS)


def test_every_label_is_explained_and_no_other():
    used = {label for metric in (*METRICS, *ON_DEMAND) for label in metric.labels}
    assert set(LABELS) == used


def test_every_name_is_given_once():
    names = [metric.name for metric in (*METRICS, *ON_DEMAND)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("metric", ON_DEMAND, ids=lambda metric: metric.name)
def test_metrics_on_demand_say_one_sentence_and_stand_apart(metric):
    assert metric.help.endswith(".")
    assert metric.name.startswith("probe_")


def constants() -> dict[str, Metric]:
    return {name: value for name, value in vars(series).items() if isinstance(value, Metric)}


@cache
def names_in_use() -> frozenset[str]:
    """Return every name that the code mentions, where it names and explains metrics apart."""
    files = [file for file in modules("probe") if file.parent.name not in {"generate", "series"}]
    nodes = [node for file in files for node in ast.walk(tree(file))]
    plain = {node.id for node in nodes if isinstance(node, ast.Name)}
    return frozenset(plain | {node.attr for node in nodes if isinstance(node, ast.Attribute)})


@pytest.mark.parametrize("name", constants())
def test_every_metric_is_written_somewhere(name):
    assert name in names_in_use()


def test_writing_twice_changes_nothing(tmp_path, capsys):
    wanted = documents()
    assert main(["--check"], tmp_path, wanted) == 1
    drifted = "".join(f"{path} is not what make generate writes\n" for path in wanted)
    assert capsys.readouterr().err == drifted
    assert main([], tmp_path, wanted) == 0
    assert capsys.readouterr().out == "".join(f"wrote {path}\n" for path in wanted)
    assert main(["--check"], tmp_path, wanted) == 0
    assert write(tmp_path, wanted) == []
    assert (tmp_path / "docs/metrics.md").read_text() == wanted["docs/metrics.md"]()


def test_an_argument_that_is_not_known_is_refused(tmp_path, capsys):
    assert main(["--chekc"], tmp_path, {}) == 2
    assert capsys.readouterr().err == "usage: python -m probe.generate [--check]\n"
