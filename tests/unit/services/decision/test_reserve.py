"""The reserve list: who stands on it, who moves up when money returns, and how it ends."""

from __future__ import annotations

from typing import Any

import pytest

from events.decision import (
    AwardProposalDrafted,
    AwardWaived,
    GrantRefused,
    MoneyReturned,
    MovedUpFromReserve,
    NoticeGiven,
    PlacedOnReserve,
    ProposalLapsed,
    ReservationReleased,
    ReserveLapsed,
    StandstillBegan,
)
from events.times import end_of_day
from events.vocabulary import Source
from services.deciding import CancelTimer, SetTimer
from services.decision.commands import (
    IncreaseEnvelope,
    LapseProposal,
    LapseReserve,
    PlaceOnAgenda,
    PlaceOnReserve,
    RecordGovernmentDecision,
    ReturnMoney,
    ReviseAwardProposal,
    WaiveAward,
    WithdrawProposal,
)
from services.decision.reactions import timers
from services.decision.rules.reasons import D5
from tests.given import actor
from tests.unit.services.decision.examples import (
    CALL,
    CITY,
    FIRST,
    HOUSE,
    MEETING,
    PROPOSAL,
    REASON,
    REFERENCE,
    SECOND,
    THIRD,
    by,
    candidate,
    envelope_set,
    grant,
    ident,
    item,
)
from tests.unit.services.decision.town import AGAIN, LATER, Town, decided, ranked

WAIVE = WaiveAward(reason=REASON)


def of(town: Town, stream: str, kind: type[Any]) -> list[Any]:
    return [event.fact for event in town.given.streams[stream] if isinstance(event.fact, kind)]


def test_reserve_a_favourable_file_without_money_is_on_the_list_and_told() -> None:
    town = decided()
    assert [town.status(case) for case in (FIRST, SECOND, THIRD)] == ["awarded", "awarded", "reserve"]
    (placed,) = of(town, grant(THIRD), PlacedOnReserve)
    assert placed.until == end_of_day("2022-12-17")
    assert "reservelijst" in placed.reasons[0].nl
    assert of(town, grant(THIRD), NoticeGiven)[0].outcome == "reserve"


def test_reserve_a_call_without_a_list_refuses_as_before() -> None:
    town = decided(reserve_days=None)
    assert town.status(THIRD) == "refused"
    assert of(town, grant(THIRD), GrantRefused)[0].code == "envelope_exhausted"


def test_reserve_it_moves_up_when_an_award_is_waived_with_an_explanation() -> None:
    town = decided().send("grant", FIRST, WAIVE)
    assert town.status(FIRST) == "waived"
    (moved,) = of(town, grant(THIRD), MovedUpFromReserve)
    assert (moved.amount_cents, moved.free_cents, moved.checks[0].code) == (1_000_000, 1_000_000, "moved_up")
    assert of(town, grant(FIRST), MoneyReturned)[0].amount_cents == 1_000_000
    assert town.status(THIRD) == "reserve", "moving up is a proposal; the Government has yet to decide (D3)"


def test_d3_who_moved_up_is_awarded_by_a_decision_of_its_own() -> None:
    town = decided().send("grant", FIRST, WAIVE).approve(LATER, AGAIN)
    assert town.status(THIRD) == "awarded"
    assert town.given.state(grant(THIRD)).reference == LATER
    assert town.given.state(grant(SECOND)).reference == REFERENCE, "who was decided stays decided (D6)"


def test_reserve_it_moves_up_when_the_envelope_is_raised() -> None:
    raised = IncreaseEnvelope(increase_cents=1_000_000, reference="VR raise", reason=REASON)
    town = decided().send("envelope", CALL, raised)
    assert of(town, grant(THIRD), MovedUpFromReserve)[0].free_cents == 1_000_000
    assert of(town, PROPOSAL, AwardProposalDrafted)[-1].envelope_cents == 1_000_000, "only what is free is proposed"


