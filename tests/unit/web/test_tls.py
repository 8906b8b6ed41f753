"""The server's own TLS, by real handshakes."""

import ssl
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
import trustme

from probe.web import Admission, Terms
from probe.web.tls import ServerTls, Unusable, context_of, load_certificate


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def written(directory: Path, certificate: trustme.LeafCert) -> ServerTls:
    tls = ServerTls(directory / "crt.pem", directory / "key.pem")
    certificate.private_key_pem.write_to_path(tls.key)
    tls.certificate.unlink(missing_ok=True)
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(tls.certificate, append=True)
    return tls


@pytest.fixture
def tls(tmp_path, authority) -> ServerTls:
    return written(tmp_path, authority.issue_cert("127.0.0.1"))


def trusting(authority: trustme.CA, client: trustme.LeafCert | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(context)
    if client is not None:
        client.configure_cert(context)
    return context


async def healthy(port: int, context: ssl.SSLContext) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"https://127.0.0.1:{port}/-/healthy", ssl=context) as answer,
    ):
        return answer.status, await answer.text()


async def test_pages_are_served_over_tls(start, tls, authority):
    serving = await start(tls=context_of(tls))
    assert await healthy(serving.port, trusting(authority)) == (200, "healthy\n")


async def test_an_older_version_is_refused(start, tls, authority):
    serving = await start(tls=context_of(replace(tls, oldest=ssl.TLSVersion.TLSv1_3)))
    context = trusting(authority)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(aiohttp.ClientConnectorError):
        await healthy(serving.port, context)


async def test_a_new_certificate_is_shown_from_then_on(start, tls, authority, tmp_path):
    context = context_of(tls)
    serving = await start(tls=context)
    other = trustme.CA()
    written(tmp_path, other.issue_cert("127.0.0.1"))
    load_certificate(context, tls)
    assert await healthy(serving.port, trusting(other)) == (200, "healthy\n")
    with pytest.raises(aiohttp.ClientConnectorCertificateError):
        await healthy(serving.port, trusting(authority))


async def test_half_a_new_pair_leaves_the_old_one_in_force(start, tls, authority):
    context = context_of(tls)
    serving = await start(tls=context)
    trustme.CA().issue_cert("127.0.0.1").private_key_pem.write_to_path(tls.key)
    with pytest.raises(Unusable) as raised:
        load_certificate(context, tls)
    assert str(raised.value) == "cert_file cannot be used: key values mismatch"
    assert await healthy(serving.port, trusting(authority)) == (200, "healthy\n")


async def test_a_client_must_show_a_certificate_where_that_is_asked(
    start, tls, authority, tmp_path
):
    clients = trustme.CA()
    clients.cert_pem.write_to_path(tmp_path / "clients.pem")
    asked = ServerTls(tls.certificate, tls.key, client_ca=tmp_path / "clients.pem")
    names = Admission(Terms(allowed_names=frozenset({"scraper@example.com"})))
    serving = await start(tls=context_of(asked), admission=names)
    expected, stranger = (
        clients.issue_cert(name) for name in ("scraper@example.com", "other@example.com")
    )
    assert await healthy(serving.port, trusting(authority, expected)) == (200, "healthy\n")
    assert await healthy(serving.port, trusting(authority, stranger)) == (
        403,
        "the certificate of this client names nobody who is expected\n",
    )
    with pytest.raises(aiohttp.ClientError):
        await healthy(serving.port, trusting(authority))


def test_a_file_that_is_not_there_is_named(tls):
    tls.key.unlink()
    with pytest.raises(Unusable) as raised:
        context_of(tls)
    assert str(raised.value) == "key_file cannot be read: No such file or directory"


def test_what_is_no_certificate_is_named(tls):
    tls.certificate.write_text("no certificate")
    with pytest.raises(Unusable, match=r"^cert_file cannot be used: "):
        context_of(tls)
