"""Facts of payment: files of released orders for the bank (per call)."""

from __future__ import annotations

from typing import TypeAlias

from events.times import Day
from events.vocabulary import Cents, Fact, Part, Sha256


class FiledTransfer(Part, frozen=True, kw_only=True):
    """One transfer of a payment file: the order it pays, what goes to the bank, and to which account of the case."""

    order: str
    case: str
    tranche: str
    end_to_end_id: str
    amount_cents: Cents
    bank_account: int
    creditor: str


class BankFileMade(Fact, frozen=True, kw_only=True):
    """A payment file for the bank (pain.001): which released orders of the call it holds, each in one for ever (P4).

    `number` counts the files of the call; account numbers stand in the file alone.
    """

    number: int
    message_id: str
    execution: Day
    total_cents: Cents
    transfers: list[FiledTransfer]


class BankFileHandedOver(Fact, frozen=True, kw_only=True):
    """The file was given to the bank; `digest` is the SHA-256 of its bytes."""

    number: int
    message_id: str
    digest: Sha256
    total_cents: Cents


BankFileFacts: TypeAlias = BankFileMade | BankFileHandedOver
