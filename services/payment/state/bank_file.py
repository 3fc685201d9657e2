"""A payment file for the bank."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, assert_never

from events.payment import BankFileFacts, BankFileHandedOver, BankFileMade


@dataclass(frozen=True, slots=True)
class BankFile:
    """A payment file: made, then given to the bank."""

    status: Literal["none", "made", "handed_over"] = "none"
    made: BankFileMade | None = None


def evolve_bank_file(state: BankFile, fact: BankFileFacts) -> BankFile:
    """The file after one more fact."""
    match fact:
        case BankFileMade():
            return BankFile("made", fact)
        case BankFileHandedOver():
            return replace(state, status="handed_over")
        case _:
            assert_never(fact)