def test_reserve_nobody_moves_up_for_money_that_does_not_suffice() -> None:
    raised = IncreaseEnvelope(increase_cents=999_999, reference="VR raise", reason=REASON)
    town = decided().send("envelope", CALL, raised)
    assert town.given.state(PROPOSAL).status == "decided"
    assert not of(town, grant(THIRD), MovedUpFromReserve)


def test_reserve_who_waives_leaves_the_list_and_frees_what_it_moved_up_for() -> None:
    town = decided().send("grant", FIRST, WAIVE).send("grant", THIRD, WAIVE)
    assert town.status(THIRD) == "waived"
    assert of(town, grant(THIRD), ReservationReleased)[0].reason == "waived"
    assert of(town, grant(THIRD), AwardWaived)[0].amount_cents == 0


def test_reserve_money_that_was_paid_does_not_return() -> None:
    town = decided()
    town.paid[FIRST] = 400_000
    town.send("grant", FIRST, WAIVE)
    assert of(town, grant(FIRST), MoneyReturned)[0].amount_cents == 600_000
    assert not of(town, grant(THIRD), MovedUpFromReserve)


def test_reserve_a_return_is_noted_once() -> None:
    source = Source(event_id=ident("decommitted"), position=9)
    back = ReturnMoney(amount_cents=1, source=source)
    after = (
        decided()
        .given.when("grant", FIRST, back)
        .then(MoneyReturned(call=CALL, case=FIRST, amount_cents=1, source=source))
    )
    after.when("grant", FIRST, back).nothing()


def test_reserve_the_list_lapses_on_its_last_day_with_reasons_and_notice() -> None:
    town = decided()
    (placed,) = of(town, grant(THIRD), PlacedOnReserve)
    (timer,) = timers(placed)
    assert isinstance(timer, SetTimer)
    assert timer.due == end_of_day("2022-12-17").utc
    town.send("grant", THIRD, timer.issue.command, at=timer.due)
    (lapsed,) = of(town, grant(THIRD), ReserveLapsed)
    assert lapsed.checks[0].code == "reserve_over"
    assert of(town, grant(THIRD), NoticeGiven)[-1].outcome == "lapsed"
    assert timers(lapsed) == (CancelTimer(timer.id),)


def test_reserve_the_list_does_not_lapse_early_nor_for_who_moved_up() -> None:
    town = decided()
    town.given.when("grant", THIRD, LapseReserve(), at="2022-12-17T22:59:58.000000Z").refused("STATE", "reserve_runs")
    town.send("grant", FIRST, WAIVE)
    town.given.when("grant", THIRD, LapseReserve(), at="2023-01-01T00:00:00.000000Z").nothing()


def test_i5_only_the_applicant_itself_or_the_agency_waives_and_once() -> None:
    given = decided().given
    given.when("grant", FIRST, WAIVE, by=by("applicant", HOUSE)).refused("OWN", "other_organisation")
    after = given.when("grant", FIRST, WAIVE, by=by("applicant", CITY)).recorded()
    after.when("grant", FIRST, WAIVE, by=actor("case_handler")).nothing()


def test_i5_what_was_not_awarded_cannot_be_waived() -> None:
    agency = actor("case_handler")
    decided(reserve_days=None).given.when("grant", THIRD, WAIVE, by=agency).refused("D6", "nothing_to_waive")
    candidate().when("grant", FIRST, WAIVE, by=agency).refused("D6", "nothing_to_waive")


def test_d5_a_file_for_which_money_is_left_is_not_put_on_reserve() -> None:
    place = PlaceOnReserve(
        item=item(1), reference=REFERENCE, meeting=MEETING, source=decided().given.state(PROPOSAL).ranking
    )
    candidate(envelope=envelope_set(partial_fit="skip_misfit")).when("grant", FIRST, place).refused("D5", "no_reason")


@pytest.mark.parametrize(("amount", "code"), [(1, "moved_up"), (11, "no_reason"), (0, "no_reason")])
def test_d5_who_moves_up_gets_no_more_than_is_left(amount: int, code: str) -> None:
    inputs = {"kind": "moved_up", "decided_cents": amount, "advised_cents": 20, "left_before_cents": 10}
    assert D5.test({}, inputs).code == code


