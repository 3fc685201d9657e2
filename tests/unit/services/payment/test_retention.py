"""How long the papers of a closed account are kept: set as it closes, once over, anew when it was opened again."""

from __future__ import annotations

from events.payment import AccountClosed, AccountReopened, RetentionTermLapsed, RetentionTermSet
from events.terms import RetentionTerm
from events.times import deadline, end_of_day
from services.deciding import CancelTimer, Issue, SetTimer
from services.payment.commands import LapseRetention
from services.payment.reactions import timers
from tests.unit.services.payment.play import CALL, CASE, SERVICE, Play, payment_terms
from tests.unit.services.payment.test_recoveries import WHOLE

RULE = RetentionTerm(years=10, selection_rule="Selectieregel 7.3", destination="sample")
TIMER = f"account-{CASE}/retention"


def closed(retention: RetentionTerm | None = RULE) -> Play:
    play = Play().award(payment=payment_terms(retention=retention)).activate().claim("start").pay("start")
    return play.hand_in("y1", WHOLE).hand_in("y2").settle().claim("balance").pay("balance").close()


def test_the_papers_of_a_closed_account_are_kept_for_the_years_of_the_call_to_the_end_of_the_day() -> None:
    play = closed()
    kept = play.last(RetentionTermSet)
    assert kept.due == end_of_day(f"{int(play.at[:4]) + 10}{play.at[4:10]}")
    assert (kept.selection_rule, kept.destination) == ("Selectieregel 7.3", "sample")
    (alarm,) = timers(kept)
    assert alarm == SetTimer(TIMER, kept.due.utc, Issue("account", CASE, LapseRetention()))


def test_a_call_without_a_term_keeps_no_count() -> None:
    play = closed(None)
    assert play.last(AccountClosed)
    assert not [fact for fact in play.facts if isinstance(fact, RetentionTermSet)]
    play.silent("account", CASE, LapseRetention(), SERVICE)


def test_the_term_lapses_once() -> None:
    play = closed().do("account", CASE, LapseRetention(), SERVICE)
    assert play.last(RetentionTermLapsed).destination == "sample"
    play.silent("account", CASE, LapseRetention(), SERVICE)


def test_an_account_that_is_opened_again_is_kept_until_it_was_closed_for_good() -> None:
    play = closed().take_back("balance")
    reopened = play.last(AccountReopened)
    assert timers(reopened) == (CancelTimer(TIMER),)
    play.silent("account", CASE, LapseRetention(), SERVICE)
    play.confirm_bank().pay("balance", 2).close()
    assert len([fact for fact in play.facts if isinstance(fact, RetentionTermSet)]) == 2
    play.do("account", CASE, LapseRetention(), SERVICE)


def test_a_term_that_ends_on_a_day_of_a_clock_change_ends_when_that_day_does() -> None:
    due = deadline("2035-10-28T23:59:59")
    kept = RetentionTermSet(call=CALL, case=CASE, due=due, selection_rule="7.3", destination="keep")
    (alarm,) = timers(kept)
    assert isinstance(alarm, SetTimer)
    assert alarm.due == "2035-10-28T22:59:59.000000Z"
