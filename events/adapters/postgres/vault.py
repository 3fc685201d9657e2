"""The vault on PostgreSQL: one secret a data subject, in a schema of its own, wrapped by a key that is not in it.

A wrapped secret is 12 bytes of nonce and AES-256-GCM under the master key, bound to its subject. To erase a subject
beyond backups and WAL the master key is changed too: `rewrap` the living, then destroy the old master key.
"""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from events.adapters.postgres.connect import in_our_words
from events.adapters.postgres.together import Together
from events.adapters.sql import statement
from events.failures import CannotRun

if TYPE_CHECKING:
    from asyncpg import Pool, Record

SECRET_BYTES = 32
NONCE_BYTES = 12


class WrongMasterKey(CannotRun):
    """The master key does not open the vault: it is another one, or the vault was altered."""


class PostgresVault:
    """A Vault over the store's connections. `master` is 32 bytes; at most `remembered` secrets stay in memory.

    An erasure in another process is seen here at the latest when the secret is forgotten; `forget` does so at once.
    """

    def __init__(self, pool: Pool[Record], master: bytes, *, remembered: int = 10_000) -> None:
        self._pool = pool
        self._master = AESGCM(master)
        self._limit = remembered
        self._secrets: OrderedDict[str, bytes] = OrderedDict()
        self._known = Together(self._read)
        self._made = Together(self._make)

    async def keys(self, subjects: Sequence[str], *, create: bool) -> Mapping[str, bytes]:
        """As the port says; WrongMasterKey if a stored secret does not open."""
        wanted = dict.fromkeys(subjects)
        unknown = [subject for subject in wanted if subject not in self._secrets]
        fresh = await self._fetch(unknown, create=create) if unknown else {}
        for subject in wanted:
            if subject in self._secrets:
                self._secrets.move_to_end(subject)
        found = {subject: self._secrets.get(subject) or fresh.get(subject) for subject in wanted}
        self._secrets.update(fresh)
        while len(self._secrets) > self._limit:
            self._secrets.popitem(last=False)
        return {subject: secret for subject, secret in found.items() if secret is not None}

    async def destroy(self, subject: str) -> None:
        """As the port says; a subject that never had a secret will not get one either."""
        with in_our_words():
            await self._pool.execute(statement("vault_destroy"), subject)
        self._secrets.pop(subject, None)

    def forget(self) -> None:
        """Drop every secret from memory."""
        self._secrets.clear()

    async def rewrap(self, master: bytes) -> int:
        """Wrap every living secret under another master key, all or none; how many there were."""
        heir = AESGCM(master)
        with in_our_words():
            async with self._pool.acquire() as connection, connection.transaction():
                rows = await connection.fetch(statement("vault_living"))
                wrapped = [_wrap(heir, row["subject"], self._open(row["subject"], row["wrapped"])) for row in rows]
                await connection.execute(statement("vault_rewrap"), [row["subject"] for row in rows], wrapped)
        self._master = heir
        return len(rows)

    async def _fetch(self, subjects: Sequence[str], *, create: bool) -> dict[str, bytes]:
        asking = self._made if create else self._known
        found = await asyncio.gather(*(asking.get(UUID(subject)) for subject in subjects))
        return {subject: secret for subject, secret in zip(subjects, found, strict=True) if secret is not None}

    async def _read(self, subjects: Sequence[UUID]) -> dict[UUID, bytes]:
        with in_our_words():
            return self._opened(await self._pool.fetch(statement("vault_read"), subjects))

    async def _make(self, subjects: Sequence[UUID]) -> dict[UUID, bytes]:
        # In order, so that two processes that make the same ones never wait for each other.
        wanted = sorted(subjects)
        wrapped = [_wrap(self._master, subject, os.urandom(SECRET_BYTES)) for subject in wanted]
        with in_our_words():
            rows = await self._pool.fetch(statement("vault_make"), wanted, wrapped)
            if len(rows) < len(wanted):
                # What another process made meanwhile counts, so what counts is read again.
                rows = await self._pool.fetch(statement("vault_read"), wanted)
            return self._opened(rows)

    def _opened(self, rows: Sequence[Record]) -> dict[UUID, bytes]:
        return {row["subject"]: self._open(row["subject"], row["wrapped"]) for row in rows if row["wrapped"]}

    def _open(self, subject: UUID, wrapped: bytes) -> bytes:
        try:
            return self._master.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], subject.bytes)
        except InvalidTag as error:
            raise WrongMasterKey(
                "The master key does not open the vault: give the one this log was made with."
            ) from error


def _wrap(master: AESGCM, subject: UUID, secret: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + master.encrypt(nonce, secret, subject.bytes)
