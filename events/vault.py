"""The port of the vault: one secret per data subject, kept apart from the log.

Deleting a subject's secret erases what was sealed under it; hashes and proofs cover the ciphertext and stay valid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class Vault(Protocol):
    """Secrets of data subjects. StoreUnavailable when it cannot be reached."""

    async def keys(self, subjects: Sequence[str], *, create: bool) -> Mapping[str, bytes]:
        """The 32-byte secret of each subject. Unknown ones are made when `create`; destroyed ones are left out."""

    async def destroy(self, subject: str) -> None:
        """Erase the subject's secret for ever; asking again changes nothing."""
