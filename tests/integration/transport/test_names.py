"""Names and addresses: which answer is whose fault, and which address is taken."""

import socket

import pytest
from dns.rcode import NOTAUTH, REFUSED, SERVFAIL

from probe.domain.failure import FailureReason, Phase
from probe.domain.target import AddressFamily, Egress
from tests.builders import BODY
from tests.integration.transport.faults import answer, serve
from tests.integration.transport.nameserver import nameserver
from tests.integration.transport.prober import HASTY
from tests.real import cannot

NOT_RESOLVED = (FailureReason.DNS, Phase.RESOLVE)


@pytest.fixture
def has_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        cannot("there is no IPv6 loopback here")


def at(server, host="widget.test"):
    return server.url.replace("127.0.0.1", host)


@pytest.mark.parametrize(
    ("host", "detail"),
    [
        ("nowhere.test", "NXDOMAIN"),
        ("broken.test", "SERVFAIL"),
        ("shy.test", "the nameserver refuses"),
        ("empty.test", "no address of the wanted kind"),
        ("odd.test", "NOTAUTH"),
        (f"{'a' * 64}.test", "not a host name"),
    ],
)
async def test_a_name_without_addresses_is_a_dns_failure(prober, host, detail):
    async with nameserver(broken=SERVFAIL, shy=REFUSED, empty=(), odd=NOTAUTH) as names:
        egress = Egress(nameservers=(names.address,))
        attempted = await prober.probe(f"http://{host}/f", egress=egress)
    assert attempted.failure == NOT_RESOLVED
    assert attempted.detail == detail
    assert attempted.phases == {Phase.RESOLVE}


async def test_the_systems_resolver_is_asked_where_no_other_is_named(prober):
    async with serve(answer()) as server:
        attempted = await prober.probe(at(server, "localhost"))
        nowhere = await prober.probe("http://nowhere.invalid/f")
    assert attempted.passed
    assert Phase.RESOLVE in attempted.phases
    assert nowhere.failure == NOT_RESOLVED


async def test_what_cannot_be_a_name_does_not_resolve(prober):
    attempted = await prober.probe(f"http://{'a' * 300}.test/f")
    assert attempted.failure == NOT_RESOLVED


async def test_a_dead_resolver_of_our_own_is_our_own_fault(prober):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    egress = Egress(nameservers=(f"127.0.0.1:{port}",))
    attempted = await prober.probe("http://widget.test/f", egress=egress)
    assert attempted.failure == (FailureReason.RESOLVER, Phase.RESOLVE)
    assert attempted.ours


async def test_the_second_nameserver_answers_for_the_first(prober):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unused:
        unused.bind(("127.0.0.1", 0))
        dead = f"127.0.0.1:{unused.getsockname()[1]}"
    async with nameserver(widget=("127.0.0.1",)) as names, serve(answer()) as server:
        egress = Egress(nameservers=(dead, names.address))
        assert (await prober.probe(at(server), egress=egress)).passed


async def test_an_answer_too_long_for_a_datagram_is_read_from_a_stream(prober):
    async with nameserver(widget=("127.0.0.1",)) as names, serve(answer()) as server:
        names.truncate = True
        egress = Egress(nameservers=(names.address,))
        assert (await prober.probe(at(server), egress=egress)).passed


async def test_an_answer_that_breaks_off_in_a_stream_is_our_own_fault(prober):
    async with nameserver(widget=("127.0.0.1",)) as names:
        names.truncate = names.cut_streams = True
        egress = Egress(nameservers=(names.address,))
        attempted = await prober.probe("http://widget.test/f", egress=egress)
    assert attempted.failure == (FailureReason.RESOLVER, Phase.RESOLVE)
    assert attempted.ours


async def test_a_nameserver_is_asked_over_ipv6(prober, has_ipv6):
    async with nameserver("::1", widget=("127.0.0.1",)) as names, serve(answer()) as server:
        long_form = names.address.replace("::1", "0:0:0:0:0:0:0:1")
        egress = Egress(nameservers=(long_form,))
        assert (await prober.probe(at(server), egress=egress)).passed


async def test_a_name_is_asked_for_as_it_is_written_and_in_no_other_domain(prober):
    async with nameserver() as names:
        egress = Egress(nameservers=(names.address,))
        attempted = await prober.probe("http://xn--bcher-kva/f", egress=egress)
    assert attempted.failure == NOT_RESOLVED
    assert set(names.asked) == {"xn--bcher-kva"}


