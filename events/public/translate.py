"""Fact → public event, or silence. Pure, and exhaustive by type: a new fact must say here what outsiders hear of it.

What stays inside, and why:

- conversation between agency and applicant (drafts, completions, clarifications, single checks, reports as handed in,
  claims as handed in): not settled yet, and the parties know;
- everything of the jury, and everything that would give its advice away before the Government has decided
  (reservations, proposals, the items of a decision that was postponed): deliberations are confidential. What the jury
  advised is told with the approved decision, as outcome and rank; points, members and recusals never are;
- more time for one applicant, and what ends a case together with its call, which is told of the call;
- how a contract is drawn up and carried out (drafts, pledges, partners, actions, indicators, changes asked for and not
  given): it is between its parties. Of an approved amendment the money and the term are told, never partners or
  actions. A contract that runs out while it is not in force is not told: its last day was;
- how the house does its work (copies between services, accounts at the bank, orders before the bank has paid, refusals
  of the ledger);
- whatever a person wrote, and whatever is sealed.
"""

from __future__ import annotations

from typing import Any, TypeAlias, assert_never

from events import decision, eligibility, intake, jury, log, payment
from events.catalog import AnyFact
from events.public import contracts, redress
from events.public import models as told
from events.public.accounts import MoneyFact, tell_money
from events.public.forms import closing_time, cost_lines, failed, item, known, organisation, term
from events.public.grants import tell_grant
from events.public.state import CaseState
from events.public.values import Case, PublicData, Told
from events.times import Instant


def tell(fact: AnyFact, occurred_at: Instant, state: CaseState | None) -> PublicData | None:
    """What outsiders hear of a fact; `state` is its case after it, None for a case that never became known."""
    if isinstance(fact, intake.CallFacts):
        return _call(fact, occurred_at)
    if isinstance(fact, decision.EnvelopeFacts | decision.ProposalFacts):
        return _award(fact, occurred_at)
    if isinstance(
        fact,
        eligibility.CriteriaFacts
        | eligibility.RegisterFacts
        | jury.JuryFact
        | payment.ScheduleFacts
        | payment.BankFileFacts
        | log.HouseFact,
    ):
        return None
    # A case that was never submitted in time is nobody's business outside.
    return None if state is None else _case(fact, occurred_at, known(fact.case, state))


_CaseFact: TypeAlias = (
    intake.ApplicationFacts | eligibility.AssessmentFacts | decision.GrantFacts | decision.ContractFacts | MoneyFact
)


def _case(fact: _CaseFact, at: Instant, case: Case) -> PublicData | None:
    if isinstance(fact, intake.ApplicationFacts):
        return _application(fact, at, case)
    if isinstance(fact, eligibility.AssessmentFacts):
        return _assessment(fact, at, case)
    if isinstance(fact, decision.GrantFacts):
        return tell_grant(fact, at, case)
    if isinstance(fact, decision.ContractFacts):
        return _contract(fact, at, case)
    return tell_money(fact, at, case)


def _call(fact: intake.CallFacts, at: Instant) -> PublicData | None:
    match fact:
        case intake.CallPublished(terms=terms):
            return told.CallPublished(
                call=fact.call,
                occurred_at=at,
                title=Told(nl=terms.title.nl, en=terms.title.en),
                legal_basis=terms.legal_basis,
                budget_article=terms.budget_article,
                opens=closing_time(terms.opens),
                deadline=closing_time(terms.deadline),
                envelope_cents=terms.envelope_cents,
                cap_cents=terms.cap_cents,
                own_share=told.OwnShare(base=terms.cofinancing.base, min_rate_bp=terms.cofinancing.min_rate_bp),
                longest_months=terms.term.max_months,
                latest_end=terms.term.latest_end,
            )
        case intake.CallOpened():
            return told.CallOpened(call=fact.call, occurred_at=at, deadline=closing_time(fact.deadline))
        case intake.CallDeadlineExtended():
            return told.CallExtended(
                call=fact.call,
                occurred_at=at,
                previous_deadline=closing_time(fact.previous),
                deadline=closing_time(fact.deadline),
            )
        case intake.CallDeadlineCorrected():
            return told.CallCorrected(
                call=fact.call,
                occurred_at=at,
                previous_deadline=closing_time(fact.previous),
                deadline=closing_time(fact.deadline),
            )
        case intake.CallCancelled():
            return told.CallCancelled(call=fact.call, occurred_at=at)
        case intake.IndividualExtensionGranted() | intake.CaseNoted() | intake.DecisionNoted():
            return None
        case intake.CallClosed():
            return told.CallClosed(call=fact.call, occurred_at=at, deadline=closing_time(fact.deadline))
        case _:
            assert_never(fact)


