"""What payment needs to remember to decide: the call's schedule, and a case's account, reports, claims and payments."""

from __future__ import annotations

from typing import TypeAlias

from events.payment import (
    BankFileFacts,
    ClaimFacts,
    OrderFacts,
    PaymentFact,
    RecoveryFacts,
    ReportFacts,
    ScheduleAdopted,
)
from services.payment.state.account import OF_THE_AWARD as OF_THE_AWARD
from services.payment.state.account import Account as Account
from services.payment.state.account import Schedule as Schedule
from services.payment.state.account import evolve_account as evolve_account
from services.payment.state.bank_file import BankFile as BankFile
from services.payment.state.bank_file import evolve_bank_file
from services.payment.state.recovery import Recovery as Recovery
from services.payment.state.recovery import evolve_recovery
from services.payment.state.report import Report as Report
from services.payment.state.report import evolve_report
from services.payment.state.report import reminder_at as reminder_at
from services.payment.state.tranche import Claim as Claim
from services.payment.state.tranche import Order as Order
from services.payment.state.tranche import evolve_claim, evolve_order

State: TypeAlias = Schedule | Account | Report | Claim | Order | BankFile | Recovery

_KINDS: dict[str, type[State]] = {
    "schedule": Schedule,
    "account": Account,
    "report": Report,
    "claim": Claim,
    "payment-order": Order,
    "bank-file": BankFile,
    "recovery": Recovery,
}


def initial(kind: str) -> State:
    """The state of a stream in which nothing has happened."""
    return _KINDS[kind]()


def evolve(state: State, fact: PaymentFact) -> State:
    """The state after one more fact."""
    if isinstance(fact, ScheduleAdopted):
        return Schedule(fact)
    if isinstance(fact, ReportFacts):
        return evolve_report(state if isinstance(state, Report) else Report(), fact)
    if isinstance(fact, ClaimFacts):
        return evolve_claim(state if isinstance(state, Claim) else Claim(), fact)
    if isinstance(fact, OrderFacts):
        return evolve_order(state if isinstance(state, Order) else Order(), fact)
    if isinstance(fact, BankFileFacts):
        return evolve_bank_file(state if isinstance(state, BankFile) else BankFile(), fact)
    if isinstance(fact, RecoveryFacts):
        return evolve_recovery(state if isinstance(state, Recovery) else Recovery(), fact)
    return evolve_account(state if isinstance(state, Account) else Account(), fact)
