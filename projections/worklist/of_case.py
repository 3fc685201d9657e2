"""Balls of a case, from the draft to the award."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from events import decision, eligibility, intake
from events.times import Instant
from events.vocabulary import Party
from projections.worklist.tasks import UP_TO_DECISION, WorkRow

Step = Callable[[WorkRow, Any, Instant], None]


def readers(row: WorkRow, *parties: Party) -> None:
    """These organisations may see the case."""
    row.organisations = sorted({*row.organisations, *(party.ovo for party in parties)})


def _started(row: WorkRow, fact: intake.DraftStarted, at: Instant) -> None:
    row.applicant = fact.applicant.name
    readers(row, fact.applicant)
    row.open("submit_application", at)


def _submitted(row: WorkRow, fact: intake.ApplicationSubmitted | intake.LateSubmissionRegistered, at: Instant) -> None:
    row.applicant = fact.content.applicant.name
    readers(row, fact.content.applicant, *(partner.organisation for partner in fact.content.partners))
    row.close("submit_application")
    row.open(row.resume, at)


def _registered(row: WorkRow, fact: intake.LateSubmissionRegistered, at: Instant) -> None:
    # Late was no end after all: a deadline moved.
    row.ended = False
    _submitted(row, fact, at)


def _passed_on(row: WorkRow, fact: intake.ApplicantSucceeded, _at: Instant) -> None:
    row.applicant = fact.successor.name
    readers(row, fact.successor)


def _ended(row: WorkRow, _fact: object, _at: Instant) -> None:
    row.end()


_Question = intake.CompletionRequested | intake.ApplicationReopened | eligibility.ClarificationRequested


def _asked(code: str) -> Step:
    """The applicant is asked something; the official's task waits for the answer."""

    def step(row: WorkRow, fact: _Question, at: Instant) -> None:
        if _concluded(row):
            row.ended = False
        row.close(row.resume)
        row.open(code, at, due=fact.due.utc)

    return step


def _answered(code: str) -> Step:
    def step(row: WorkRow, _fact: object, at: Instant) -> None:
        row.close(code)
        # While something else is open (a second question, or the jury at work on a reopened file) nothing comes back.
        if not row.tasks:
            row.open(row.resume, at)

    return step


def _concluded(row: WorkRow) -> bool:
    """Whether eligibility has a conclusion, and the Government has not decided on the file yet."""
    return "concluded" in row.planned and "decided" not in row.planned


def _look_again(row: WorkRow, at: Instant) -> None:
    """A supplement changes no conclusion by itself: an official sees whether the assessment has to be revised."""
    if _concluded(row):
        row.ended = False
        row.open("review_supplement", at)


def _supplied(row: WorkRow, _fact: intake.CompletionSupplied, at: Instant) -> None:
    row.close("supply_completion")
    _look_again(row, at)
    if not row.tasks:
        row.open(row.resume, at)


def _not_supplied(row: WorkRow, _fact: intake.CompletionTermLapsed, at: Instant) -> None:
    row.close("supply_completion")
    if row.tasks:
        return
    if _concluded(row):
        row.end()
    else:
        row.open(row.resume, at)


def _added(row: WorkRow, _fact: eligibility.DossierSupplemented, at: Instant) -> None:
    # The conclusion may have been drawn while the supplement was on its way.
    _look_again(row, at)


def _given_up(row: WorkRow, _fact: object, _at: Instant) -> None:
    row.planned = {name: value for name, value in row.planned.items() if name != "concluded"}
    row.end()


def _admissible(row: WorkRow, _fact: eligibility.DeclaredAdmissible, at: Instant) -> None:
    row.close("judge_admissibility")
    row.resume = "judge_eligibility"
    row.open("judge_eligibility", at)


_OF_ASSESSMENT = (
    "judge_admissibility",
    "judge_eligibility",
    "answer_clarification",
    "supply_completion",
    "review_supplement",
)


def _revised(row: WorkRow, _fact: eligibility.AssessmentRevised, at: Instant) -> None:
    # What the conclusion closed is open again, and jury and decision wait; a contract that runs, runs on.
    for code in _OF_ASSESSMENT:
        row.close(code)
    row.planned = {name: value for name, value in row.planned.items() if name != "concluded"}
    row.revised, row.ended, row.resume = True, False, "judge_admissibility"
    row.open(row.resume, at)


def _eligible(row: WorkRow, _fact: eligibility.DeclaredEligible, at: Instant) -> None:
    """On to the jury; a file that it had before goes on where it was."""
    for code in _OF_ASSESSMENT:
        row.close(code)
    row.revised = False
    if "eligible" not in row.planned:
        row.open("assign_members", at)
    elif not row.tasks:
        row.end()
    row.planned = {**row.planned, "eligible": "once", "concluded": "once"}


def _not_eligible(
    row: WorkRow, fact: eligibility.DeclaredInadmissible | eligibility.DeclaredIneligible, at: Instant
) -> None:
    """The end, unless money has to be settled by then."""
    row.planned = {**row.planned, "concluded": "once"}
    if "start" not in row.planned or "closed" in row.planned:
        row.end()
        return
    for code in (*_OF_ASSESSMENT, *UP_TO_DECISION):
        row.close(code)
    row.revised = False


def _troubled(code: str) -> Step:
    def step(row: WorkRow, _fact: object, at: Instant) -> None:
        row.open(code, at)

    return step


