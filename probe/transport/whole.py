"""The whole body of an answer that is small enough to be held, unpacked if it was packed."""

import asyncio
import zlib

import aiohttp

from probe.domain.text import clean

_GZIP = 16 + zlib.MAX_WBITS


class BodyRefused(Exception):
    """A body that is too large, or packed as nobody asked for; the text is bounded."""


async def whole_body(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """
    Return the body of an answer of a session that leaves bodies as they come.

    Raises:
        BodyRefused: it has more than *limit* bytes, packed or not, or is packed otherwise than
            with gzip.
    """
    body = bytearray()
    while chunk := await response.content.readany():
        body += chunk
        if len(body) > limit:
            raise BodyRefused(f"larger than {limit} bytes")
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding in ("gzip", "x-gzip"):
        return await asyncio.to_thread(_inflate, bytes(body), limit)
    if encoding in ("", "identity"):
        return bytes(body)
    raise BodyRefused(f"Content-Encoding {clean(encoding, 40)} was not asked for")


def _inflate(body: bytes, limit: int) -> bytes:
    plain = bytearray()
    try:
        while body:
            # One member after another (RFC 1952 section 2.2), never more than fits.
            member = zlib.decompressobj(_GZIP)
            plain += member.decompress(body, limit + 1 - len(plain))
            if len(plain) > limit:
                raise BodyRefused(f"larger than {limit} bytes when unpacked")
            if not member.eof:
                raise BodyRefused("its gzip encoding ends early")
            body = member.unused_data
    except zlib.error:
        raise BodyRefused("its gzip encoding is broken") from None
    return bytes(plain)
