"""Scenes from 2022 to 2026: tranches, reports, a rejected payment, an audit, final accounts."""

from __future__ import annotations

from typing import Any

from services.deciding import case_id
from services.story.before import clarified_money, money_of
from services.story.contracts import winners
from services.story.money import reported
from services.story.script import Script, ident, written

REJECTED, LATE_REPORT, AUDITED, CHEAPER, OVERPAID = "mechelen", "beringen", "vilvoorde", "dendermonde", "sint-niklaas"
SPENT = {CHEAPER: 38_000_000, OVERPAID: 65_000_000}
"""Whole cost at the end, in cents, where it stayed below plan (synthetic)."""
REPORTS = ("report_2022", "report_2023", "report_2024", "final")
HANDED_IN = {
    "report_2022": "2023-03-20",
    "report_2023": "2024-03-20",
    "report_2024": "2025-03-20",
    "final": "2025-12-03",
}
IBANS = ("BE71096123456769", "BE68539007547034")


def accounts(play: Script) -> None:
    """Bank accounts are confirmed once the contracts are in force."""
    play.scene = "first tranche"
    play.at("2022-01-10T09:00:00")
    for row in winners(play):
        _confirm(play, row["key"], IBANS[0])


def first_tranche(play: Script) -> None:
    """30 % at signature."""
    play.at("2022-01-17T09:00:00")
    for row in winners(play):
        pay(play, row["key"], "start")


def yearly(play: Script, year: str) -> None:
    """The report of a year, and the tranche that waits for it."""
    play.scene = f"report {year}"
    code = f"report_{year}"
    play.at(f"{HANDED_IN[code]}T10:00:00")
    late = LATE_REPORT if year == "2022" else ""
    for row in winners(play):
        if row["key"] != late:
            report(play, row["key"], code)
    if late:
        play.at("2023-04-12T10:00:00")
        report(play, late, code)
    play.at(f"{HANDED_IN[code][:4]}-04-18T09:00:00")
    for row in winners(play):
        if not (row["key"] == REJECTED and year == "2023"):
            pay(play, row["key"], f"year_{year}")


def rejection(play: Script) -> None:
    """The bank says AC04, account closed: a new account is confirmed and the tranche is ordered again (synthetic)."""
    play.scene = "bank rejection"
    case, tranche = play.case(REJECTED), "year_2023"
    order(play, REJECTED, tranche)
    target = f"payment/payment-order/{case_id(case, 'payment-order', f'{tranche}/1')}"
    releaser = play.official("payment_releaser", "ordonnateur")
    play.at("2024-04-22T09:00:00")
    play.send(releaser, target, "record-bank-rejection", code="AC04")
    play.at("2024-04-29T09:00:00")
    _confirm(play, REJECTED, IBANS[1])
    play.at("2024-05-02T09:00:00")
    _order(play, REJECTED, tranche, 2)
    _execute(play, REJECTED, tranche, 2)


def audit(play: Script) -> None:
    """2025: an audit disallows 30,000 euro of cost; its subsidy share is recovered by offset (synthetic)."""
    play.scene = "audit"
    case = play.case(AUDITED)
    play.at("2025-09-08T10:00:00")
    play.send(
        play.official("inspector", "inspecteur"),
        f"payment/account/{case}",
        "record-audit-finding",
        reference="AV 2025/1 (synthetisch)",
        description=written("Personeelskosten van 30.000 euro werden ook aan een andere subsidie aangerekend."),
    )
    play.at("2025-09-22T10:00:00")
    play.send(
        play.official("case_handler", "dossierbeheerder"),
        f"payment/account/{case}",
        "disallow-cost",
        finding=1,
        category="personnel",
        amountCents=3_000_000,
        ground="P8",
        evidence="Auditverslag AV 2025/1, bijlage 2 (synthetisch)",
    )
    play.at("2025-09-29T10:00:00")
    play.send(
        play.official("budget_officer", "budgetbeheerder"),
        f"payment/recovery/{case_id(case, 'recovery', 1)}",
        "order-recovery",
        case=case,
        number=1,
        ground="not_used_for_purpose",
        finding=1,
    )


