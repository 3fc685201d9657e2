"""Money: claims, orders, the bank, reports, control, the final account, debts."""

from __future__ import annotations

from itertools import count
from typing import Any

from events.payment import ClaimedCost, ReportedCost
from events.vocabulary import FinancingLine
from services.deciding import case_id
from services.payment import commands
from services.story.script import ident
from tests.simulation.actors import OFFICIALS, as_another, official, service, words
from tests.simulation.calls import CALLS
from tests.simulation.moves.table import Besides, Moves, Work
from tests.simulation.sight import Move, Scene

WHY = words("Zo blijkt uit de stukken.")
IBANS = ("BE71096123456769", "BE68539007547034")
GROUND: Any = "not_used_for_purpose"


def confirm_account(scene: Scene, case: str, _ref: str) -> Moves:
    """An account to pay to."""
    command = commands.ConfirmBankAccount(iban=scene.dice.one(*IBANS), basis="Brief")
    yield Move(case, command, official("budget_officer", scene.dice))


def hand_in(scene: Scene, case: str, ref: str) -> Moves:
    """A report: of what was planned, of less, or of hardly anything."""
    budget, reports = scene.of("account", case).budget, len(scene.of("schedule", scene.call_of(case)).reports)
    spent = scene.dice.one(100, 100, 100, 100, 60, 110, 5)
    costs = [
        ReportedCost(
            category=line.category,
            amount_cents=line.amount_cents * spent // 100 // reports,
            subsidy_cents=line.subsidy_cents * spent // 100 // reports,
        )
        for line in budget
    ]
    charged, cost = sum(one.subsidy_cents for one in costs), sum(one.amount_cents for one in costs)
    means = [("subsidy", "Vlaamse Regering", charged), ("own", "Gemeente", cost - charged)]
    command = commands.SubmitReport(
        costs=costs,
        financing=[FinancingLine(source=source, party=who, amount_cents=cents) for source, who, cents in means],  # type: ignore[arg-type]
        narrative=words("Verslag."),
        document_sha256="cd" * 32,
        synthetic=True,
    )
    if scene.of("report", case_id(case, "report", ref)).status == "overdue" and scene.dice.often(40):
        notice = commands.GiveDefaultNotice(reason=WHY, days=scene.dice.one(1, 30))
        yield Move(case_id(case, "report", ref), notice, official("case_handler", scene.dice))
    yield Move(case_id(case, "report", ref), command, scene.applicant(case))


def check_report(scene: Scene, case: str, ref: str) -> Moves:
    """Accept it; or send it back, or reject it."""
    ident_, handler = case_id(case, "report", ref), official("case_handler", scene.dice)
    if scene.dice.often(15):
        yield Move(ident_, commands.RequestReportCorrection(reason=WHY, days=scene.dice.one(1, 14)), handler)
    elif scene.dice.often(7):
        yield Move(ident_, commands.RejectReport(reason=WHY), handler)
    yield Move(ident_, commands.AcceptReport(), handler)


