"""How nameservers are written."""

import pytest

from probe.transport.nameservers import nameserver_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("9.9.9.9", ("9.9.9.9", 53)),
        ("9.9.9.9:5353", ("9.9.9.9", 5353)),
        ("2620:fe::fe", ("2620:fe::fe", 53)),
        ("2620:FE:0::fe", ("2620:fe::fe", 53)),
        ("[2620:fe::fe]", ("2620:fe::fe", 53)),
        ("[2620:fe::fe]:5353", ("2620:fe::fe", 5353)),
    ],
)
def test_a_nameserver_has_a_port_or_the_usual_one(text, address):
    assert nameserver_address(text) == address
