import asyncio
import socket

import pytest

from probe.loop import Loop


def resolved(host, port, **hints):
    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(_ask(host, port, **hints))


async def _ask(host, port, **hints):
    return await asyncio.get_running_loop().getaddrinfo(host, port, **hints)


@pytest.mark.parametrize(
    ("family", "host", "address"),
    [
        (socket.AF_INET, "127.0.0.1", ("127.0.0.1", 80)),
        (socket.AF_INET6, "::1", ("::1", 80, 0, 0)),
    ],
)
def test_an_address_is_its_own_answer(family, host, address):
    assert resolved(host, 80, family=family) == [(family, 0, 0, "", address)]


def test_an_address_of_the_other_family_is_not_taken_for_one():
    with pytest.raises(socket.gaierror):
        resolved("::1", 80, family=socket.AF_INET, flags=socket.AI_NUMERICHOST)


def test_a_name_is_resolved_as_ever():
    found = resolved("localhost", 80, family=socket.AF_INET, type=socket.SOCK_STREAM)
    assert found[0][4] == ("127.0.0.1", 80)
