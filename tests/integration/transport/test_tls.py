"""Certificates: which are refused, why, and when they expire."""

import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from probe.clock import SystemClock
from probe.domain.failure import FailureReason, Phase
from probe.transport import open_transport
from tests.integration.transport.faults import answer, redirect, serve
from tests.integration.transport.prober import Prober

REFUSED = (FailureReason.TLS, Phase.TLS)
PAST = datetime(2020, 1, 1, tzinfo=UTC)
FUTURE = datetime(2199, 12, 31, tzinfo=UTC)


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@pytest.fixture
def self_signed(tmp_path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(PAST)
        .not_valid_after(FUTURE)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "self.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


async def test_a_trusted_certificate_passes_and_its_expiry_is_kept(prober, authority):
    context = server_context(authority.issue_cert("127.0.0.1", not_after=FUTURE))
    async with serve(answer(), tls=context) as server:
        attempted = await prober.probe(server.url)
    assert attempted.passed
    assert attempted.download.certificate_expires_at == FUTURE
    assert Phase.TLS in attempted.phases


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_an_expired_certificate_tells_when_it_expired(prober, authority, version):
    context = server_context(authority.issue_cert("127.0.0.1", not_after=PAST))
    context.maximum_version = version
    async with serve(answer(), tls=context) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == REFUSED
    assert attempted.detail == "the certificate has expired"
    assert attempted.download.certificate_expires_at == PAST
    assert attempted.download.peer_address == "127.0.0.1"


async def test_a_certificate_of_tomorrow_is_not_yet_valid(prober, authority):
    tomorrow = SystemClock().now() + timedelta(days=1)
    certificate = authority.issue_cert("127.0.0.1", not_before=tomorrow, not_after=FUTURE)
    async with serve(answer(), tls=server_context(certificate)) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == REFUSED
    assert attempted.detail == "the certificate is not yet valid"
    assert attempted.download.certificate_expires_at == FUTURE


async def test_a_certificate_for_another_host_is_refused(prober, authority):
    certificate = authority.issue_cert("dl.example.com", not_after=FUTURE)
    async with serve(answer(), tls=server_context(certificate)) as server:
        by_address = await prober.probe(server.url)
        by_name = await prober.probe(server.url.replace("127.0.0.1", "localhost"))
    assert by_name.failure == by_address.failure == REFUSED
    assert by_name.detail == "the certificate is for another host"
    assert by_address.detail == "the certificate is for another address"
    assert by_name.download.certificate_expires_at == FUTURE


async def test_a_self_signed_certificate_is_refused(prober, self_signed):
    async with serve(answer(), tls=self_signed) as server:
        attempted = await prober.probe(server.url.replace("127.0.0.1", "localhost"))
    assert attempted.failure == REFUSED
    assert attempted.detail == "the certificate is self-signed"
    assert attempted.download.certificate_expires_at == FUTURE


async def test_an_unknown_issuer_is_refused(prober):
    certificate = trustme.CA().issue_cert("127.0.0.1", not_after=FUTURE)
    async with serve(answer(), tls=server_context(certificate)) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == REFUSED
    assert attempted.detail == "the certificate's issuer is unknown"
    assert attempted.download.certificate_expires_at == FUTURE


async def test_a_missing_intermediate_is_refused(prober, authority):
    certificate = authority.create_child_ca().issue_cert("127.0.0.1", not_after=FUTURE)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf = certificate.cert_chain_pems[0].bytes() + certificate.private_key_pem.bytes()
    with trustme.Blob(leaf).tempfile() as path:
        context.load_cert_chain(path)
    async with serve(answer(), tls=context) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == REFUSED
    assert attempted.detail == "the certificate's issuer is unknown"
    assert attempted.download.certificate_expires_at == FUTURE


async def test_of_a_chain_the_first_to_expire_counts(prober, authority):
    certificate = authority.create_child_ca().issue_cert("127.0.0.1", not_after=FUTURE)
    async with serve(answer(), tls=server_context(certificate)) as server:
        attempted = await prober.probe(server.url)
    assert attempted.passed
    assert attempted.download.certificate_expires_at == FUTURE


async def test_of_a_walk_the_first_certificate_to_expire_counts(prober, authority):
    late = server_context(authority.issue_cert("127.0.0.1", not_after=FUTURE))
    early_end = FUTURE - timedelta(days=365)
    early = server_context(authority.issue_cert("127.0.0.1", not_after=early_end))
    async with (
        serve(answer(), tls=late) as goal,
        serve(redirect(f"{goal.origin}/f"), tls=early) as server,
    ):
        attempted = await prober.probe(server.url)
    assert attempted.passed
    assert attempted.download.certificate_expires_at == early_end


async def test_an_authority_of_ones_own_is_trusted(authority, tmp_path):
    bundle = tmp_path / "ca.pem"
    bundle.write_bytes(authority.cert_pem.bytes())
    context = server_context(authority.issue_cert("127.0.0.1"))
    async with (
        serve(answer(), tls=context) as server,
        open_transport(SystemClock(), ssl.create_default_context(cafile=bundle)) as transport,
    ):
        assert (await Prober(transport.fetcher).probe(server.url)).passed


async def test_trust_has_no_say_in_plain_http(prober):
    async with serve(answer()) as server:
        attempted = await prober.probe(server.url)
    assert attempted.passed
    assert attempted.download.certificate_expires_at is None
    assert Phase.TLS not in attempted.phases


async def test_the_name_in_the_url_is_the_name_in_the_handshake(prober, authority):
    asked: list[str] = []
    context = server_context(authority.issue_cert("localhost"))
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    async with serve(answer(), tls=context) as server:
        url = server.url.replace("127.0.0.1", "localhost")
        assert (await prober.probe(url, address="127.0.0.1")).passed
    assert asked == ["localhost"]


async def test_a_server_without_tls_fails_the_handshake(prober):
    async def script(wire) -> None:
        await wire.reader.read(1)
        await wire.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await wire.until_gone()

    async with serve(script) as server:
        attempted = await prober.probe(server.url.replace("http:", "https:"))
    assert attempted.failure == REFUSED
    assert attempted.detail == "wrong version number"


async def test_a_server_that_hangs_up_in_the_handshake_fails_it(prober):
    async def script(wire) -> None:
        await wire.reader.read(1)

    async with serve(script) as server:
        attempted = await prober.probe(server.url.replace("http:", "https:"))
    assert attempted.failure == REFUSED
    assert attempted.download.status is None


async def test_a_server_that_closes_after_the_handshake_is_no_tls_failure(prober, tls):
    async def script(wire) -> None:
        await wire.request()

    async with serve(script, tls=tls) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == (FailureReason.PROTOCOL, Phase.WAIT)
    assert attempted.detail == "closed before any answer"


async def test_a_client_certificate_that_is_asked_for_and_not_had_is_a_tls_failure(prober, tls):
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    async with serve(answer(), tls=tls) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure[0] is FailureReason.TLS


@pytest.mark.parametrize("scheme", ["HTTPS", "HtTpS"])
async def test_a_scheme_of_any_case_is_the_scheme(prober, tls, scheme):
    async with serve(answer(), tls=tls) as server:
        attempted = await prober.probe(server.url.replace("https", scheme))
    assert attempted.passed
