"""The payment file: `pain.001.001.09`, customer credit transfer initiation, as the European rulebook narrows it.

Pure: the same file gives the same bytes. It holds account numbers in clear and goes nowhere but to the bank's folder.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from events.times import Day, Instant
from services.banking.wording import NotPayable, amount, euros, iban, identifier, latin

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
MESSAGE = "pain.001.001.09"
NAME_LENGTH, REMITTANCE_LENGTH = 70, 140


@dataclass(frozen=True, slots=True)
class Debtor:
    """Who pays: the agency's name and account, its bank's BIC (many banks find it themselves), its KBO number."""

    name: str
    iban: str = field(repr=False)
    bic: str | None = None
    kbo: str | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """One credit transfer in euro."""

    end_to_end_id: str
    amount_cents: int
    creditor: str
    iban: str = field(repr=False)
    remittance: str


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """All transfers of one message, from one account, on one day."""

    message_id: str
    created_at: Instant
    execution: Day
    debtor: Debtor
    transfers: tuple[Transfer, ...]

    @property
    def total_cents(self) -> int:
        """The control sum."""
        return sum(one.amount_cents for one in self.transfers)


def write(file: PaymentFile) -> bytes:
    """The message as UTF-8 bytes; NotPayable if anything of it would break the rules of the schema."""
    if not file.transfers:
        raise NotPayable("a payment file needs at least one transfer")
    if len({one.end_to_end_id for one in file.transfers}) != len(file.transfers):
        raise NotPayable("an EndToEndId stands twice in one file")
    root = ET.Element("Document", xmlns=NAMESPACE)
    body = _under(root, "CstmrCdtTrfInitn")
    _header(_under(body, "GrpHdr"), file)
    _batch(_under(body, "PmtInf"), file)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _header(group: ET.Element, file: PaymentFile) -> None:
    _under(group, "MsgId", identifier(file.message_id))
    _under(group, "CreDtTm", file.created_at[:19] + "Z")
    _totals(group, file)
    _initiator(_under(group, "InitgPty"), file.debtor)


def _totals(under: ET.Element, file: PaymentFile) -> None:
    _under(under, "NbOfTxs", str(len(file.transfers)))
    _under(under, "CtrlSum", euros(file.total_cents))


def _initiator(party: ET.Element, debtor: Debtor) -> None:
    _under(party, "Nm", latin(debtor.name, NAME_LENGTH))
    if debtor.kbo is not None:
        # Belgian banks know a customer by its enterprise number.
        other = _under(_under(_under(party, "Id"), "OrgId"), "Othr")
        _under(other, "Id", debtor.kbo)
        _under(other, "Issr", "KBO-BCE")


def _batch(batch: ET.Element, file: PaymentFile) -> None:
    _under(batch, "PmtInfId", identifier(f"{file.message_id}-1"))
    _under(batch, "PmtMtd", "TRF")
    # Each transfer is to be booked by itself, so that each is confirmed by itself.
    _under(batch, "BtchBookg", "false")
    _totals(batch, file)
    _under(_under(_under(batch, "PmtTpInf"), "SvcLvl"), "Cd", "SEPA")
    _under(_under(batch, "ReqdExctnDt"), "Dt", file.execution)
    _under(_under(batch, "Dbtr"), "Nm", latin(file.debtor.name, NAME_LENGTH))
    account = _under(batch, "DbtrAcct")
    _under(_under(account, "Id"), "IBAN", iban(file.debtor.iban))
    _under(account, "Ccy", "EUR")
    _agent(_under(_under(batch, "DbtrAgt"), "FinInstnId"), file.debtor.bic)
    _under(batch, "ChrgBr", "SLEV")
    for transfer in file.transfers:
        _transfer(_under(batch, "CdtTrfTxInf"), transfer)


def _agent(institution: ET.Element, bic: str | None) -> None:
    if bic is not None:
        _under(institution, "BICFI", bic)
    else:
        _under(_under(institution, "Othr"), "Id", "NOTPROVIDED")


def _transfer(under: ET.Element, transfer: Transfer) -> None:
    _under(_under(under, "PmtId"), "EndToEndId", identifier(transfer.end_to_end_id))
    _under(_under(under, "Amt"), "InstdAmt", amount(transfer.amount_cents)).set("Ccy", "EUR")
    _under(_under(under, "Cdtr"), "Nm", latin(transfer.creditor, NAME_LENGTH))
    _under(_under(_under(under, "CdtrAcct"), "Id"), "IBAN", iban(transfer.iban))
    _under(_under(under, "RmtInf"), "Ustrd", latin(transfer.remittance, REMITTANCE_LENGTH))


def _under(parent: ET.Element, tag: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, tag)
    child.text = text
    return child
