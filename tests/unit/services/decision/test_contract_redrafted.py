"""D7: an award that was taken back and comes again by a new decision has a contract again."""

from __future__ import annotations

from typing import Any

from events.decision import (
    ContractActivated,
    ContractClosed,
    ContractRedrafted,
    ContractTerminated,
    GrantAwarded,
    PledgeSigned,
    TerminationGround,
)
from events.times import start_of_day
from services.deciding import Issue, SetTimer
from services.decision.commands import (
    CloseContract,
    CompleteContract,
    DecideAnew,
    RecordBeneficiarySuccession,
    RedraftContract,
    RetractDecision,
    TerminateContract,
)
from services.decision.reactions import timers
from tests.given import Given
from tests.unit.services.decision.agreed import HANDLER, MIDDLE, propose
from tests.unit.services.decision.examples import (
    CITY,
    CONTRACT,
    FIRST,
    MERGED,
    REASON,
    REFERENCE,
    SOURCE,
    TERM,
    by,
    grant,
    reactions,
    sign,
)
from tests.unit.services.decision.town import AGAIN, LATER, Town, decided, supersede

RETRACT = RetractDecision(retracts=REFERENCE, reference=LATER, reasons=REASON)
ANEW = DecideAnew(
    reference="VR anew", meeting=AGAIN, amount_cents=800_000, reasons=REASON, advice="IF 22/1", agreement="BA 22/1"
)
CLOSE = CloseContract(final_subsidy_cents=0, paid_cents=0, recovered_cents=0, source=SOURCE)


def awarded() -> Town:
    """No reserve list: nobody moves up with the money that comes back."""
    return decided(reserve_days=None)


def retracted() -> Town:
    return awarded().send("grant", FIRST, RETRACT)


def ended(ground: TerminationGround = "not_performed") -> Town:
    return awarded().send("contract", FIRST, TerminateContract(ground=ground, reference="MB", reason=REASON))


def facts(town: Town | Given) -> list[Any]:
    streams = town.given.streams if isinstance(town, Town) else town.streams
    return [event.fact for event in streams[CONTRACT]]


def pledged(town: Town, partner: str) -> Given:
    return town.given.when("contract", FIRST, sign(partner), at=MIDDLE, by=by("applicant", CITY)).recorded()


def test_d7_an_award_decided_anew_after_a_retraction_draws_its_contract_up_again() -> None:
    town = retracted()
    assert (town.given.state(CONTRACT).status, town.given.state(CONTRACT).withdrawn) == ("terminated", True)
    town.send("grant", FIRST, ANEW)
    state, fact = town.given.state(CONTRACT), facts(town)[-1]
    assert (type(fact), fact.reference, fact.amount_cents) == (ContractRedrafted, "VR anew", 800_000)
    assert (state.status, state.award_cents, state.in_force, state.term) == ("drafted", 800_000, False, TERM)


def test_d7_of_a_contract_drawn_up_again_every_pledge_is_signed_again_before_it_is_in_force() -> None:
    town = awarded()
    for partner in ("house", "agency"):
        town.given = pledged(town, partner)
    assert isinstance(facts(town)[-1], ContractActivated)
    town.send("grant", FIRST, RETRACT).send("grant", FIRST, ANEW)
    assert town.given.state(CONTRACT).unsigned() == ["house", "agency"]
    town.given = pledged(town, "house")
    assert isinstance(facts(town)[-1], PledgeSigned)
    town.given = pledged(town, "agency")
    assert (facts(town)[-1].amount_cents, town.given.state(CONTRACT).status) == (800_000, "active")


def test_a_contract_drawn_up_again_waits_for_its_first_and_its_last_day() -> None:
    fact = facts(retracted().send("grant", FIRST, ANEW))[-1]
    begin, end = timers(fact)
    assert isinstance(begin, SetTimer)
    assert isinstance(end, SetTimer)
    assert (begin.due, end.issue) == (start_of_day(TERM.start).utc, Issue("contract", FIRST, CompleteContract()))


def test_d7_what_was_closed_without_an_award_is_drawn_up_again_too() -> None:
    town = retracted().send("contract", FIRST, CLOSE)
    assert isinstance(facts(town)[-1], ContractClosed)
    town.send("grant", FIRST, ANEW)
    assert town.given.state(CONTRACT).status == "drafted"


def test_d7_a_contract_that_ended_before_its_award_was_taken_back_is_drawn_up_again() -> None:
    town = ended().send("grant", FIRST, RETRACT).send("grant", FIRST, ANEW)
    assert town.given.state(CONTRACT).status == "drafted"


def test_d7_a_decision_that_replaces_the_one_in_force_does_not_begin_an_ended_contract_anew() -> None:
    town = ended().send("grant", FIRST, supersede(600_000))
    assert isinstance(facts(town)[-1], ContractTerminated)
    assert town.given.state(CONTRACT).status == "terminated"


def test_d7_a_contract_that_goes_on_is_not_drawn_up_again() -> None:
    town = retracted().send("grant", FIRST, ANEW)
    again = RetractDecision(retracts="VR anew", reference="VR 9", reasons=REASON)
    award = next(event.fact for event in reversed(town.given.streams[grant()]) if isinstance(event.fact, GrantAwarded))
    issue = next(one for one in reactions(award) if isinstance(one.command, RedraftContract))
    town.given.when("contract", FIRST, issue.command).nothing()
    # Nor is it when the award has gone again before the reaction comes.
    town.send("grant", FIRST, again).given.when("contract", FIRST, issue.command).nothing()


def test_d9_who_succeeded_holds_the_contract_that_is_drawn_up_again() -> None:
    succeed = RecordBeneficiarySuccession(successor=MERGED, merged=[CITY], effective_on="2021-05-02", basis="decreet")
    town = awarded().send("contract", FIRST, succeed)
    town.send("grant", FIRST, RETRACT).send("grant", FIRST, ANEW)
    assert facts(town)[-1].beneficiary == MERGED
    assert town.given.state(CONTRACT).beneficiary(MIDDLE) == MERGED


def test_the_numbers_of_amendments_go_on_in_a_contract_that_is_drawn_up_again() -> None:
    town = awarded()
    town.given = town.given.when("contract", FIRST, propose(end="2025-06-30"), at=MIDDLE, by=HANDLER).recorded()
    town.send("grant", FIRST, RETRACT).send("grant", FIRST, ANEW)
    then = town.given.when("contract", FIRST, propose(end="2025-06-30"), at=MIDDLE, by=HANDLER)
    assert then.decision.facts[0].amendment == 2  # type: ignore[union-attr]  # it is a proposal
