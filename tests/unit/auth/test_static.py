"""The kinds of authentication that need no conversation."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from probe.auth import AuthOptions
from probe.domain.request import Request
from probe.ports import SecretUnavailable
from tests.builders import an_endpoint

REQUEST = Request("https://dl.example.com/widget", an_endpoint(), headers={"X-Kept": "1"})
ADAPTER = TypeAdapter(AuthOptions)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("s3cret\n")
    return path


def sent(options: Mapping[str, object]) -> list[Request]:
    return list(ADAPTER.validate_python(options).build().flow(REQUEST))


def refusal(options: Mapping[str, object]) -> str:
    with pytest.raises(ValidationError) as caught:
        ADAPTER.validate_python(options)
    return caught.value.errors()[0]["msg"]


def test_without_authentication_the_request_goes_as_it_is():
    assert sent({"kind": "none"}) == [REQUEST]


def test_basic_sends_name_and_password_in_utf_8(secret: Path):
    secret.write_text("123£\n")
    [request] = sent({"kind": "basic", "username": "test", "password": {"file": str(secret)}})
    # The example of RFC 7617, section 2.1.
    assert request.headers == {"X-Kept": "1", "Authorization": "Basic dGVzdDoxMjPCow=="}


def test_bearer_sends_the_token(secret: Path):
    [request] = sent({"kind": "bearer", "token": {"file": str(secret)}})
    assert request.headers == {"X-Kept": "1", "Authorization": "Bearer s3cret"}


def test_a_token_that_was_rotated_is_used_from_the_next_request_on(secret: Path):
    auth = ADAPTER.validate_python({"kind": "bearer", "token": {"file": str(secret)}}).build()
    secret.write_text("rotated")
    assert next(auth.flow(REQUEST)).headers["Authorization"] == "Bearer rotated"


def test_header_sends_the_secret_under_its_own_name(secret: Path):
    [request] = sent({"kind": "header", "name": "PRIVATE-TOKEN", "value": {"file": str(secret)}})
    assert request.headers == {"X-Kept": "1", "PRIVATE-TOKEN": "s3cret"}


@pytest.mark.parametrize(
    "options",
    [
        {"kind": "basic", "username": "ci", "password": {"env": "NO_SUCH_SECRET"}},
        {"kind": "bearer", "token": {"env": "NO_SUCH_SECRET"}},
        {"kind": "header", "name": "X-Token", "value": {"env": "NO_SUCH_SECRET"}},
    ],
)
def test_a_secret_that_is_missing_is_named_and_nothing_is_sent(options: Mapping[str, object]):
    with pytest.raises(SecretUnavailable) as caught:
        sent(options)
    assert str(caught.value) == "environment variable NO_SUCH_SECRET is not set"


def test_a_secret_never_becomes_a_second_header(secret: Path):
    secret.write_text("a\nX-Evil: 1")
    with pytest.raises(SecretUnavailable):
        sent({"kind": "bearer", "token": {"file": str(secret)}})


@pytest.mark.parametrize("name", ["Host", "range", "Accept-Encoding", "Transfer-Encoding"])
def test_a_header_that_the_probe_sets_itself_is_refused(name: str):
    message = refusal({"kind": "header", "name": name, "value": {"env": "A"}})
    assert message == "Value error, is a header that the probe itself sets"


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a\nb", "ä"])
def test_what_is_no_header_name_is_refused(name: str):
    message = refusal({"kind": "header", "name": name, "value": {"env": "A"}})
    assert message == "Value error, is not the name of a header (RFC 9110, section 5.6.2)"


@pytest.mark.parametrize("name", ["", "a:b", "a\nb"])
def test_a_user_name_that_basic_cannot_carry_is_refused(name: str):
    message = refusal({"kind": "basic", "username": name, "password": {"env": "A"}})
    assert message == "Value error, a user name is printable text without a colon (RFC 7617)"
