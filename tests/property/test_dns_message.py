"""Whatever a nameserver sends, it is an answer or it is refused."""

import ipaddress
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probe.transport.dns_message import Answer, Code, RecordType, answer, question

labels = st.from_regex(r"[a-z0-9_-]{1,20}", fullmatch=True)
names = st.lists(labels, min_size=1, max_size=4).map(".".join)


def reply(asked: bytes, addresses: list[str], code: int = 0) -> bytes:
    records = b"".join(
        b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + ipaddress.ip_address(each).packed
        for each in addresses
    )
    head = asked[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, len(addresses), 0, 0)
    return head + asked[12:] + records


@given(st.integers(0, 65535), names, st.lists(st.ip_addresses(v=4).map(str), max_size=9))
def test_addresses_are_read_in_their_order_each_once(identifier, name, addresses):
    asked = question(identifier, name, RecordType.A)
    said = answer(asked, reply(asked, addresses))
    assert said == Answer(Code.NO_ERROR, tuple(dict.fromkeys(addresses)))


@given(names, st.integers(0, 15))
def test_every_code_is_known(name, code):
    asked = question(1, name, RecordType.A)
    expected = Code(code) if code in list(Code) else Code.OTHER
    assert answer(asked, reply(asked, [], code)).code is expected


@given(names, st.binary(max_size=200))
def test_arbitrary_bytes_are_no_answer(name, noise):
    with pytest.raises(ValueError, match=r"."):
        answer(question(7, name, RecordType.A), b"\xff\xff" + noise)


@given(names, st.data())
def test_a_mangled_answer_is_refused_or_read_without_harm(name, data):
    asked = question(7, name, RecordType.A)
    message = bytearray(reply(asked, ["192.0.2.1", "192.0.2.2"]))
    place = data.draw(st.integers(0, len(message) - 1))
    message[place] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.integers(0, len(message)))
    for mangled in (bytes(message), bytes(message[:cut])):
        try:
            said = answer(asked, mangled)
        except ValueError:
            continue
        assert all(ipaddress.ip_address(each) for each in said.addresses)


@pytest.mark.parametrize("name", ["", ".", "a..b", "a" * 64, "caf\u00e9", "a." * 130])
def test_what_cannot_be_a_name_is_not_asked_for(name):
    with pytest.raises(ValueError, match=r"."):
        question(1, name, RecordType.A)


@given(names)
def test_the_answer_to_another_question_is_refused(name):
    asked = question(7, name, RecordType.A)
    other = question(7, name + "x", RecordType.A)
    with pytest.raises(ValueError, match="another question"):
        answer(asked, reply(other, ["192.0.2.1"]))
    with pytest.raises(ValueError, match="not the answer"):
        answer(asked, asked)
