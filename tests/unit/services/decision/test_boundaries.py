"""Where a rule of decision turns: the last cent of a share, every reason for an amount, every month of the year."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from events.canonical import Json
from events.decision import (
    AwardProposalDrafted,
    BudgetShifted,
    ContractDrafted,
    EnvelopeIncreased,
    EnvelopeSet,
    GrantAwarded,
)
from events.vocabulary import BudgetLine, Source
from services.deciding import Refused
from services.decision.commands import ActivateContract, CompleteContract, DraftAwardProposal, RedraftAwardProposal
from services.decision.ranking import scaled
from services.decision.rules import RULES
from services.decision.rules.contract import D7, D8, D9
from services.decision.rules.money import D1, D2
from services.decision.rules.procedure import D3, written_day
from services.decision.rules.reasons import D5
from services.decision.state import Proposal
from services.decision.worker import DECISION
from services.fields import Command
from tests.given import Given, actor
from tests.unit.services.decision.examples import (
    CALL,
    CONTRACT,
    ENTRIES,
    ENVELOPE,
    FIRST,
    PROPOSAL,
    SOURCE,
    active,
    award,
    candidate,
    contract_drafted,
    envelope_set,
    grant,
    ident,
    increased,
    line,
    money,
    refuse,
    registered,
    reserved,
    shift,
)
from tests.unit.services.jury.terms import COFINANCING
from tests.unit.services.jury.told import given

HANDLER = actor("case_handler")
RAISED = Source(event_id=ident("raised"), position=9)


def event(before: Given, stream: str, kind: type) -> str:
    """The event of the stream's last fact of a type."""
    return [one.envelope.event_id for one in before.streams[stream] if isinstance(one.fact, kind)][-1]


def test_a_proposal_names_each_fact_that_it_rests_on_once() -> None:
    before = given(DECISION).has(ENVELOPE, envelope_set())
    first = before.when("proposal", CALL, DraftAwardProposal(entries=ENTRIES, source=SOURCE))
    terms = event(before, ENVELOPE, EnvelopeSet)
    assert first.fact(AwardProposalDrafted).checks[0].source_events == [terms, SOURCE.event_id]
    after = first.recorded().has(ENVELOPE, increased(1_000_000))
    again = after.when("proposal", CALL, RedraftAwardProposal(source=RAISED)).fact(AwardProposalDrafted)
    raised = event(after, ENVELOPE, EnvelopeIncreased)
    for check in again.checks:
        assert check.source_events == [terms, raised, SOURCE.event_id, RAISED.event_id]


def test_d8_a_shift_names_the_draft_and_the_shift_before_it() -> None:
    before = active()
    first = before.when("contract", FIRST, shift(1, "staff", "operation"), by=HANDLER)
    drafted = [event(before, ENVELOPE, EnvelopeSet), event(before, CONTRACT, ContractDrafted)]
    assert first.fact(BudgetShifted).checks[0].source_events == drafted
    after = first.recorded()
    second = after.when("contract", FIRST, shift(2, "staff", "operation"), by=HANDLER).fact(BudgetShifted)
    assert second.checks[0].source_events == [*drafted, event(after, CONTRACT, BudgetShifted)]


def test_d8_a_shift_within_the_ceiling_exceeds_it_by_nothing() -> None:
    fact = active().when("contract", FIRST, shift(1, "staff", "operation"), by=HANDLER).fact(BudgetShifted)
    assert fact.checks[0].inputs["excess_cents"] == 0
    assert fact.checks[0].inputs["to_max_share_bp"] == 10_000


@pytest.mark.parametrize("command", [ActivateContract(), CompleteContract(), shift(1)])
def test_without_the_terms_of_its_call_nothing_happens_to_a_contract(command: Command) -> None:
    before = given(DECISION).has(CONTRACT, contract_drafted())
    before.when("contract", FIRST, command, by=HANDLER).refused("STATE", "not_in_this_stage")


# A budget brought down to its award: where each rounding cent goes.


