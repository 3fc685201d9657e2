"""Who has the ball where a case turns back, or goes on after its end: revised, reopened, annulled, settled."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from events.catalog import AnyFact
from events.payment import PlannedTranche
from tests.unit.projections.samples import CALL, CASE
from tests.unit.projections.test_worklist import balls, fact, play

ELIGIBLE = [fact(name) for name in ("DraftStarted", "ApplicationSubmitted", "DeclaredAdmissible", "DeclaredEligible")]
SCORING = [*ELIGIBLE, fact("ApplicationAssigned", members=["a", "b"])]
ADVISED = [*SCORING, fact("DeliberationOpened"), fact("AdviceAdopted")]
TRANCHES = [
    PlannedTranche(code="first", amount_cents=1, condition="contract_active", report=None),
    PlannedTranche(code="last", amount_cents=1, condition="final_account_settled", report=None),
]
AWARDED = [
    *ADVISED,
    fact("RankingFixed"),
    fact("GrantAwarded"),
    fact("FundsCommitted", tranches=TRANCHES),
    fact("ContractDrafted"),
    fact("PledgeSigned", partner="staff"),
    fact("ContractActivated"),
    fact("AccountActivated"),
    fact("BankAccountConfirmed"),
]
RUNNING = {("run_contract", ""), ("submit_claim", "first")}
SETTLED = [*AWARDED, fact("ContractCompleted"), fact("FinalAccountSettled", balance_cents=0)]
AGAIN = [fact("AssessmentRevised"), fact("DeclaredAdmissible"), fact("DeclaredEligible")]


@pytest.mark.parametrize(
    ("before", "back"),
    [
        (ELIGIBLE, {("assign_members", "")}),
        (SCORING, {("submit_score", "a"), ("submit_score", "b")}),
        (ADVISED, {("await_ranking", "")}),
        (AWARDED, RUNNING),
        ([*ADVISED, fact("RankingFixed"), fact("GrantRefused")], set()),
    ],
)
def test_a_file_that_is_found_eligible_again_goes_on_where_it_was(before: list[AnyFact], back: set[object]) -> None:
    assert balls(play([*before, *AGAIN])[CASE]) == back


def test_what_the_jury_does_while_a_conclusion_is_revised_is_not_asked_again() -> None:
    meanwhile = [fact("AssessmentRevised"), fact("ScoreSubmitted", member="a")]
    row = play([*SCORING, *meanwhile])[CASE]
    assert balls(row) == {("judge_admissibility", "")}
    assert balls(play([*SCORING, *meanwhile, *AGAIN[1:]])[CASE]) == {("submit_score", "b")}


@pytest.mark.parametrize("concluded", ["DeclaredInadmissible", "DeclaredIneligible"])
def test_money_that_runs_is_asked_for_whatever_is_found_of_the_file(concluded: str) -> None:
    row = play([*AWARDED, fact("AssessmentRevised"), fact(concluded)])[CASE]
    assert (balls(row), row.ended) == (RUNNING, False)


@pytest.mark.parametrize("later", [[fact("AdviceAdopted")], [fact("RankingReopened"), fact("RankingFixed")]])
def test_what_the_jury_still_does_takes_no_task_of_a_contract_away_and_asks_for_no_decision(
    later: Sequence[AnyFact],
) -> None:
    assert balls(play([*AWARDED, *later])[CASE]) >= RUNNING
    assert ("await_decision", "") not in balls(play([*AWARDED, *later, fact("RankingFixed")])[CASE])


def test_a_refusal_after_an_annulment_leaves_the_money_to_be_settled() -> None:
    ended = [fact("DecisionAnnulled"), fact("ContractTerminated"), fact("AccountTerminated")]
    row = play([*AWARDED, *ended, fact("GrantDenied")])[CASE]
    assert balls(row) == {("settle_account", "")}


def test_an_account_that_was_settled_before_a_new_decision_is_still_to_be_closed() -> None:
    ended = [fact("DecisionRetracted"), fact("ContractTerminated"), fact("FinalAccountSettled", balance_cents=0)]
    assert balls(play([*AWARDED, *ended])[CASE]) == {("decide_anew", ""), ("close_account", "")}
    assert balls(play([*AWARDED, *ended, fact("GrantDenied")])[CASE]) == {("close_account", "")}


def test_until_there_is_a_word_on_the_file_itself_it_awaits_the_decision() -> None:
    row = play([*ADVISED, fact("RankingFixed"), fact("GovernmentDecisionRecorded", result="goedgekeurd")])[CASE]
    assert balls(row) == {("await_decision", "")}


def test_after_the_final_account_nobody_is_asked_for_reports_or_earlier_tranches() -> None:
    open_ = [fact("ReportExpected", report="r1"), fact("ReportOverdue", report="r1")]
    settled = [fact("ContractCompleted"), fact("FinalAccountSettled", balance_cents=9)]
    assert balls(play([*AWARDED, *open_, *settled])[CASE]) == {("submit_claim", "last")}


def test_a_new_bank_account_is_the_last_thing_before_the_closing() -> None:
    paid = [fact(name, tranche="last") for name in ("ClaimSubmitted", "ClaimApproved", "PaymentOrdered")]
    refused = fact("PaymentRejectedByBank", tranche="last")
    again = [fact(name, tranche="last") for name in ("PaymentOrdered", "PaymentFileReleased", "PaymentExecuted")]
    row = play([*SETTLED, *paid, refused, *again])[CASE]
    assert balls(row) == {("confirm_bank_account", "")}
    assert balls(play([*SETTLED, *paid, refused, *again, fact("BankAccountConfirmed")])[CASE]) == {
        ("close_account", "")
    }


@pytest.mark.parametrize(
    ("asked", "code", "answered"),
    [
        ("AppealLodged", "await_appeal", "AppealDismissed"),
        ("DecisionSuspended", "await_suspension", "SuspensionLifted"),
    ],
)
def test_what_is_asked_of_a_decision_outlives_the_account_and_ends_the_case(
    asked: str, code: str, answered: str
) -> None:
    closed = [*SETTLED, fact(asked), fact("AccountClosed"), fact("ContractClosed")]
    assert {task for task, _ in balls(play(closed)[CASE])} == {code}
    row = play([*closed, fact(answered)])[CASE]
    assert (balls(row), row.ended) == (set(), True)


def test_a_refusal_that_is_suspended_is_followed_until_the_suspension_ends() -> None:
    refused = [*ADVISED, fact("RankingFixed"), fact("GrantRefused"), fact("DecisionSuspended")]
    assert balls(play(refused)[CASE]) == {("await_suspension", "")}
    assert play([*refused, fact("SuspensionLifted")])[CASE].ended


def test_where_every_file_was_withdrawn_there_is_nothing_to_rank() -> None:
    call = [fact("CallPublished"), fact("CaseAdmittedToPanel"), fact("CaseLeftPanel")]
    assert ("fix_ranking", "") not in balls(play(call)[CALL])
    advised = [fact("CallPublished"), fact("CaseAdmittedToPanel"), fact("AdviceAdopted")]
    assert ("fix_ranking", "") in balls(play(advised)[CALL])
    assert ("fix_ranking", "") not in balls(play([*advised, fact("CaseLeftPanel")])[CALL])


SUPPLEMENT = PlannedTranche(code="supplement_1", amount_cents=1, condition="final_account_settled", report=None)


@pytest.mark.parametrize("closed", [[], [fact("AccountClosed"), fact("ContractClosed")]])
def test_d6_an_award_changed_after_the_final_account_asks_for_another_one(closed: Sequence[AnyFact]) -> None:
    changed = fact("AwardChanged", tranches=[*TRANCHES, SUPPLEMENT])
    row = play([*SETTLED, *closed, changed])[CASE]
    assert (balls(row), row.ended) == ({("settle_account", "")}, False)
    anew = [*SETTLED, *closed, changed, fact("FinalAccountSettled", balance_cents=1)]
    assert balls(play(anew)[CASE]) == {("submit_claim", "supplement_1")}


def test_p6_a_balance_that_was_claimed_waits_for_the_new_final_account_unless_it_is_at_the_bank() -> None:
    claimed = [*AWARDED, fact("ContractCompleted"), fact("FinalAccountSettled", balance_cents=1)]
    claimed += [fact("ClaimSubmitted", tranche="last"), fact("ClaimApproved", tranche="last")]
    changed = fact("AwardChanged", tranches=[*TRANCHES, SUPPLEMENT])
    assert balls(play([*claimed, changed])[CASE]) == {("settle_account", "")}
    under_way = [*claimed, fact("PaymentOrdered", tranche="last"), changed]
    assert balls(play(under_way)[CASE]) == {("settle_account", ""), ("release_payment", "last")}


def test_an_award_changed_before_the_final_account_moves_no_ball() -> None:
    assert balls(play([*AWARDED, fact("AwardChanged", tranches=TRANCHES)])[CASE]) == RUNNING


def test_a_changed_award_asks_for_no_tranche_that_was_claimed() -> None:
    claimed = [*AWARDED, fact("ClaimSubmitted", tranche="first"), fact("AwardChanged", tranches=TRANCHES)]
    renewed = [fact("AccountTerminated"), fact("AccountRenewed"), fact("AccountActivated")]
    assert ("submit_claim", "first") not in balls(play([*claimed, *renewed])[CASE])


NEGATIVE = [fact("DraftStarted"), fact("ApplicationSubmitted"), fact("DeclaredInadmissible")]
LATE = [fact("CompletionRequested"), fact("CompletionSupplied"), fact("DossierSupplemented")]
LOOK = ("review_supplement", "")


def test_a_supplement_after_the_conclusion_is_looked_at_by_an_official_beside_what_the_jury_does() -> None:
    row = play([*SCORING, *LATE])[CASE]
    assert balls(row) == {("submit_score", "a"), ("submit_score", "b"), LOOK}
    assert "case_handler" in row.parties
    assert balls(play([*SCORING, *LATE, fact("AssessmentRevised")])[CASE]) == {("judge_admissibility", "")}
    assert balls(play([*SCORING, *LATE, *AGAIN])[CASE]) == {("submit_score", "a"), ("submit_score", "b")}
    assert balls(play([*ADVISED, *LATE, fact("GrantRefused")])[CASE]) == set()
    assert LOOK not in balls(play([*ADVISED, *LATE, fact("GrantAwarded")])[CASE])


def test_a_supplement_asked_for_after_a_negative_conclusion_wakes_the_case() -> None:
    assert balls(play(NEGATIVE)[CASE]) == set()
    assert balls(play([*NEGATIVE, LATE[0]])[CASE]) == {("supply_completion", "")}
    for came in (LATE[:2], LATE):
        row = play([*NEGATIVE, *came])[CASE]
        assert (balls(row), row.party, row.ended) == ({LOOK}, "case_handler", False)
    revised = [*NEGATIVE, *LATE, fact("AssessmentRevised")]
    assert balls(play(revised)[CASE]) == {("judge_admissibility", "")}
    row = play([*revised, fact("DeclaredInadmissible")])[CASE]
    assert (balls(row), row.ended) == (set(), True)


def test_a_supplement_that_was_asked_for_after_a_negative_conclusion_and_does_not_come_ends_it_again() -> None:
    row = play([*NEGATIVE, LATE[0], fact("CompletionTermLapsed")])[CASE]
    assert (balls(row), row.ended) == (set(), True)
    asked = [*SCORING, LATE[0], fact("CompletionTermLapsed")]
    assert balls(play(asked)[CASE]) == {("submit_score", "a"), ("submit_score", "b")}
    open_ = [*NEGATIVE[:2], LATE[0], fact("CompletionTermLapsed")]
    assert balls(play(open_)[CASE]) == {("judge_admissibility", "")}


def test_a_supplement_that_was_on_its_way_when_the_file_was_judged_is_looked_at_too() -> None:
    crossed = [*NEGATIVE[:2], *LATE[:2], NEGATIVE[2], LATE[2]]
    assert balls(play(crossed)[CASE]) == {LOOK}
    in_time = [*NEGATIVE[:2], *LATE, NEGATIVE[2]]
    assert balls(play(in_time)[CASE]) == set()
    assert balls(play([*NEGATIVE, fact("AssessmentRevised"), *LATE])[CASE]) == {("judge_admissibility", "")}


@pytest.mark.parametrize("gone", ["ApplicationWithdrawn", "ApplicationLapsed"])
def test_nobody_looks_at_a_supplement_to_a_file_that_is_no_longer_asked_for(gone: str) -> None:
    assert balls(play([*NEGATIVE, *LATE[:2], fact(gone), LATE[2]])[CASE]) == set()


@pytest.mark.parametrize("decided", ["GrantRefused", "PlacedOnReserve"])
def test_after_the_decision_a_supplement_asks_nothing_of_the_assessment(decided: str) -> None:
    assert LOOK not in balls(play([*ADVISED, fact("RankingFixed"), fact(decided), *LATE])[CASE])
    assert LOOK not in balls(play([*ADVISED, *LATE, fact("RankingFixed"), fact(decided)])[CASE])
