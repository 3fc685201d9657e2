"""One case played through payment: commands, the reactions that follow, and the books beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from events.catalog import AnyFact
from events.decision import AmountReserved
from events.envelope import Actor
from events.intake import (
    Cofinancing,
    InterimTerms,
    PaymentTerms,
    ReportTerm,
    RetentionTerm,
    ShareLimit,
    Tranche,
    TrancheRule,
)
from events.payment import ClaimedCost, CostDisallowed, RecoveryOrdered, ReportedCost
from events.vocabulary import BudgetLine, FinancingLine, Party, Period, Source, Text, Written
from services.deciding import Accepted, Refused, case_id
from services.fields import Command
from services.payment.commands import (
    AcceptReport,
    ActivateAccount,
    AdoptSchedule,
    ApproveClaim,
    CancelOrder,
    CloseAccount,
    CommitFunds,
    ConfirmBankAccount,
    ConfirmExecution,
    DisallowCost,
    OrderPayment,
    OrderRecovery,
    RecordAuditFinding,
    RecordBankRejection,
    RecordRepayment,
    RecordReturn,
    ReleasePaymentFile,
    SettleFinalAccount,
    SubmitClaim,
    SubmitReport,
)
from services.payment.worker import PAYMENT
from tests.given import NOON, Given, Then, actor, given
from tests.unit.services.payment.books import Books

CALL = "00000000-0000-4000-8000-0000000000aa"
CASE = "00000000-0000-4000-8000-0000000000bb"
Base: TypeAlias = Literal["TOTAL_ELIGIBLE_COST", "SUBSIDY"]
IBAN = "BE68539007547034"
SOURCE = Source(event_id="00000000-0000-4000-8000-0000000000cc", position=7)
CITY = Party(ovo="OVO001234", kbo="0207437468", name="Genk", nis="71016")
MERGED = Party(ovo="OVO009999", kbo="1010781867", name="Genk-Zutendaal", nis="71099")
TERM = Period(start="2022-01-01", end="2025-12-31")
TEXT = Text(nl="x", en="x")

APPLICANT = actor("applicant", CITY.ovo, "mayor")
HANDLER = actor("case_handler", "OVO000097", "handler")
OFFICER = actor("budget_officer", "OVO000097", "officer")
APPROVER = actor("payment_approver", "OVO000097", "approver")
RELEASER = actor("payment_releaser", "OVO000097", "releaser")
INSPECTOR = actor("inspector", "OVO000097", "inspector")
SERVICE = actor("service", "OVO000097", "payment")

TRANCHES = (
    Tranche(code="start", label=TEXT, share_bp=5000, condition="contract_active", report=None),
    Tranche(code="progress", label=TEXT, share_bp=3000, condition="report_accepted", report="y1"),
    Tranche(code="balance", label=TEXT, share_bp=2000, condition="final_account_settled", report=None),
)
REPORTS = (
    ReportTerm(code="y1", label=TEXT, period=Period(start="2022-01-01", end="2022-12-31"), due="2023-03-31"),
    ReportTerm(code="y2", label=TEXT, period=Period(start="2023-01-01", end="2025-12-31"), due="2026-03-31"),
)


def cofinancing(base: Base = "TOTAL_ELIGIBLE_COST", rate_bp: int = 2000) -> Cofinancing:
    """The own contribution of the call."""
    return Cofinancing(
        base=base,
        min_rate_bp=rate_bp,
        counts_partner_cash=True,
        counts_in_kind=False,
        excludes_other_flemish_subsidy=True,
    )


def payment_terms(
    *rules: TrancheRule,
    reminder_days: Sequence[int] = (),
    interim: InterimTerms | None = None,
    retention: RetentionTerm | None = None,
) -> PaymentTerms:
    """What a call says of tranches and reports beside their list."""
    return PaymentTerms(
        reminder_days=list(reminder_days), tranche_rules=list(rules), interim=interim, retention=retention
    )


def adopt(**changed: Any) -> AdoptSchedule:
    """The call's terms of payment: half at the start, 30 % on a report, the rest at the end."""
    fields: dict[str, Any] = {
        "budget_article": "SJ0-1SMC2AB-WT",
        "cofinancing": cofinancing(),
        "share_limits": [ShareLimit(category="small_infrastructure", max_share_bp=2000)],
        "cost_categories": ["personnel", "operating", "small_infrastructure"],
        "tranches": list(TRANCHES),
        "reports": list(REPORTS),
        "payment": payment_terms(),
        "source": SOURCE,
    }
    return AdoptSchedule(**(fields | changed))


def line(category: str, amount: int, subsidy: int) -> BudgetLine:
    """A line of the budget."""
    return BudgetLine(category=category, amount_cents=amount, subsidy_cents=subsidy)


def cost(category: str, amount: int, subsidy: int) -> ReportedCost:
    """A line of a report."""
    return ReportedCost(category=category, amount_cents=amount, subsidy_cents=subsidy)


