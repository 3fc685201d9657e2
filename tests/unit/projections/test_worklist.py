"""Who has the ball, at every step of a case and of its call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from events.catalog import AnyFact
from events.payment import PlannedTranche
from events.times import deadline
from projections.past import refold
from projections.worklist.evolve import WORKLIST
from projections.worklist.tasks import NEVER, TASKS, WorkRow
from tests.unit.projections.samples import CALL, CASE, event, sample

Balls = set[tuple[str, str]]


def play(facts: Sequence[AnyFact]) -> dict[str, WorkRow]:
    rows = refold(WORKLIST, [event(fact, number) for number, fact in enumerate(facts, 1)])
    return {str(key[0]): row for key, row in rows.items()}


def balls(row: WorkRow) -> Balls:
    return {(task.code, task.ref) for task in row.tasks}


def fact(name: str, **changes: Any) -> Any:
    return sample(name, **changes)


CASE_STORY: list[tuple[AnyFact, Balls]] = [
    (fact("DraftStarted"), {("submit_application", "")}),
    (fact("ApplicationSubmitted"), {("judge_admissibility", "")}),
    (fact("CompletionRequested"), {("supply_completion", "")}),
    (fact("CompletionSupplied"), {("judge_admissibility", "")}),
    (fact("DeclaredAdmissible"), {("judge_eligibility", "")}),
    (fact("ClarificationRequested"), {("answer_clarification", "")}),
    (fact("ClarificationTermLapsed"), {("judge_eligibility", "")}),
    (fact("ClarificationRequested"), {("answer_clarification", "")}),
    (fact("ClarificationReceived"), {("judge_eligibility", "")}),
    (fact("DeclaredEligible"), {("assign_members", "")}),
    (fact("ApplicationAssigned", members=["a", "b", "c"]), {("submit_score", one) for one in "abc"}),
    (fact("MemberRecused", member="c"), {("submit_score", "a"), ("submit_score", "b")}),
    (fact("ScoreSubmitted", member="a"), {("submit_score", "b")}),
    (fact("ScoreSubmitted", member="b"), {("open_deliberation", "")}),
    (fact("DeliberationOpened"), {("adopt_advice", "")}),
    (fact("AdviceAdopted"), {("await_ranking", "")}),
    (fact("RankingFixed"), {("await_decision", "")}),
    (fact("ReservationRefused"), {("await_decision", ""), ("mend_reservation", "")}),
    (fact("AmountReserved"), {("await_decision", "")}),
    (fact("GovernmentDecisionRecorded", result="uitgesteld"), {("await_decision", "")}),
    (fact("GrantAwarded"), {("draft_contract", "")}),
    (fact("ContractDrafted"), {("sign_pledge", "staff")}),
    (
        fact(
            "FundsCommitted",
            tranches=[
                PlannedTranche(code="first", amount_cents=1, condition="contract_active", report=None),
                PlannedTranche(code="second", amount_cents=1, condition="report_accepted", report="r1"),
                PlannedTranche(code="last", amount_cents=1, condition="final_account_settled", report=None),
            ],
        ),
        {("sign_pledge", "staff")},
    ),
    (fact("PledgeSigned", partner="staff"), {("activate_contract", "")}),
    (fact("ContractActivated"), {("run_contract", "")}),
    (fact("AccountActivated"), {("run_contract", ""), ("confirm_bank_account", ""), ("submit_claim", "first")}),
    (fact("BankAccountConfirmed"), {("run_contract", ""), ("submit_claim", "first")}),
    (fact("ClaimSubmitted", tranche="first"), {("run_contract", ""), ("approve_claim", "first")}),
    (fact("ClaimApproved", tranche="first"), {("run_contract", ""), ("order_payment", "first")}),
    (fact("PaymentOrdered", tranche="first"), {("run_contract", ""), ("release_payment", "first")}),
    (fact("PaymentFileReleased", tranche="first"), {("run_contract", ""), ("confirm_execution", "first")}),
    (
        fact("PaymentRejectedByBank", tranche="first"),
        {("run_contract", ""), ("confirm_bank_account", ""), ("order_payment", "first")},
    ),
    (fact("BankAccountConfirmed", ordinal=2), {("run_contract", ""), ("order_payment", "first")}),
    (fact("PaymentOrdered", tranche="first", attempt=2), {("run_contract", ""), ("release_payment", "first")}),
    (fact("PaymentFileReleased", tranche="first", attempt=2), {("run_contract", ""), ("confirm_execution", "first")}),
    (fact("PaymentExecuted", tranche="first", attempt=2), {("run_contract", "")}),
    (fact("ReportExpected", report="r1"), {("run_contract", ""), ("submit_report", "r1")}),
    (fact("ReportOverdue", report="r1"), {("run_contract", ""), ("submit_report", "r1")}),
    (fact("ReportSubmitted", report="r1"), {("run_contract", ""), ("accept_report", "r1")}),
    (fact("ReportAccepted", report="r1"), {("run_contract", ""), ("submit_claim", "second")}),
    (fact("ClaimSubmitted", tranche="second"), {("run_contract", ""), ("approve_claim", "second")}),
    (fact("ClaimApproved", tranche="second"), {("run_contract", ""), ("order_payment", "second")}),
    (fact("PaymentOrdered", tranche="second"), {("run_contract", ""), ("release_payment", "second")}),
    (fact("PaymentFileReleased", tranche="second"), {("run_contract", ""), ("confirm_execution", "second")}),
    (fact("PaymentExecuted", tranche="second"), {("run_contract", "")}),
    (fact("BudgetShiftRefused"), {("run_contract", "")}),
    (fact("BeneficiarySucceeded"), {("run_contract", "")}),
    (fact("AuditFindingRecorded", finding=1), {("run_contract", ""), ("judge_finding", "1")}),
    (fact("CostDisallowed", finding=1), {("run_contract", ""), ("order_recovery", "1")}),
    (fact("RecoveryOrdered", finding=1, recovery="d", amount_cents=5), {("run_contract", ""), ("repay", "d")}),
    (fact("ContractCompleted"), {("settle_account", ""), ("repay", "d")}),
    (fact("FinalAccountSettled", balance_cents=9), {("submit_claim", "last"), ("repay", "d")}),
    (fact("ClaimSubmitted", tranche="last"), {("approve_claim", "last"), ("repay", "d")}),
    (fact("ClaimApproved", tranche="last"), {("order_payment", "last"), ("repay", "d")}),
    (fact("PaymentOrdered", tranche="last"), {("release_payment", "last"), ("repay", "d")}),
    (fact("PaymentFileReleased", tranche="last"), {("confirm_execution", "last"), ("repay", "d")}),
    (fact("RecoveryOffset", recovery="d", amount_cents=2), {("confirm_execution", "last"), ("repay", "d")}),
    (fact("PaymentExecuted", tranche="last"), {("repay", "d")}),
    (fact("RepaymentReceived", recovery="d", amount_cents=3), {("close_account", "")}),
    (fact("AccountClosed"), set()),
    (fact("ContractClosed"), set()),
]


def test_a_contract_drawn_up_again_asks_for_no_tranche_that_was_claimed_before() -> None:
    paid = next(place for place, (one, _) in enumerate(CASE_STORY) if type(one).__name__ == "PaymentExecuted")
    before = [one for one, _ in CASE_STORY[: paid + 1]]
    again = [
        sample("ContractTerminated", case=CASE),
        sample("AccountTerminated", case=CASE),
        sample("ContractRedrafted", case=CASE, partners=[]),
        sample("AccountRenewed", case=CASE),
    ]
    assert balls(play([*before, *again])[CASE]) == {("activate_contract", "")}
    in_force = [sample("ContractActivated", case=CASE), sample("AccountActivated", case=CASE)]
    assert balls(play([*before, *again, *in_force])[CASE]) == {("run_contract", "")}


@pytest.mark.parametrize("step", range(len(CASE_STORY)), ids=[type(one).__name__ for one, _ in CASE_STORY])
def test_the_ball_lies_where_the_last_fact_put_it(step: int) -> None:
    row = play([one for one, _ in CASE_STORY[: step + 1]])[CASE]
    assert balls(row) == CASE_STORY[step][1]
    assert (row.party is None) == (not row.tasks)
    assert row.parties == sorted({TASKS[code][0] for code, _ in balls(row)})


@pytest.mark.parametrize(
    "last",
    [
        "LateSubmissionRecorded",
        "ApplicationWithdrawn",
        "ApplicationLapsed",
        "DeclaredInadmissible",
        "DeclaredIneligible",
        "GrantRefused",
    ],
)
def test_a_case_that_has_ended_waits_for_nobody_whatever_still_comes(last: str) -> None:
    late = [fact("DeclaredEligible"), fact("ScoreSubmitted"), fact("ReportExpected")]
    row = play([fact("DraftStarted"), fact("ApplicationSubmitted"), fact(last), *late])[CASE]
    assert (row.tasks, row.party, row.sort_due) == ([], None, NEVER)


def test_a_late_application_that_is_taken_in_waits_for_the_official_like_any_other() -> None:
    late = [fact("DraftStarted"), fact("LateSubmissionRecorded")]
    assert balls(play(late)[CASE]) == set()
    row = play([*late, fact("LateSubmissionRegistered")])[CASE]
    assert (balls(row), row.ended) == ({("judge_admissibility", "")}, False)


def test_a_reopened_file_waits_for_the_applicant_and_then_for_whom_it_waited() -> None:
    sent = [fact("DraftStarted"), fact("ApplicationSubmitted"), fact("ApplicationReopened")]
    assert balls(play(sent)[CASE]) == {("supply_completion", "")}
    assert balls(play([*sent, fact("CompletionSupplied")])[CASE]) == {("judge_admissibility", "")}
    jury = [*sent[:2], fact("DeclaredEligible"), fact("ApplicationReopened"), fact("CompletionSupplied")]
    assert balls(play(jury)[CASE]) == {("assign_members", ""), ("review_supplement", "")}


def test_a_successor_sees_the_case_and_stands_as_its_applicant() -> None:
    heir = msgspec.structs.replace(fact("DraftStarted").applicant, ovo="OVO000777", name="Nieuwe stad")
    row = play([fact("DraftStarted"), fact("ApplicantSucceeded", successor=heir)])[CASE]
    assert (row.applicant, row.organisations) == ("Nieuwe stad", ["OVO000123", "OVO000777"])


def test_a_call_that_is_open_again_waits_for_its_new_deadline_and_a_cancelled_one_for_nothing() -> None:
    closed = [fact("CallPublished"), fact("CallOpened"), fact("CallClosed")]
    for moved in ("CallDeadlineExtended", "CallDeadlineCorrected"):
        assert ("close_call", "") in balls(play([*closed, fact(moved)])[CALL])
    assert ("close_call", "") not in balls(play([fact("CallPublished"), fact("CallDeadlineCorrected")])[CALL])
    assert balls(play([*closed, fact("CallCancelled")])[CALL]) == set()


def test_a_final_account_without_balance_leaves_only_the_closing() -> None:
    row = play([fact("ContractCompleted"), fact("FinalAccountSettled", balance_cents=0)])[CASE]
    assert balls(row) == {("close_account", "")}


def test_the_most_urgent_task_stands_in_front() -> None:
    soon, later = deadline("2023-01-31T23:59:59"), deadline("2024-01-31T23:59:59")
    row = play(
        [
            fact("ReportExpected", report="late", due=later),
            fact("AuditFindingRecorded"),
            fact("ReportExpected", report="soon", due=soon),
        ]
    )[CASE]
    assert (row.code, row.ref, row.due, row.sort_due) == ("submit_report", "soon", soon.utc, soon.utc)


def test_a_task_that_is_moved_keeps_since_when_it_waits() -> None:
    rows = refold(
        WORKLIST,
        [
            event(fact("CallOpened"), 1, "2021-03-11T00:00:00.000000Z"),
            event(fact("CallDeadlineExtended", deadline=deadline("2021-07-19T23:59:59")), 2),
        ],
    )
    task = rows[(CALL,)].tasks[0]
    assert (task.code, task.since, task.due) == (
        "close_call",
        "2021-03-11T00:00:00.000000Z",
        "2021-07-19T21:59:59.000000Z",
    )


CALL_STORY: list[tuple[AnyFact, set[str]]] = [
    (fact("CallPublished"), {"open_call", "compose_panel"}),
    (fact("EnvelopeSet"), {"open_call", "compose_panel"}),
    (fact("CallOpened"), {"close_call", "compose_panel"}),
    (fact("CallClosed"), {"compose_panel"}),
    (fact("PanelComposed"), {"declare_interests"}),
    (fact("InterestsDeclared"), set()),
    (fact("CaseAdmittedToPanel"), set()),
    (fact("CaseAdmittedToPanel", case="other"), set()),
    (fact("AdviceAdopted"), set()),
    (fact("CaseLeftPanel", case="other"), {"fix_ranking"}),
    (fact("RankingFixed"), set()),
    (fact("AwardProposalDrafted"), {"inspectorate_advice", "budget_agreement"}),
    (fact("InspectorateAdviceRecorded"), {"budget_agreement"}),
    (fact("BudgetAgreementRecorded"), {"place_on_agenda"}),
    (fact("AwardProposalDrafted", proposal_version=2), {"inspectorate_advice", "budget_agreement"}),
    (fact("BudgetAgreementRecorded"), {"inspectorate_advice"}),
    (fact("InspectorateAdviceRecorded"), {"place_on_agenda"}),
    (fact("ProposalAgendaed"), {"record_decision"}),
    (fact("GovernmentDecisionRecorded", result="uitgesteld"), {"place_on_agenda"}),
    (fact("ProposalAgendaed"), {"record_decision"}),
    (fact("GovernmentDecisionRecorded", result="goedgekeurd"), set()),
]


LEFT_BEFORE = [fact("CallPublished"), fact("PanelTermsAdopted"), fact("CaseLeftPanel", case="early")]


@pytest.mark.parametrize("before", [LEFT_BEFORE, [one for one, _ in CALL_STORY[:17]]])
def test_a_file_that_was_not_before_the_jury_leaves_no_ranking_to_fix(before: list[AnyFact]) -> None:
    """It never came, or the ranking is fixed: its leaving is news for nobody."""
    then = play([*before, fact("CaseLeftPanel", case="early")])[CALL]
    assert then.tasks == play(before)[CALL].tasks
    assert ("fix_ranking", "") not in balls(then)


def test_the_ranking_waits_for_a_file_that_comes_back_unless_the_jury_was_done_with_it() -> None:
    panel = [fact("CallPublished"), fact("CaseAdmittedToPanel"), fact("CaseAdmittedToPanel", case="other")]
    ready = [*panel, fact("AdviceAdopted"), fact("CaseSetAside", case="other")]
    assert ("fix_ranking", "") in balls(play(ready)[CALL])
    again = [*ready, fact("CaseReadmitted", case="other")]
    assert ("fix_ranking", "") not in balls(play(again)[CALL])
    assert ("fix_ranking", "") in balls(play([*again, fact("AdviceAdopted", case="other")])[CALL])
    done = [*panel, fact("AdviceAdopted"), fact("AdviceAdopted", case="other"), fact("CaseSetAside")]
    assert ("fix_ranking", "") in balls(play([*done, fact("CaseReadmitted")])[CALL])


def test_a_withdrawn_case_that_others_learn_of_late_has_no_tasks() -> None:
    late = ["DeclaredEligible", "CaseLeftPanel", "CandidateWithdrawn"]
    facts = [fact("DraftStarted"), fact("ApplicationSubmitted"), fact("ApplicationWithdrawn")]
    assert balls(play([*facts, *(fact(name) for name in late)])[CASE]) == set()


JURY_STORY: list[tuple[AnyFact, Balls]] = [
    (fact("DeclaredEligible"), {("assign_members", "")}),
    (fact("ConflictSuggested", member="c"), {("assign_members", ""), ("judge_conflict", "c")}),
    (fact("ConflictDismissed", member="c"), {("assign_members", "")}),
    (fact("ConflictSuggested", member="d"), {("assign_members", ""), ("judge_conflict", "d")}),
    (fact("ConflictRecorded", member="d"), {("assign_members", "")}),
    (fact("ApplicationAssigned", members=["a", "e"]), {("submit_score", "a"), ("submit_score", "e")}),
    (fact("MemberLeftFile", member="e"), {("submit_score", "a")}),
    (fact("ScoreSubmitted", member="a"), {("open_deliberation", "")}),
    (fact("DeliberationOpened", present=["a", "b"]), {("adopt_advice", "")}),
    (fact("SecretBallotHeld", outcome=None), {("use_casting_vote", "")}),
    (fact("CastingVoteUsed"), {("adopt_advice", "")}),
    (fact("OutcomeVoided"), {("adopt_advice", "")}),
    (fact("QuorumLost"), {("open_deliberation", "")}),
    (fact("DeliberationOpened", present=["a", "b"]), {("adopt_advice", "")}),
    (fact("SecretBallotHeld", outcome="favourable"), {("adopt_advice", "")}),
    (fact("ProvisionalAdviceSent"), {("reply_to_advice", "")}),
    (fact("ReplyTermLapsed"), {("adopt_advice", "")}),
    (fact("AdviceAdopted"), {("await_ranking", "")}),
    (fact("EvaluationReopened"), {("open_deliberation", "")}),
    (fact("DeliberationOpened", present=["a", "b"]), {("adopt_advice", "")}),
    (fact("ProvisionalAdviceSent"), {("reply_to_advice", "")}),
    (fact("ApplicantReplied"), {("adopt_advice", "")}),
]


@pytest.mark.parametrize("step", range(len(JURY_STORY)))
def test_the_ball_before_the_jury_lies_where_the_last_fact_put_it(step: int) -> None:
    assert balls(play([one for one, _ in JURY_STORY[: step + 1]])[CASE]) == JURY_STORY[step][1]


def test_j3_tasks_of_a_file_show_to_members_who_have_it_in_hand() -> None:
    facts = [fact("ApplicationAssigned", members=["a", "b", "c"]), fact("ConflictRecorded", member="a")]
    row = play([*facts, fact("DeliberationOpened", present=["a", "d"])])[CASE]
    assert (row.sighted, row.recused) == (["b", "c", "d"], ["a"])
    assert play([*facts, fact("MemberRecused", member="b")])[CASE].sighted == ["c"]
    assert play([*facts, fact("ConflictSuggested", member="b")])[CASE].sighted == ["c"]


SEATS: list[tuple[AnyFact, Balls]] = [
    (fact("InterestsDeclared"), set()),
    (fact("MemberResigned", member="a"), {("appoint_member", "a")}),
    (fact("MemberAppointed"), {("declare_interests", "words")}),
    (fact("MemberReplaced", leaving="words"), {("declare_interests", "words")}),
    (fact("InterestsDeclared", member="words"), set()),
    (fact("CaseAdmittedToPanel"), set()),
    (fact("AdviceAdopted"), {("fix_ranking", "")}),
    (fact("EvaluationReopened"), set()),
    (fact("AdviceAdopted"), {("fix_ranking", "")}),
    (fact("RankingFixed"), set()),
    (fact("RankingReopened"), {("fix_ranking", "")}),
]


@pytest.mark.parametrize("step", range(len(SEATS)))
def test_the_balls_of_a_jury_that_changes(step: int) -> None:
    assert balls(play([one for one, _ in SEATS[: step + 1]])[CALL]) == SEATS[step][1]


@pytest.mark.parametrize("step", range(len(CALL_STORY)))
def test_the_balls_of_a_call(step: int) -> None:
    row = play([one for one, _ in CALL_STORY[: step + 1]])[CALL]
    assert {task.code for task in row.tasks} == CALL_STORY[step][1]


@pytest.mark.parametrize("concluded", ["DeclaredInadmissible", "DeclaredIneligible", "DeclaredEligible"])
def test_a_revised_conclusion_gives_the_case_back_to_its_handler(concluded: str) -> None:
    case = [fact("DraftStarted"), fact("ApplicationSubmitted"), fact("DeclaredAdmissible"), fact(concluded)]
    row = play([*case, fact("AssessmentRevised")])[CASE]
    assert (balls(row), row.ended) == ({("judge_admissibility", "")}, False)
    again = play([*case, fact("AssessmentRevised"), fact("DeclaredAdmissible")])[CASE]
    assert balls(again) == {("judge_eligibility", "")}