def test_a_postponed_proposal_stands_still_and_then_lapses() -> None:
    town = ranked().approve(result="uitgesteld")
    (standstill,) = of(town, PROPOSAL, StandstillBegan)
    assert standstill.until == end_of_day("2022-01-16")
    (timer,) = timers(standstill)
    assert isinstance(timer, SetTimer)
    town.given.when("proposal", CALL, timer.issue.command).refused("STATE", "standstill_runs")
    town.send("proposal", CALL, timer.issue.command, at=timer.due)
    (lapsed,) = of(town, PROPOSAL, ProposalLapsed)
    assert lapsed.cases == [FIRST, SECOND]
    assert town.books.held(f"AVAILABLE:{CALL}") == 0
    assert of(town, grant(FIRST), ReservationReleased)[0].reason == "lapsed"
    town.given.when("proposal", CALL, PlaceOnAgenda(meeting=AGAIN, reference="x")).refused("STATE", "not_in_this_stage")
    town.send("proposal", CALL, ReviseAwardProposal()).approve(LATER, AGAIN)
    assert town.status(FIRST) == "awarded"


def test_a_postponed_proposal_on_an_agenda_again_does_not_lapse() -> None:
    town = ranked().approve(result="uitgesteld")
    agenda = PlaceOnAgenda(meeting=AGAIN, reference="again")
    town.send("proposal", CALL, agenda)
    town.given.when("proposal", CALL, LapseProposal(proposal_version=1), at="2023-01-01T00:00:00.000000Z").nothing()
    assert timers(of(town, PROPOSAL, type(of(town, PROPOSAL, StandstillBegan)[0]))[0])


def test_a_call_without_a_standstill_has_no_timer() -> None:
    town = ranked(postponement_days=None).approve(result="uitgesteld")
    assert not of(town, PROPOSAL, StandstillBegan)


@pytest.mark.parametrize("result", ["ingetrokken", "akte_genomen"])
def test_only_a_postponement_begins_a_standstill(result: str) -> None:
    town = ranked().approve(result=result)
    assert not of(town, PROPOSAL, StandstillBegan)
    assert town.status(FIRST) == "candidate"


def test_a_withdrawn_proposal_frees_what_it_set_aside_and_can_be_made_anew() -> None:
    town = ranked().send("proposal", CALL, WithdrawProposal(reason=REASON))
    assert town.books.held(f"AVAILABLE:{CALL}") == 0
    town.given.when("proposal", CALL, WithdrawProposal(reason=REASON)).nothing()
    town.send("proposal", CALL, ReviseAwardProposal())
    assert town.given.state(PROPOSAL).version == 2


def test_what_is_decided_cannot_be_withdrawn_nor_what_is_not_drafted_revised() -> None:
    decided().given.when("proposal", CALL, WithdrawProposal(reason=REASON)).refused("STATE", "not_in_this_stage")
    candidate().when("proposal", CALL, ReviseAwardProposal()).refused("STATE", "not_in_this_stage")


def test_d3_an_adverse_advice_needs_the_agreement_of_the_minister_of_budget() -> None:
    from services.decision.rules.procedure import D3

    file: dict[str, Any] = {
        "result": "goedgekeurd",
        "meeting": MEETING,
        "agenda_meeting": MEETING,
        "advice_present": True,
        "advice_favourable": False,
        "agreement_present": False,
        "agreed": False,
        "ranking_open": False,
        "set_aside": [],
    }
    params = {"requires_inspectorate_advice": True, "requires_budget_agreement": False}
    assert D3.test(params, file) == ("fail", "adverse_without_agreement")
    assert D3.test(params, file | {"agreed": True}) == ("pass", "adverse_overruled")
    assert D3.test(params, file | {"advice_favourable": True}) == ("pass", "file_complete")


def test_the_second_official_to_decide_is_told_that_it_was_decided() -> None:
    other = {"result": "goedgekeurd", "reference": "VR other", "meeting": MEETING}
    command = RecordGovernmentDecision.model_validate(other)
    decided().given.when("proposal", CALL, command).refused("STATE", "not_in_this_stage")
