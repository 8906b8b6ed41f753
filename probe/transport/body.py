"""A body as it comes in: counted, sampled, hashed; never kept."""

import asyncio
import hashlib
from collections.abc import Sequence
from concurrent.futures import Executor

from probe.domain.artifact import KIB, MIB, Digest, DigestAlgorithm

ERROR_SAMPLE_BYTES = 64 * KIB

# Beyond this a thread hashes what came while the next bytes come in. Below it, handing over
# would cost more than hashing.
_INLINE_BYTES = 8 * MIB
_BATCH_BYTES = MIB

# To copy one is a fifth of the work of having OpenSSL look it up by its name.
_FRESH = {name: hashlib.new(name, usedforsecurity=True) for name in DigestAlgorithm}


class Body:
    """
    What is known of the bytes received so far.

    At most two batches are in memory: one being hashed, one being filled.
    """

    def __init__(
        self,
        algorithms: Sequence[DigestAlgorithm],
        *,
        limit: int,
        sample_bytes: int,
        threads: Executor | None = None,
    ) -> None:
        self._hashes = [(name, _FRESH[name].copy()) for name in algorithms]
        self._limit = limit
        self._sample_bytes = sample_bytes
        self._threads = threads
        self._sample = bytearray()
        self._batch: list[bytes] = []
        self._batched = 0
        self._hashing: asyncio.Future[None] | None = None
        self.received = 0
        self.cut = False

    @property
    def full(self) -> bool:
        """Tell whether nothing more is wanted."""
        return self.received >= self._limit

    @property
    def sample(self) -> bytes:
        """Return the first bytes."""
        return bytes(self._sample)

    async def add(self, chunk: bytes) -> None:
        """Take the next bytes; of what is over the limit only the sample profits."""
        if len(self._sample) < self._sample_bytes:
            self._sample += chunk[: self._sample_bytes - len(self._sample)]
        if len(chunk) > self._limit - self.received:
            chunk = chunk[: self._limit - self.received]
            self.cut = True
        self.received += len(chunk)
        if not self._hashes:
            return
        if self.received <= _INLINE_BYTES:
            self._hash([chunk])
            return
        self._batch.append(chunk)
        self._batched += len(chunk)
        if self._batched >= _BATCH_BYTES:
            await self._hand_over()

    async def _hand_over(self) -> None:
        await self.settle()
        batch, self._batch, self._batched = self._batch, [], 0
        loop = asyncio.get_running_loop()
        self._hashing = loop.run_in_executor(self._threads, self._hash, batch)

    def _hash(self, chunks: Sequence[bytes]) -> None:
        for _, digest in self._hashes:
            for chunk in chunks:
                digest.update(chunk)

    async def settle(self) -> None:
        """Wait until the thread has hashed what it was given."""
        if self._hashing is not None:
            await self._hashing
            self._hashing = None

    async def digests(self) -> tuple[Digest, ...]:
        """Return the digests of all bytes received."""
        await self.settle()
        self._hash(self._batch)
        self._batch = []
        return tuple(Digest(name, digest.hexdigest()) for name, digest in self._hashes)