def subsidies(budget: list[BudgetLine], award: int, limits: dict[str, int]) -> list[int]:
    return [one.subsidy_cents for one in scaled(budget, award, limits)]


def test_d2_a_limited_category_takes_a_rounding_cent_while_it_has_room() -> None:
    budget = [line("infrastructure", 10, 10), line("staff", 90, 90)]
    assert subsidies(budget, 99, {"infrastructure": 2_000}) == [10, 89]


def test_d2_a_category_may_be_filled_to_the_last_cent_of_its_share() -> None:
    budget = [line("infrastructure", 11, 11), line("staff", 89, 89)]
    assert subsidies(budget, 50, {"infrastructure": 1_200}) == [6, 44]
    assert subsidies(budget, 50, {"infrastructure": 1_199}) == [5, 45]


def test_d2_the_lines_of_a_category_share_one_limit() -> None:
    budget = [line("infrastructure", 11, 11), line("infrastructure", 11, 11), line("staff", 78, 78)]
    # 5.5, 5.5 and 39 of 50: one cent to spread. At 20 % the two lines hold their ten cents already, at 22 % not yet.
    assert subsidies(budget, 50, {"infrastructure": 2_000}) == [5, 5, 40]
    assert subsidies(budget, 50, {"infrastructure": 2_200}) == [6, 5, 39]


def test_d2_a_line_without_subsidy_gets_no_rounding_cent() -> None:
    budget = [line("infrastructure", 1, 1), line("infrastructure", 1, 1), line("staff", 5, 0)]
    assert subsidies(budget, 1, {"infrastructure": 0}) == [1, 0, 0]


# The rules themselves, at their bounds.


@pytest.mark.parametrize(("proposed", "code"), [(100, "within_envelope"), (101, "over_envelope")])
def test_d1_the_whole_envelope_may_be_proposed_and_no_cent_more(proposed: int, code: str) -> None:
    assert D1.test({}, {"proposed_cents": proposed, "envelope_cents": 100}).code == code


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, "within_limits"),
        ({"awarded_cents": 101}, "above_cap"),
        ({"requested_cents": 99}, "above_request"),
        ({"subsidy": [{"category": "a", "subsidy_cents": 99}]}, "budget_differs"),
        ({"own_cents": 24}, "own_contribution_short"),
        ({"own_cents": 24, "partner_cash_cents": 1}, "within_limits"),
        ({"own_cents": 24, "in_kind_cents": 1}, "own_contribution_short"),
        ({"own_cents": 24, "other_flemish_cents": 1}, "own_contribution_short"),
        (
            {"subsidy": [{"category": "a", "subsidy_cents": 80}, {"category": "b", "subsidy_cents": 20}]},
            "within_limits",
        ),
        (
            {"subsidy": [{"category": "a", "subsidy_cents": 79}, {"category": "b", "subsidy_cents": 21}]},
            "share_exceeded",
        ),
    ],
)
def test_d2_an_award_at_its_bounds(changed: dict[str, Json], code: str) -> None:
    params: dict[str, Json] = {
        "cap_cents": 100,
        "share_limits": [{"category": "b", "max_share_bp": 2_000}],
        "base": "TOTAL_ELIGIBLE_COST",
        "min_rate_bp": 2_000,
        "counts_partner_cash": True,
        "counts_in_kind": False,
        "excludes_other_flemish_subsidy": True,
    }
    inputs: dict[str, Json] = {
        "awarded_cents": 100,
        "requested_cents": 101,
        "subsidy": [{"category": "a", "subsidy_cents": 100}],
        "total_cost_cents": 125,
        "own_cents": 25,
        "partner_cash_cents": 0,
        "in_kind_cents": 0,
        "other_flemish_cents": 0,
    }
    assert D2.test(params, inputs | changed).code == code


