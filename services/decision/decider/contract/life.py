"""How a contract goes on and ends: extended, suspended, resumed, terminated, completed or expired, closed."""

from __future__ import annotations

from events.catalog import AnyFact
from events.decision import (
    AwardAdopted,
    ContractActivated,
    ContractClosed,
    ContractCompleted,
    ContractDrafted,
    ContractExpired,
    ContractResumed,
    ContractSuspended,
    ContractTerminated,
    TermExtended,
    TerminationGround,
)
from events.times import day_of, end_of_day
from events.vocabulary import Period, Written
from services.deciding import Decision, accept
from services.decision.commands import (
    AdoptAward,
    CloseContract,
    DraftContract,
    ExtendTerm,
    ResumeContract,
    SuspendContract,
    TerminateContract,
)
from services.decision.decider.contract.common import Running
from services.decision.rules import refused, refused_as
from services.decision.rules.term import D7_2, longer_inputs, term_params
from services.rulebook import check

OF_THE_AWARD = ("award_suspended", "award_annulled")
"""Grounds that end with a new word on the award."""


def extend(running: Running, command: ExtendTerm) -> Decision:
    """A decision makes the term longer (D7)."""
    contract, term = running.contract, running.term
    if contract.extended_by == command.reference and term.end == command.end:
        return accept()
    if contract.status not in ("drafted", "active", "suspended"):
        return running.wrong_state()
    longer = Period(start=term.start, end=command.end)
    sources = [*running.adopted(), *running.own(ContractDrafted, ContractActivated, TermExtended)]
    inputs = longer_inputs(term, longer, command.reference)
    allowed = check(D7_2, term_params(running.terms), inputs, sources)
    if allowed.outcome == "fail":
        return refused(allowed)
    fact = TermExtended(
        **running.subject,
        previous=term,
        term=longer,
        reference=command.reference,
        reason=command.reason,
        checks=[allowed],
    )
    return running.accepted(fact)


def suspend(running: Running, command: SuspendContract) -> Decision:
    """Nothing is paid until it is resumed."""
    contract = running.contract
    # An award without effect keeps a draft from its entry into force by itself (D7), and an ended one pays nothing.
    if contract.status == "suspended" or (contract.status != "active" and _asked_by_the_house(running)):
        return accept()
    if contract.status == "drafted":
        return refused_as(D7_2, "nothing_to_suspend")
    if contract.status != "active":
        return running.wrong_state()
    fact = ContractSuspended(
        **running.subject,
        ground=command.ground,
        reason=command.reason,
        review_on=command.review_on,
        effective_at=running.context.at,
    )
    return running.accepted(fact)


def resume(running: Running, command: ResumeContract) -> Decision:
    """What was held back can be paid."""
    status = running.contract.status
    if status == "active" or (status != "suspended" and _asked_by_the_house(running)):
        return accept()
    if status != "suspended":
        return running.wrong_state()
    if _asked_by_the_house(running) and running.contract.held_for not in OF_THE_AWARD:
        # The award has effect again; what else the contract is suspended for, an official looks at.
        return accept()
    if not running.award_stands():
        return refused_as(D7_2, "award_not_in_force")
    return running.accepted(ContractResumed(**running.subject, reason=command.reason, effective_at=running.context.at))


def _asked_by_the_house(running: Running) -> bool:
    """Whether it follows from a word on the award, and not from what an official wants."""
    return running.context.actor.role == "service"


def adopt(running: Running, amount_cents: int, command: AdoptAward | DraftContract) -> Decision:
    """A new decision on the award: the contract follows it, and goes on if it waited for that; or it ends."""
    contract, context = running.contract, running.context
    if contract.status in ("terminated", "expired", "closed"):
        return accept()
    if not amount_cents:
        renounced = isinstance(command, AdoptAward) and command.renounced
        return running.accepted(_ended(running, "renounced" if renounced else "award_withdrawn", command.reference))
    facts: list[AnyFact] = []
    # After an amendment that gave some back, the same award once more gives it again.
    if (amount_cents, amount_cents) != (contract.award_cents, contract.amount_cents):
        adopted = AwardAdopted(
            **running.subject,
            previous_cents=contract.amount_cents,
            amount_cents=amount_cents,
            budget=command.budget,
            reference=command.reference,
            source=command.source,
        )
        facts.append(adopted)
    if contract.status == "suspended" and contract.held_for in OF_THE_AWARD and running.award_stands():
        facts.append(ContractResumed(**running.subject, reason=None, effective_at=context.at))
    return running.accepted(*facts) if facts else accept()


def terminate(running: Running, command: TerminateContract) -> Decision:
    """It ends before its time; what is not owed returns to the envelope."""
    contract = running.contract
    if contract.status == "terminated":
        return accept()
    if contract.status not in ("drafted", "active", "suspended", "completed"):
        return running.wrong_state()
    return running.accepted(_ended(running, command.ground, command.reference, command.reason))


def _ended(
    running: Running, ground: TerminationGround, reference: str, reason: Written | None = None
) -> ContractTerminated:
    return ContractTerminated(
        **running.subject,
        beneficiary=running.holder,
        ground=ground,
        reference=reference,
        reason=reason,
        amount_cents=running.contract.amount_cents,
        in_force=running.contract.in_force,
        term=_until_now(running),
        effective_at=running.context.at,
    )


def _until_now(running: Running) -> Period:
    """What remains of the term: until today, where the contract ever came into force."""
    term = running.term
    if not running.contract.in_force:
        return term
    return Period(start=term.start, end=min(term.end, day_of(running.context.at)))


def complete(running: Running) -> Decision:
    """The last day has passed: a contract in force is completed, another one expires."""
    contract, term = running.contract, running.term
    if running.context.at < end_of_day(term.end).utc:
        return accept()
    match contract.status:
        case "active":
            return running.accepted(ContractCompleted(**running.subject, term=term))
        case "drafted" | "suspended":
            expired = ContractExpired(
                **running.subject,
                beneficiary=running.holder,
                amount_cents=contract.amount_cents,
                in_force=contract.in_force,
                term=term,
                effective_at=running.context.at,
            )
            return running.accepted(expired)
        case _:
            return accept()


def close(running: Running, command: CloseContract) -> Decision:
    """Payment has nothing open any more."""
    if running.contract.status == "closed":
        return accept()
    if running.contract.status in ("none", "drafted"):
        return running.wrong_state()
    fact = ContractClosed(
        **running.subject,
        final_subsidy_cents=command.final_subsidy_cents,
        paid_cents=command.paid_cents,
        recovered_cents=command.recovered_cents,
        source=command.source,
    )
    return running.accepted(fact)
