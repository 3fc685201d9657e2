"""What the bank says: `pain.002` (what became of a payment file) and `camt.054` (what was booked), as one short list.

Nothing is judged here but whether the file is what it says it is; one that is not is refused whole (`Unreadable`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeAlias
from xml.etree import ElementTree as ET

from events.times import Day
from services.banking.safely import Unreadable, parse
from services.banking.wording import cents_of

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
STATUS, NOTICE = "pain.002", "camt.054"
VERSIONS = {STATUS: range(3, 16), NOTICE: range(2, 15)}
"""Versions whose elements that are read here stand at the same places, or at places known here."""

UNUSED = frozenset({"camt.052", "camt.053", "pacs.004"})
"""Statements, and returns between banks: what they tell comes in a notice too. They are put away in silence."""

Kind: TypeAlias = Literal["status", "debit", "credit"]
Breadth: TypeAlias = Literal["payment", "file"]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that the bank says, about one payment or about all of a file.

    `kind`: a status (`code` is ISO 20022's, such as ACSC or RJCT), money that left the account, or money that came.
    `message_id` is that of the payment file, where the bank names it; `reason` the reason of a rejection or return.
    `unclear` says why it can be taken for nothing, where the bank contradicts itself or leaves out what counts.
    """

    kind: Kind
    code: str
    breadth: Breadth = "payment"
    end_to_end_id: str | None = None
    message_id: str | None = None
    reason: str | None = None
    cents: int | None = None
    currency: str | None = None
    day: Day | None = None
    booked: bool = True
    iban: str | None = field(default=None, repr=False)
    unclear: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One file of the bank: its message, its own identifier, the accounts it speaks of, and what it says."""

    message: str
    message_id: str
    accounts: tuple[str, ...] = field(repr=False)
    told: tuple[Told, ...] = ()


class _Node:
    """An element and what is below it, by local names: every element of a message is in the message's namespace."""

    def __init__(self, element: ET.Element, namespace: str) -> None:
        self._element = element
        self._namespace = namespace

    def all(self, path: str) -> list[_Node]:
        steps = "/".join(f"{{{self._namespace}}}{step}" for step in path.split("/"))
        return [_Node(one, self._namespace) for one in self._element.findall(steps)]

    def first(self, *paths: str) -> _Node | None:
        return next((node for path in paths for node in self.all(path)), None)

    def text(self, *paths: str) -> str | None:
        """The text at the first of these paths that has one."""
        found = self.first(*paths)
        return ((found._element.text or "").strip() or None) if found else None

    def attribute(self, path: str, name: str) -> str | None:
        found = self.first(path)
        return found._element.get(name) if found else None


def read(content: bytes) -> Report:
    """The file's content; Unreadable if it is anything but a status report or a notice in a version known here."""
    root = parse(content)
    namespace, _, name = root.tag.removeprefix("{").partition("}")
    message = namespace.removeprefix(NAMESPACE)
    matched = re.fullmatch(r"([a-z]{4}\.[0-9]{3})\.001\.([0-9]{2})", message)
    kind = matched[1] if matched and namespace.startswith(NAMESPACE) and name == "Document" else ""
    if kind in UNUSED:
        return Report(message, "", (), ())
    if matched is None or kind not in VERSIONS or int(matched[2]) not in VERSIONS[kind]:
        raise Unreadable("unknown-message", "the file is no pain.002 and no camt.054 in a version that is known here")
    document = _Node(root, namespace)
    return _status_report(document, message) if kind == STATUS else _notice(document, message)


def _status_report(document: _Node, message: str) -> Report:
    body = _only(document, "CstmrPmtStsRpt")
    created = _day(body.text("GrpHdr/CreDtTm"))
    group = _only(body, "OrgnlGrpInfAndSts")
    original = group.text("OrgnlMsgId")
    batches = body.all("OrgnlPmtInfAndSts")
    # What is said of each payment counts; only where nothing is, what is said of their batch, else of the group.
    told = [_transaction(one, original, created) for batch in batches for one in batch.all("TxInfAndSts")]
    if not told:
        told = [_whole(one, code, original, created) for one in batches if (code := one.text("PmtInfSts"))]
    if not told and (code := group.text("GrpSts")):
        told = [_whole(group, code, original, created)]
    return Report(message, _own_id(body), (), tuple(told))


def _whole(node: _Node, code: str, original: str | None, created: Day | None) -> Told:
    return Told("status", code, "file", message_id=original, reason=_reason(node), day=created)


