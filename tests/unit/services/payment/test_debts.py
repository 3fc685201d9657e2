"""P7: what happens to a debt until it is gone: contested, paid in parts, given up, collected by force."""

from __future__ import annotations

import pytest

from events.payment import (
    AccountClosed,
    ContestDecided,
    CostReinstated,
    FinalAccountSettled,
    Instalment,
    InstalmentMissed,
    InstalmentPlanAgreed,
    PaymentOrdered,
    RecoveryContested,
    RecoveryTransferred,
    RecoveryWaived,
)
from events.times import end_of_day
from services.deciding import Issue, SetTimer
from services.payment.commands import (
    AgreeInstalments,
    CloseAccount,
    ContestRecovery,
    DecideContest,
    MissInstalment,
    PlannedInstalment,
    ReinstateCost,
    TransferToCollection,
    WaiveRecovery,
)
from services.payment.reactions import timers
from tests.given import actor
from tests.unit.services.payment.play import (
    APPLICANT,
    CALL,
    CASE,
    HANDLER,
    OFFICER,
    SERVICE,
    Play,
    cost,
    stream_id,
    words,
)
from tests.unit.services.payment.test_recoveries import paid

ONE = stream_id("recovery", 1)
CONTEST = ContestRecovery(reason=words("De factuur is van een ander project."))
COLLECT = TransferToCollection(collector="Vlaamse Belastingdienst", reference="INV-2025-1")


def owing() -> Play:
    """2,400,000 owed of 40,000,000 paid."""
    return paid().find(3_000_000).recover()


def overpaid() -> Play:
    """20,000,000 owed after the final account."""
    play = Play().award().activate().claim("start").pay("start")
    return play.hand_in("y1", cost("personnel", 25_000_000, 20_000_000)).hand_in("y2").settle()


def answer(reduced: int) -> DecideContest:
    return DecideContest(reduced_cents=reduced, reason=words())


def plan(*parts: tuple[str, int]) -> AgreeInstalments:
    return AgreeInstalments(instalments=[PlannedInstalment(day=day, amount_cents=cents) for day, cents in parts])


def waive(amount: int) -> WaiveRecovery:
    return WaiveRecovery(amount_cents=amount, reason=words(), basis="VR PV 2025/1 (synthetisch)")


# Contest.


@pytest.mark.parametrize(
    ("reduced", "outcome", "owed"),
    [(0, "upheld", 2_400_000), (400_000, "reduced", 2_000_000), (2_400_000, "withdrawn", 0)],
)
def test_p7_a_contested_debt_stands_is_lowered_or_is_withdrawn(reduced: int, outcome: str, owed: int) -> None:
    play = owing().do("recovery", ONE, CONTEST, APPLICANT).silent("recovery", ONE, CONTEST, APPLICANT)
    assert play.last(RecoveryContested).reason.text.startswith("De factuur")
    play.do("recovery", ONE, answer(reduced), OFFICER)
    decided = play.last(ContestDecided)
    assert (decided.outcome, decided.reduced_cents, decided.decided_by) == (outcome, reduced, "officer")
    assert play.owed() == play.books.balance(f"RECEIVABLE:{CASE}") == owed


def test_own_only_the_debtor_of_now_contests() -> None:
    stranger = actor("applicant", "OVO000666")
    owing().refused("recovery", ONE, CONTEST, stranger, rule="OWN", code="other_organisation")


def test_p7_a_contest_takes_off_no_more_than_is_open() -> None:
    play = owing().repay(400_000).do("recovery", ONE, CONTEST, APPLICANT)
    play.refused("recovery", ONE, answer(2_000_001), OFFICER, rule="P7", code="above_limit")
    play.do("recovery", ONE, answer(2_000_000), OFFICER)
    assert play.last(ContestDecided).outcome == "withdrawn"


def test_what_was_not_contested_or_is_not_owed_is_not_decided() -> None:
    owing().refused("recovery", ONE, answer(0), OFFICER, rule="STATE", code="not_now")
    play = owing().repay(2_400_000)
    play.refused("recovery", ONE, CONTEST, APPLICANT, rule="STATE", code="nothing_open")


