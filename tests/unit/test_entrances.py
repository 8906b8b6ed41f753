"""What the files say is put into force while the service runs."""

from pathlib import Path

import bcrypt
import pytest
import structlog
import trustme

from probe.entrances import Watch
from probe.settings import WebConfig, load_web_config
from probe.web import Admission

HASHED = bcrypt.hashpw(b"s3cret", bcrypt.gensalt(4)).decode()


def certify(house: Path) -> None:
    certificate = trustme.CA().issue_cert("127.0.0.1")
    certificate.private_key_pem.write_to_path(house / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(house / "crt.pem")


class House:
    """A file with its watch."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        path.write_text(text)
        web = load_web_config(path)
        assert isinstance(web, WebConfig)
        self.web = web
        self.admission = Admission(web.terms)
        self.watch = Watch(path, web, self.admission)

    async def say(self, text: str) -> list[str]:
        self.path.write_text(text)
        with structlog.testing.capture_logs() as lines:
            await self.watch.look()
        return [line["event"] for line in lines]


@pytest.fixture
def house(tmp_path) -> House:
    return House(tmp_path / "web.yml", f"basic_auth_users: {{a: {HASHED}}}\n")


async def test_a_new_user_is_in_force_at_the_next_look(house):
    said = await house.say(f"basic_auth_users: {{a: {HASHED}, b: {HASHED}}}\n")
    assert said == ["web configuration read"]
    assert set(house.admission.terms.users) == {"a", "b"}


async def test_a_file_with_a_fault_changes_nothing(house):
    said = await house.say("basic_auth_users: {b: plain}\n")
    assert said == ["web configuration refused, the old one stays in force"]
    assert set(house.admission.terms.users) == {"a"}


async def test_a_file_that_is_gone_opens_no_door(house):
    house.path.unlink()
    with structlog.testing.capture_logs() as lines:
        await house.watch.look()
    assert [line["event"] for line in lines] == [
        "web configuration refused, the old one stays in force"
    ]
    assert set(house.admission.terms.users) == {"a"}


async def test_a_file_that_stays_is_not_read_again(house):
    with structlog.testing.capture_logs() as lines:
        await house.watch.look()
    assert lines == []


async def test_tls_that_was_not_there_takes_a_restart(house, tmp_path):
    certify(tmp_path)
    said = await house.say("tls_server_config: {cert_file: crt.pem, key_file: key.pem}\n")
    assert said == ["TLS is configured otherwise; that takes a restart", "web configuration read"]


async def test_a_new_certificate_is_taken_without_a_restart(tmp_path):
    certify(tmp_path)
    text = "tls_server_config: {cert_file: crt.pem, key_file: key.pem}\n"
    house = House(tmp_path / "web.yml", text)
    certify(tmp_path)
    with structlog.testing.capture_logs() as lines:
        await house.watch.look()
    assert [line["event"] for line in lines] == ["web configuration read"]