def _mended(code: str) -> Step:
    def step(row: WorkRow, _fact: object, _at: Instant) -> None:
        row.close(code)

    return step


def _awarded(row: WorkRow, fact: decision.GrantAwarded, at: Instant) -> None:
    readers(row, fact.beneficiary)
    row.applicant = fact.beneficiary.name
    row.ended = False
    _decided(row)
    if "start" in row.planned:
        _unless_closed(row)
        return  # a new decision on an award whose contract goes on
    row.tasks = [task for task in row.tasks if task.code == "await_appeal"]
    row.open("draft_contract", at)


_OF_DECISION = (
    "decide_anew",
    "await_decision",
    "await_reserve",
    "await_suspension",
    "mend_reservation",
    "draft_contract",
    "review_supplement",
)


def _decided(row: WorkRow) -> None:
    """There is a word on the file: what was waited for until then is over, and the reserve list too."""
    row.planned = {name: value for name, value in row.planned.items() if name != "reserve"} | {"decided": "once"}
    for code in (*_OF_DECISION, *UP_TO_DECISION):
        row.close(code)


def _unless_closed(row: WorkRow) -> None:
    """A word on an award whose account is closed asks nothing of anybody."""
    if "closed" in row.planned and not row.tasks:
        row.end()


def _refused(row: WorkRow, _fact: object, _at: Instant) -> None:
    """Nothing is awarded (any more); what is open of a contract that was drawn up, and of its money, stays open."""
    row.ended = False
    _decided(row)
    if "start" in row.planned:
        _unless_closed(row)
        return
    row.tasks = [task for task in row.tasks if task.code == "await_appeal"]
    if not row.tasks:
        row.end()


def _reserve(row: WorkRow, fact: decision.PlacedOnReserve, at: Instant) -> None:
    row.ended = False
    _decided(row)
    row.planned = {**row.planned, "reserve": fact.until.utc if fact.until else ""}
    _await_money(row, at)


def _await_money(row: WorkRow, at: Instant) -> None:
    row.close("await_decision")
    row.open("await_reserve", at, due=row.planned["reserve"] or None)


def _forget_reserve(row: WorkRow) -> None:
    row.planned = {name: value for name, value in row.planned.items() if name != "reserve"}


def _moved_up(row: WorkRow, _fact: decision.MovedUpFromReserve, at: Instant) -> None:
    row.close("await_reserve")
    row.open("await_decision", at)


def _freed(row: WorkRow, _fact: decision.ReservationReleased, at: Instant) -> None:
    if "reserve" in row.planned:
        _await_money(row, at)


def _undone(row: WorkRow, _fact: decision.DecisionRetracted | decision.DecisionAnnulled, at: Instant) -> None:
    _forget_reserve(row)
    row.ended = False
    for code in ("draft_contract", "await_reserve", "await_decision", "await_suspension"):
        row.close(code)
    row.open("decide_anew", at)


def _appealed(row: WorkRow, fact: decision.AppealLodged, at: Instant) -> None:
    row.ended = False
    row.open("await_appeal", at, ref=fact.reference)


def _dismissed(row: WorkRow, fact: decision.AppealDismissed, _at: Instant) -> None:
    row.close("await_appeal", fact.reference)
    if not row.tasks:
        row.end()


def _suspended(row: WorkRow, _fact: decision.DecisionSuspended, at: Instant) -> None:
    row.ended = False
    row.open("await_suspension", at)


def _lifted(row: WorkRow, _fact: decision.SuspensionLifted, _at: Instant) -> None:
    row.close("await_suspension")
    if not row.tasks:
        row.end()


CASE_STEPS: dict[str, Step] = {
    "DraftStarted": _started,
    "ApplicationSubmitted": _submitted,
    "LateSubmissionRecorded": _ended,
    "CompletionRequested": _asked("supply_completion"),
    "CompletionSupplied": _supplied,
    "CompletionTermLapsed": _not_supplied,
    "DossierSupplemented": _added,
    "ApplicationReopened": _asked("supply_completion"),
    "LateSubmissionRegistered": _registered,
    "ApplicantSucceeded": _passed_on,
    "ApplicationWithdrawn": _given_up,
    "ApplicationLapsed": _given_up,
    "ClarificationRequested": _asked("answer_clarification"),
    "ClarificationReceived": _answered("answer_clarification"),
    "ClarificationTermLapsed": _answered("answer_clarification"),
    "AssessmentRevised": _revised,
    "DeclaredAdmissible": _admissible,
    "DeclaredInadmissible": _not_eligible,
    "DeclaredEligible": _eligible,
    "DeclaredIneligible": _not_eligible,
    "ReservationRefused": _troubled("mend_reservation"),
    "AmountReserved": _mended("mend_reservation"),
    "GrantAwarded": _awarded,
    "GrantRefused": _refused,
    "GrantDenied": _refused,
    "PlacedOnReserve": _reserve,
    "MovedUpFromReserve": _moved_up,
    "ReservationReleased": _freed,
    "ReserveLapsed": _refused,
    "AwardWaived": _refused,
    "DecisionRetracted": _undone,
    "DecisionAnnulled": _undone,
    "AppealLodged": _appealed,
    "AppealDismissed": _dismissed,
    "DecisionSuspended": _suspended,
    "SuspensionLifted": _lifted,
    "CommitmentRefused": _troubled("mend_commitment"),
}