def _award(fact: decision.EnvelopeFacts | decision.ProposalFacts, at: Instant) -> PublicData | None:
    match fact:
        case decision.EnvelopeSet():
            return told.EnvelopeSet(
                call=fact.call, occurred_at=at, amount_cents=fact.amount_cents, budget_article=fact.budget_article
            )
        case decision.EnvelopeIncreased():
            return told.EnvelopeIncreased(
                call=fact.call,
                occurred_at=at,
                previous_cents=fact.previous_cents,
                increase_cents=fact.increase_cents,
                amount_cents=fact.amount_cents,
                reference=fact.reference,
            )
        case decision.EnvelopeDecreased():
            return redress.EnvelopeDecreased(
                call=fact.call,
                occurred_at=at,
                previous_cents=fact.previous_cents,
                decrease_cents=fact.decrease_cents,
                amount_cents=fact.amount_cents,
                reference=fact.reference,
            )
        case decision.GovernmentDecisionRecorded():
            approved = fact.result == "goedgekeurd"
            return told.DecisionTaken(
                call=fact.call,
                occurred_at=at,
                result=fact.result,
                reference=fact.reference,
                meeting=fact.meeting,
                items=[item(one) for one in fact.items] if approved else [],
            )
        case (
            decision.AwardProposalDrafted()
            | decision.InspectorateAdviceRecorded()
            | decision.BudgetAgreementRecorded()
            | decision.ProposalAgendaed()
            | decision.DepartureReasoned()
            | decision.StandstillBegan()
            | decision.ProposalLapsed()
            | decision.ProposalHeld()
            | decision.ProposalHoldLifted()
            | decision.DecisionPublished()
        ):
            return None
        case _:
            assert_never(fact)


def _application(fact: intake.ApplicationFacts, at: Instant, case: Case) -> PublicData | None:
    match fact:
        case intake.ApplicationSubmitted() | intake.LateSubmissionRegistered():
            return told.ApplicationSubmitted(
                call=fact.call,
                occurred_at=at,
                case=case,
                application_version=fact.application_version,
                term=term(fact.content.term),
            )
        case intake.ReceiptAcknowledged():
            return told.ApplicationAcknowledged(
                call=fact.call, occurred_at=at, case=case, submitted_at=fact.submitted_at
            )
        case intake.ApplicationWithdrawn():
            return told.ApplicationWithdrawn(call=fact.call, occurred_at=at, case=case)
        case (
            intake.DraftStarted()
            | intake.DraftStepSaved()
            | intake.AttachmentStored()
            | intake.AttachmentRefused()
            | intake.FormFilled()
            | intake.LateSubmissionRecorded()
            | intake.CompletionRequested()
            | intake.CompletionSupplied()
            | intake.CompletionTermLapsed()
            | intake.WithdrawalRefused()
            | intake.ApplicationReopened()
            | intake.ApplicantSucceeded()
            | intake.ApplicationLapsed()
        ):
            return None
        case _:
            assert_never(fact)


