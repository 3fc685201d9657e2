"""What follows from one thing that the bank says: a command, nothing, or a place on the list that people look at. Pure.

Money moves here only where everything agrees: the order, the file it went in, amount, currency and account.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from services.banking.reports import Told
from services.fields import Command
from services.payment.commands import ConfirmExecution, RecordBankRejection, RecordReturn

EXECUTED = frozenset({"ACSC", "ACCC"})
"""Settled on the payer's side, or on the payee's. ACSP only says that it is under way: the debit will tell."""

UNDER_WAY = frozenset({"RCVD", "PDNG", "ACTC", "ACCP", "ACFC", "ACSP", "ACWC", "ACWP", "PATC", "PART"})

DUPLICATES = frozenset({"AM05", "DUPL", "DU01", "DU02", "DU03", "DU04", "DU05"})
"""The bank refuses a second copy: the first one may well be paid, so nothing may be ordered anew because of it."""

_CODED = re.compile(r"[A-Z]{2}[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Sent:
    """An order as it left: its uuid, the payment file it went in, what the bank was to pay, and to whom."""

    order: str
    message_id: str
    cents: int
    iban: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Act:
    """Send this command to the order."""

    command: Command


@dataclass(frozen=True, slots=True)
class Note:
    """Nothing to do; `why` in a word."""

    why: str


@dataclass(frozen=True, slots=True)
class Park:
    """Somebody has to look; `reason` is a word for lists, `detail` a sentence that names no account."""

    reason: str
    detail: str


Verdict: TypeAlias = Act | Note | Park

_UNCLEAR = {
    "no-status": "the bank does not say what happened",
    "odd-amount": "the amount is missing or has more than two decimals",
    "sum-differs": "the payments of an entry do not add up to its amount",
    "reversal": "the bank takes back an entry that it had booked",
}


def spread(told: Told, sent: Sequence[Sent]) -> Sequence[tuple[Told, Sent]] | Park:
    """What the bank says of a whole payment file, as said of each order of it that counts (`sent`)."""
    if not sent:
        return Park("unknown-file", "no payment file of this name was made here, or nothing of it stands any more")
    if told.kind != "status" and told.cents != sum(one.cents for one in sent):
        return Park("sum-differs", "the file was booked in one sum that is not that of its orders")
    of_each = replace(told, breadth="payment", cents=None)
    return [(replace(of_each, cents=None if told.cents is None else one.cents), one) for one in sent]


def judge(told: Told, sent: Sent | None) -> Verdict:
    """What follows for this order; `sent` is None where no payment file held it."""
    if told.kind != "status" and not told.booked:
        return Note("not booked yet")
    if told.unclear is not None:
        return Park(told.unclear, _UNCLEAR[told.unclear])
    if sent is None:
        return _unknown(told)
    return _differing(told, sent) or _consequence(told)


def _unknown(told: Told) -> Verdict:
    if told.kind == "credit" and told.reason is None:
        return Park("credit-without-order", "money came that belongs to no payment order: perhaps a repayment")
    return Park("unknown-order", "no payment file that was made here held this payment")


def _differing(told: Told, sent: Sent) -> Park | None:
    if told.message_id not in (None, "NOTPROVIDED", sent.message_id):
        return Park("other-file", "the bank names another payment file than the one in which the order went")
    if told.currency not in (None, "EUR"):
        return Park("other-currency", "the amount is not in euro")
    if told.cents is None and told.kind != "status":
        return Park("odd-amount", _UNCLEAR["odd-amount"])
    if told.cents not in (None, sent.cents):
        return Park("other-amount", f"the bank says {told.cents} cents, the order was for {sent.cents}")
    if told.iban is not None and _compact(told.iban) != sent.iban:
        return Park("other-account", "the account of the payee is not the one to which the order goes")
    return None


def _consequence(told: Told) -> Verdict:
    match told.kind:
        case "status":
            return _status(told)
        case "debit":
            return _executed(told)
        case "credit":
            return _returned(told)


def _status(told: Told) -> Verdict:
    if told.code in EXECUTED:
        return _executed(told)
    if told.code in UNDER_WAY:
        return Note("under way")
    if told.code not in ("RJCT", "CANC"):
        return Park("unknown-status", "the bank uses a status that is not known here")
    if told.reason in DUPLICATES:
        return Park("duplicate", "the bank took the payment for a copy of an earlier one: look whether that was paid")
    if told.reason is None or not _CODED.fullmatch(told.reason):
        return Park("reason-not-coded", "the bank rejects without a reason in code: record the rejection by hand")
    return Act(RecordBankRejection(code=told.reason))


def _executed(told: Told) -> Verdict:
    if told.day is None:
        return Park("no-date", "the bank does not say on which day it paid")
    return Act(ConfirmExecution(value_date=told.day))


def _returned(told: Told) -> Verdict:
    if told.reason is None or not _CODED.fullmatch(told.reason):
        return Park("reason-not-coded", "the payment came back without a reason in code: record the return by hand")
    if told.day is None:
        return Park("no-date", "the bank does not say on which day the money came back")
    return Act(RecordReturn(code=told.reason, value_date=told.day))


def _compact(iban: str) -> str:
    return re.sub(r"\s", "", iban).upper()
