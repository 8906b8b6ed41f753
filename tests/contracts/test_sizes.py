"""A file or a function that has grown past reading is split by noun."""

from tests.contracts.source import functions, modules, place

FILE_LINES = 400
FUNCTION_LINES = 50


def test_no_file_is_longer_than_it_may_be():
    lengths = {
        path: len(path.read_text().splitlines()) for path in modules("probe", "bench", "dashboards")
    }
    assert [place(path, lines) for path, lines in lengths.items() if lines > FILE_LINES] == []


def test_no_function_is_longer_than_it_may_be():
    long = [
        f"{place(path, node.lineno)} {node.name}"
        for path in modules("probe", "bench", "dashboards")
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []
