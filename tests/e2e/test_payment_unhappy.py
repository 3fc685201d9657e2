"""Payment's unhappy branches (domain.md §2.7), by command route over a real socket, to closed accounts.

Two cases of one call: what claims, orders, the bank, reports, controls and debts can do besides go well.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from events.adapters.embedded import EmbeddedPostgres
from events.envelope import Actor
from events.payment import AccountClosed
from services.deciding import case_id
from services.story.script import Script, Step, written
from tests.e2e.branches import Teller, on_record
from tests.e2e.conftest import client_of, program
from tests.e2e.test_over_http import stage_over
from tests.e2e.test_second_call import DATA, REQUESTED, TERMS, apply, decide, judge, pay, report

END = "2027-12-31T00:00:00.000000Z"
RULE = {
    "tranche": "start",
    "requires": ["cost_lines"],
    "minRealisedBp": 0,
    "notBeforeMonths": None,
    "claimMonthsAfterEnd": None,
}
GATE = RULE | {"tranche": "progress", "requires": ["interim_continue", "positive_inspection"]}
LAST = RULE | {"tranche": "balance", "requires": [], "claimMonthsAfterEnd": 6}
OUR_TERMS = TERMS | {
    "payment": {
        "reminderDays": [30, 7],
        "trancheRules": [RULE, GATE, LAST],
        "interim": {"minReachedBp": 2_500},
        "retention": None,
    }
}
WHY = written("Omdat het zo is.")
IBANS = ("BE71096123456769", "BE68539007547034")
LO, HAM = "lo", "ham"
PAYS = ("submit-claim", "order-payment", "release-payment-file", "confirm-execution")

EXPECTED = """
    ClaimRejected ClaimPartiallyApproved ClaimTermSet
    PaymentOrderCancelled PaymentReturned PaymentRejectedByBank PaymentWithheld WithholdingReleased
    ReportReminded ReportOverdue DefaultNoticeGiven ReportCorrectionRequested ReportRejected
    InspectionRecorded InterimDecisionRecorded AuditFindingRecorded CostDisallowed CostReinstated
    RecoveryOrdered RecoveryContested ContestDecided InstalmentPlanAgreed InstalmentMissed RecoveryWaived
    RecoveryTransferred RepaymentReceived OverpaymentEstablished FundsDecommitted AccountReopened AccountClosed
    PaymentRejectedByBank=AC01 AuditFindingRecorded=FR-1 RecoveryOrdered=conditions_not_met
"""
REFUSED = [
    "/iban iban",
    "P2 no_cost_lines",
    "P2 withheld",
    "P3 releaser_approved",
    "P4 same_bank_account",
    "P4 already_paid",
    "P2 no_interim_continue",
    "INTERIM too_little_reached",
]


class Acting:
    """Short words for what people do in one case."""

    def __init__(self, scene: Script, key: str) -> None:
        self.scene, self.key, self.case = scene, key, scene.case(key)
        self.applicant = scene.applicant(key)
        roles = "case_handler budget_officer payment_approver payment_releaser inspector"
        self.by = {role: scene.official(role, role) for role in roles.split()}
        self.hour, self.minutes = "", 0

    def at(self, hour: str) -> None:
        """From here on a step a minute: the key of a step follows from its time."""
        self.hour, self.minutes = hour, 0

    def send(self, who: Actor, target: str, command: str, no: bool, /, **body: Any) -> None:
        self.minutes += 1
        self.scene.at(self.hour, plus_minutes=self.minutes)
        self.scene.send(who, target, command, no, **body)

    def account(self, role: str, command: str, /, *, no: bool = False, **body: Any) -> None:
        self.send(self.by[role], f"payment/account/{self.case}", command, no, **body)

    def on(self, kind: str, ordinal: str | int, role: str, command: str, /, *, no: bool = False, **body: Any) -> None:
        who = self.applicant if role == "applicant" else self.by[role]
        self.send(who, f"payment/{kind}/{case_id(self.case, kind, ordinal)}", command, no, **body)

    def order(self, tranche: str, attempt: int) -> None:
        body = {"case": self.case, "tranche": tranche, "attempt": attempt}
        self.on("payment-order", f"{tranche}/{attempt}", "budget_officer", "order-payment", **body)

    def release(self, tranche: str, attempt: int) -> None:
        self.on("payment-order", f"{tranche}/{attempt}", "payment_releaser", "release-payment-file")

    def bank(self, tranche: str, attempt: int, command: str, **body: Any) -> None:
        self.on("payment-order", f"{tranche}/{attempt}", "payment_releaser", command, **body)

    def confirm(self, iban: str) -> None:
        self.account("budget_officer", "confirm-bank-account", iban=iban, basis="Brief")


def cost(subsidy: int, evidence: str) -> dict[str, Any]:
    return {
        "category": "planting",
        "description": f"Bomen {evidence}",
        "incurred": {"start": "2023-10-02", "end": "2023-12-31"},
        "amountCents": subsidy * 2,
        "subsidyCents": subsidy,
        "otherSubsidyCents": 0,
        "evidenceSha256": evidence * 64,
    }


def claims(act: Acting) -> None:
    """A claim without evidence is refused, one with too little is rejected, the third is approved in part."""
    act.at("2024-01-02T10:00:00")
    # One digit beside the right one: the check digits tell.
    act.account("budget_officer", "confirm-bank-account", no=True, iban="BE71096123456768", basis="Brief")
    act.confirm(IBANS[0])
    start = {"case": act.case, "tranche": "start"}
    act.on("claim", "start", "applicant", "submit-claim", no=True, **start)
    act.on("claim", "start", "applicant", "submit-claim", costs=[cost(1_000_000, "a")], **start)
    act.on("claim", "start", "payment_approver", "reject-claim", reason=WHY)
    act.on("claim", "start", "applicant", "submit-claim", costs=[cost(9_000_000, "b")], **start)
    act.on("claim", "start", "payment_approver", "approve-partially", amountCents=7_000_000, reason=WHY)


def orders(act: Acting) -> None:
    """Withheld, taken back, released by the wrong person, rejected, returned, and at last paid."""
    suspicion = written("Een melding dat de facturen vals zijn.")
    act.account("inspector", "record-audit-finding", reference="FR-1", description=suspicion)
    act.account("inspector", "withhold-payment", tranches=["start"], finding=1, reason=suspicion)
    body = {"case": act.case, "tranche": "start", "attempt": 1}
    act.on("payment-order", "start/1", "budget_officer", "order-payment", no=True, **body)
    act.account("budget_officer", "release-withholding", withholding=1, reason=WHY)
    act.order("start", 1)
    act.on("payment-order", "start/1", "budget_officer", "cancel-order", reason=WHY)
    act.order("start", 2)
    approver = act.by["payment_approver"]
    same = act.scene.official("payment_releaser", "payment_approver")
    assert same.person == approver.person
    target = f"payment/payment-order/{case_id(act.case, 'payment-order', 'start/2')}"
    act.send(same, target, "release-payment-file", True)
    act.release("start", 2)
    act.bank("start", 2, "record-bank-rejection", code="AC01")
    again = {"case": act.case, "tranche": "start", "attempt": 3}
    act.on("payment-order", "start/3", "budget_officer", "order-payment", no=True, **again)
    act.confirm(IBANS[1])
    act.order("start", 3)
    act.release("start", 3)
    # The bank says it twice, and it is paid once.
    act.bank("start", 3, "confirm-execution", valueDate="2024-01-05")
    act.bank("start", 3, "confirm-execution", valueDate="2024-01-05")
    act.bank("start", 3, "record-return", code="MD06", valueDate="2024-01-12")
    act.confirm(IBANS[0])
    act.order("start", 4)
    act.release("start", 4)
    act.bank("start", 4, "confirm-execution", valueDate="2024-01-20")
    once_more = {"case": act.case, "tranche": "start", "attempt": 5}
    act.on("payment-order", "start/5", "budget_officer", "order-payment", no=True, **once_more)


def reports(act: Acting) -> None:
    """Reminded of, overdue, given notice, handed in, sent back, handed in again and accepted."""
    act.at("2025-01-10T10:00:00")
    act.on("report", "progress", "case_handler", "give-default-notice", reason=WHY, days=30)
    body = {
        "costs": [{"category": "planting", "amountCents": 12_000_000, "subsidyCents": 8_000_000}],
        "financing": [],
        "narrative": written("Geplant."),
        "documentSha256": "cd" * 32,
        "synthetic": True,
    }
    act.on("report", "progress", "applicant", "submit-report", **body)
    act.on("report", "progress", "case_handler", "request-report-correction", reason=WHY, days=14)
    act.on("report", "progress", "applicant", "submit-report", **(body | {"documentSha256": "ef" * 32}))
    act.on("report", "progress", "case_handler", "accept-report")
    progress = {"case": act.case, "tranche": "progress"}
    act.on("claim", "progress", "applicant", "submit-claim", no=True, **progress)
    going_on = {"outcome": "continue", "reachedBp": 2_000, "reason": WHY}
    act.account("case_handler", "record-interim-decision", no=True, positiveEvaluation=False, **going_on)
    act.account("case_handler", "record-interim-decision", positiveEvaluation=True, **going_on)
    seen = {"inspectedOn": "2025-01-09", "outcome": "positive", "remarks": WHY, "documentSha256": "0a" * 32}
    act.account("inspector", "record-inspection", reference="CTP 1", **seen)
    pay(act.scene, act.key, "progress")


def controls(act: Acting) -> None:
    """A finding; a cost disallowed, half of it reinstated, the rest claimed back, contested, paid in parts, waived."""
    act.at("2025-02-10T10:00:00")
    act.account("inspector", "record-audit-finding", reference="AV 1", description=WHY)
    taken = {"finding": 2, "category": "planting", "ground": "P8", "evidence": "Bijlage 1"}
    act.account("case_handler", "disallow-cost", amountCents=2_000_000, **taken)
    act.account("case_handler", "reinstate-cost", finding=2, category="planting", amountCents=1_000_000, reason=WHY)
    debt = {"case": act.case, "number": 1, "ground": "conditions_not_met", "finding": 2}
    act.on("recovery", 1, "budget_officer", "order-recovery", **debt)
    act.on("recovery", 1, "applicant", "contest-recovery", reason=WHY)
    act.on("recovery", 1, "budget_officer", "decide-contest", reducedCents=300_000, reason=WHY)
    parts = [{"day": "2025-03-31", "amountCents": 300_000}, {"day": "2025-04-30", "amountCents": 200_000}]
    act.on("recovery", 1, "budget_officer", "agree-instalments", instalments=parts)
    act.at("2025-05-02T10:00:00")
    paid_back = {"amountCents": 400_000, "reference": "T1", "valueDate": "2025-05-02"}
    act.on("recovery", 1, "budget_officer", "record-repayment", **paid_back)
    act.on("recovery", 1, "budget_officer", "waive-recovery", amountCents=100_000, reason=WHY, basis="VR 2")


def ending(act: Acting) -> None:
    """The last report is rejected; the balance is paid, comes back after closure, and is paid anew."""
    act.at("2025-10-15T10:00:00")
    body = {
        "costs": [{"category": "unsealing", "amountCents": 9_000_000, "subsidyCents": 6_000_000}],
        "financing": [],
        "narrative": written("Onthard."),
        "documentSha256": "ad" * 32,
        "synthetic": True,
    }
    act.on("report", "final", "applicant", "submit-report", **body)
    act.on("report", "final", "case_handler", "reject-report", reason=WHY)
    act.account("budget_officer", "settle-final-account")
    # Paid 13,000,000 on costs that carry less: what is too much comes back by forced collection.
    collector = {"collector": "Vlaamse Belastingdienst", "reference": "INV 1"}
    act.on("recovery", 2, "budget_officer", "transfer-to-collection", **collector)
    collected = {"amountCents": 3_700_000, "reference": "INV 1", "valueDate": "2025-10-15"}
    act.on("recovery", 2, "budget_officer", "record-repayment", **collected)
    act.account("budget_officer", "close-account")


def other_half_way(act: Acting) -> None:
    """The other case accounts for itself in time."""
    act.at("2024-11-01T10:00:00")
    act.confirm(IBANS[0])
    report(act.scene, HAM, "progress")


def other_ending(act: Acting) -> None:
    """Its payment comes back after its account was closed."""
    act.at("2025-10-16T10:00:00")
    act.account("budget_officer", "decommit-funds", amountCents=1_000_000, reason=WHY)
    report(act.scene, HAM, "final")
    act.account("budget_officer", "settle-final-account")
    pay(act.scene, HAM, "balance")
    act.account("budget_officer", "close-account")
    act.bank("balance", 1, "record-return", code="AC06", valueDate="2025-10-20")
    act.confirm(IBANS[1])
    act.order("balance", 2)
    act.release("balance", 2)
    act.bank("balance", 2, "confirm-execution", valueDate="2025-10-28")
    act.account("budget_officer", "close-account")


def steps() -> list[Step]:
    """Both cases, in the order of the calendar."""
    scene = Script(DATA)
    scene.at("2023-02-01T09:00:00")
    scene.send(scene.official("case_handler", "h"), f"intake/call/{scene.call}", "publish-call", terms=OUR_TERMS)
    for key in REQUESTED:
        apply(scene, key)
    judge(scene)
    decide(scene)
    lo, ham = Acting(scene, LO), Acting(scene, HAM)
    claims(lo)
    orders(lo)
    other_half_way(ham)
    reports(lo)
    controls(lo)
    ending(lo)
    other_ending(ham)
    return scene.steps


async def test_every_unhappy_branch_of_payment_over_http(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    async with program(postgres, tmp_path) as runtime, client_of(runtime) as client:
        teller = Teller(client, stage_over(runtime, client))
        await teller.tell(steps())
        assert teller.heard.refusals == REFUSED
        await teller.stage.advance(END)
        log = await on_record(runtime, EXPECTED)
        told = Counter(one.envelope.type for one in log)
        assert (told["PaymentExecuted"], told["PaymentReturned"]) == (5, 2)
        closed = [one.fact for one in log if isinstance(one.fact, AccountClosed)]
        assert [
            (one.final_subsidy_cents, one.paid_cents, one.recovered_cents, one.given_up_cents) for one in closed
        ] == [
            (8_800_000, 13_000_000, 4_100_000, 100_000),
            *[(23_000_000, 23_000_000, 0, 0)] * 2,
        ]
        # Delivered once more, under the same key: each is known, and nothing is paid a second time.
        for step in steps():
            if step.command in PAYS and not step.refused:
                assert await teller.stage(step)
        assert (await runtime.store.head()).position == log[-1].position
