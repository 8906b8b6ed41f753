"""What pydantic finds wrong, as what would be right; never with a value."""

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

from probe.domain.text import clean

_Message = Callable[[Mapping[str, Any]], str]


def _always(message: str) -> _Message:
    return lambda _: message


_MAPPING = _always("must be a mapping, as in key: value")
_LIST = _always("must be a list, as in [a, b]")
_INTEGER = _always("must be a whole number")
_NUMBER = _always("must be a number")
_BOOLEAN = _always("must be true or false")
_QUOTED = re.compile(r"'([^']*)'")

_MESSAGES: Mapping[str, _Message] = {
    "missing": _always("is required"),
    "string_type": _always("must be a text"),
    "bool_type": _BOOLEAN,
    "bool_parsing": _BOOLEAN,
    "int_type": _INTEGER,
    "int_parsing": _INTEGER,
    "int_from_float": _INTEGER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "dict_type": _MAPPING,
    "pattern_regex": _always("is not a regular expression"),
    "pattern_type": _always("must be a regular expression"),
    "too_short": _always("must not be empty"),
    "string_too_short": _always("must not be empty"),
    "string_too_long": lambda context: f"must be at most {context['max_length']} characters long",
    "greater_than": lambda context: f"must be more than {context['gt']}",
    "greater_than_equal": lambda context: f"must be at least {context['ge']}",
    "less_than": lambda context: f"must be less than {context['lt']}",
    "less_than_equal": lambda context: f"must be at most {context['le']}",
    "value_error": lambda context: clean(str(context["error"]), 400),
}


def what_is_right(detail: ErrorDetails) -> str:
    """Say what would be right in place of what was given, going by the kind of error alone."""
    if detail["type"] in ("enum", "literal_error"):
        return one_of(expected(detail))
    message = _MESSAGES.get(detail["type"])
    return message(detail.get("ctx", {})) if message else clean(detail["msg"], 200)


def expected(detail: ErrorDetails) -> list[str]:
    """Return the words of which one would be right."""
    return _QUOTED.findall(detail.get("ctx", {})["expected"])


def one_of(words: Sequence[str], given: object = "") -> str:
    """Say which *words* there are, and which of them *given* may have been meant to be."""
    near = get_close_matches(str(given), words, n=1)
    return f"must be one of {', '.join(words)}" + (f"; did you mean {near[0]}?" if near else "")
