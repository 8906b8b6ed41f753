"""Who may come in, as ``web-config.yml`` of the Prometheus exporter toolkit has it."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import hdrs, web

from probe.web import answer
from probe.web.passwords import Passwords, TooManyPasswords

_REFUSED = "a user and a password are needed, and these are not it"
_CHALLENGE = 'Basic realm="delivery-probe", charset="UTF-8"'
_STRANGER = "the certificate of this client names nobody who is expected"


@dataclass(frozen=True, slots=True)
class Terms:
    """
    On what terms an answer is given.

    ``users`` are bcrypt hashes by name; nobody named is everybody let in. ``allowed_names`` are
    those of which a client's certificate must have one, if there are any. ``headers`` go with each
    answer.
    """

    users: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    allowed_names: frozenset[str] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict)


OPEN = Terms()


class Admission:
    """Lets in who may come in; ``terms`` may be put in place of others at any time."""

    def __init__(self, terms: Terms = OPEN) -> None:
        self.terms = terms
        self._passwords = Passwords()

    async def refusal(self, request: web.Request) -> web.Response | None:
        """Return what is said to who may not come in; ``None`` to who may."""
        terms = self.terms
        if terms.allowed_names and not terms.allowed_names & _names(request):
            return answer.text(403, _STRANGER)
        if not terms.users:
            return None
        given = _credentials(request.headers.get(hdrs.AUTHORIZATION, ""))
        try:
            if given and await self._passwords.fit(*given, terms.users):
                return None
        except TooManyPasswords:
            return answer.text(
                503, "too many passwords wait to be compared", **{"Retry-After": "5"}
            )
        return answer.text(401, _REFUSED, **{hdrs.WWW_AUTHENTICATE: _CHALLENGE})

    def close(self) -> None:
        """Let go of what compares passwords."""
        self._passwords.close()


def _credentials(header: str) -> tuple[str, str] | None:
    """Return user and password of an ``Authorization`` header (RFC 7617), if they are in it."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    user, colon, password = decoded.partition(":")
    return (user, password) if colon else None


def _names(request: web.Request) -> frozenset[str]:
    certificate = request.get_extra_info("peercert") or {}
    return frozenset(str(name) for _, name in certificate.get("subjectAltName", ()))