def settlement(play: Script) -> None:
    """Final reports, final accounts, balances, one repayment, closure."""
    play.scene = "final accounts"
    officer = play.official("budget_officer", "budgetbeheerder")
    play.at(f"{HANDED_IN['final']}T10:00:00")
    for row in winners(play):
        report(play, row["key"], "final")
    play.at("2025-12-08T10:00:00")
    for row in winners(play):
        play.send(officer, f"payment/account/{play.case(row['key'])}", "settle-final-account")
    play.at("2025-12-15T09:00:00")
    for row in winners(play):
        if row["key"] != OVERPAID:
            pay(play, row["key"], "balance")
    play.at("2025-12-22T09:00:00")
    case = play.case(OVERPAID)
    play.send(
        officer,
        f"payment/recovery/{case_id(case, 'recovery', 1)}",
        "record-repayment",
        amountCents=_overpaid(play),
        reference="Terugbetaling Sint-Niklaas (synthetisch)",
        valueDate="2025-12-22",
    )
    play.scene = "closure"
    play.at("2026-01-05T09:00:00")
    for row in winners(play):
        play.send(officer, f"payment/account/{play.case(row['key'])}", "close-account")


def pay(play: Script, key: str, tranche: str) -> None:
    """Claim, approval, order, release, execution of one tranche."""
    order(play, key, tranche)
    _execute(play, key, tranche, 1)


def order(play: Script, key: str, tranche: str) -> None:
    """Claim, approval and first order of one tranche, released to the bank."""
    case = play.case(key)
    claim = f"payment/claim/{case_id(case, 'claim', tranche)}"
    play.send(play.applicant(key), claim, "submit-claim", case=case, tranche=tranche)
    play.send(play.official("payment_approver", "goedkeurder"), claim, "approve-claim")
    _order(play, key, tranche, 1)


def _order(play: Script, key: str, tranche: str, attempt: int) -> None:
    case = play.case(key)
    target = f"payment/payment-order/{case_id(case, 'payment-order', f'{tranche}/{attempt}')}"
    officer = play.official("budget_officer", "budgetbeheerder")
    play.send(officer, target, "order-payment", case=case, tranche=tranche, attempt=attempt)
    play.send(play.official("payment_releaser", "ordonnateur"), target, "release-payment-file")


def _execute(play: Script, key: str, tranche: str, attempt: int) -> None:
    target = f"payment/payment-order/{case_id(play.case(key), 'payment-order', f'{tranche}/{attempt}')}"
    releaser = play.official("payment_releaser", "ordonnateur")
    play.send(releaser, target, "confirm-execution", valueDate=play.today)


def report(play: Script, key: str, code: str) -> None:
    """A report comes in and is accepted."""
    target = f"payment/report/{case_id(play.case(key), 'report', code)}"
    row = next(row for row in play.data["applicants"] if row["key"] == key)
    money = clarified_money() if key == "denderleeuw" else money_of(row)
    figures: dict[str, Any] = reported(money, REPORTS.index(code) + 1, len(REPORTS), SPENT.get(key))
    play.send(
        play.applicant(key),
        target,
        "submit-report",
        narrative=written(f"Inhoudelijk en financieel verslag {code} (synthetisch)."),
        documentSha256=ident("report", key, code).replace("-", "") * 2,
        synthetic=True,
        **figures,
    )
    play.send(play.official("case_handler", "dossierbeheerder"), target, "accept-report")


def _confirm(play: Script, key: str, iban: str) -> None:
    play.send(
        play.official("budget_officer", "budgetbeheerder"),
        f"payment/account/{play.case(key)}",
        "confirm-bank-account",
        iban=iban,
        basis="Bevestiging door burgemeester en financieel directeur (synthetisch)",
    )


def _overpaid(play: Script) -> int:
    """Paid 80 % of the award, while 80 % of the real cost is all that is due."""
    row = next(row for row in play.data["applicants"] if row["key"] == OVERPAID)
    return int(row["requestedCents"]) * 80 // 100 - SPENT[OVERPAID] * 80 // 100
