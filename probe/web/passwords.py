"""Passwords against bcrypt hashes, off the loop: one comparison takes as long as many probes."""

import asyncio
import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import bcrypt

# Of no user: who is not known takes as long to refuse as who has a wrong password.
_NOBODY = b"$2b$10$" + b"." * 22 + b"u" * 31

_REMEMBERED = 1000
_WAITING = 32


class TooManyPasswords(Exception):
    """More passwords wait to be compared than anybody needs; whoever asks may come back later."""


class Passwords:
    """
    Compares passwords in one thread, and remembers what came of it while the hash is the same.

    What is remembered is keyed by a digest with a key of this process: no password is kept.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, bool] = OrderedDict()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="passwords")
        self._waiting = 0

    async def fit(self, user: str, password: str, users: Mapping[str, bytes]) -> bool:
        """
        Tell whether *user* has that *password*, by the bcrypt hashes of *users*.

        Raises:
            TooManyPasswords: others have to be compared first, and too many of them.
        """
        hashed = users.get(user, _NOBODY)
        text = b"\0".join((user.encode(), hashed, password.encode()))
        place = hmac.digest(self._key, text, hashlib.sha256)
        known = self._known.get(place)
        if known is None:
            known = await self._compare(password.encode(), hashed) and user in users
        self._remember(place, fits=known)
        return known

    def close(self) -> None:
        """Let go of the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _compare(self, password: bytes, hashed: bytes) -> bool:
        if self._waiting >= _WAITING:
            raise TooManyPasswords
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, _is_password, password, hashed)
        finally:
            self._waiting -= 1

    def _remember(self, place: bytes, *, fits: bool) -> None:
        self._known[place] = fits
        # Who guesses passwords must not push out those who know theirs.
        self._known.move_to_end(place)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)


def _is_password(password: bytes, hashed: bytes) -> bool:
    try:
        return bcrypt.checkpw(password, hashed)
    except ValueError:
        # Longer than the 72 bytes that bcrypt takes, or with a null byte in it.
        return False
