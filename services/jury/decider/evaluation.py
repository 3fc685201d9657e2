"""One file before the jury: who may look at it, their points, the deliberation and the advice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from events.catalog import stream_name
from events.jury import (
    AdviceAdopted,
    ApplicationAssigned,
    CaseAdmittedToPanel,
    ConsensusReached,
    CriterionReason,
    DeliberationOpened,
    InterestsDeclared,
    MemberRecused,
    PanelComposed,
    PanelTermsAdopted,
    ScoreSubmitted,
)
from events.vocabulary import Check
from services.deciding import Context, Decision, accept, refuse
from services.jury.commands import (
    AdoptAdvice,
    AssignApplication,
    EvaluationCommand,
    OpenDeliberation,
    RecordConsensus,
    RecuseMember,
    SubmitScore,
)
from services.jury.ranking import criterion_scores, weighted_score
from services.jury.rules import J1, J3, J4, J5, J6, J8, presence_params, refused, refused_as, score_mistake
from services.jury.state import Evaluation, Panel
from services.rulebook import check


@dataclass(frozen=True, slots=True)
class _File:
    """A file with everything a decision on it looks at."""

    state: Evaluation
    call: str
    panel: Panel
    terms: PanelTermsAdopted
    admitted: CaseAdmittedToPanel
    context: Context

    @property
    def case(self) -> str:
        return self.admitted.case

    @property
    def panel_stream(self) -> str:
        return stream_name("panel", self.call)


def decide_evaluation(state: Evaluation, command: EvaluationCommand, context: Context) -> Decision:
    """What follows from a command about one file; J1 stands before everything else."""
    call = command.call if isinstance(command, AssignApplication | RecuseMember) else state.call
    panel = context.states.get(stream_name("panel", call), Panel())
    admitted = panel.cases.get(context.id)
    present = check(J1, {}, {"admitted": admitted is not None, "left": context.id in panel.left})
    if present.outcome == "fail" or admitted is None or panel.terms is None:
        return refused(present)
    return _decide(_File(state, call, panel, panel.terms, admitted, context), command)


def _decide(file: _File, command: EvaluationCommand) -> Decision:
    match command:
        case AssignApplication():
            return _assign(file, tuple(dict.fromkeys(command.members)))
        case RecuseMember():
            return _recuse(file, command)
        case SubmitScore():
            return _score(file, command)
        case OpenDeliberation():
            return _deliberate(file, tuple(dict.fromkeys(command.present)))
        case RecordConsensus():
            return _agree(file, command)
        case AdoptAdvice():
            return _advise(file, command)
        case _:
            assert_never(command)


def _interest(file: _File, member: str) -> Check:
    """J3 for one member and this file. What was declared stays in the declaration; here stands what follows from it."""
    seat = file.panel.members.get(member)
    declared = file.panel.interests.get(member)
    applicant = file.admitted.applicant
    inputs = {
        "member": member,
        "applicant": applicant.name,
        "not_a_member": seat is None,
        "recused": member in file.state.recused,
        "not_declared": declared is None,
        "employer_is_applicant": seat is not None and seat.employer == applicant.ovo,
        "declared_interest": declared is not None and applicant.ovo in declared,
    }
    seats = [file.context.source(file.panel_stream, fact) for fact in (PanelComposed, InterestsDeclared)]
    # The panel's last admission may be another file's; this one says itself where it came from.
    return check(J3, {}, inputs, [*seats, file.admitted.source])


def _first_failed(checks: Sequence[Check]) -> Check | None:
    return next((one for one in checks if one.outcome == "fail"), None)


def _wrong_state(file: _File) -> Decision:
    return refuse("STATE", "not_in_this_stage", status=file.state.status)


def _assign(file: _File, members: tuple[str, ...]) -> Decision:
    if sorted(members) == sorted(file.state.assigned):
        return accept()
    if file.state.status not in ("none", "assigned"):
        return _wrong_state(file)
    checks = [_interest(file, member) for member in members]
    failed = _first_failed(checks)
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
    return accept(assigned, rules=file.panel.rules)


def _recuse(file: _File, command: RecuseMember) -> Decision:
    if command.member in file.state.recused:
        return accept()
    if file.state.status == "advised":
        return _wrong_state(file)
    interest = _interest(file, command.member)
    if interest.inputs["not_a_member"]:
        return refused(interest)
    if command.ground != "other" and not interest.inputs[command.ground]:
        return refused_as(J3, "ground_not_borne_out", member=command.member)
    fact = MemberRecused(
        call=file.call, case=file.case, member=command.member, ground=command.ground, checks=[interest]
    )
    return accept(fact, rules=file.panel.rules)


def _score(file: _File, command: SubmitScore) -> Decision:
    member = file.context.actor.person
    interest = _interest(file, member)
    if interest.outcome == "fail":
        return refused(interest)
    if member not in file.state.assigned:
        return refused_as(J3, "not_assigned", member=member)
    if file.state.scores.get(member) == tuple(command.scores):
        return accept()
    if file.state.status != "assigned" or member in file.state.scores:
        return _wrong_state(file)
    mistake = score_mistake(file.terms.criteria, command.scores)
    if mistake:
        return mistake
    fact = ScoreSubmitted(call=file.call, case=file.case, member=member, scores=command.scores)
    return accept(fact, rules=file.panel.rules)


def _presence(file: _File, occasion: str, present: Sequence[str]) -> Check:
    external = sum(file.panel.members[member].capacity == "external" for member in present)
    inputs = {"occasion": occasion, "present": len(present), "external": external}
    sources = [
        file.context.source(file.panel_stream, PanelComposed),
        file.context.source(file.context.stream, DeliberationOpened),
    ]
    return check(J4, presence_params(file.terms.jury), inputs, sources)


def _deliberate(file: _File, present: tuple[str, ...]) -> Decision:
    if file.state.status not in ("none", "assigned") and sorted(present) == sorted(file.state.present):
        return accept()
    if file.state.status not in ("assigned", "deliberating"):
        return _wrong_state(file)
    interests = [_interest(file, member) for member in present]
    failed = _first_failed(interests)
    if failed:
        return refused(failed)
    quorum = _presence(file, "deliberation", present)
    if quorum.outcome == "fail":
        return refused(quorum)
    fact = DeliberationOpened(call=file.call, case=file.case, present=list(present), checks=[quorum, *interests])
    return accept(fact, rules=file.panel.rules)


def _agree(file: _File, command: RecordConsensus) -> Decision:
    if file.state.consensus == command.outcome:
        return accept()
    if file.state.status != "deliberating":
        return _wrong_state(file)
    if file.context.actor.person not in file.state.present:
        return refused_as(J5, "chair_absent", member=file.context.actor.person)
    fact = ConsensusReached(call=file.call, case=file.case, outcome=command.outcome)
    return accept(fact, rules=file.panel.rules)


def _advise(file: _File, command: AdoptAdvice) -> Decision:
    if file.state.advice is not None:
        return accept() if _same(file.state.advice, command) else _wrong_state(file)
    if file.state.status != "agreed":
        return _wrong_state(file)
    scores = {member: file.state.scores[member] for member in file.state.assigned if member in file.state.scores}
    score_bp = weighted_score(file.terms.criteria, scores) if scores else 0
    checks = _advice_checks(file, command, len(scores), score_bp)
    failed = _first_failed(checks)
    if failed:
        return refused(failed)
    means = criterion_scores(file.terms.criteria, scores)
    given = {one.criterion: one.reason for one in command.reasons}
    advice = AdviceAdopted(
        call=file.call,
        case=file.case,
        outcome=command.outcome,
        proposed_cents=command.proposed_cents,
        score_bp=score_bp,
        reasons=[CriterionReason(criterion=code, score_bp=means[code], reason=given[code]) for code in means],
        report=command.report,
        conditions=command.conditions,
        checks=checks,
    )
    return accept(advice, rules=file.panel.rules)


def _advice_checks(file: _File, command: AdoptAdvice, scored_by: int, score_bp: int) -> list[Check]:
    context, stream = file.context, file.context.stream
    codes = [criterion.code for criterion in file.terms.criteria]
    consensus = {
        "chair_present": context.actor.person in file.state.present,
        "consensus": file.state.consensus,
        "outcome": command.outcome,
    }
    reasoned = {"reasoned": [reason.criterion for reason in command.reasons], "scored_by": scored_by}
    limits = {"cap_cents": file.terms.cap_cents, "threshold_bp": file.terms.jury.threshold_bp}
    proposal = {
        "outcome": command.outcome,
        "proposed_cents": command.proposed_cents,
        "requested_cents": file.admitted.requested_cents,
        "score_bp": score_bp,
        "conditions": len(command.conditions),
    }
    scored = context.source(stream, ScoreSubmitted)
    return [
        _presence(file, "adoption", file.state.present),
        check(J5, {}, consensus, [context.source(stream, ConsensusReached)]),
        check(J6, {"criteria": codes}, reasoned, [scored]),
        check(J8, limits, proposal, [file.admitted.source, scored]),
    ]


def _same(advice: AdviceAdopted, command: AdoptAdvice) -> bool:
    return (
        advice.outcome == command.outcome
        and advice.proposed_cents == command.proposed_cents
        and advice.report == command.report
        and advice.conditions == command.conditions
        and {one.criterion: one.reason for one in advice.reasons}
        == {one.criterion: one.reason for one in command.reasons}
    )