def test_p7_nothing_is_set_off_while_a_debt_is_contested() -> None:
    play = owing().do("recovery", ONE, CONTEST, APPLICANT).claim("progress").order("progress")
    assert play.last(PaymentOrdered).offset_cents == 0
    play.cancel("progress").do("recovery", ONE, answer(0), OFFICER).order("progress", 2)
    assert play.last(PaymentOrdered).offset_cents == 2_400_000


def test_p7_after_a_contest_the_cost_of_what_was_taken_off_can_count_again() -> None:
    play = owing().do("recovery", ONE, CONTEST, APPLICANT).do("recovery", ONE, answer(800_000), OFFICER)
    more = ReinstateCost(finding=1, category="personnel", amount_cents=1_000_001, reason=words())
    play.refused("account", CASE, more, HANDLER, rule="P7", code="above_limit")
    play.do("account", CASE, more.model_copy(update={"amount_cents": 1_000_000}), HANDLER)
    assert play.last(CostReinstated).subsidy_cents == 800_000
    settled = play.hand_in("y2").settle().last(FinalAccountSettled)
    assert (settled.recovery_ordered_cents, settled.final_subsidy_cents) == (1_600_000, 78_400_000)
    play.claim("balance").pay("balance").close()


# Instalments.


def test_p7_a_debt_is_paid_in_parts_that_are_together_what_is_owed() -> None:
    play = owing().repay(400_000, reference="A")
    agreed = plan(("2025-01-31", 1_200_000), ("2025-02-28", 800_000))
    play.do("recovery", ONE, agreed, OFFICER).silent("recovery", ONE, agreed, OFFICER)
    fact = play.last(InstalmentPlanAgreed)
    assert fact.instalments == [
        Instalment(number=1, due=end_of_day("2025-01-31"), amount_cents=1_200_000),
        Instalment(number=2, due=end_of_day("2025-02-28"), amount_cents=800_000),
    ]
    assert timers(fact) == [
        SetTimer(
            f"recovery-{ONE}/instalment/1/{number}",
            end_of_day(day).utc,
            Issue("recovery", ONE, MissInstalment(plan=1, number=number)),
        )
        for number, day in ((1, "2025-01-31"), (2, "2025-02-28"))
    ]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ((("2025-01-31", 1_200_000), ("2025-02-28", 1_199_999)), "not_the_debt"),
        ((("2025-01-31", 1_200_000), ("2025-02-28", 1_200_001)), "not_the_debt"),
        ((("2025-02-28", 1_200_000), ("2025-01-31", 1_200_000)), "days_out_of_order"),
        ((("2025-01-31", 1_200_000), ("2025-01-31", 1_200_000)), "days_out_of_order"),
    ],
)
def test_p7_a_plan_that_is_not_the_debt_in_order_is_refused(parts: tuple[tuple[str, int], ...], code: str) -> None:
    owing().refused("recovery", ONE, plan(*parts), OFFICER, rule="P7", code=code)


def test_p7_nothing_is_set_off_while_a_debt_is_paid_in_parts() -> None:
    play = owing().do("recovery", ONE, plan(("2025-01-31", 2_400_000)), OFFICER)
    assert play.claim("progress").order("progress").last(PaymentOrdered).offset_cents == 0


def test_an_instalment_that_did_not_come_in_full_is_missed_once() -> None:
    play = owing().repay(400_000, reference="A")
    play.do("recovery", ONE, plan(("2025-01-31", 1_200_000), ("2025-02-28", 800_000)), OFFICER)
    miss = MissInstalment(plan=1, number=1)
    play.at = "2025-01-31T22:59:58.000000Z"
    play.silent("recovery", ONE, miss, SERVICE)
    play.at = "2025-01-31T22:59:59.000000Z"
    play.repay(1_000_000, reference="B").do("recovery", ONE, miss, SERVICE).silent("recovery", ONE, miss, SERVICE)
    assert (play.last(InstalmentMissed).number, play.last(InstalmentMissed).missing_cents) == (1, 200_000)
    play.at = "2025-03-01T10:00:00.000000Z"
    play.do("recovery", ONE, MissInstalment(plan=1, number=2), SERVICE)
    assert play.last(InstalmentMissed).missing_cents == 1_000_000


