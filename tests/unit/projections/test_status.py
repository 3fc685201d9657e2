"""How a case stands after each fact, and what needs attention in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from events.catalog import AnyFact
from events.vocabulary import Party
from projections.contract_status.api import health
from projections.contract_status.evolve import STATUS
from projections.contract_status.row import ENDED, StatusRow
from projections.past import refold
from tests.unit.projections.samples import CASE, event, sample

HASSELT = Party(ovo="OVO000500", kbo="0207500123", name="Hasselt", nis="71022")


def play(facts: Sequence[AnyFact]) -> StatusRow:
    return refold(STATUS, [event(fact, number) for number, fact in enumerate(facts, 1)])[(CASE,)]


def proposal(cents: int) -> AnyFact:
    made: Any = sample("AwardProposalDrafted")
    return sample("AwardProposalDrafted", items=[msgspec.structs.replace(made.items[0], proposed_cents=cents)])


LIFE: list[tuple[AnyFact, str]] = [
    (sample("DraftStarted"), "draft"),
    (sample("ApplicationSubmitted"), "submitted"),
    (sample("ReceiptAcknowledged", case_number="WVC-1"), "submitted"),
    (sample("CheckRecorded"), "submitted"),
    (sample("DeclaredAdmissible"), "submitted"),
    (sample("DeclaredEligible"), "eligible"),
    (sample("AdviceAdopted", score_bp=8_100), "advised"),
    (sample("RankingFixed"), "advised"),
    (proposal(0), "advised"),
    (proposal(5), "proposed"),
    (sample("GrantAwarded", amount_cents=80_000_000, rank=3), "awarded"),
    (sample("ContractDrafted"), "contract_drafted"),
    (sample("PledgeSigned", partner="someone_else"), "contract_drafted"),
    (sample("PledgeSigned", partner="staff"), "signed"),
    (sample("ContractActivated"), "active"),
    (sample("BeneficiarySucceeded", successor=HASSELT), "active"),
    (sample("ContractCompleted"), "completed"),
    (sample("ContractClosed", final_subsidy_cents=77_600_000), "closed"),
]


@pytest.mark.parametrize("step", range(len(LIFE)), ids=[type(fact).__name__ for fact, _ in LIFE])
def test_each_fact_leaves_the_case_in_its_state(step: int) -> None:
    assert play([fact for fact, _ in LIFE[: step + 1]]).status == LIFE[step][1]


def test_a_life_leaves_its_amounts_dates_and_parties() -> None:
    row = play([fact for fact, _ in LIFE])
    assert (row.case_number, row.rank, row.score_bp) == ("WVC-1", 3, 8_100)
    assert (row.requested_cents, row.awarded_cents, row.final_subsidy_cents) == (1, 80_000_000, 77_600_000)
    assert (row.beneficiary, row.successor_of, row.applicant) == ("Hasselt", "words", "words")
    assert row.organisations == ["OVO000123", "OVO000500"]
    assert row.started_at == row.submitted_at == row.closed_at == "2021-05-03T10:00:00.000000Z"
    assert (row.term_start, row.activated_at) == ("2022-01-01", "2022-01-01T00:00:00.000000Z")
    assert (row.last_type, row.last_position) == ("ContractClosed", len(LIFE))


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("LateSubmissionRecorded", "late"),
        ("ApplicationWithdrawn", "withdrawn"),
        ("ApplicationLapsed", "lapsed"),
        ("DeclaredInadmissible", "inadmissible"),
        ("DeclaredIneligible", "ineligible"),
        ("GrantRefused", "refused"),
        ("ContractClosed", "closed"),
    ],
)
def test_a_case_that_has_ended_stays_as_it_ended(name: str, status: str) -> None:
    later = [fact for fact, _ in LIFE if type(fact).__name__ not in ("DraftStarted", name)]
    assert play([sample("DraftStarted"), sample(name), *later]).status == status
    assert status in ENDED


def test_a_late_application_that_is_taken_in_goes_on_like_any_other() -> None:
    late = [sample("DraftStarted"), sample("LateSubmissionRecorded")]
    assert play(late).status == "late"
    row = play([*late, sample("LateSubmissionRegistered", submitted_at="2021-07-10T22:00:00.000000Z")])
    assert (row.status, row.submitted_at) == ("submitted", "2021-07-10T22:00:00.000000Z")


def test_a_successor_stands_as_the_applicant_and_both_may_read() -> None:
    heir = msgspec.structs.replace(HASSELT, ovo="OVO000777", name="Nieuwe stad")
    row = play([sample("DraftStarted"), sample("ApplicantSucceeded", successor=heir)])
    assert (row.applicant, row.applicant_ovo, row.organisations) == (
        "Nieuwe stad",
        "OVO000777",
        ["OVO000123", "OVO000777"],
    )


def test_what_needs_attention_shows_until_it_is_dealt_with() -> None:
    steps: list[tuple[AnyFact, list[str]]] = [
        (sample("ReportOverdue", report="r"), ["overdue_report"]),
        (sample("ReportSubmitted", report="r"), []),
        (sample("PaymentRejectedByBank", tranche="t"), ["rejected_payment"]),
        (sample("PaymentExecuted", tranche="t"), []),
        (sample("AuditFindingRecorded", finding=1), ["open_finding"]),
        (sample("RecoveryOrdered", finding=1, recovery="d", amount_cents=5), ["open_recovery"]),
        (sample("RecoveryOffset", recovery="d", amount_cents=2), ["open_recovery"]),
        (sample("RepaymentReceived", recovery="d", amount_cents=3), []),
        (sample("AuditFindingRecorded", finding=2), ["open_finding"]),
        (sample("FinalAccountSettled"), []),
    ]
    for number in range(len(steps)):
        assert health(play([fact for fact, _ in steps[: number + 1]])) == steps[number][1]


def test_what_the_jury_keeps_to_itself_is_not_the_last_event() -> None:
    row = play([sample("DraftStarted"), sample("MemberRecused", member="m"), sample("ScoreSubmitted")])
    assert (row.last_type, row.last_position, row.recused) == ("DraftStarted", 1, ["m"])


SIGHT: list[tuple[AnyFact, list[str], list[str]]] = [
    (sample("DraftStarted"), [], []),
    (sample("ApplicationAssigned", members=["a", "b", "c"]), ["a", "b", "c"], []),
    (sample("ConflictSuggested", member="c"), ["a", "b"], []),
    (sample("ConflictRecorded", member="b"), ["a"], ["b"]),
    (sample("DeliberationOpened", present=["a", "d", "b"]), ["a", "d"], ["b"]),
    (sample("MemberRecused", member="d"), ["a"], ["b", "d"]),
    (sample("ApplicationAssigned", members=["a", "d", "e"]), ["a", "e"], ["b", "d"]),
    (sample("MemberLeftFile", member="e"), ["a"], ["b", "d"]),
]


@pytest.mark.parametrize("step", range(len(SIGHT)))
def test_j3_a_file_lies_open_to_those_who_have_it_in_hand_and_have_no_conflict(step: int) -> None:
    row = play([fact for fact, _, _ in SIGHT[: step + 1]])
    assert (row.sighted, row.recused) == SIGHT[step][1:]


def test_an_advice_that_is_set_aside_leaves_the_case_where_it_was() -> None:
    before = [sample("DraftStarted"), sample("DeclaredEligible"), sample("AdviceAdopted", score_bp=8_000)]
    row = play([*before, sample("EvaluationReopened")])
    assert (row.status, row.score_bp) == ("eligible", None)
    assert play([*before, sample("GrantAwarded"), sample("EvaluationReopened")]).status == "awarded"


@pytest.mark.parametrize("concluded", ["DeclaredInadmissible", "DeclaredIneligible", "DeclaredEligible"])
def test_a_revised_conclusion_makes_a_case_submitted_again(concluded: str) -> None:
    case = [sample("DraftStarted"), sample("ApplicationSubmitted"), sample(concluded), sample("AssessmentRevised")]
    assert play(case).status == "submitted"
    assert play([*case, sample("DeclaredEligible")]).status == "eligible"
    assert play([*case[:2], sample("GrantAwarded"), sample("AssessmentRevised")]).status == "awarded"
