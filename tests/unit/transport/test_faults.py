"""The table from exceptions to reasons."""

import errno
import socket
import ssl
from itertools import combinations

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from probe.domain.failure import Failure, FailureReason, Phase
from probe.transport.faults import REASONS, failure_of
from probe.transport.lookup import Unresolved

KEY = ConnectionKey("h", 80, False, True, None, None, None)


def test_no_row_is_shadowed_by_an_earlier_one():
    for (above, _), (below, _) in combinations(REASONS, 2):
        assert not issubclass(below, above), (below, above)


@pytest.mark.parametrize(
    ("phase", "reason"),
    [
        (Phase.RESOLVE, FailureReason.DNS),
        (Phase.CONNECT, FailureReason.CONNECT),
        (Phase.TLS, FailureReason.TLS),
        (Phase.WAIT, FailureReason.PROTOCOL),
        (Phase.TRANSFER, FailureReason.TRUNCATED),
    ],
)
def test_a_broken_connection_means_something_else_in_every_phase(phase, reason):
    for error in (ConnectionResetError(errno.ECONNRESET, "x"), aiohttp.ClientOSError(104, "x")):
        assert failure_of(error, phase) == Failure(reason, phase, "connection reset")
    assert failure_of(aiohttp.ServerDisconnectedError(), phase).reason is reason


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.EMFILE, FailureReason.OVERLOAD),
        (errno.ENFILE, FailureReason.OVERLOAD),
        (errno.ENOBUFS, FailureReason.OVERLOAD),
        (errno.ENOMEM, FailureReason.OVERLOAD),
        (errno.EADDRNOTAVAIL, FailureReason.UPLINK),
        (errno.ENETDOWN, FailureReason.UPLINK),
        (errno.ENETUNREACH, FailureReason.UPLINK),
        (errno.ETIMEDOUT, FailureReason.TIMEOUT),
        (errno.ECONNREFUSED, FailureReason.CONNECT),
        (errno.EHOSTUNREACH, FailureReason.CONNECT),
    ],
)
def test_the_systems_word_decides_whose_fault_it_is(number, reason):
    error = aiohttp.ClientConnectorError(KEY, OSError(number, "x"))
    assert failure_of(error, Phase.CONNECT).reason is reason


def test_several_addresses_that_fail_differently_are_a_failure_to_connect():
    error = aiohttp.ClientConnectorError(KEY, OSError("Multiple exceptions: ..."))
    assert failure_of(error, Phase.CONNECT) == Failure(
        FailureReason.CONNECT, Phase.CONNECT, "the connection broke"
    )


def test_a_name_keeps_the_reason_it_failed_to_resolve_for():
    why = Unresolved(FailureReason.RESOLVER, "no nameserver is there")
    error = aiohttp.ClientConnectorDNSError(KEY, why)
    assert failure_of(error, Phase.RESOLVE) == Failure(
        FailureReason.RESOLVER, Phase.RESOLVE, "no nameserver is there"
    )
    system = aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(socket.EAI_NONAME, "x"))
    assert failure_of(system, Phase.RESOLVE).reason is FailureReason.DNS


def test_a_tls_alert_after_the_handshake_is_still_a_tls_failure():
    error = aiohttp.ClientOSError()
    with pytest.raises(ssl.SSLError) as alert:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata="no certificate")
    error.__cause__ = alert.value
    assert failure_of(error, Phase.WAIT).reason is FailureReason.TLS


@pytest.mark.parametrize("phase", [Phase.CONNECT])
def test_on_the_way_to_a_proxy_it_is_the_proxy_that_fails(phase):
    for error in (
        aiohttp.ClientProxyConnectionError(KEY, OSError(errno.ECONNREFUSED, "x")),
        aiohttp.ServerDisconnectedError(),
        OSError(errno.ETIMEDOUT, "x"),
    ):
        assert failure_of(error, phase, proxied=True).reason is FailureReason.UPLINK


@pytest.mark.parametrize("error", [ValueError("x"), RuntimeError("x"), KeyError("x")])
def test_what_the_network_cannot_cause_is_no_failure_of_it(error):
    assert failure_of(error, Phase.WAIT) is None