def claim(scene: Scene, case: str, ref: str) -> Moves:
    """Claim a tranche, with cost lines where they are asked for."""
    account = scene.of("account", case)
    rule = scene.of("schedule", account.call).rule_of(ref)
    tranche = next((one for one in account.tranches if one.code == ref), None)
    costs = []
    if rule is not None and tranche is not None and scene.dice.often(90):
        cents = scene.dice.cents(tranche.amount_cents)
        costs = [
            ClaimedCost(
                category=account.budget[0].category,
                description="Bomen",
                incurred=account.term,
                amount_cents=cents,
                subsidy_cents=cents,
                other_subsidy_cents=0,
                evidence_sha256=ident("walk", "evidence", case, str(scene.step // 20)).replace("-", "") * 2,
            )
        ]
    if rule is not None and account.interim is None:
        yield from interim(scene, case)
    yield Move(
        case_id(case, "claim", ref), commands.SubmitClaim(case=case, tranche=ref, costs=costs), scene.applicant(case)
    )


def interim(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Half way: go on, or stop."""
    command = commands.RecordInterimDecision(
        outcome=scene.dice.one("continue", "continue", "continue", "stop"),
        reached_bp=scene.dice.one(5000, 4000, 3999),
        positive_evaluation=scene.dice.often(50),
        reason=WHY,
    )
    yield Move(case, command, official("case_handler", scene.dice))


def judge_claim(scene: Scene, case: str, ref: str) -> Moves:
    """Approve it, in full or in part; or not."""
    ident_, by = case_id(case, "claim", ref), official("payment_approver", scene.dice)
    amount = scene.of("claim", ident_).amount_cents
    if scene.dice.often(12):
        yield Move(ident_, commands.ApprovePartially(amount_cents=scene.dice.cents(max(1, amount)), reason=WHY), by)
    elif scene.dice.often(8):
        yield Move(ident_, commands.RejectClaim(reason=WHY), by)
    yield Move(ident_, commands.ApproveClaim(), by)


def last_order(scene: Scene, case: str, tranche: str) -> tuple[int, str, Any]:
    """The last attempt at a tranche: its number, uuid and state."""
    for attempt in count(1):
        ident_, order = scene.part(case, "payment-order", f"{tranche}/{attempt}")
        if order.status == "none" or not order.reopened:
            return attempt, ident_, order
    raise AssertionError("unreachable")


def order(scene: Scene, case: str, ref: str) -> Moves:
    """Order what was approved."""
    attempt, ident_, known = last_order(scene, case, ref)
    by = official(scene.dice.one("budget_officer", "budget_officer", "payment_approver"), scene.dice)
    if attempt > 1 and scene.dice.often(50):
        yield from confirm_account(scene, case, "")
    yield Move(ident_, commands.OrderPayment(case=case, tranche=ref, attempt=attempt), by)
    if known.status == "ordered":
        yield Move(ident_, commands.CancelOrder(reason=WHY), by)


def release(scene: Scene, case: str, ref: str) -> Moves:
    """Give it to the bank; or take it back."""
    _, ident_, _ = last_order(scene, case, ref)
    if scene.dice.often(10):
        yield Move(ident_, commands.CancelOrder(reason=WHY), official("budget_officer", scene.dice))
    usual = official("payment_releaser")
    yield Move(
        ident_, commands.ReleasePaymentFile(), scene.dice.one(usual, as_another(usual, scene.dice.one(*OFFICIALS)))
    )


def bank(scene: Scene, case: str, ref: str) -> Moves:
    """What the bank says: mostly paid."""
    _, ident_, _ = last_order(scene, case, ref)
    by = official("payment_releaser", scene.dice)
    if scene.dice.often(15):
        yield Move(ident_, commands.RecordBankRejection(code="AC04"), by)
    yield Move(ident_, commands.ConfirmExecution(value_date=scene.today), by)


def give_back(scene: Scene) -> Moves:
    """The bank returns what it had paid."""
    paid = [ident_ for ident_, one in scene.sight.all("payment-order").items() if one.status == "executed"]
    if paid and scene.dice.often(35):
        command = commands.RecordReturn(code="MD06", value_date=scene.today)
        yield Move(scene.dice.one(*paid), command, official("payment_releaser", scene.dice))


def bank_file(scene: Scene) -> Moves:
    """Released orders go into a file, and the file goes out."""
    call = scene.dice.one(*CALLS)
    known = [one for one in scene.sight.all("bank-file").values() if one.made and one.made.call == call]
    open_ = [
        ident_
        for ident_, one in scene.sight.all("payment-order").items()
        if one.status == "released" and one.fact.call == call
    ]
    number = len(known) + 1
    if open_:
        file = commands.MakeBankFile(call=call, number=number, orders=sorted(open_)[:3])
        yield Move(case_id(call, "bank-file", number), file, service("payment"))
    if number > 1:
        yield Move(
            case_id(call, "bank-file", number - 1), commands.RecordHandover(digest="ef" * 32), service("payment")
        )


def withhold(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Hold tranches back."""
    codes = [one.code for one in scene.of("account", case).tranches]
    if codes and scene.dice.often(40):
        by = official(scene.dice.one("budget_officer", "inspector"), scene.dice)
        named = scene.dice.one([], [scene.dice.one(*codes)])
        yield Move(case, commands.WithholdPayment(tranches=named, reason=WHY), by)


def lift(scene: Scene, case: str, ref: str) -> Moves:
    """And let them go again."""
    yield Move(
        case, commands.ReleaseWithholding(withholding=int(ref), reason=WHY), official("budget_officer", scene.dice)
    )


def inspect(scene: Scene, case: str, _ref: str = "") -> Moves:
    """An inspection, and what it finds."""
    by = official("inspector", scene.dice)
    finding = commands.RecordAuditFinding(reference=scene.name("AV"), description=WHY)
    visit = commands.RecordInspection(
        reference=scene.name("PV"),
        inspected_on=scene.today,
        outcome=scene.dice.one("positive", "remarks", "negative"),
        remarks=WHY,
        document_sha256="ab" * 32,
    )
    yield Move(case, scene.dice.one(finding, finding, visit), by)


def judge_finding(scene: Scene, case: str, ref: str) -> Moves:
    """Take the cost out."""
    line = scene.of("account", case).budget[0]
    command = commands.DisallowCost(
        finding=int(ref),
        category=line.category,
        amount_cents=scene.dice.one(
            line.amount_cents // 20, line.amount_cents // 100, scene.dice.cents(line.amount_cents)
        ),
        ground="P8",
        evidence="Auditverslag",
    )
    yield Move(case, command, official(scene.dice.one("case_handler", "inspector"), scene.dice))


def reinstate(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Let it count again."""
    taken = scene.of("account", case).disallowed
    if taken:
        one = scene.dice.one(*taken)
        command = commands.ReinstateCost(
            finding=one.finding, category=one.category, amount_cents=scene.dice.cents(one.amount_cents), reason=WHY
        )
        yield Move(case, command, official("case_handler", scene.dice))


def recoveries(scene: Scene, case: str) -> list[tuple[str, Any]]:
    """The debts of a case."""
    known = (scene.part(case, "recovery", number) for number in range(1, 8))
    return [(ident_, one) for ident_, one in known if one.status != "none"]


def recover(scene: Scene, case: str, ref: str = "") -> Moves:
    """Claim back what a finding took off, or what was paid too much."""
    number = len(recoveries(scene, case)) + 1
    command = commands.OrderRecovery(case=case, number=number, ground=GROUND, finding=int(ref) if ref else None)
    yield Move(case_id(case, "recovery", number), command, official("budget_officer", scene.dice))
    if ref:
        yield from reinstate(scene, case)


def repay(scene: Scene, case: str, ref: str) -> Moves:
    """Pay a debt, or get out of it."""
    ident_, debt = scene.part(case, "recovery", ref)
    by, owed = official("budget_officer", scene.dice), max(1, debt.open_cents)
    others = [
        Move(ident_, commands.ContestRecovery(reason=WHY), scene.applicant(case)),
        Move(ident_, commands.AgreeInstalments(instalments=_parts(scene, owed)), by),
        Move(ident_, commands.WaiveRecovery(amount_cents=scene.dice.cents(owed), reason=WHY, basis="Besluit"), by),
        Move(ident_, commands.TransferToCollection(collector="Belastingdienst", reference=scene.name("dwang")), by),
    ]
    if scene.dice.often(40):
        yield scene.dice.one(*others)
    amount = owed if scene.dice.often(70) else scene.dice.cents(owed)
    command = commands.RecordRepayment(amount_cents=amount, reference=scene.name("storting"), value_date=scene.today)
    yield Move(ident_, command, by)


def _parts(scene: Scene, owed: int) -> list[commands.PlannedInstalment]:
    half = owed // 2
    parts = [(scene.day(30), half), (scene.day(60), owed - half)]
    return [commands.PlannedInstalment(day=day, amount_cents=cents) for day, cents in parts if cents]


def answer_contest(scene: Scene, case: str, ref: str) -> Moves:
    """Uphold the debt, or lower it."""
    ident_, debt = scene.part(case, "recovery", ref)
    reduced = scene.dice.one(0, scene.dice.cents(max(1, debt.open_cents)))
    yield Move(
        ident_, commands.DecideContest(reduced_cents=reduced, reason=WHY), official("budget_officer", scene.dice)
    )


def follow_up(scene: Scene, case: str, ref: str) -> Moves:
    """A missed instalment goes to whom collects, or is paid."""
    yield from repay(scene, case, ref)


def decommit(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Give money back to the envelope."""
    account = scene.of("account", case)
    if account.granted_cents and scene.dice.often(15):
        amount = scene.dice.one(scene.dice.cents(account.granted_cents), account.granted_cents // 50 or 1)
        yield Move(
            case, commands.DecommitFunds(amount_cents=amount, reason=WHY), official("budget_officer", scene.dice)
        )


def settle(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Make the final account."""
    yield Move(case, commands.SettleFinalAccount(), official("budget_officer", scene.dice))


def close(scene: Scene, case: str, _ref: str = "") -> Moves:
    """Close the account; what of it nobody will claim any more goes back first."""
    account, by = scene.of("account", case), official("budget_officer", scene.dice)
    orders = [one for one in scene.sight.all("payment-order").values() if one.case == case]
    rest = account.committed_cents - sum(one.spent_cents for one in orders)
    if rest > 0 and scene.dice.often(50):
        yield Move(case, commands.DecommitFunds(amount_cents=rest, reason=WHY), by)
    yield Move(case, commands.CloseAccount(), by)


WORK: Work = {
    "confirm_bank_account": confirm_account,
    "submit_report": hand_in,
    "accept_report": check_report,
    "submit_claim": claim,
    "approve_claim": judge_claim,
    "order_payment": order,
    "release_payment": release,
    "confirm_execution": bank,
    "lift_withholding": lift,
    "judge_finding": judge_finding,
    "order_recovery": recover,
    "repay": repay,
    "answer_contest": answer_contest,
    "follow_up_debt": follow_up,
    "settle_account": settle,
    "close_account": close,
}
OF_CASE: Work = {one.__name__: one for one in (withhold, inspect, reinstate, recover, decommit, settle, close, interim)}
BESIDES: Besides = (give_back, bank_file, bank_file)