def commit(award: int = 80_000_000, total: int = 100_000_000, *budget: BudgetLine) -> CommitFunds:
    """The award of a case, on a total cost; all of it for personnel where no budget says otherwise."""
    return CommitFunds(
        call=CALL,
        beneficiary=CITY,
        amount_cents=award,
        attempt=1,
        budget=list(budget) or [line("personnel", total, award)],
        synthetic=True,
        source=SOURCE,
    )


def report(*costs: ReportedCost, financing: list[FinancingLine] | None = None) -> SubmitReport:
    """A report of these costs."""
    return SubmitReport(
        costs=list(costs),
        financing=financing or [],
        narrative=Written(language="nl", text="Verslag"),
        document_sha256="0" * 64,
        synthetic=True,
    )


def finding(reference: str = "AUD-1") -> RecordAuditFinding:
    """A finding of an audit."""
    return RecordAuditFinding(reference=reference, description=Written(language="nl", text="Vaststelling"))


def disallow(amount: int, *, number: int = 1, category: str = "personnel") -> DisallowCost:
    """A cost that the subsidy cannot bear."""
    return DisallowCost(
        finding=number, category=category, amount_cents=amount, ground="BVR art. 11", evidence="invoice 12"
    )


def words(text: str = "Omdat het zo is.") -> Written:
    """What somebody wrote."""
    return Written(language="nl", text=text)


def claimed_cost(subsidy: int = 8_000, *, evidence: str = "a", **changed: Any) -> ClaimedCost:
    """A line of a claim: a cost of ten for every eight of subsidy."""
    fields: dict[str, Any] = {
        "category": "personnel",
        "description": f"loon {evidence}",
        "incurred": Period(start="2022-02-01", end="2022-02-28"),
        "amount_cents": subsidy * 5 // 4,
        "subsidy_cents": subsidy,
        "other_subsidy_cents": 0,
        "evidence_sha256": evidence * 64,
    }
    return ClaimedCost(**(fields | changed))


def stream_id(kind: str, ordinal: str | int) -> str:
    """The uuid of a claim, order, report or recovery of the case."""
    return case_id(CASE, kind, ordinal)