def _transaction(node: _Node, original: str | None, created: Day | None) -> Told:
    amount = "OrgnlTxRef/Amt/InstdAmt"
    written = node.text(amount)
    cents = cents_of(written) if written else None
    return Told(
        "status",
        node.text("TxSts") or "",
        end_to_end_id=node.text("OrgnlEndToEndId"),
        message_id=original,
        reason=_reason(node),
        cents=cents,
        currency=node.attribute(amount, "Ccy"),
        day=_day(node.text("FctvIntrBkSttlmDt/Dt", "FctvIntrBkSttlmDt/DtTm", "AccptncDtTm")) or created,
        iban=node.text("OrgnlTxRef/CdtrAcct/Id/IBAN"),
        unclear="no-status" if not node.text("TxSts") else "odd-amount" if written and cents is None else None,
    )


def _reason(node: _Node) -> str | None:
    return node.text("StsRsnInf/Rsn/Cd", "StsRsnInf/Rsn/Prtry")


def _notice(document: _Node, message: str) -> Report:
    body = _only(document, "BkToCstmrDbtCdtNtfctn")
    notices = body.all("Ntfctn")
    if not notices:
        raise Unreadable("incomplete", "the file has no Ntfctn")
    accounts = tuple(one.text("Acct/Id/IBAN") or "" for one in notices)
    told = [told for notice in notices for entry in notice.all("Ntry") for told in _entry(entry)]
    return Report(message, _own_id(body), accounts, tuple(told))


def _entry(entry: _Node) -> Sequence[Told]:
    """What an entry tells: each payment of it, or, where a batch was booked in one sum, all of its file."""
    status = entry.text("Sts/Cd", "Sts")
    direction: Kind = "debit" if entry.text("CdtDbtInd") == "DBIT" else "credit"
    day = _day(entry.text("ValDt/Dt", "ValDt/DtTm", "BookgDt/Dt", "BookgDt/DtTm"))
    booked = status == "BOOK"
    whole = _amount(entry, "Amt")
    details = entry.all("NtryDtls/TxDtls")
    unclear = _contradiction(entry, details, whole)
    if not details:
        batch = entry.text("NtryDtls/Btch/MsgId")
        breadth: Breadth = "file" if batch else "payment"
        return [Told(direction, status or "", breadth, None, batch, None, *whole, day, booked, None, unclear)]
    entire = Told(direction, status or "", cents=whole[0], currency=whole[1], day=day, booked=booked, unclear=unclear)
    return [_detail(one, entire) for one in details]


def _detail(node: _Node, entry: Told) -> Told:
    cents, currency = _own_amount(node)
    if cents is None:
        cents, currency = entry.cents, entry.currency
    return replace(
        entry,
        end_to_end_id=node.text("Refs/EndToEndId"),
        message_id=node.text("Refs/MsgId"),
        reason=node.text("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"),
        cents=cents,
        currency=currency,
        iban=node.text("RltdPties/CdtrAcct/Id/IBAN"),
    )


def _contradiction(entry: _Node, details: Sequence[_Node], whole: tuple[int | None, str | None]) -> str | None:
    if entry.text("CdtDbtInd") not in ("DBIT", "CRDT") or not entry.text("Sts/Cd", "Sts"):
        return "no-status"
    if whole[0] is None:
        return "odd-amount"
    if entry.text("RvslInd") in ("true", "1"):
        return "reversal"
    parts = [_own_amount(one)[0] for one in details]
    stated = len(parts) > 1 or any(cents is not None for cents in parts)
    return "sum-differs" if stated and sum(cents or 0 for cents in parts) != whole[0] else None


def _own_amount(detail: _Node) -> tuple[int | None, str | None]:
    """A payment's own amount within an entry, at the place of either generation of the message."""
    return _amount(detail, "Amt" if detail.first("Amt") else "AmtDtls/TxAmt/Amt")


def _amount(node: _Node, path: str) -> tuple[int | None, str | None]:
    return cents_of(node.text(path) or ""), node.attribute(path, "Ccy")


def _only(node: _Node, path: str) -> _Node:
    found = node.all(path)
    if len(found) != 1:
        raise Unreadable("incomplete", f"the file has {len(found)} times {path}, and must have it once")
    return found[0]


def _own_id(body: _Node) -> str:
    own = body.text("GrpHdr/MsgId")
    if own is None or len(own) > 35:
        raise Unreadable("incomplete", "the file has no MsgId of at most 35 characters")
    return own


def _day(text: str | None) -> Day | None:
    try:
        return date.fromisoformat(text[:10]).isoformat() if text else None
    except ValueError:
        return None
