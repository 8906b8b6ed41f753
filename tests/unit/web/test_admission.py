"""Users and passwords, by a real client on a real server."""

import asyncio
import base64

import aiohttp
import bcrypt
import pytest

from probe.web import Admission, Terms
from probe.web.passwords import Passwords, TooManyPasswords

# The lowest cost there is: what is tested is who comes in, not how long it takes.
HASHED = bcrypt.hashpw(b"s3cret", bcrypt.gensalt(4))
USERS = Terms(users={"prometheus": HASHED})


def basic(user: str, password: str) -> dict[str, str]:
    token = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {token}"}


@pytest.fixture
async def ask(start):
    """Ask a server that knows one user."""
    serving = await start(admission=Admission(USERS))
    async with aiohttp.ClientSession(f"http://127.0.0.1:{serving.port}") as session:

        async def ask(headers: dict[str, str], path: str = "/metrics", method: str = "GET"):
            async with session.request(method, path, headers=headers) as answer:
                return answer.status, await answer.text()

        yield ask


async def test_who_has_the_password_comes_in(ask):
    status, _ = await ask(basic("prometheus", "s3cret"))
    assert status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("prometheus", "other"),
        basic("nobody", "s3cret"),
        basic("prometheus", ""),
        basic("prometheus", "x" * 73),
        basic("prometheus", "s3cret\0"),
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic cHJvbWV0aGV1cw=="},
        {"Authorization": "Basic /w=="},
        {"Authorization": "Bearer s3cret"},
    ],
)
@pytest.mark.parametrize("path", ["/metrics", "/", "/-/healthy", "/api/v1/targets", "/none"])
async def test_nobody_else_does(ask, headers, path):
    assert await ask(headers, path) == (
        401,
        "a user and a password are needed, and these are not it\n",
    )


async def test_a_page_that_takes_a_token_looks_at_it_itself(ask):
    status, text = await ask({"Authorization": "Bearer t"}, "/api/v1/incidents", "POST")
    assert (status, "no token is configured" in text) == (403, True)


async def test_a_token_opens_no_page_that_takes_none(ask):
    status, _ = await ask({"Authorization": "Bearer t"}, "/api/v1/incidents/x")
    assert status == 401


async def test_a_user_who_is_put_in_force_comes_in(start):
    admission = Admission(USERS)
    serving = await start(admission=admission)
    admission.terms = Terms(users={"grafana": HASHED}, headers={"X-Frame-Options": "SAMEORIGIN"})
    async with aiohttp.ClientSession(f"http://127.0.0.1:{serving.port}") as session:
        async with session.get("/-/healthy", headers=basic("grafana", "s3cret")) as answer:
            assert (answer.status, answer.headers["X-Frame-Options"]) == (200, "SAMEORIGIN")
        async with session.get("/-/healthy", headers=basic("prometheus", "s3cret")) as answer:
            assert answer.status == 401


async def test_a_password_is_compared_once_while_its_hash_is_the_same(monkeypatch):
    compared = []

    def checkpw(password: bytes, hashed: bytes) -> bool:
        compared.append((password, hashed))
        return password == b"s3cret"

    monkeypatch.setattr(bcrypt, "checkpw", checkpw)
    passwords = Passwords()
    for _ in range(3):
        assert await passwords.fit("a", "s3cret", {"a": b"1"})
        assert not await passwords.fit("a", "other", {"a": b"1"})
    assert await passwords.fit("a", "s3cret", {"a": b"2"})
    assert compared == [(b"s3cret", b"1"), (b"other", b"1"), (b"s3cret", b"2")]
    passwords.close()


async def test_who_guesses_does_not_hold_up_who_is_known():
    passwords = Passwords()
    users = {"prometheus": HASHED}
    assert await passwords.fit("prometheus", "s3cret", users)
    slow = {"prometheus": bcrypt.hashpw(b"x", bcrypt.gensalt(8))}
    guesses = [passwords.fit("prometheus", str(guess), slow) for guess in range(40)]
    waiting = asyncio.gather(*guesses, return_exceptions=True)
    await asyncio.sleep(0)
    assert await passwords.fit("prometheus", "s3cret", users)
    came = await waiting
    assert [type(each) for each in came] == [bool] * 32 + [TooManyPasswords] * 8
    passwords.close()