FILE: dict[str, Json] = {
    "result": "goedgekeurd",
    "meeting": "2021-12-17",
    "agenda_meeting": "2021-12-17",
    "advice_present": True,
    "advice_favourable": True,
    "agreement_present": True,
    "agreed": True,
    "ranking_open": False,
    "set_aside": [],
}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, "file_complete"),
        ({"agenda_meeting": None}, "not_on_agenda"),
        ({"agenda_meeting": "2021-12-10"}, "other_meeting"),
        ({"result": "uitgesteld", "advice_present": False, "agreed": False}, "no_award"),
        ({"advice_present": False, "agreement_present": False}, "advice_missing"),
        ({"agreement_present": False, "agreed": False}, "agreement_missing"),
        ({"agreed": False}, "agreement_withheld"),
        ({"agreed": False, "ranking_open": True}, "agreement_withheld"),
        ({"ranking_open": True}, "ranking_open"),
        ({"ranking_open": True, "set_aside": ["x"]}, "ranking_open"),
        ({"set_aside": ["x"]}, "file_set_aside"),
        ({"ranking_open": True, "set_aside": ["x"], "result": "uitgesteld"}, "no_award"),
    ],
)
def test_d3_the_first_thing_that_the_file_lacks_is_told(changed: dict[str, Json], code: str) -> None:
    params: dict[str, Json] = {"requires_inspectorate_advice": True, "requires_budget_agreement": True}
    assert D3.test(params, FILE | changed).code == code


STOP, SKIP, CUT = "stop_at_first_misfit", "skip_misfit", "cut_last"


@pytest.mark.parametrize(
    ("policy", "decided", "advised", "left", "code"),
    [
        (STOP, 10, 10, 10, "awarded_in_full"),
        (STOP, 1, 1, 2, "awarded_in_full"),
        (STOP, 10, 10, 9, "no_reason"),
        (STOP, 9, 10, 20, "no_reason"),
        (STOP, 9, 10, 9, "no_reason"),
        (CUT, 9, 10, 9, "awarded_in_part"),
        (CUT, 1, 10, 1, "awarded_in_part"),
        (CUT, 8, 10, 9, "no_reason"),
        (CUT, 11, 10, 11, "no_reason"),
        (SKIP, 9, 10, 9, "no_reason"),
        (STOP, 0, 10, 9, "envelope_exhausted"),
        (SKIP, 0, 10, 9, "envelope_exhausted"),
        (STOP, 0, 10, 10, "behind_first_misfit"),
        (SKIP, 0, 10, 10, "no_reason"),
        (CUT, 0, 10, 10, "no_reason"),
        (CUT, 0, 0, 0, "no_reason"),
        (SKIP, -1, -1, 5, "no_reason"),
        (CUT, -1, 5, -1, "no_reason"),
    ],
)
def test_d5_every_amount_has_its_reason_or_none(policy: str, decided: int, advised: int, left: int, code: str) -> None:
    inputs: dict[str, Json] = {
        "kind": "ranked",
        "outcome": "favourable",
        "decided_cents": decided,
        "advised_cents": advised,
        "left_before_cents": left,
    }
    assert D5.test({"partial_fit": policy}, inputs).code == code
    unfavourable = D5.test({"partial_fit": policy}, inputs | {"outcome": "unfavourable"})
    assert unfavourable.code == ("no_reason" if decided else "unfavourable_advice")


def test_d7_pledges_come_before_the_term() -> None:
    assert D7.test({}, {"waiting_for": ["Buurthuis"], "begun": False}) == ("fail", "pledges_missing")
    assert D7.test({}, {"waiting_for": [], "begun": False}) == ("fail", "term_not_begun")
    assert D7.test({}, {"waiting_for": [], "begun": True}) == ("pass", "in_force")


@pytest.mark.parametrize(
    ("amount", "held", "ceiling_bp", "code"),
    [
        (100, 100, 2_000, "within_ceilings"),
        (101, 101, 2_000, "ceiling_exceeded"),
        (101, 100, 2_000, "not_enough"),
        (900, 900, None, "within_ceilings"),
        (901, 901, None, "ceiling_exceeded"),
    ],
)
def test_d8_a_shift_at_its_bounds(amount: int, held: int, ceiling_bp: int | None, code: str) -> None:
    limits: list[Json] = [{"category": "b", "max_share_bp": ceiling_bp}] if ceiling_bp is not None else []
    inputs: dict[str, Json] = {
        "amount_cents": amount,
        "from_subsidy_cents": held,
        "to_category": "b",
        "to_subsidy_cents": 100,
        "award_cents": 1_000,
    }
    assert D8.test({"share_limits": limits}, inputs).code == code


