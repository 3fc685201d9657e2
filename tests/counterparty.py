"""A bank by somebody else (mock-bank), at the other end of the agency's folder: it fetches files and answers them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from mockbank import Config, accounts
from mockbank.state import State

from events.adapters.bank_folder import FolderLine

AGENCY = "BE43068999999501"
"""The agency's account at this bank (synthetic)."""


class Counterparty:
    """The bank. Its clock is its own; `root` is the folder between the two."""

    def __init__(self, root: Path, day: str, funds_cents: int = 10_000_000_00) -> None:
        self.root = root
        self.line = FolderLine(root, rest_seconds=0.0)
        for folder in ("outgoing", "incoming"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        self._state = State(
            Config(
                clock=f"{day}T09:00",
                quiet=True,
                drop_dir=str(root / "outgoing"),
                pickup_dir=str(root / "incoming"),
                drop_settle_ms=0,
            )
        )
        self.open("AGENCY", AGENCY, funds_cents)

    def open(self, name: str, iban: str, balance_cents: int = 0, **other: Any) -> None:
        """Open an account here, or change the one of this name."""
        fields = {"name": name, "iban": iban, "balance": balance_cents} | other
        if accounts.get(self._state.conn, name) is None:
            accounts.create(self._state.conn, name, fields)
        else:
            accounts.update(self._state.conn, name, other)

    def until(self, day: str) -> None:
        """Let the bank's days pass, with what falls due on them."""
        if date.fromisoformat(day) > self._state.today():
            self._state.clock.advance(to=date.fromisoformat(day))

    def fetch(self) -> list[Any]:
        """Take the files that wait and answer them; what became of each."""
        assert self._state.dropbox is not None
        taken = self._state.dropbox.scan()
        self._state.release()
        return taken

    def balance(self, name: str) -> int:
        """What an account holds, in cents."""
        held: int = accounts.require(self._state.conn, name)["balance"]
        return held

    def close(self) -> None:
        """The end."""
        self._state.close()