async def test_a_name_is_asked_for_anew_each_time(prober):
    async with nameserver(widget=("127.0.0.1",)) as names, serve(answer()) as server:
        egress = Egress(nameservers=(names.address,))
        assert (await prober.probe(at(server), egress=egress)).passed
        names.zone["widget.test"] = ("127.0.0.2",)
        moved = await prober.probe(at(server), egress=egress)
    assert moved.failure == (FailureReason.CONNECT, Phase.CONNECT)


async def test_ipv4_only_is_enough(prober):
    async with nameserver(widget=("127.0.0.1",)) as names, serve(answer()) as server:
        egress = Egress(nameservers=(names.address,))
        attempted = await prober.probe(at(server), egress=egress)
    assert attempted.passed
    assert attempted.download.peer_address == "127.0.0.1"


async def test_ipv6_only_is_enough(prober, has_ipv6):
    async with nameserver(widget=("::1",)) as names, serve(answer(), host="::1") as server:
        egress = Egress(nameservers=(names.address,))
        attempted = await prober.probe(at(server), egress=egress)
    assert attempted.passed
    assert attempted.download.peer_address == "::1"


async def test_a_broken_ipv6_address_is_got_around(prober, has_ipv6):
    async with nameserver(widget=("::1", "127.0.0.1")) as names, serve(answer()) as server:
        egress = Egress(nameservers=(names.address,))
        attempted = await prober.probe(at(server), egress=egress)
    assert attempted.passed
    assert attempted.download.peer_address == "127.0.0.1"


async def test_one_dead_address_of_several_is_got_around(prober):
    zone = ("127.0.0.2", "127.0.0.1")
    async with nameserver(widget=zone) as names, serve(answer()) as server:
        egress = Egress(nameservers=(names.address,))
        attempted = await prober.probe(at(server), egress=egress)
    assert attempted.passed
    assert attempted.download.peer_address == "127.0.0.1"


@pytest.mark.parametrize("family", [AddressFamily.IPV4, AddressFamily.IPV6])
async def test_a_family_is_the_only_one_asked_for(prober, has_ipv6, family):
    host = "127.0.0.1" if family is AddressFamily.IPV4 else "::1"
    zone = ("::1", "127.0.0.1")
    async with nameserver(widget=zone) as names, serve(answer(), host=host) as server:
        egress = Egress(nameservers=(names.address,))
        attempted = await prober.probe(at(server), egress=egress, family=family)
    assert attempted.passed
    assert attempted.download.peer_address == host


async def test_a_name_without_the_wanted_family_does_not_resolve(prober):
    async with nameserver(widget=("127.0.0.1",)) as names:
        egress = Egress(nameservers=(names.address,))
        attempted = await prober.probe(
            "http://widget.test/f", egress=egress, family=AddressFamily.IPV6
        )
    assert attempted.failure == NOT_RESOLVED
    assert attempted.detail == "no address of the wanted kind"


async def test_a_written_address_is_used_whatever_the_family(prober):
    async with serve(answer()) as server:
        attempted = await prober.probe(server.url, family=AddressFamily.IPV6)
    assert attempted.passed
    assert Phase.RESOLVE not in attempted.phases


async def test_a_pinned_address_is_connected_to_and_the_name_still_said(prober):
    async with serve(answer()) as server:
        attempted = await prober.probe(at(server), address="127.0.0.1")
    assert attempted.passed
    assert server.header("host") == f"widget.test:{server.port}"
    assert attempted.download.url.startswith("http://widget.test:")
    assert Phase.RESOLVE not in attempted.phases


async def test_every_address_of_a_name_is_known_in_a_stable_order(transport):
    zone = ("127.0.0.2", "::1", "127.0.0.1")
    async with nameserver(widget=zone) as names:
        egress = Egress(nameservers=(names.address,))
        found = await transport.resolver.addresses("widget.test", egress)
    assert found == ("127.0.0.1", "127.0.0.2", "::1")
    assert await transport.resolver.addresses("::1", Egress()) == ("::1",)


async def test_a_name_without_addresses_has_none_to_list(transport):
    with pytest.raises(OSError, match="no such name"):
        await transport.resolver.addresses("nowhere.invalid", Egress())


async def test_no_nameserver_that_answers_is_a_timeout_of_resolving(prober):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        egress = Egress(nameservers=(f"127.0.0.1:{silent.getsockname()[1]}",))
        attempted = await prober.probe("http://widget.test/f", egress=egress, limits=HASTY)
    assert attempted.failure == (FailureReason.TIMEOUT, Phase.RESOLVE)
    assert BODY not in attempted.download.sample
