"""The checker is tested too: violations are planted in the log of the call of 2021, one at a time; it finds k of k.

Each plant is what a broken decider, or a hand in the database, could have written; the rule it must be found under is
named beside it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from services.story.call_2021 import steps
from services.story.player import play
from tests.simulation.world import World
from tests.stranger.checking import check
from tests.stranger.planting import (
    Log,
    Plant,
    add,
    after_order,
    again,
    all_into_one,
    an_hour_off,
    asked_less,
    at,
    before,
    by,
    changed,
    dropped,
    envelope_before_increase,
    half_a_budget,
    late_conflict,
    late_is_taken_in,
    one_person_pays,
    orderer_releases,
    other_attachment,
    poor,
    put,
    recused_is_present,
    recused_scores,
    released_after_commitment,
    second_application,
    too_long,
    unnoticed_conflict,
    withdrawn_late,
)
from tests.stranger.reading import event, utc_of

END = "2026-02-01T00:00:00.000000Z"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story() -> Log:
    """The whole call, as an export would give it."""
    world = World(0)
    await world.begin()
    await play(steps(), world, world.send, now=world.clock.now)
    await world.advance(END)
    return [event(one.position, one.body) for one in await world.store.read_all(0, limit=10_000)]


BALLOTS = [{"outcome": "favourable", "votes": 3}, {"outcome": "unfavourable", "votes": 5}]
TIE = [{"outcome": "favourable", "votes": 4}, {"outcome": "unfavourable", "votes": 4}]
NAMED = [{"outcome": "favourable", "votes": 8, "member": "somebody"}]
LESS = {"previous_cents": 760_000_000, "decrease_cents": 100_000_000, "amount_cents": 660_000_000}


def late_suggestion(log: Log) -> Log:
    """The same, of which there is only a suggestion."""
    return [
        replace(one, type="ConflictSuggested") if one.type == "ConflictRecorded" else one for one in late_conflict(log)
    ]


MONEY: list[tuple[str, str, Plant]] = [
    ("the envelope is overdrawn", "D1", envelope_before_increase),
    ("an increase does not add up", "D1", changed("EnvelopeIncreased", add("increase_cents", 1))),
    ("less money than is promised", "D1", before("PaymentOrdered", "EnvelopeDecreased", **LESS)),
    ("a decrease does not add up", "D1", before("PaymentOrdered", "EnvelopeDecreased", **{**LESS, "amount_cents": 1})),
    ("a higher award without a reservation", "D1", before("PaymentOrdered", "CommitmentRaised", amount_cents=1)),
    ("new tranches do not add up", "P5", before("PaymentOrdered", "AwardChanged", award_cents=2, tranches=[])),
    ("reserved twice", "D1", again("AmountReserved")),
    ("released what was not reserved", "D1", released_after_commitment),
    ("committed more than was reserved", "D1", changed("FundsCommitted", add("amount_cents", 1))),
    ("committed without a reservation", "D1", dropped("AmountReserved")),
    ("committed more than was awarded", "P1", again("FundsCommitted")),
    ("the tranches do not add up", "P5", changed("FundsCommitted", lambda data: data["tranches"].pop())),
    ("more decommitted than is left", "P1", again("FundsDecommitted", after="AccountClosed")),
    ("a tranche paid twice", "P4", again("PaymentOrdered", after="PaymentExecuted", what=put("end_to_end_id", "new"))),
    ("the same message paid again", "P4", again("PaymentExecuted")),
    ("an order delivered twice", "P4", again("PaymentOrdered")),
    ("released without an order", "P4", dropped("PaymentOrdered")),
    ("released another amount", "P4", changed("PaymentFileReleased", add("amount_cents", 100))),
    ("the bank paid another amount", "P4", changed("PaymentExecuted", add("amount_cents", 1))),
    ("ordered more than was approved", "P4", changed("ClaimApproved", add("amount_cents", -1))),
    ("returned what was not paid", "P4", after_order("PaymentReturned")),
    ("took back an order that was paid", "P4", after_order("PaymentOrderCancelled")),
    ("net and offset are not gross", "P4", changed("PaymentOrdered", add("offset_cents", 5))),
    ("the last tranche before the final account", "P5", dropped("FinalAccountSettled")),
    ("a final account on other payments", "P6", changed("FinalAccountSettled", add("paid_cents", 1))),
    ("more came back than was owed", "P7", changed("RepaymentReceived", add("amount_cents", 1))),
    ("closed on other sums", "P1", changed("AccountClosed", add("paid_cents", 1))),
    ("closed with a rest", "P6", changed("AccountClosed", add("final_subsidy_cents", 1))),
]
PEOPLE: list[tuple[str, str, Plant]] = [
    ("approver and releaser are one", "P3", one_person_pays),
    ("orderer and releaser are one", "P3", orderer_releases),
    ("released what nobody approved", "P3", dropped("ClaimApproved")),
    ("the approver is not who acted", "P3", by("ClaimApproved", lambda _: "somebody")),
    ("a recused member scores", "J3", recused_scores),
    ("a recused member is present", "J3", recused_is_present),
    ("a conflict that nobody recorded", "J3", unnoticed_conflict),
    ("assigned before declaring", "J3", dropped("InterestsDeclared")),
    ("points of a late conflict still count", "J3", late_conflict),
    ("a suggested conflict that nobody looked into", "J3", late_suggestion),
    (
        "not what most voted for",
        "J5",
        before("AdviceAdopted", "SecretBallotHeld", ballots=BALLOTS, outcome="favourable"),
    ),
    (
        "a ballot with a name on it",
        "J5",
        before("AdviceAdopted", "SecretBallotHeld", ballots=NAMED, outcome="favourable"),
    ),
    ("a tie that decided", "J5", before("AdviceAdopted", "SecretBallotHeld", ballots=TIE, outcome="favourable")),
    ("a casting vote of another than the chair", "J5", before("ApplicationAssigned", "CastingVoteUsed")),
    ("scored for another", "J3", by("ScoreSubmitted", lambda _: "somebody")),
    ("scored unassigned", "J3", changed("ApplicationAssigned", lambda data: data["members"].pop(0))),
    ("scored after the ranking", "J7", again("ScoreSubmitted", after="RankingFixed")),
    ("the secretary is a member", "J2", changed("PanelComposed", lambda data: put("secretary", data["chair"])(data))),
    ("no quorum", "J4", changed("DeliberationOpened", lambda data: put("present", data["present"][:3])(data))),
    ("advice by who is no member", "J6", by("AdviceAdopted", lambda _: "somebody")),
    ("the ranking leaves one out", "J7", changed("RankingFixed", lambda data: data["entries"].pop())),
    ("the ranking is upside down", "J7", changed("RankingFixed", lambda data: data["entries"].reverse())),
    ("a file not before the jury", "J1", dropped("CaseAdmittedToPanel")),
]
DECISIONS: list[tuple[str, str, Plant]] = [
    ("no advice of the Inspectorate", "D3", dropped("InspectorateAdviceRecorded")),
    ("no budget agreement", "D3", dropped("BudgetAgreementRecorded")),
    ("agreement withheld", "D3", changed("BudgetAgreementRecorded", put("agreed", value=False))),
    ("agreement on an earlier version", "D3", again("AwardProposalDrafted", after="BudgetAgreementRecorded")),
    ("not on the agenda", "D3", dropped("ProposalAgendaed")),
    (
        "the Government did not approve",
        "D3",
        changed(
            "GovernmentDecisionRecorded", put("result", "akte_genomen"), lambda one: one.data["result"] == "goedgekeurd"
        ),
    ),
    ("another amount than decided", "D3", changed("GrantAwarded", add("amount_cents", -100))),
    ("awarded without advice", "D3", dropped("AdviceAdopted")),
    (
        "awarded above the request",
        "D2",
        changed("ApplicationSubmitted", asked_less),
    ),
    ("above the ceiling of a category", "D2", changed("GrantAwarded", half_a_budget)),
    ("no own contribution", "D2", changed("GrantAwarded", poor)),
    ("a budget that does not spread the award", "D2", changed("GrantAwarded", lambda data: data["budget"].pop())),
    ("two decisions in force", "D6", again("GrantAwarded")),
    ("a refusal on top of an award", "D6", again("GrantRefused", what=None)),
    ("a decision that replaces none by name", "D6", before("ApplicantNotified", "DecisionSuperseded", replaced="")),
    ("paid while the decision is suspended", "P2", before("PaymentOrdered", "DecisionSuspended")),
    ("paid on a decision that was annulled", "P2", before("PaymentOrdered", "DecisionAnnulled", decision="x")),
    ("paid while the contract is suspended", "P2", before("PaymentOrdered", "ContractSuspended")),
    ("a longer term without a decision", "D7", before("PaymentOrdered", "TermExtended", reference="")),
    ("refused without reasons", "D5", changed("GrantRefused", put("reasons", []))),
    ("no routes of appeal", "D5", changed("ApplicantNotified", put("appeal", {"nl": "", "en": ""}))),
    ("never told", "D5", dropped("ApplicantNotified")),
    ("awarded to who is not eligible", "J1", dropped("DeclaredEligible")),
    ("a criterion without its reason", "J6", changed("AdviceAdopted", lambda data: data["reasons"].pop())),
    ("advised above the cap", "J8", changed("AdviceAdopted", add("proposed_cents", 100))),
    ("favourable below the threshold", "J8", changed("AdviceAdopted", put("score_bp", 1))),
    ("a contract without its pledges", "D7", dropped("PledgeSigned")),
    ("a contract without an award", "D7", dropped("GrantAwarded")),
    (
        "a contract that is too long",
        "D7",
        changed("ContractActivated", too_long),
    ),
    (
        "a shift above the ceiling",
        "D8",
        changed("BudgetShifted", all_into_one),
    ),
    ("paid without a contract", "P2", dropped("ContractActivated")),
]
TERMS: list[tuple[str, str, Plant]] = [
    ("taken in after the deadline", "I1", late_is_taken_in),
    ("called late, and was in time", "I1", at("LateSubmissionRecorded", lambda _: "2021-07-19T21:59:59.000000Z")),
    (
        "closed before the deadline",
        "I1",
        at("CallClosed", lambda _: "2021-07-19T21:59:58.000000Z"),
    ),
    ("extended from nowhere", "I1", again("CallDeadlineExtended")),
    (
        "clocks that differ",
        "I1",
        changed("CallOpened", an_hour_off),
    ),
    ("a second live application", "I2", second_application),
    ("completed after the term", "I3", at("CompletionSupplied", lambda _: "2021-08-04T22:00:00.000000Z")),
    (
        "completed what was not asked",
        "I3",
        changed("CompletionSupplied", other_attachment),
    ),
    ("a version that leaves one out", "I3", changed("CompletionSupplied", put("application_version", 3))),
    ("lapsed before its end", "I3", at("CompletionTermLapsed", lambda _: "2021-08-04T21:59:58.000000Z")),
    ("withdrawn after the decision", "I5", withdrawn_late),
    ("overdue before its term", "P2", at("ReportOverdue", lambda _: "2023-03-31T21:59:58.000000Z")),
    ("overdue and handed in", "P2", again("ReportOverdue", after="FinalAccountSettled")),
]
PLANTS = [*MONEY, *PEOPLE, *DECISIONS, *TERMS]


@pytest.mark.asyncio(loop_scope="module")
async def test_the_log_of_the_call_has_nothing_to_find(story: Log) -> None:
    assert list(check(story)) == []


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("rule", "plant"), [row[1:] for row in PLANTS], ids=[row[0] for row in PLANTS])
async def test_a_planted_violation_is_found_under_its_rule(story: Log, rule: str, plant: Plant) -> None:
    planted = plant(story)
    assert planted != story, "nothing was planted"
    assert rule in {one.rule for one in check(planted)}


@pytest.mark.asyncio(loop_scope="module")
async def test_all_that_was_planted_is_found(story: Log, record_property: Callable[[str, object], None]) -> None:
    found = [name for name, rule, plant in PLANTS if rule in {one.rule for one in check(plant(story))}]
    record_property("found", f"{len(found)} of {len(PLANTS)}")
    assert found == [name for name, _, _ in PLANTS]
    assert len({name for name, _, _ in PLANTS}) == len(PLANTS)


def test_the_checker_is_a_stranger_to_the_program() -> None:
    allowed = set(sys.stdlib_module_names) | {"tests"}
    for file in Path(__file__).parent.glob("*.py"):
        if file.name.startswith("test_"):
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            assert {name.split(".")[0] for name in names} <= allowed, file.name
            assert all(name.startswith("tests.stranger") for name in names if name.startswith("tests")), file.name


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2021-07-19T23:59:59", "2021-07-19T21:59:59.000000Z"),
        ("2021-10-31T02:30:00", "2021-10-31T01:30:00.000000Z"),
        ("2021-12-31T23:59:59", "2021-12-31T22:59:59.000000Z"),
    ],
)
def test_a_deadline_is_worked_out_anew_and_a_doubled_hour_is_the_later(local: str, utc: str) -> None:
    assert utc_of({"local": local, "zone": "Europe/Brussels"}) == utc