def _assessment(fact: eligibility.AssessmentFacts, at: Instant, case: Case) -> PublicData | None:
    match fact:
        case eligibility.DeclaredAdmissible():
            return told.DeclaredAdmissible(call=fact.call, occurred_at=at, case=case)
        case eligibility.DeclaredInadmissible():
            return told.DeclaredInadmissible(call=fact.call, occurred_at=at, case=case, failed=failed(fact.checks))
        case eligibility.DeclaredEligible():
            return told.DeclaredEligible(call=fact.call, occurred_at=at, case=case)
        case eligibility.DeclaredIneligible():
            return told.DeclaredIneligible(call=fact.call, occurred_at=at, case=case, failed=failed(fact.checks))
        case (
            eligibility.AssessmentStarted()
            | eligibility.DossierSupplemented()
            | eligibility.CheckRecorded()
            | eligibility.HumanCheckRecorded()
            | eligibility.DerogationGranted()
            | eligibility.CostsDeclared()
            | eligibility.ClarificationTermLapsed()
            | eligibility.AssessmentRevised()
            | eligibility.ClarificationRequested()
            | eligibility.ClarificationReceived()
            | eligibility.AssessmentSucceeded()
            | eligibility.AssessmentLapsed()
        ):
            return None
        case _:
            assert_never(fact)


_QuietContract: TypeAlias = (
    decision.ContractDrafted
    | decision.ContractRedrafted
    | decision.PledgeSigned
    | decision.PledgeRefused
    | decision.PartnerLeft
    | decision.BudgetShiftRefused
    | decision.AwardAdopted
    | decision.ContractExpired
    | decision.ActionPlanned
    | decision.ActionDiscontinued
    | decision.IndicatorRecorded
    | decision.AmendmentProposed
    | decision.AmendmentRefused
    | decision.AmendmentWithdrawn
)


def _contract(fact: decision.ContractFacts, at: Instant, case: Case) -> PublicData | None:
    if isinstance(fact, _QuietContract):
        return None
    match fact:
        case decision.ContractActivated():
            return told.ContractActivated(
                call=fact.call,
                occurred_at=at,
                case=case,
                amount_cents=fact.amount_cents,
                term=term(fact.term),
                effective_at=fact.effective_at,
            )
        case decision.BudgetShifted():
            return told.ContractAmended(
                call=fact.call,
                occurred_at=at,
                case=case,
                from_category=fact.from_category,
                to_category=fact.to_category,
                amount_cents=fact.amount_cents,
                budget=cost_lines(fact.budget),
            )
        case decision.BeneficiarySucceeded():
            return told.ContractTransferred(
                call=fact.call,
                occurred_at=at,
                case=case,
                previous=organisation(fact.previous),
                successor=organisation(fact.successor),
                merged=[organisation(one) for one in fact.merged],
                effective_at=fact.effective_at,
            )
        case decision.ContractCompleted():
            return told.ContractCompleted(call=fact.call, occurred_at=at, case=case, term=term(fact.term))
        case decision.ContractClosed():
            return told.ContractClosed(
                call=fact.call, occurred_at=at, case=case, final_subsidy_cents=fact.final_subsidy_cents
            )
        case _:
            return _changed(fact, at, case)


_Changed: TypeAlias = (
    decision.TermExtended
    | decision.ContractSuspended
    | decision.ContractResumed
    | decision.ContractTerminated
    | decision.AmendmentApproved
)


def _changed(fact: _Changed, at: Instant, case: Case) -> PublicData:
    base: dict[str, Any] = {"call": fact.call, "occurred_at": at, "case": case}
    match fact:
        case decision.TermExtended():
            return contracts.ContractExtended(
                **base, previous=term(fact.previous), term=term(fact.term), reference=fact.reference
            )
        case decision.ContractSuspended():
            return contracts.ContractSuspended(
                **base, ground=fact.ground, review_on=fact.review_on, effective_at=fact.effective_at
            )
        case decision.ContractResumed():
            return contracts.ContractResumed(**base, effective_at=fact.effective_at)
        case decision.ContractTerminated():
            return contracts.ContractTerminated(
                **base,
                ground=fact.ground,
                reference=fact.reference,
                amount_cents=fact.amount_cents,
                in_force=fact.in_force,
                term=term(fact.term),
                effective_at=fact.effective_at,
            )
        case decision.AmendmentApproved():
            return contracts.AmendmentApproved(
                **base,
                amendment=fact.amendment,
                previous_cents=fact.previous_cents,
                amount_cents=fact.amount_cents,
                budget=cost_lines(fact.budget),
                previous=term(fact.previous),
                term=term(fact.term),
            )
        case _:
            assert_never(fact)
