"""One file before the jury: who may look at it, and their points."""

from __future__ import annotations

from typing import assert_never

from events.catalog import stream_name
from events.jury import ApplicationAssigned, CriterionScore, ScoreCorrected, ScoreRefused, ScoreSubmitted
from events.vocabulary import Check
from services.deciding import Context, Decision, Refused
from services.jury.commands import (
    AdoptAdvice,
    ApplyDeclaration,
    AssignApplication,
    CorrectScore,
    DismissConflict,
    EvaluationCommand,
    InviteReply,
    LapseReply,
    NamesCall,
    OpenDeliberation,
    RecordConflict,
    RecordConsensus,
    RecordReply,
    RecordVote,
    RecuseMember,
    ReopenEvaluation,
    ReviewPresence,
    SubmitScore,
    SuggestConflicts,
    UseCastingVote,
)
from services.jury.decider.advice import decide_advice
from services.jury.decider.conflicts import decide_conflict
from services.jury.decider.deliberation import decide_deliberation
from services.jury.decider.file import File, first_failed, interest
from services.jury.rules import refused, refused_as, score_mistake
from services.jury.rules.advice import J6
from services.jury.rules.deliberation import J7
from services.jury.rules.interests import J3
from services.jury.rules.panel import J1
from services.jury.state import Evaluation, Panel
from services.rulebook import check

KEPT_OUT = frozenset(
    ("recused", "employer_is_applicant", "employer_is_partner", "declared_interest", "interest_in_partner")
)
"""Reasons of J3 that are a conflict of interest: who tries to score for all that is put on record."""


def decide_evaluation(state: Evaluation, command: EvaluationCommand, context: Context) -> Decision:
    """What follows from a command about one file; J1 stands before everything else."""
    call = command.call if isinstance(command, NamesCall) else state.call
    panel = context.states.get(stream_name("panel", call), Panel())
    admitted = panel.cases.get(context.id)
    # The term of a reply runs on while the assessment is revised: the file may come back.
    aside = context.id in panel.aside and not isinstance(command, RecordReply | LapseReply)
    gate = {"admitted": admitted is not None, "left": context.id in panel.left, "aside": aside}
    present = check(J1, {}, gate)
    if present.outcome == "fail" or admitted is None or panel.terms is None:
        return refused(present)
    return _decide(File(state, call, panel, panel.terms, admitted, context), command)


def _decide(file: File, command: EvaluationCommand) -> Decision:
    match command:
        case AssignApplication():
            return _assign(file, tuple(dict.fromkeys(command.members)))
        case SubmitScore():
            return _score(file, command)
        case CorrectScore():
            return _correct(file, command)
        case (
            RecuseMember()
            | SuggestConflicts()
            | DismissConflict()
            | RecordConflict()
            | ApplyDeclaration()
            | ReviewPresence()
        ):
            return decide_conflict(file, command)
        case OpenDeliberation() | RecordConsensus() | RecordVote() | UseCastingVote():
            return decide_deliberation(file, command)
        case InviteReply() | RecordReply() | LapseReply() | AdoptAdvice() | ReopenEvaluation():
            return decide_advice(file, command)
        case _:
            assert_never(command)


def _assign(file: File, members: tuple[str, ...]) -> Decision:
    if sorted(members) == sorted(file.state.assigned):
        return file.accept()
    if file.state.status not in ("none", "assigned"):
        return file.wrong_state()
    checks = [interest(file, member) for member in members]
    failed = first_failed(checks)
    if failed:
        return refused(failed)
    left_out = next((member for member in file.state.scores if member not in members), None)
    if left_out:
        return refused_as(J3, "scored_member_left_out", member=left_out)
    assigned = ApplicationAssigned(
        call=file.call,
        case=file.case,
        members=list(members),
        requested_cents=file.admitted.requested_cents,
        checks=checks,
    )
    return file.accept(assigned)


def _score(file: File, command: SubmitScore) -> Decision:
    member = file.context.actor.person
    kept_out = interest(file, member)
    if kept_out.outcome == "fail":
        return _kept_out(file, member, kept_out)
    if member not in file.state.assigned:
        return refused_as(J3, "not_assigned", member=member)
    if file.state.scores.get(member) == tuple(command.scores):
        return file.accept()
    if file.state.status != "assigned" or member in file.state.scores:
        return file.wrong_state()
    mistake = score_mistake(file.terms.criteria, command.scores)
    if mistake:
        return mistake
    return file.accept(ScoreSubmitted(call=file.call, case=file.case, member=member, scores=command.scores))


def _kept_out(file: File, member: str, check_: Check) -> Refused:
    """Who is kept out by a conflict and scores for all that is refused, and that it was tried stands in the log."""
    refusal = refused(check_)
    if check_.code not in KEPT_OUT or member in file.state.tried:
        return refusal
    tried = ScoreRefused(call=file.call, case=file.case, member=member, code=check_.code, checks=[check_])
    return Refused(refusal.rule, refusal.code, refusal.inputs, (tried,), file.panel.rules)


def _correct(file: File, command: CorrectScore) -> Decision:
    if file.ranked:
        return refused_as(J7, "ranking_fixed")
    member = file.context.actor.person
    kept_out = interest(file, member)
    if kept_out.outcome == "fail":
        return _kept_out(file, member, kept_out)
    previous = file.state.scores.get(member)
    if previous is None:
        return refused_as(J6, "nothing_to_correct", member=member)
    if previous == tuple(command.scores):
        return file.accept()
    if file.state.status not in ("assigned", "deliberating") or file.state.tied:
        return file.wrong_state()
    return score_mistake(file.terms.criteria, command.scores) or file.accept(
        _corrected(file, member, previous, command)
    )


def _corrected(file: File, member: str, previous: tuple[CriterionScore, ...], command: CorrectScore) -> ScoreCorrected:
    return ScoreCorrected(
        call=file.call,
        case=file.case,
        member=member,
        previous=list(previous),
        scores=command.scores,
        reason=command.reason,
    )