def test_an_instalment_that_came_or_of_another_plan_is_not_missed() -> None:
    play = owing().do("recovery", ONE, plan(("2025-01-31", 1_200_000), ("2025-02-28", 1_200_000)), OFFICER)
    play.at = "2025-02-01T10:00:00.000000Z"
    play.repay(1_200_000, reference="A").silent("recovery", ONE, MissInstalment(plan=1, number=1), SERVICE)
    play.do("recovery", ONE, plan(("2025-06-30", 1_200_000)), OFFICER)
    play.at = "2025-07-01T10:00:00.000000Z"
    play.silent("recovery", ONE, MissInstalment(plan=1, number=1), SERVICE)
    play.silent("recovery", ONE, MissInstalment(plan=2, number=2), SERVICE)
    play.do("recovery", ONE, MissInstalment(plan=2, number=1), SERVICE)


# Waiver and collection.


def test_p7_a_debt_is_given_up_in_part_or_whole_and_the_account_closes_on_it() -> None:
    play = overpaid().repay(15_000_000)
    play.refused("recovery", ONE, waive(5_000_001), OFFICER, rule="P7", code="above_limit")
    play.refused("account", CASE, CloseAccount(), OFFICER, rule="P1", code="recovery_open")
    play.do("recovery", ONE, waive(5_000_000), OFFICER)
    assert (play.last(RecoveryWaived).waived_by, play.last(RecoveryWaived).amount_cents) == ("officer", 5_000_000)
    assert play.books.balance(f"WAIVED:{CALL}") == 5_000_000
    closed = play.close().last(AccountClosed)
    assert (closed.paid_cents, closed.recovered_cents, closed.given_up_cents, closed.final_subsidy_cents) == (
        40_000_000,
        15_000_000,
        5_000_000,
        20_000_000,
    )


def test_p7_a_debt_withdrawn_after_the_final_account_is_given_up() -> None:
    play = overpaid().do("recovery", ONE, CONTEST, APPLICANT).do("recovery", ONE, answer(20_000_000), OFFICER)
    assert play.close().last(AccountClosed).given_up_cents == 20_000_000


def test_p7_what_was_waived_before_the_final_account_is_counted_once() -> None:
    play = owing().do("recovery", ONE, waive(1_000_000), OFFICER).repay(1_400_000)
    settled = play.hand_in("y2").settle().last(FinalAccountSettled)
    assert settled.final_subsidy_cents == 77_600_000
    closed = play.claim("balance").pay("balance").close().last(AccountClosed)
    assert (closed.paid_cents, closed.recovered_cents, closed.given_up_cents) == (80_000_000, 1_400_000, 1_000_000)


def test_p7_what_is_promised_to_an_order_is_not_given_up() -> None:
    play = owing().claim("progress").order("progress")
    play.refused("recovery", ONE, waive(1), OFFICER, rule="P7", code="above_limit")


def test_a_debt_that_was_handed_to_collection_is_collected_there_and_still_recorded() -> None:
    play = owing().do("recovery", ONE, plan(("2025-01-31", 2_400_000)), OFFICER).repay(400_000)
    play.do("recovery", ONE, COLLECT, OFFICER).silent("recovery", ONE, COLLECT, OFFICER)
    assert play.last(RecoveryTransferred).amount_cents == 2_000_000
    play.refused("recovery", ONE, plan(("2025-06-30", 2_000_000)), OFFICER, rule="STATE", code="transferred")
    assert play.claim("progress").order("progress").last(PaymentOrdered).offset_cents == 0
    play.repay(2_000_000, reference="VLABEL")


def test_a_contest_is_answered_before_a_debt_is_planned_or_collected() -> None:
    play = owing().do("recovery", ONE, CONTEST, APPLICANT)
    for command in (COLLECT, plan(("2025-01-31", 2_400_000))):
        play.refused("recovery", ONE, command, OFFICER, rule="STATE", code="contested")


def test_what_is_not_owed_is_not_collected() -> None:
    play = owing().repay(2_400_000)
    play.refused("recovery", ONE, COLLECT, OFFICER, rule="STATE", code="nothing_open")
