import pytest

from probe.domain.target import AddressFamily, Depth, Egress, Region
from probe.terminal.curl import curl_command, masked_url
from tests.builders import a_probe, an_endpoint

URL = "http://127.0.0.1:9/1.4.2/widget_1.4.2_linux_amd64.tar.gz"
LIMITS = "curl --fail --location --max-redirs 5 --connect-timeout 5 --max-time 600"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://h/a?b=c", "https://h/a?b=***"),
        ("https://h/a?X-Sig=1&Expires=2", "https://h/a?X-Sig=***&Expires=***"),
        ("https://h/a?token", "https://h/a?***"),
        ("https://user:pw@h/a@b", "https://***@h/a@b"),
        ("https://user:p@w@h/a", "https://***@h/a"),
        ("https://h/a?b=c&token&=d", "https://h/a?b=***&***&=***"),
        ("https://h/a#access_token=b?c", "https://h/a"),
        ("https://h/a", "https://h/a"),
        ("https://h/\x1b[2Ja", "https://h/[2Ja"),
    ],
)
def test_a_url_is_shown_without_what_could_be_a_secret(url, shown):
    assert masked_url(url) == shown


def test_a_full_probe_is_a_plain_download():
    assert curl_command(a_probe()) == (
        f"{LIMITS} --header 'Accept-Encoding: identity' "
        f"--output widget_1.4.2_linux_amd64.tar.gz {URL}"
    )


def test_a_head_asks_for_headers_only():
    assert curl_command(a_probe(Depth.HEAD)).endswith(f"'Accept-Encoding: identity' --head {URL}")


def test_a_range_names_its_bytes():
    assert "--range 0-17 " in curl_command(a_probe(Depth.RANGE))


def test_credentials_are_there_without_their_value():
    command = curl_command(a_probe(endpoint=an_endpoint(auth_mode="bearer")))
    assert "--header 'Authorization: ***'" in command


def test_the_way_out_is_the_same():
    region = Region("far", Egress(proxy="http://me:secret@proxy:3128", source_address="10.0.0.7"))
    endpoint = an_endpoint(family=AddressFamily.IPV4)
    command = curl_command(a_probe(region=region, endpoint=endpoint, address="127.0.0.9"))
    assert (
        "--ipv4 --proxy 'http://***@proxy:3128' --interface 10.0.0.7 "
        "--connect-to 127.0.0.1:9:127.0.0.9:9 "
    ) in command
    assert "secret" not in command


def test_a_url_cannot_break_out_of_the_command():
    endpoint = an_endpoint(url="http://h/$(reboot)/{name}")
    assert "'http://h/$(reboot)/widget_1.4.2_linux_amd64.tar.gz'" in curl_command(
        a_probe(endpoint=endpoint)
    )
