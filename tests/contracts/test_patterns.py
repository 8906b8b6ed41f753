"""What regular expressions may not have, because a supported Python matches it wrongly."""

import ast
from collections.abc import Iterator
from re import _constants, _parser

from tests.contracts.source import modules, place, tree

# What a possessive repeat may repeat. Python before 3.11.5 matches possessive and atomic groups
# with a choice inside wrongly, which Debian 12 has: github.com/python/cpython/issues/106052
_ONE_CHARACTER = {
    _constants.ANY,
    _constants.IN,
    _constants.LITERAL,
    _constants.NOT_LITERAL,
}


def _wrongly_matched(parsed) -> bool:
    return any(
        operator is _constants.ATOMIC_GROUP
        or (operator is _constants.POSSESSIVE_REPEAT and not _is_one_character(argument[2]))
        or any(map(_wrongly_matched, _inside(argument)))
        for operator, argument in parsed
    )


def _is_one_character(repeated) -> bool:
    return len(repeated) == 1 and repeated[0][0] in _ONE_CHARACTER


def _inside(argument) -> Iterator[_parser.SubPattern]:
    if isinstance(argument, _parser.SubPattern):
        yield argument
    elif isinstance(argument, tuple | list):
        for each in argument:
            yield from _inside(each)


def _patterns() -> Iterator[tuple[str, str | bytes]]:
    for path in modules("probe"):
        for node in ast.walk(tree(path)):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="re")),
                    args=[ast.Constant(value=str() | bytes() as pattern), *_],
                ):
                    yield place(path, node.lineno), pattern


def test_no_pattern_is_matched_wrongly_by_a_supported_python():
    wrong = [where for where, pattern in _patterns() if _wrongly_matched(_parser.parse(pattern))]
    assert wrong == []


def test_a_possessive_group_would_be_noticed():
    assert _wrongly_matched(_parser.parse(r"x(?:a.*?b)*+<"))
    assert _wrongly_matched(_parser.parse(r"(?:(?>ab|a)c)?"))
    assert not _wrongly_matched(_parser.parse(r"\s*+[a-z]++.*?x"))


def test_patterns_are_found():
    assert len(list(_patterns())) > 20
