"""The advice: provisional where the call has a right of reply, adopted with its reasons, set aside if need be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, assert_never

from events.canonical import Json
from events.jury import (
    AdviceAdopted,
    ApplicantReplied,
    CastingVoteUsed,
    ConsensusReached,
    CriterionReason,
    EvaluationFacts,
    EvaluationReopened,
    LateReplyRecorded,
    ProvisionalAdviceSent,
    ReplyTermLapsed,
    ScoreSubmitted,
    SecretBallotHeld,
)
from events.times import days_after
from events.vocabulary import Check, Text
from services.deciding import Decision, Refused, refuse
from services.jury.commands import AdoptAdvice, Advice, InviteReply, LapseReply, RecordReply, ReopenEvaluation
from services.jury.decider.conflicts import recusal_of, recused
from services.jury.decider.file import File, first_failed, interest, presence
from services.jury.ranking import Scores, criterion_scores, weighted_score
from services.jury.rules import refused, refused_as
from services.jury.rules.advice import J6, J8
from services.jury.rules.deliberation import J5, J7
from services.jury.state import Reply
from services.rulebook import check

AdviceCommand: TypeAlias = InviteReply | RecordReply | LapseReply | AdoptAdvice | ReopenEvaluation
_WAYS: Mapping[str, type[ConsensusReached | SecretBallotHeld | CastingVoteUsed]] = {
    "consensus": ConsensusReached,
    "majority": SecretBallotHeld,
    "casting_vote": CastingVoteUsed,
}


def decide_advice(file: File, command: AdviceCommand) -> Decision:
    """What follows from a command about the advice."""
    match command:
        case InviteReply():
            return _invite(file, command)
        case RecordReply():
            return _reply(file, command)
        case LapseReply():
            return _lapse(file)
        case AdoptAdvice():
            return _advise(file, command)
        case ReopenEvaluation():
            return _reopen(file, command)
        case _:
            assert_never(command)


def _points(file: File) -> Scores:
    return {member: file.state.scores[member] for member in file.state.assigned if member in file.state.scores}


def _invite(file: File, command: InviteReply) -> Decision:
    days, sent = file.terms.jury.reply_days, file.state.provisional
    if days == 0:
        return refused_as(J6, "no_right_of_reply")
    if sent is not None:
        return file.accept() if _told(sent) == _asked(command) else file.wrong_state()
    if file.state.status != "agreed":
        return file.wrong_state()
    points = _points(file)
    checks = _checks(file, command, points, reply_days=0, answered=False)
    failed = first_failed(checks)
    if failed:
        return refused(failed)
    provisional = ProvisionalAdviceSent(
        call=file.call,
        case=file.case,
        outcome=command.outcome,
        proposed_cents=command.proposed_cents,
        score_bp=weighted_score(file.terms.criteria, points),
        reasons=_reasons(file, command, points),
        conditions=command.conditions,
        cooperation=command.cooperation,
        reduction=command.reduction,
        due=days_after(file.context.at, days),
        checks=checks,
    )
    return file.accept(provisional)


def _reply(file: File, command: RecordReply) -> Decision:
    state, actor = file.state, file.context.actor
    if actor.role == "applicant" and actor.organisation != file.admitted.applicant.ovo:
        return refuse("OWN", "other_organisation", organisation=actor.organisation)
    if state.provisional is None:
        return file.wrong_state()
    remarks = tuple(command.remarks)
    if state.reply == "replied":
        return file.accept() if remarks == state.remarks else file.wrong_state()
    codes = {criterion.code for criterion in file.terms.criteria}
    unknown = next((one.criterion for one in remarks if one.criterion is not None and one.criterion not in codes), None)
    if unknown is not None:
        return refused_as(J6, "unknown_criterion", criterion=unknown)
    if state.reply == "lapsed" or file.context.at > state.provisional.due.utc:
        return _too_late(file, state.provisional, command)
    return file.accept(ApplicantReplied(call=file.call, case=file.case, remarks=command.remarks))


def _too_late(file: File, sent: ProvisionalAdviceSent, command: RecordReply) -> Refused:
    """A reply after its term is not heard, and it is on record: it concerns the applicant."""
    late = LateReplyRecorded(
        call=file.call, case=file.case, remarks=command.remarks, due=sent.due, received_at=file.context.at
    )
    facts = () if file.state.late_remarks == tuple(command.remarks) else (late,)
    return Refused(J6.id, "reply_too_late", {"due": sent.due.local}, facts, file.panel.rules)


def _lapse(file: File) -> Decision:
    sent = file.state.provisional
    if sent is None or file.state.reply != "awaited" or file.context.at < sent.due.utc:
        return file.accept()
    return file.accept(ReplyTermLapsed(call=file.call, case=file.case, due=sent.due))


def _advise(file: File, command: AdoptAdvice) -> Decision:
    adopted = file.state.advice
    if adopted is not None:
        same = _told(adopted) == _asked(command)
        words = (adopted.report, adopted.answer) == (command.report, command.answer)
        return file.accept() if same and words else file.wrong_state()
    if file.state.status != "agreed":
        return file.wrong_state()
    points = _points(file)
    days = file.terms.jury.reply_days
    checks = _checks(file, command, points, reply_days=days, answered=command.answer is not None)
    failed = first_failed(checks)
    if failed:
        return refused(failed)
    advice = AdviceAdopted(
        call=file.call,
        case=file.case,
        outcome=command.outcome,
        proposed_cents=command.proposed_cents,
        score_bp=weighted_score(file.terms.criteria, points),
        reasons=_reasons(file, command, points),
        report=command.report,
        conditions=command.conditions,
        cooperation=command.cooperation,
        reduction=command.reduction,
        answer=command.answer,
        checks=checks,
    )
    return file.accept(advice)


def _reasons(file: File, command: Advice, points: Scores) -> list[CriterionReason]:
    means = criterion_scores(file.terms.criteria, points)
    given = {one.criterion: one.reason for one in command.reasons}
    return [CriterionReason(criterion=code, score_bp=means[code], reason=given[code]) for code in means]


def _checks(file: File, command: Advice, points: Scores, *, reply_days: int, answered: bool) -> list[Check]:
    context, state = file.context, file.state
    reply: Reply = state.reply if file.terms.jury.reply_days else "none"
    said = {"reasoned": [one.criterion for one in command.reasons], "scored_by": len(points)}
    codes: dict[str, Json] = {"criteria": [one.code for one in file.terms.criteria], "reply_days": reply_days}
    scored = context.source(context.stream, ScoreSubmitted)
    return [
        presence(file, "adoption", file.still_present),
        _one_voice(file, command.outcome),
        check(J6, codes, {**said, "reply": reply, "answered": answered}, [scored]),
        check(J8, _limits(file), _proposal(file, command, points), [file.admitted.source, scored]),
    ]


def _one_voice(file: File, outcome: str) -> Check:
    state, context = file.state, file.context
    inputs = {
        "occasion": "adoption",
        "chair_present": file.presides(context.actor.person),
        "agreed": state.outcome,
        "way": state.way,
        "outcome": outcome,
    }
    fact = _WAYS[state.way or "consensus"]
    return check(J5, {}, inputs, [context.source(context.stream, fact)])


def _limits(file: File) -> dict[str, Json]:
    return {"cap_cents": file.terms.cap_cents, "threshold_bp": file.terms.jury.threshold_bp}


def _proposal(file: File, command: Advice, points: Scores) -> Mapping[str, Json]:
    return {
        "outcome": command.outcome,
        "proposed_cents": command.proposed_cents,
        "requested_cents": file.admitted.requested_cents,
        "score_bp": weighted_score(file.terms.criteria, points) if points else 0,
        "conditions": len(command.conditions),
        "cooperation": len(command.cooperation),
        "reduction_reasoned": command.reduction is not None,
    }


def _asked(command: Advice) -> tuple[object, ...]:
    reasons = {one.criterion: one.reason for one in command.reasons}
    return (*_proposed(command), reasons)


def _told(advice: AdviceAdopted | ProvisionalAdviceSent) -> tuple[object, ...]:
    reasons: dict[str, Text] = {one.criterion: one.reason for one in advice.reasons}
    return (*_proposed(advice), reasons)


def _proposed(one: Advice | AdviceAdopted | ProvisionalAdviceSent) -> tuple[object, ...]:
    return one.outcome, one.proposed_cents, one.conditions, one.cooperation, one.reduction


def _reopen(file: File, command: ReopenEvaluation) -> Decision:
    if file.ranked:
        return refused_as(J7, "ranking_fixed")
    if file.state.status != "advised":
        return file.wrong_state()
    facts: list[EvaluationFacts] = [
        EvaluationReopened(call=file.call, case=file.case, ground=command.ground, reason=command.reason)
    ]
    # A conflict that came to light while the ranking stood takes effect now.
    for member, ground in file.state.conflicted.items():
        if member not in file.state.recused:
            facts += recused(file, member, recusal_of(ground), interest(file, member))
    return file.accept(*facts)