@dataclass
class Play:
    """A case under way. Every accepted fact is entered in the books, and reactions follow at once."""

    given: Given = field(default_factory=lambda: given(PAYMENT))
    books: Books = field(default_factory=Books)
    facts: list[AnyFact] = field(default_factory=list)
    at: str = NOON

    def ask(self, kind: str, ident: str, command: Command, by: Actor) -> Then:
        """Send a command and look at the answer; nothing is recorded."""
        return self.given.when(kind, ident, command, at=self.at, by=by)

    def do(self, kind: str, ident: str, command: Command, by: Actor) -> Play:
        """Send a command that is accepted; record, enter in the books, and let the reactions follow."""
        then = self.ask(kind, ident, command, by)
        assert isinstance(then.decision, Accepted), then.decision
        then.recorded()
        for fact in then.decision.facts:
            self.facts.append(fact)
            self.books.record(fact)
        for fact in then.decision.facts:
            self._follow(fact)
        return self

    def refused(self, kind: str, ident: str, command: Command, by: Actor, *, rule: str, code: str) -> Refused:
        """A command that this rule refuses; nothing is recorded, and the registry names the rule."""
        answer = self.ask(kind, ident, command, by).decision
        assert isinstance(answer, Refused), answer
        assert (answer.rule, answer.code) == (rule, code), answer
        assert rule in PAYMENT.commands[type(command)].rules
        assert answer.facts == ()
        return answer

    def silent(self, kind: str, ident: str, command: Command, by: Actor) -> Play:
        """A command that asks for what already is."""
        self.ask(kind, ident, command, by).nothing()
        return self

    def _follow(self, fact: AnyFact) -> None:
        for reaction in PAYMENT.reactions:
            if isinstance(fact, reaction.on):
                state = self.given.state(reaction.reads(fact)) if reaction.reads else None
                for issue in reaction.react(fact, SOURCE, state):
                    self.do(issue.kind, issue.id, issue.command, SERVICE)

    def last(self, kind: type[Any]) -> Any:
        """The last fact of a type."""
        return [fact for fact in self.facts if isinstance(fact, kind)][-1]

    def order_id(self, tranche: str, attempt: int = 1) -> str:
        """The uuid of an order."""
        return stream_id("payment-order", f"{tranche}/{attempt}")

    def owed(self, number: int = 1) -> int:
        """What is open of a recovery."""
        open_cents: int = self.given.state(f"recovery-{stream_id('recovery', number)}").open_cents
        return open_cents

    def open_recoveries(self) -> list[int]:
        """The numbers of the recoveries that are open."""
        numbers = range(1, 1 + len([fact for fact in self.facts if isinstance(fact, RecoveryOrdered)]))
        return [number for number in numbers if self.owed(number)]

    def recoverable(self) -> bool:
        """Whether what the first finding took off was paid at all."""
        paid = self.books.balance(f"BANK:{CASE}") + self.books.balance(f"OFFSET:{CASE}")
        taken: int = self.last(CostDisallowed).subsidy_cents
        return 0 < taken <= paid

    # The steps of a case, each by the right person.

    def award(self, award: int = 80_000_000, total: int = 100_000_000, *budget: BudgetLine, **terms: Any) -> Play:
        """Terms adopted, funds reserved by decision and committed."""
        self.do("schedule", CALL, adopt(**terms), SERVICE)
        self.books.credits[f"AVAILABLE:{CALL}"] += award
        reserved = AmountReserved(call=CALL, case=CASE, amount_cents=award, attempt=1, proposal_version=1)
        self.books.record(reserved)
        return self.do("account", CASE, commit(award, total, *budget), SERVICE)

    def activate(self) -> Play:
        """Contract in force, bank account confirmed."""
        self.do("account", CASE, ActivateAccount(term=TERM, source=SOURCE), SERVICE)
        return self.confirm_bank()

    def confirm_bank(self) -> Play:
        """A bank account to pay to."""
        return self.do("account", CASE, ConfirmBankAccount(iban=IBAN, basis="letter"), OFFICER)

    def hand_in(self, code: str, *costs: ReportedCost) -> Play:
        """A report, handed in and accepted."""
        self.do("report", stream_id("report", code), report(*costs), APPLICANT)
        return self.do("report", stream_id("report", code), AcceptReport(), HANDLER)

    def claim(self, tranche: str, *costs: ClaimedCost) -> Play:
        """A tranche, claimed and found due."""
        command = SubmitClaim(case=CASE, tranche=tranche, costs=list(costs))
        self.do("claim", stream_id("claim", tranche), command, APPLICANT)
        return self.do("claim", stream_id("claim", tranche), ApproveClaim(), APPROVER)

    def order(self, tranche: str, attempt: int = 1) -> Play:
        """A payment order."""
        command = OrderPayment(case=CASE, tranche=tranche, attempt=attempt)
        return self.do("payment-order", stream_id("payment-order", f"{tranche}/{attempt}"), command, OFFICER)

    def release(self, tranche: str, attempt: int = 1) -> Play:
        """The order goes to the bank."""
        ident = stream_id("payment-order", f"{tranche}/{attempt}")
        return self.do("payment-order", ident, ReleasePaymentFile(), RELEASER)

    def execute(self, tranche: str, attempt: int = 1) -> Play:
        """The bank pays."""
        ident = stream_id("payment-order", f"{tranche}/{attempt}")
        return self.do("payment-order", ident, ConfirmExecution(value_date="2022-03-01"), RELEASER)

    def reject(self, tranche: str, attempt: int = 1) -> Play:
        """The bank refuses: account closed."""
        ident = stream_id("payment-order", f"{tranche}/{attempt}")
        return self.do("payment-order", ident, RecordBankRejection(code="AC04"), RELEASER)

    def take_back(self, tranche: str, attempt: int = 1) -> Play:
        """The money comes back from the bank."""
        ident = stream_id("payment-order", f"{tranche}/{attempt}")
        return self.do("payment-order", ident, RecordReturn(code="AC04", value_date="2022-03-09"), RELEASER)

    def cancel(self, tranche: str, attempt: int = 1) -> Play:
        """The order is taken back."""
        ident = stream_id("payment-order", f"{tranche}/{attempt}")
        return self.do("payment-order", ident, CancelOrder(reason=words()), OFFICER)

    def pay(self, tranche: str, attempt: int = 1) -> Play:
        """Ordered, released, paid."""
        return self.order(tranche, attempt).release(tranche, attempt).execute(tranche, attempt)

    def find(self, amount: int) -> Play:
        """A finding, and a cost of it disallowed."""
        return self.do("account", CASE, finding(), INSPECTOR).do("account", CASE, disallow(amount), INSPECTOR)

    def recover(self, number: int = 1, number_of_finding: int = 1) -> Play:
        """What the finding took off is claimed back."""
        command = OrderRecovery(case=CASE, number=number, ground="conditions_not_met", finding=number_of_finding)
        return self.do("recovery", stream_id("recovery", number), command, OFFICER)

    def repay(self, amount: int, number: int = 1, reference: str = "BANK-1") -> Play:
        """The debtor pays back."""
        command = RecordRepayment(amount_cents=amount, reference=reference, value_date="2024-05-05")
        return self.do("recovery", stream_id("recovery", number), command, OFFICER)

    def settle(self) -> Play:
        """The final account."""
        return self.do("account", CASE, SettleFinalAccount(), OFFICER)

    def close(self) -> Play:
        """The end."""
        return self.do("account", CASE, CloseAccount(), OFFICER)
