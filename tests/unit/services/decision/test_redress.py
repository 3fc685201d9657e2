"""What becomes of a decision: one in force at most, who touches it names it, and the books stay balanced (D1, D6)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from events.decision import (
    Amendment,
    AmountReserved,
    AppealDismissed,
    AppealLodged,
    ApplicantNotified,
    AwardAdjusted,
    DecisionAnnulled,
    DecisionSuperseded,
    DecisionSuspended,
    GrantAwarded,
    GrantDenied,
    NoticeGiven,
    ReservationRefused,
    SuspensionLifted,
)
from services.decision.commands import (
    DecideAnew,
    LiftSuspension,
    RecordAnnulment,
    RecordAppeal,
    RecordAppealDismissal,
    RecordSuspension,
    RetractDecision,
    WaiveAward,
)
from tests.unit.projections.samples import sample
from tests.unit.services.decision.examples import (
    CALL,
    FIRST,
    REASON,
    REFERENCE,
    SECOND,
    THIRD,
    candidate,
    grant,
)
from tests.unit.services.decision.town import AGAIN, CASES, LATER, Town, decided, supersede

RULING = "RvS 253.111"
ANNUL = RecordAnnulment(decision=REFERENCE, ruling=RULING, reasons=REASON)
RETRACT = RetractDecision(retracts=REFERENCE, reference=LATER, reasons=REASON)
SUSPEND = RecordSuspension(decision=REFERENCE, by="court", ruling=RULING, reasons=REASON)
LIFT = LiftSuspension(decision=REFERENCE, ruling=RULING, reasons=REASON)


def anew(amount: int, reference: str = LATER, **papers: str | None) -> DecideAnew:
    found: dict[str, str | None] = {"advice": "IF 22/1", "agreement": "BA 22/1", **papers}
    return DecideAnew(reference=reference, meeting=AGAIN, amount_cents=amount, reasons=REASON, **found)


def appeal(lodged_on: str = "2021-06-01", reference: str = "G/A 1") -> RecordAppeal:
    return RecordAppeal(decision=REFERENCE, instance="council_of_state", reference=reference, lodged_on=lodged_on)


def of(town: Town, case: str, kind: type[Any]) -> list[Any]:
    return [event.fact for event in town.given.streams[grant(case)] if isinstance(event.fact, kind)]


def test_d6_a_superseding_decision_names_the_one_it_replaces_and_is_the_only_one_in_force() -> None:
    town = decided().send("grant", FIRST, supersede(600_000))
    (replaced,) = of(town, FIRST, DecisionSuperseded)
    assert (replaced.replaced, replaced.outcome, replaced.replaced_cents) == (REFERENCE, "awarded", 1_000_000)
    state = town.given.state(grant(FIRST))
    assert (state.status, state.reference, state.award_cents) == ("awarded", LATER, 600_000)
    assert [one.reference for one in of(town, FIRST, ApplicantNotified)] == [REFERENCE, LATER]


def test_d6_what_was_paid_is_not_undone_the_rest_goes_back() -> None:
    town = decided()
    town.paid[FIRST] = 700_000
    town.send("grant", FIRST, supersede(600_000))
    (fact,) = of(town, FIRST, AwardAdjusted)
    assert (fact.previous_cents, fact.amount_cents, fact.attempt, fact.code) == (1_000_000, 600_000, None, "superseded")
    assert sum(line.subsidy_cents for line in fact.budget) == 600_000
    assert town.committed[FIRST] == 700_000, "100,000 is left to recover"


def test_d6_a_higher_award_is_topped_up_from_the_envelope() -> None:
    town = decided().send("grant", FIRST, supersede(600_000))
    town.send("grant", FIRST, supersede(900_000, LATER, "VR 2022 3"))
    raised = of(town, FIRST, AwardAdjusted)[-1]
    assert (raised.previous_cents, raised.amount_cents, raised.attempt) == (600_000, 900_000, 2)
    assert of(town, FIRST, AmountReserved)[-1].amount_cents == 300_000
    assert town.committed[FIRST] == 900_000


@pytest.mark.parametrize("amount", [800_001, 900_000, 1_000_000])
def test_d6_what_an_amendment_gave_back_is_reserved_anew_by_a_decision_for_more(amount: int) -> None:
    """Given: an award of which an amendment of the contract gave 200,000 back. When: a decision gives more than is
    left. Then: all that is more is reserved, whatever had been awarded, and contract and account have it."""
    town = decided(reserve_days=None)
    contract = f"contract-{FIRST}"
    before = town.given.state(contract)
    less = [replace(before.budget[0], subsidy_cents=before.budget[0].subsidy_cents - 200_000), *before.budget[1:]]
    changes = Amendment(amount_cents=800_000, budget=less, end=None, joining=[], leaving=[], actions=[])
    approved = {"changes": changes, "amount_cents": 800_000, "budget": less, "term": before.term}
    town.given.has(contract, sample("AmendmentApproved", call=CALL, case=FIRST, **approved))
    returned = sample("FundsDecommitted", call=CALL, case=FIRST, amount_cents=200_000)
    town.books.record(returned)
    town.committed[FIRST] = 800_000
    town.hear(returned)

    town.send("grant", FIRST, supersede(amount))

    assert of(town, FIRST, AmountReserved)[-1].amount_cents == amount - 800_000
    assert of(town, FIRST, AwardAdjusted)[-1].attempt == 2
    assert (town.committed[FIRST], town.given.state(contract).amount_cents) == (amount, amount)


def test_d1_a_higher_award_that_the_envelope_does_not_hold_is_refused_by_the_guard() -> None:
    town = decided().send("grant", THIRD, supersede(500_000))
    assert of(town, THIRD, ReservationRefused)[0].amount_cents == 500_000
    assert town.status(THIRD) == "reserve"


def test_d6_the_second_of_two_officials_hears_which_decision_is_in_force() -> None:
    town = decided().send("grant", FIRST, supersede(600_000))
    late = town.given.when("grant", FIRST, supersede(500_000, reference="VR 2022 9"))
    late.refused("D6", "other_in_force")
    assert late.decision.inputs["reference"] == LATER  # type: ignore[union-attr]  # it is a refusal


def test_d6_the_same_superseding_decision_again_is_nothing_new() -> None:
    town = decided().send("grant", FIRST, supersede(600_000))
    town.given.when("grant", FIRST, supersede(600_000)).nothing()


def test_d6_a_decision_cannot_replace_itself_nor_one_that_is_not_there() -> None:
    decided().given.when("grant", FIRST, supersede(1, reference=REFERENCE)).refused("D6", "same_reference")
    candidate().when("grant", FIRST, supersede(1)).refused("D6", "none_in_force_now")


def test_d6_a_refusal_can_be_replaced_by_an_award_and_an_award_by_a_refusal() -> None:
    town = decided(reserve_days=None).send("grant", FIRST, supersede(0))
    (denied,) = of(town, FIRST, GrantDenied)
    assert (denied.code, denied.motivation) == ("decided_anew", REASON)
    town.send("grant", THIRD, supersede(1_000_000))
    assert town.status(THIRD) == "awarded"
    assert town.committed == {FIRST: 0, SECOND: 1_000_000, THIRD: 1_000_000}


@pytest.mark.parametrize(
    ("papers", "code"), [({"advice": None}, "advice_missing"), ({"agreement": None}, "agreement_missing")]
)
def test_d3_new_money_needs_the_papers_of_a_first_award(papers: dict[str, str | None], code: str) -> None:
    town = decided().send("grant", FIRST, supersede(600_000))
    town.given.when("grant", FIRST, supersede(700_000, LATER, "VR 9", **papers)).refused("D3", code)
    town.given.when("grant", FIRST, supersede(500_000, LATER, "VR 9", **papers)).then_types(
        DecisionSuperseded, AwardAdjusted, GrantAwarded
    )


@pytest.mark.parametrize("amount", [1_000_001, 5_000_000])
def test_d2_a_new_decision_keeps_to_cap_and_request(amount: int) -> None:
    decided().given.when("grant", FIRST, supersede(amount)).refused("D2", "above_cap")


def test_d6_a_retracted_decision_is_worth_nothing_and_another_can_be_taken() -> None:
    town = decided().send("grant", FIRST, RETRACT)
    assert town.status(FIRST) == "retracted"
    assert of(town, FIRST, AwardAdjusted)[0].amount_cents == 0
    assert of(town, FIRST, NoticeGiven)[0].outcome == "retracted"
    town.given.when("grant", FIRST, RETRACT).nothing()
    town.given.when("grant", FIRST, supersede(1)).refused("D6", "none_in_force_now")


def test_d6_after_a_retraction_the_award_is_reserved_anew() -> None:
    town = decided(reserve_days=None).send("grant", FIRST, RETRACT).send("grant", FIRST, anew(800_000, "VR anew"))
    assert town.status(FIRST) == "awarded"
    assert town.committed[FIRST] == 800_000
    assert of(town, FIRST, AwardAdjusted)[-1].code == "decided_anew"


def test_d6_an_annulled_award_keeps_its_money_until_the_new_decision() -> None:
    town = decided().send("grant", FIRST, ANNUL)
    (fact,) = of(town, FIRST, DecisionAnnulled)
    assert (fact.outcome, fact.amount_cents) == ("awarded", 1_000_000)
    assert town.committed[FIRST] == 1_000_000
    assert not of(town, FIRST, AwardAdjusted)
    town.given.when("grant", FIRST, ANNUL).nothing()
    town.send("grant", FIRST, anew(1_000_000))
    assert town.status(FIRST) == "awarded"
    assert not of(town, FIRST, AwardAdjusted), "the same amount: nothing to recover or to top up"


def test_d6_an_annulled_award_that_is_refused_anew_goes_back() -> None:
    town = decided().send("grant", FIRST, ANNUL).send("grant", FIRST, anew(0))
    assert town.status(FIRST) == "refused"
    assert town.committed[FIRST] == 0


def test_d6_an_annulled_refusal_can_become_an_award() -> None:
    town = decided(reserve_days=None).send("grant", FIRST, RETRACT).send("grant", THIRD, ANNUL)
    town.send("grant", THIRD, anew(1_000_000))
    assert town.status(THIRD) == "awarded"
    town.given.when("grant", THIRD, anew(1_000_000)).nothing()


def test_d6_nobody_decides_anew_while_a_decision_is_in_force() -> None:
    decided().given.when("grant", FIRST, anew(1)).refused("D6", "no_new_decision")


def test_d6_only_the_decision_in_force_is_touched() -> None:
    town = decided().send("grant", FIRST, supersede(600_000))
    for command in (ANNUL, RETRACT, SUSPEND, appeal()):
        town.given.when("grant", FIRST, command).refused("D6", "other_in_force")


def test_d6_a_suspension_holds_until_it_is_lifted() -> None:
    given = decided().given
    given.when("grant", FIRST, LIFT).refused("D6", "not_suspended")
    after = given.when("grant", FIRST, SUSPEND).then_types(DecisionSuspended)
    assert after.state(grant(FIRST)).suspended
    after.when("grant", FIRST, SUSPEND).nothing()
    lifted = after.when("grant", FIRST, LIFT).then_types(SuspensionLifted)
    assert not lifted.state(grant(FIRST)).suspended


@pytest.mark.parametrize(
    ("day", "code"), [("2021-07-02", "appeal_in_time"), ("2021-07-03", "appeal_late"), ("2021-05-03", "appeal_in_time")]
)
def test_d5_the_term_for_appeal_starts_at_the_notification(day: str, code: str) -> None:
    # Notice was given on 3 May 2021 (the examples' noon); the call's term is 60 days.
    fact = decided().given.when("grant", FIRST, appeal(day)).fact(AppealLodged)
    assert fact.in_time == (code == "appeal_in_time"), "a late appeal is recorded too: it is for the judge to say"
    assert fact.checks[-1].code == code


def test_d5_before_the_notification_no_term_ends() -> None:
    awarded = decided().given
    awarded.streams[grant(FIRST)] = [
        event for event in awarded.streams[grant(FIRST)] if not isinstance(event.fact, ApplicantNotified)
    ]
    assert awarded.when("grant", FIRST, appeal("2031-01-01")).fact(AppealLodged).checks[-1].code == "appeal_term_open"


def test_d5_notice_names_the_decision_and_the_last_day_of_the_term() -> None:
    (told,) = of(decided(), FIRST, ApplicantNotified)
    assert (told.reference, told.appeal_until.local) == (REFERENCE, "2021-07-02T23:59:59")
    assert of(decided(appeal_days=None), FIRST, ApplicantNotified)[0].appeal_until is None


def test_an_appeal_is_dismissed_once() -> None:
    dismiss = RecordAppealDismissal(reference="G/A 1", ruling=RULING, reasons=REASON)
    after = decided().given.when("grant", FIRST, appeal()).recorded()
    after.when("grant", FIRST, appeal()).nothing()
    gone = after.when("grant", FIRST, dismiss).then_types(AppealDismissed)
    gone.when("grant", FIRST, dismiss).refused("D6", "no_such_appeal")


def test_what_was_never_a_file_has_no_decision_to_touch() -> None:
    from services.decision.worker import DECISION
    from tests.unit.services.decision.examples import ENVELOPE, envelope_set
    from tests.unit.services.jury.told import given

    given(DECISION).has(ENVELOPE, envelope_set()).when("grant", FIRST, SUSPEND).refused("STATE", "not_in_this_stage")


_REFERENCES = (REFERENCE, LATER, "VR 3", "VR 4")
_COMMANDS = st.one_of(
    st.builds(
        supersede, st.sampled_from((0, 300_000, 1_000_000)), st.sampled_from(_REFERENCES), st.sampled_from(_REFERENCES)
    ),
    st.builds(anew, st.sampled_from((0, 700_000, 1_000_000)), st.sampled_from(_REFERENCES)),
    st.builds(
        RetractDecision, retracts=st.sampled_from(_REFERENCES), reference=st.just("VR r"), reasons=st.just(REASON)
    ),
    st.builds(RecordAnnulment, decision=st.sampled_from(_REFERENCES), ruling=st.just(RULING), reasons=st.just(REASON)),
    st.just(WaiveAward(reason=REASON)),
    st.just(SUSPEND),
)


@for_all(st.lists(st.tuples(st.sampled_from(CASES), _COMMANDS), max_size=8), st.booleans())
@settings(max_examples=60, deadline=None)
def test_d1_d6_whatever_becomes_of_decisions_the_books_balance(steps: list[tuple[str, Any]], keeps: bool) -> None:
    town = decided(reserve_days=365 if keeps else None)
    for case, command in steps:
        town.send("grant", case, command)
        for one in CASES:
            state = town.given.state(grant(one))
            if state.status == "awarded":
                contract = town.given.state(f"contract-{one}").status
                assert contract in ("drafted", "active"), f"D7: an award in force, and its contract is {contract}"
            worth = state.award_cents if state.status in ("awarded", "annulled") else 0
            assert town.committed.get(one, 0) == worth, "what payment holds is what the decision in force is worth"
    assert town.given.streams[f"envelope-{CALL}"]