def test_d9_a_succession_on_the_day_of_the_last_one_is_too_early() -> None:
    inputs: dict[str, Json] = {"effective_at": "2022-01-01", "holder_since": "2022-01-01"}
    assert D9.test({}, inputs) == ("fail", "before_last_succession")
    assert D9.test({}, inputs | {"effective_at": "2022-01-02"}) == ("pass", "succeeds")


MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
}


def test_every_month_is_written_in_both_languages() -> None:
    days: list[dict[str, Any]] = [written_day("on", f"2021-{month:02}-09") for month in range(1, 13)]
    for language, names in MONTHS.items():
        assert [day[f"on_{language}"] for day in days] == [f"9 {name} 2021" for name in names.split()]


def test_a_proposal_that_was_never_drafted_has_no_version() -> None:
    assert (Proposal().version, Proposal().envelope_cents) == (0, 0)
    assert given(DECISION).state(PROPOSAL) == Proposal()


def test_a_rule_on_record_keeps_its_version() -> None:
    first = [(f"D{number}", 1) for number in range(1, 10)]
    later = [*((f"D{number}", 2) for number in range(3, 9)), ("D3", 3), ("C1", 1), ("C2", 1)]
    assert sorted((rule.id, rule.version) for rule in RULES) == sorted([*first, *later])


def test_d4_a_proposal_records_the_policy_that_it_follows() -> None:
    before = given(DECISION).has(ENVELOPE, envelope_set(partial_fit="cut_last"))
    fact = before.when("proposal", CALL, DraftAwardProposal(entries=ENTRIES, source=SOURCE)).fact(AwardProposalDrafted)
    assert {check.rule: check.params for check in fact.checks} == {"D1": {}, "D4": {"partial_fit": "cut_last"}}


@pytest.mark.parametrize("counted", [True, False])
def test_d2_contributions_in_kind_count_where_the_call_lets_them(counted: bool) -> None:
    terms = envelope_set(cofinancing=replace(COFINANCING, counts_in_kind=counted))
    paid = [money("subsidy", 1_000_000), money("own", 249_999), money("in_kind", 1)]
    then = candidate(reserved(), envelope=terms, financing=paid).when("grant", FIRST, award())
    if counted:
        then.then_types(GrantAwarded)
    else:
        then.refused("D2", "own_contribution_short")
        assert isinstance(then.decision, Refused)
        assert then.decision.inputs["in_kind_cents"] == 1


def test_d8_a_category_that_had_no_line_starts_from_nothing() -> None:
    budget = [line("staff", 1_000_000, 800_000), line("operation", 250_000, 200_000)]
    then = active(budget=budget).when("contract", FIRST, shift(200_000), by=HANDLER)
    told = then.fact(BudgetShifted).checks[0].inputs
    assert (told["to_subsidy_cents"], told["to_after_cents"], told["excess_cents"]) == (0, 200_000, 0)
    assert then.fact(BudgetShifted).budget[-1] == line("infrastructure", 200_000, 200_000)


def test_d8_a_category_that_has_no_line_gives_nothing() -> None:
    budget = [line("staff", 1_000_000, 800_000), line("operation", 250_000, 200_000)]
    then = active(budget=budget).when("contract", FIRST, shift(1, "infrastructure", "staff"), by=HANDLER)
    then.refused("D8", "not_enough")
    assert isinstance(then.decision, Refused)
    assert then.decision.inputs["from_subsidy_cents"] == 0


@pytest.mark.parametrize("command", [award(), refuse()])
def test_d6_a_decision_without_the_terms_of_its_call_is_refused(command: Command) -> None:
    before = given(DECISION).has(grant(), registered(), reserved())
    before.when("grant", FIRST, command).refused("STATE", "terms_not_adopted")
