"""The ports to the bank: a line that carries files both ways, and a book of what was read and what waits for somebody.

What was *sent* is in the log (`BankFileMade`, `BankFileHandedOver`), so a restored log sends nothing twice. What was
*read* is kept beside it: reading a file again changes nothing, for the orders know what they have been told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

Outcome: TypeAlias = Literal["done", "rejected"]


class BankLine(Protocol):
    """Files to and from the bank. CannotRun, with what to do, when it cannot be used."""

    async def hand_over(self, name: str, content: bytes) -> None:
        """Give a file to the bank, whole or not at all. The same file again changes nothing; another one under a name
        that is taken is CannotRun."""

    async def arrived(self) -> Sequence[str]:
        """The names of the files that have come in whole and wait, in order."""

    async def take(self, name: str, most: int) -> bytes | None:
        """A file's content, at most `most` + 1 bytes of it; None if it does not wait any more, or is no plain file."""

    async def settle(self, name: str, outcome: Outcome, note: str) -> None:
        """Put a file away with a note beside it; one that is not there any more was put away by another process."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One file that was read: SHA-256 of its bytes, its name, its message and the sender's own id ("" if unreadable).

    `acted`: what changed an order; `noted`: what changed nothing; `parked`: what waits for somebody.
    """

    digest: str
    name: str
    message: str
    message_id: str
    outcome: Outcome
    acted: int
    noted: int
    parked: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that the bank said and that somebody has to look at. No account number stands in it.

    `ordinal` is its place in the file, 0 for the file as a whole; `reason` a word, `detail` a sentence; `stream` the
    payment order, where one is known.
    """

    digest: str
    name: str
    ordinal: int
    reason: str
    detail: str
    end_to_end_id: str | None
    amount_cents: int | None
    stream: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the list that operators see; `number` names it to them. Closed by whom and why, or still open."""

    number: int
    waiting: Waiting
    since: datetime
    closed_by: str | None = None
    why: str | None = None


class BankBook(Protocol):
    """What was read, and what waits. StoreUnavailable when it cannot be reached."""

    async def find(self, digest: str) -> Reading | None:
        """The file of these bytes, if it was read before."""

    async def keep(self, reading: Reading, waiting: Sequence[Waiting]) -> bool:
        """Write down a file with all that waits of it, whole or not at all; False, and nothing, if it stands there."""

    async def park(self, waiting: Waiting) -> None:
        """Put one thing on the list that no file of the bank told; the same one while it is open changes nothing."""

    async def listed(self, *, closed: bool = False) -> Sequence[Listed]:
        """What waits, by number; with `closed` what was closed too."""

    async def close(self, number: int, who: str, why: str) -> bool:
        """Somebody dealt with it, on record; False if it does not wait."""


def plain(text: str) -> str:
    """Text as a database can keep it."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")
