"""Balls of a call: opening, jury, ranking, proposal, Government."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from events import decision, intake, jury
from events.times import Instant, end_of_day
from projections.worklist.tasks import WorkRow

Step = Callable[[WorkRow, Any, Instant], None]


def _published(row: WorkRow, fact: intake.CallPublished, at: Instant) -> None:
    row.open("open_call", at, due=fact.terms.opens.utc)
    row.open("compose_panel", at)


def _opened(row: WorkRow, fact: intake.CallOpened, at: Instant) -> None:
    row.close("open_call")
    row.open("close_call", at, due=fact.deadline.utc)


def _moved(row: WorkRow, fact: intake.CallDeadlineExtended | intake.CallDeadlineCorrected, at: Instant) -> None:
    # A call that had closed is open again, until the new moment.
    if not row.is_open("open_call"):
        row.open("close_call", at, due=fact.deadline.utc)


def _cancelled(row: WorkRow, _fact: intake.CallCancelled, _at: Instant) -> None:
    row.end()


def _closed(row: WorkRow, _fact: intake.CallClosed, _at: Instant) -> None:
    row.close("close_call")


def _composed(row: WorkRow, fact: jury.PanelComposed, at: Instant) -> None:
    row.close("compose_panel")
    for member in fact.members:
        row.open("declare_interests", at, ref=member.person)


def _appointed(row: WorkRow, fact: jury.MemberAppointed, at: Instant) -> None:
    free = next((one.ref for one in row.tasks if one.code == "appoint_member"), None)
    if free is not None:
        row.close("appoint_member", free)
    row.open("declare_interests", at, ref=fact.member.person)


def _resigned(row: WorkRow, fact: jury.MemberResigned, at: Instant) -> None:
    row.close("declare_interests", fact.member)
    row.open("appoint_member", at, ref=fact.member)


def _replaced(row: WorkRow, fact: jury.MemberReplaced, at: Instant) -> None:
    row.close("declare_interests", fact.leaving)
    row.open("declare_interests", at, ref=fact.member.person)


def _declared(row: WorkRow, fact: jury.InterestsDeclared, _at: Instant) -> None:
    row.close("declare_interests", fact.member)


def _before_jury(row: WorkRow, fact: jury.CaseAdmittedToPanel, at: Instant) -> None:
    row.waiting = sorted({*row.waiting, fact.case})
    _rank(row, at)


def _left(row: WorkRow, fact: jury.CaseLeftPanel | jury.CaseSetAside, at: Instant) -> None:
    row.waiting = [case for case in row.waiting if case != fact.case]
    row.advised = [case for case in row.advised if case != fact.case]
    _rank(row, at)


def _advised(row: WorkRow, fact: jury.AdviceAdopted, at: Instant) -> None:
    row.waiting = [case for case in row.waiting if case != fact.case]
    row.advised = sorted({*row.advised, fact.case})
    _rank(row, at)


def _rank(row: WorkRow, at: Instant) -> None:
    """With an advice on every file the ranking is made; one that is fixed is first reopened for a file it has not."""
    complete = bool(row.advised) and not row.waiting
    fixed = "ranking" in row.planned
    came_later = any(f"ranked/{case}" not in row.planned for case in row.advised)
    _stands(row, "fix_ranking", at, wanted=complete and not fixed)
    _stands(row, "reopen_ranking", at, wanted=complete and fixed and came_later)


def _stands(row: WorkRow, code: str, at: Instant, *, wanted: bool) -> None:
    if wanted:
        row.open(code, at)
    else:
        row.close(code)


def _remember(row: WorkRow, group: str, cases: Iterable[str]) -> None:
    """These cases stand in the group, in the place of who stood there before."""
    kept = {name: value for name, value in row.planned.items() if not name.startswith(f"{group}/")}
    row.planned = kept | {f"{group}/{case}": "once" for case in cases}


def _set_aside(row: WorkRow, fact: jury.CaseSetAside, at: Instant) -> None:
    stood = "waiting" if fact.case in row.waiting else "advised" if fact.case in row.advised else None
    if stood is not None:
        row.planned = {**row.planned, f"aside/{fact.case}": stood}
    _left(row, fact, at)


def _readmitted(row: WorkRow, fact: jury.CaseReadmitted, at: Instant) -> None:
    stood = row.planned.get(aside := f"aside/{fact.case}")
    row.planned = {name: value for name, value in row.planned.items() if name != aside}
    if stood == "waiting":
        row.waiting = sorted({*row.waiting, fact.case})
    elif stood == "advised":
        # The jury was done with it: its advice stands, and it is ranked with the others.
        row.advised = sorted({*row.advised, fact.case})
    _rank(row, at)


def _advice_set_aside(row: WorkRow, fact: jury.EvaluationReopened, at: Instant) -> None:
    row.waiting = sorted({*row.waiting, fact.case})
    row.advised = [case for case in row.advised if case != fact.case]
    _rank(row, at)


def _ranking_reopened(row: WorkRow, _fact: jury.RankingReopened, at: Instant) -> None:
    row.planned = {name: value for name, value in row.planned.items() if name != "ranking"}
    _remember(row, "ranked", ())
    _rank(row, at)


def _ranking_fixed(row: WorkRow, fact: jury.RankingFixed, at: Instant) -> None:
    row.planned = {**row.planned, "ranking": "fixed"}
    _remember(row, "ranked", (one.case for one in fact.entries))
    _rank(row, at)


def _envelope(row: WorkRow, fact: decision.EnvelopeSet, _at: Instant) -> None:
    wanted = {
        "inspectorate_advice": fact.decision.requires_inspectorate_advice,
        "budget_agreement": fact.decision.requires_budget_agreement,
    }
    row.required = [code for code, needed in wanted.items() if needed]
    if fact.decision.reserve_days is not None:
        row.planned = {**row.planned, "reserve": "kept"}


def _proposed(row: WorkRow, fact: decision.AwardProposalDrafted, at: Instant) -> None:
    # A new draft needs its own advice and agreement, and its own place on an agenda.
    _off_the_table(row)
    _remember(row, "proposed", (one.case for one in fact.items))
    _remember(row, "short", (one.case for one in fact.items if one.code in ("envelope_exhausted", "fits_in_part")))
    for code in row.required:
        row.open(code, at)
    _perhaps_agenda(row, at)


def _off_the_table(row: WorkRow) -> None:
    for code in ("place_on_agenda", "record_decision", "revise_proposal", *row.required):
        row.close(code)


def _standing_still(row: WorkRow, fact: decision.StandstillBegan, at: Instant) -> None:
    row.open("place_on_agenda", at, due=fact.until.utc)


def _lapsed(row: WorkRow, _fact: decision.ProposalLapsed, at: Instant) -> None:
    _off_the_table(row)
    _remember(row, "short", ())
    row.open("revise_proposal", at)


def _money_back(row: WorkRow, _fact: decision.MoneyReturned, at: Instant) -> None:
    # A call with a reserve list drafts its next version by itself; elsewhere the papers of this one would lapse so.
    if "reserve" not in row.planned and any(name.startswith("short/") for name in row.planned):
        row.open("revise_proposal", at)


def _registered(row: WorkRow, fact: decision.CandidateRegistered, at: Instant) -> None:
    """A file that was set aside is back: ranked, and left out of the version that was drafted meanwhile."""
    stands = any(f"{group}/{fact.case}" in row.planned for group in ("proposed", "decided"))
    if f"ranked/{fact.case}" in row.planned and not stands:
        row.open("revise_proposal", at)


def _perhaps_agenda(row: WorkRow, at: Instant) -> None:
    if not any(row.is_open(code) for code in row.required):
        row.open("place_on_agenda", at)


def _cleared(code: str) -> Step:
    def step(row: WorkRow, _fact: object, at: Instant) -> None:
        row.close(code)
        _perhaps_agenda(row, at)

    return step


def _agendaed(row: WorkRow, fact: decision.ProposalAgendaed, at: Instant) -> None:
    row.close("place_on_agenda")
    row.open("record_decision", at, due=end_of_day(fact.meeting).utc)


def _decided(row: WorkRow, fact: decision.GovernmentDecisionRecorded, at: Instant) -> None:
    row.close("record_decision")
    if fact.result != "goedgekeurd":
        row.open("place_on_agenda", at)
        return
    _remember(row, "short", ())
    row.planned = row.planned | {f"decided/{item.case}": "once" for item in fact.items}


CALL_STEPS: dict[str, Step] = {
    "CallPublished": _published,
    "CallOpened": _opened,
    "CallDeadlineExtended": _moved,
    "CallDeadlineCorrected": _moved,
    "CallCancelled": _cancelled,
    "CallClosed": _closed,
    "PanelComposed": _composed,
    "MemberAppointed": _appointed,
    "MemberResigned": _resigned,
    "MemberReplaced": _replaced,
    "InterestsDeclared": _declared,
    "CaseAdmittedToPanel": _before_jury,
    "CaseSetAside": _set_aside,
    "CaseReadmitted": _readmitted,
    "CaseLeftPanel": _left,
    "AdviceAdopted": _advised,
    "EvaluationReopened": _advice_set_aside,
    "RankingFixed": _ranking_fixed,
    "RankingReopened": _ranking_reopened,
    "EnvelopeSet": _envelope,
    "AwardProposalDrafted": _proposed,
    "CandidateRegistered": _registered,
    "MoneyReturned": _money_back,
    "InspectorateAdviceRecorded": _cleared("inspectorate_advice"),
    "BudgetAgreementRecorded": _cleared("budget_agreement"),
    "ProposalAgendaed": _agendaed,
    "GovernmentDecisionRecorded": _decided,
    "StandstillBegan": _standing_still,
    "ProposalLapsed": _lapsed,
}
