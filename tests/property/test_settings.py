"""Whatever the configuration file holds, loading it gives settings or faults, never a traceback."""

import json
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from probe.domain.fault import Fault
from probe.domain.quantity import duration, seconds, size, size_bytes
from probe.settings import Settings, parse
from tests.unit.settings.valid import VALID

PLAIN = yaml.safe_load(VALID)
CANARY = "hunter2canary"

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=6,
)
secret_like = st.sampled_from(
    [
        CANARY,
        [CANARY],
        {CANARY: CANARY},
        {"env": CANARY + " "},
        {"env": [CANARY]},
        {"file": {"a": CANARY}},
        {"env": CANARY, "file": CANARY},
    ]
)


def places(part: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    if isinstance(part, dict | list):
        inner = part.items() if isinstance(part, dict) else enumerate(part)
        for step, child in inner:
            found += places(child, (*path, step))
    return found


def changed(path: tuple[str | int, ...], value: Any) -> Any:
    copy = json.loads(json.dumps(PLAIN))
    here = copy
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return copy


def outcome(raw: bytes) -> Settings | tuple[Fault, ...]:
    found = parse(raw, "probe.yaml")
    assert isinstance(found, Settings) or (found and all(type(each) is Fault for each in found))
    return found


def lines(found: Settings | tuple[Fault, ...]) -> list[str]:
    return [] if isinstance(found, Settings) else [str(fault) for fault in found]


@given(st.binary(max_size=300))
def test_any_bytes_are_settings_or_faults(raw: bytes):
    outcome(raw)


@given(st.text(alphabet="ab:-[]{}&*!#|>'\"%@`?,~ \n\t0\\", max_size=60))
def test_any_text_of_yaml_signs_is_faults_of_one_line_each(text: str):
    for line in lines(outcome(text.encode())):
        assert line.isprintable(), line


@given(st.integers(0, len(VALID)), st.integers(0, 40), st.text(max_size=10))
def test_any_cut_of_a_good_file_is_settings_or_faults(start: int, length: int, filling: str):
    text = VALID[:start] + filling + VALID[start + length :]
    outcome(text.encode("utf-8", "surrogatepass"))


@given(st.sampled_from(places(PLAIN)), anything)
def test_any_value_at_any_place_is_settings_or_faults_of_one_line(
    path: tuple[str | int, ...], value: Any
):
    raw = yaml.safe_dump(changed(path, value), allow_unicode=True).encode("utf-8", "surrogatepass")
    for line in lines(outcome(raw)):
        assert line.isprintable(), line


@given(secret_like)
def test_what_stands_for_a_secret_is_never_repeated(value: Any):
    for auth in (
        {"kind": "bearer", "token": value},
        {"kind": "basic", "username": "u", "password": value},
        {"kind": "header", "name": "X-Key", "value": value},
    ):
        document = changed(("products", 0, "endpoints", 0, "auth"), auth)
        found = outcome(yaml.safe_dump(document).encode())
        assert isinstance(found, tuple)
        assert CANARY not in "\n".join(lines(found))


@given(st.integers(0, 10**12))
def test_a_duration_is_read_as_it_is_written(milliseconds: int):
    assert round(seconds(duration(milliseconds / 1000)) * 1000) == milliseconds


@given(st.integers(0, 10**15 - 1))
def test_a_size_is_read_as_it_is_written(amount: int):
    assert size_bytes(size(amount)) == amount
