"""JSON from outside, parsed without stalling other threads."""

import json

from probe.domain.text import clean

_MAX_DIGITS = 30


def load(body: bytes) -> object:
    """
    Return the value of a JSON document (RFC 8259) in which no object has a key twice.

    Raises:
        ValueError: no such document, or one that is nested too deeply; the text is bounded.
    """
    try:
        return json.loads(body, object_pairs_hook=_object, parse_int=_int, parse_constant=_constant)
    except RecursionError:
        raise ValueError("JSON that is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"not JSON: {clean(str(error))}") from None


# The hooks are Python on purpose: between two calls the interpreter lets the event loop's thread
# run, which the C scanner alone does not do before the end of the document.
def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("an object has the same key twice")
    return made


def _int(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _constant(name: str) -> object:
    raise ValueError(f"{name} is not a JSON number")
