"""Values of the log in the form in which outsiders read them. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from events import decision, vocabulary
from events.public.models import DecidedItem, FailedRule
from events.public.state import CaseState
from events.public.values import Case, ClosingTime, CostLine, Money, Organisation, Term
from events.times import Deadline


def organisation(party: vocabulary.Party) -> Organisation:
    """A party by its codes and official name."""
    return Organisation(ovo=party.ovo, kbo=party.kbo, name=party.name, nis=party.nis)


def term(period: vocabulary.Period) -> Term:
    """A period."""
    return Term(start=period.start, end=period.end)


def closing_time(deadline: Deadline) -> ClosingTime:
    """A deadline."""
    return ClosingTime(local=deadline.local, zone=deadline.zone, utc=deadline.utc)


def cost_lines(lines: Iterable[vocabulary.BudgetLine]) -> list[CostLine]:
    """A budget."""
    return [
        CostLine(category=one.category, amount_cents=one.amount_cents, subsidy_cents=one.subsidy_cents) for one in lines
    ]


def failed(checks: Iterable[vocabulary.Check]) -> list[FailedRule]:
    """The rules that were not met, by code: the sentences go to the applicant."""
    return [FailedRule(rule=one.rule, code=one.code) for one in checks if one.outcome == "fail"]


def item(one: decision.ProposalItem) -> DecidedItem:
    """A file of an approved decision: rank and outcome of the advice, never the points behind them."""
    return DecidedItem(
        case=one.case,
        applicant=organisation(one.applicant),
        rank=one.rank,
        advice=one.outcome,
        requested_cents=one.requested_cents,
        granted_cents=one.proposed_cents,
    )


def known(ident: str, state: CaseState) -> Case:
    """A case as it stands."""
    money = Money(
        requested_cents=state.requested_cents,
        awarded_cents=state.awarded_cents,
        committed_cents=state.committed_cents,
        paid_cents=state.paid_cents,
        recovered_cents=state.recovered_cents,
    )
    return Case(
        id=ident,
        number=state.number,
        status=state.status,
        holder=organisation(state.holder),
        project=state.project,
        neighbourhood=state.neighbourhood,
        synthetic=state.synthetic,
        money=money,
    )
