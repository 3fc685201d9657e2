"""Schedule and account: committed once, in force, payable to, succeeded to."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from events.payment import (
    AccountActivated,
    AccountSucceeded,
    BankAccountConfirmed,
    CommitmentRefused,
    FundsCommitted,
    ReportExpected,
    ScheduleAdopted,
)
from events.times import end_of_day
from events.vocabulary import Clear
from services.deciding import Accepted, Context
from services.payment.commands import ActivateAccount, ConfirmBankAccount, SubmitClaim, SucceedAccount
from services.payment.decider import refused_by_guard
from services.payment.state import Account
from tests.given import NOON, actor
from tests.unit.services.payment.play import (
    APPLICANT,
    CALL,
    CASE,
    CITY,
    IBAN,
    MERGED,
    OFFICER,
    SERVICE,
    SOURCE,
    TERM,
    TRANCHES,
    Play,
    adopt,
    commit,
    stream_id,
)

ACTIVATE = ActivateAccount(term=TERM, source=SOURCE)
CONFIRM = ConfirmBankAccount(iban=IBAN, basis="letter of mayor and financial director")


def succession(effective_at: str = "2022-01-01T00:00:00.000000Z") -> SucceedAccount:
    return SucceedAccount(previous=CITY, successor=MERGED, effective_at=effective_at, source=SOURCE)


def test_the_terms_of_payment_are_adopted_once_and_name_their_source() -> None:
    play = Play()
    answer = play.ask("schedule", CALL, adopt(), SERVICE).decision
    assert isinstance(answer, Accepted)
    assert answer.rules == SOURCE.position
    play.do("schedule", CALL, adopt(), SERVICE).silent("schedule", CALL, adopt(), SERVICE)
    assert play.last(ScheduleAdopted).tranches == list(TRANCHES)


def test_p5_a_commitment_plans_tranches_that_add_up_to_the_award() -> None:
    committed = Play().award(57_530_601).last(FundsCommitted)
    assert [one.amount_cents for one in committed.tranches] == [28_765_301, 17_259_180, 11_506_120]
    assert [one.code for one in committed.tranches] == ["start", "progress", "balance"]
    assert sum(one.amount_cents for one in committed.tranches) == committed.amount_cents


def test_a_commitment_names_the_terms_that_it_rests_on() -> None:
    play = Play().do("schedule", CALL, adopt(), SERVICE)
    answer = play.ask("account", CASE, commit(), SERVICE).decision
    assert answer.rules == SOURCE.position


def test_a_commitment_waits_for_the_terms() -> None:
    Play().refused("account", CASE, commit(), SERVICE, rule="STATE", code="no_schedule")


def test_p5_tranches_that_are_not_the_whole_award_are_refused() -> None:
    play = Play().do("schedule", CALL, adopt(tranches=list(TRANCHES[:2])), SERVICE)
    play.refused("account", CASE, commit(), SERVICE, rule="P5", code="sum_differs")


def test_an_award_is_committed_once() -> None:
    Play().award().silent("account", CASE, commit(), SERVICE)


def test_a_commitment_that_the_ledger_refuses_is_on_record_and_can_be_tried_again() -> None:
    play = Play().do("schedule", CALL, adopt(), SERVICE)
    context = Context(at=NOON, actor=SERVICE, stream=f"account-{CASE}", id=CASE, version=0, command_id=CASE)
    facts = refused_by_guard(Account(), commit(), context, "ledger", "no_such_pending")
    refused = CommitmentRefused(
        call=CALL, case=CASE, amount_cents=80_000_000, attempt=1, code="no_such_pending", source=SOURCE
    )
    assert facts == (refused,)
    play.given.has(f"account-{CASE}", *facts)
    play.ask("account", CASE, commit(), SERVICE).then_types(FundsCommitted)


def test_other_refusals_of_the_ledger_leave_no_fact() -> None:
    context = Context(at=NOON, actor=SERVICE, stream=f"account-{CASE}", id=CASE, version=0, command_id=CASE)
    assert refused_by_guard(Account(), ACTIVATE, context, "ledger", "exceeds_credits") == ()


def test_p2_an_account_comes_into_force_once_and_only_after_the_commitment() -> None:
    play = Play()
    play.refused("account", CASE, ACTIVATE, SERVICE, rule="STATE", code="not_now")
    play.award().do("account", CASE, ACTIVATE, SERVICE).silent("account", CASE, ACTIVATE, SERVICE)
    assert play.last(AccountActivated).term == TERM


def test_an_account_in_force_expects_every_report_of_the_call_by_the_end_of_its_last_day() -> None:
    play = Play().award().activate()
    expected = [fact for fact in play.facts if isinstance(fact, ReportExpected)]
    assert [(one.report, one.due) for one in expected] == [
        ("y1", end_of_day("2023-03-31")),
        ("y2", end_of_day("2026-03-31")),
    ]


def test_each_bank_account_gets_the_next_number_and_is_sealed_under_the_organisation() -> None:
    play = Play().award().activate()
    first = play.last(BankAccountConfirmed)
    second = play.do("account", CASE, CONFIRM, OFFICER).last(BankAccountConfirmed)
    assert (first.ordinal, second.ordinal) == (1, 2)
    assert isinstance(second.iban, Clear)
    assert second.iban.clear == IBAN
    assert second.iban.subject == first.iban.subject


def test_a_bank_account_needs_a_commitment() -> None:
    Play().refused("account", CASE, CONFIRM, OFFICER, rule="STATE", code="not_now")


def test_an_iban_is_kept_without_spaces() -> None:
    assert ConfirmBankAccount(iban="BE68 5390 0754 7034", basis="letter").iban == IBAN


@pytest.mark.parametrize("wrong", ["BE68539007547035", "BE6853900754703", "XX68539007547034", "", "hello"])
def test_an_iban_with_wrong_check_digits_or_length_is_a_mistake(wrong: str) -> None:
    with pytest.raises(ValidationError, match="IBAN"):
        ConfirmBankAccount(iban=wrong, basis="letter")


def test_d9_rights_pass_to_the_successor_from_the_effective_instant() -> None:
    play = Play().award().do("account", CASE, succession(), SERVICE)
    assert play.last(AccountSucceeded).successor == MERGED
    account = play.given.state(f"account-{CASE}")
    assert account.beneficiary("2021-12-31T22:59:59.000000Z") == CITY
    assert account.beneficiary("2022-01-01T00:00:00.000000Z") == MERGED
    play.silent("account", CASE, succession(), SERVICE)


def test_d9_a_bank_account_of_the_successor_is_sealed_under_the_successor() -> None:
    play = Play().award().confirm_bank()
    before = play.last(BankAccountConfirmed).iban.subject
    play.do("account", CASE, succession(NOON), SERVICE).confirm_bank()
    assert play.last(BankAccountConfirmed).iban.subject != before


def test_d9_there_is_nothing_to_succeed_to_before_a_commitment() -> None:
    Play().refused("account", CASE, succession(), SERVICE, rule="STATE", code="not_now")


def test_d9_the_former_beneficiary_cannot_claim_and_the_successor_can() -> None:
    play = Play().award().activate().do("account", CASE, succession(NOON), SERVICE)
    command = SubmitClaim(case=CASE, tranche="start")
    ident = stream_id("claim", "start")
    play.refused("claim", ident, command, APPLICANT, rule="OWN", code="other_organisation")
    play.do("claim", ident, command, actor("applicant", MERGED.ovo))
