"""Messages of a bank, written by hand; and the readers and the schema that others made."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import xmlschema
from mockbank import validate

from services.banking.pain001 import Debtor, PaymentFile, Transfer

AGENCY, HERE, THERE = "BE43068999999501", "BE71096123456769", "BE68539007547034"
FILE = "5b3c7a1e9d2f4c8ab6e1d0f3a7c95e21"
FIRST, SECOND = "1b2c3d4e5f60718293a4b5c6d7e8f901", "2b2c3d4e5f60718293a4b5c6d7e8f902"


def transfer(end_to_end_id: str = FIRST, **other: Any) -> Transfer:
    known = {"amount_cents": 240_000_00, "creditor": "Stad Genk", "iban": HERE, "remittance": "Schijf start"}
    return Transfer(end_to_end_id=end_to_end_id, **(known | other))


def payment_file(*transfers: Transfer, **other: Any) -> PaymentFile:
    known: dict[str, Any] = {
        "message_id": FILE,
        "created_at": "2022-01-17T08:00:00.000000Z",
        "execution": "2022-01-17",
        "debtor": Debtor("Agentschap Binnenlands Bestuur", AGENCY),
    }
    return PaymentFile(transfers=transfers or (transfer(), transfer(SECOND, amount_cents=1)), **(known | other))


@cache
def official() -> xmlschema.XMLSchema:
    """The published schema of pain.001.001.09, as sepaxml ships it."""
    return xmlschema.XMLSchema(str(files("sepaxml").joinpath("schemas/pain.001.001.09.xsd")))


def findings(content: bytes) -> list[str]:
    """What an independent reader (mock-bank) finds wrong; a day in the past is no fault of a file made in 2022."""
    return [validate.render(one) for one in validate.validate(content) if one.code != "DT01"]


def status_report(*transactions: str, group: str = "", batch: str = "", version: str = "10", own: str = "S1") -> bytes:
    """A pain.002 on FILE."""
    inside = "".join(transactions)
    return f"""<?xml version="1.0"?>
    <Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}"><CstmrPmtStsRpt>
      <GrpHdr><MsgId>{own}</MsgId><CreDtTm>2022-01-18T06:00:00Z</CreDtTm></GrpHdr>
      <OrgnlGrpInfAndSts><OrgnlMsgId>{FILE}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{group}
      </OrgnlGrpInfAndSts>
      <OrgnlPmtInfAndSts><OrgnlPmtInfId>{FILE}-1</OrgnlPmtInfId>{batch}{inside}</OrgnlPmtInfAndSts>
    </CstmrPmtStsRpt></Document>""".encode()


def said(status: str, end_to_end_id: str = FIRST, reason: str = "", more: str = "") -> str:
    """One payment of a pain.002."""
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    return f"""<TxInfAndSts><OrgnlEndToEndId>{end_to_end_id}</OrgnlEndToEndId><TxSts>{status}</TxSts>{why}{more}
    </TxInfAndSts>"""


def original(amount: str = "240000.00", currency: str = "EUR", iban: str = HERE) -> str:
    """What a pain.002 may repeat of the payment."""
    return f"""<OrgnlTxRef><Amt><InstdAmt Ccy="{currency}">{amount}</InstdAmt></Amt>
    <CdtrAcct><Id><IBAN>{iban}</IBAN></Id></CdtrAcct></OrgnlTxRef>"""


def notice(*entries: str, account: str = AGENCY, own: str = "N1") -> bytes:
    """A camt.054 on the agency's account."""
    inside = "".join(entries)
    return f"""<?xml version="1.0"?>
    <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
      <GrpHdr><MsgId>{own}</MsgId><CreDtTm>2022-01-18T06:00:00Z</CreDtTm></GrpHdr>
      <Ntfctn><Id>{own}</Id><Acct><Id><IBAN>{account}</IBAN></Id></Acct>{inside}</Ntfctn>
    </BkToCstmrDbtCdtNtfctn></Document>""".encode()


def entry(
    details: str, amount: str = "240000.00", side: str = "DBIT", status: str = "BOOK", currency: str = "EUR"
) -> str:
    """One entry of a camt.054."""
    return f"""<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts><Cd>{status}</Cd></Sts>
    <BookgDt><Dt>2022-01-18</Dt></BookgDt><ValDt><Dt>2022-01-19</Dt></ValDt><NtryDtls>{details}</NtryDtls></Ntry>"""


def detail(end_to_end_id: str = FIRST, amount: str = "", reason: str = "", iban: str = "") -> str:
    """One payment of an entry."""
    money = f'<Amt Ccy="EUR">{amount}</Amt>' if amount else ""
    back = f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if reason else ""
    to = f"<RltdPties><CdtrAcct><Id><IBAN>{iban}</IBAN></Id></CdtrAcct></RltdPties>" if iban else ""
    return f"<TxDtls><Refs><EndToEndId>{end_to_end_id}</EndToEndId></Refs>{money}{to}{back}</TxDtls>"
