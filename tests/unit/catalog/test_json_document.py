"""JSON by path."""

import pytest

from probe.catalog.json_document import path_steps, strings_at
from probe.ports import CatalogError


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("", ()),
        ("$", ()),
        ("tag_name", ("tag_name",)),
        ("$.a.b", ("a", "b")),
        (".a[0].b", ("a", 0, "b")),
        ("[*].version", ("*", "version")),
        ("dist-tags.latest", ("dist-tags", "latest")),
    ],
)
def test_a_path_has_steps(path, steps):
    assert path_steps(path) == steps


@pytest.mark.parametrize("path", ["a[", "a[-1]", "a..b", "a b", "a[b]", "[9999999]"])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(ValueError, match="a path such as"):
        path_steps(path)


def test_a_star_is_every_element():
    document = {"releases": [{"v": ["1", "2"]}, {"v": ["3"]}]}

    assert strings_at(document, "releases[*].v[*]") == ["1", "2", "3"]


def test_the_empty_path_is_the_document():
    assert strings_at("1.0", "") == ["1.0"]


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("b", "b: there is nothing at 'b'"),
        ("a[2]", "there is nothing at 2"),
        ("a.b", "there is nothing at 'b'"),
        ("[*]", "there is nothing at"),
        ("a[1]", "not a string"),
        ("a", "not a string"),
    ],
)
def test_a_path_that_leads_nowhere_is_told(path, fault):
    with pytest.raises(CatalogError) as raised:
        strings_at({"a": ["1", 2]}, path)
    assert fault in str(raised.value)
