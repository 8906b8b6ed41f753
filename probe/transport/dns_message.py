"""Questions and answers of the DNS as bytes (RFC 1035 section 4): addresses only, and no IO."""

import ipaddress
import struct
from dataclasses import dataclass
from enum import IntEnum

_HEADER = struct.Struct("!HHHHHH")
_RECORD = struct.Struct("!HHIH")
_QUESTION_TAIL = struct.Struct("!HH")
_INTERNET = 1
_ANSWERED = 0x8000
_TRUNCATED = 0x0200
_RECURSION_DESIRED = 0x0100
_CODE = 0x000F
_POINTER = 0xC0
_MAX_LABEL = 63
_MAX_NAME = 253


class RecordType(IntEnum):
    """The record types that hold addresses (RFC 1035, RFC 3596)."""

    A = 1
    AAAA = 28


class Code(IntEnum):
    """The response codes that resolvers give (RFC 1035 section 4.1.1); others are ``OTHER``."""

    NO_ERROR = 0
    FORMAT_ERROR = 1
    SERVER_FAILURE = 2
    NAME_ERROR = 3
    NOT_IMPLEMENTED = 4
    REFUSED = 5
    OTHER = 15

    @classmethod
    def _missing_(cls, _value: object) -> "Code":
        return cls.OTHER


@dataclass(frozen=True, slots=True)
class Answer:
    """What a resolver said: a code, and the addresses at the end of any chain of aliases."""

    code: Code
    addresses: tuple[str, ...]
    truncated: bool = False


def question(identifier: int, host: str, record: RecordType) -> bytes:
    """
    Return the message that asks for the addresses of *host*.

    Raises:
        ValueError: *host* cannot be a name.
    """
    header = _HEADER.pack(identifier, _RECURSION_DESIRED, 1, 0, 0, 0)
    return header + _name(host) + _QUESTION_TAIL.pack(record, _INTERNET)


def _name(host: str) -> bytes:
    bare = host.rstrip(".")
    labels = [label.encode("ascii") for label in bare.split(".")]
    if len(bare) > _MAX_NAME or not all(0 < len(label) <= _MAX_LABEL for label in labels):
        raise ValueError("not a host name")
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def answer(asked: bytes, message: bytes) -> Answer:
    """
    Read the answer to the question *asked*.

    Raises:
        ValueError: the message answers another question, or is malformed.
    """
    try:
        return _answer(asked, message)
    except (struct.error, IndexError) as error:
        raise ValueError("a malformed DNS message") from error


def _answer(asked: bytes, message: bytes) -> Answer:
    identifier, flags, questions, answers, _, _ = _HEADER.unpack_from(message)
    expected = asked[_HEADER.size :]
    echoed = message[_HEADER.size : _HEADER.size + len(expected)]
    if not flags & _ANSWERED or identifier != _HEADER.unpack_from(asked)[0]:
        raise ValueError("not the answer to this question")
    code, truncated = Code(flags & _CODE), bool(flags & _TRUNCATED)
    if questions != 1 or echoed.lower() != expected.lower():
        raise ValueError("the answer to another question")
    record = _QUESTION_TAIL.unpack(expected[-_QUESTION_TAIL.size :])[0]
    addresses = _addresses(message, _HEADER.size + len(expected), answers, record)
    return Answer(code, () if truncated else addresses, truncated)


def _addresses(message: bytes, offset: int, count: int, wanted: int) -> tuple[str, ...]:
    found = []
    for _ in range(count):
        offset = _after_name(message, offset)
        record, kind, _, length = _RECORD.unpack_from(message, offset)
        offset += _RECORD.size
        if record == wanted and kind == _INTERNET:
            found.append(str(ipaddress.ip_address(message[offset : offset + length])))
        offset += length
    return tuple(dict.fromkeys(found))


def _after_name(message: bytes, offset: int) -> int:
    while length := message[offset]:
        if length >= _POINTER:
            return offset + 2
        offset += length + 1
    return offset + 1
