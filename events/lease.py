"""The port of leases: one holder a name, for a while, with a token that fences whoever held it before.

Only the clock of the place where leases are kept counts. A holder that was frozen learns at its next step that the
token has grown; what it writes under the old one is refused.
"""

from __future__ import annotations

from typing import Protocol


class Leases(Protocol):
    """Who may act under a name just now. Every method raises StoreUnavailable when the keeper cannot be reached."""

    async def take(self, name: str, holder: str, seconds: float) -> int | None:
        """Hold the lease for so many seconds from now; its token, or None while another holds it.

        The holder itself renews and keeps its token, however late it comes, as long as nobody else took over. The
        token grows at every change of holder.
        """

    async def release(self, name: str, holder: str) -> None:
        """Give it up at once; nothing happens when another holds it."""
