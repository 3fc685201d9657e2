"""Conflicts of interest: suggested, dismissed or established; and what falls with a member who must let go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias, assert_never

from events.jury import (
    ConflictDismissed,
    ConflictGround,
    ConflictRecorded,
    ConflictSuggested,
    EvaluationFacts,
    EvaluationReopened,
    MemberLeftFile,
    MemberRecused,
    OutcomeVoided,
    QuorumLost,
    ScoreVoided,
)
from events.vocabulary import Check, Clear
from services.deciding import Decision
from services.jury.commands import (
    ApplyDeclaration,
    DismissConflict,
    RecordConflict,
    RecuseMember,
    ReviewPresence,
    SuggestConflicts,
)
from services.jury.decider.file import File, interest, presence
from services.jury.rules import refused, refused_as
from services.jury.rules.interests import J3, Suggestion, suggestions

ConflictCommand: TypeAlias = (
    RecuseMember | SuggestConflicts | DismissConflict | RecordConflict | ApplyDeclaration | ReviewPresence
)
Basis: TypeAlias = Literal["suggestion", "declaration", "secretary"]
Recusal: TypeAlias = Literal["declared_interest", "employer_is_applicant", "other"]


def decide_conflict(file: File, command: ConflictCommand) -> Decision:
    """What follows from a command about somebody's interests in a file."""
    match command:
        case RecuseMember():
            return _recuse(file, command)
        case SuggestConflicts():
            return file.accept(*_suggest(file))
        case DismissConflict():
            return _dismiss(file, command)
        case RecordConflict():
            return _record(file, command)
        case ApplyDeclaration():
            return _apply(file, command.member)
        case ReviewPresence():
            return file.accept(*_review(file))
        case _:
            assert_never(command)


def _recuse(file: File, command: RecuseMember) -> Decision:
    if command.member in file.state.recused:
        return file.accept()
    if file.state.status == "advised":
        return file.wrong_state()
    told = interest(file, command.member)
    if told.inputs["not_a_member"]:
        return refused(told)
    if command.ground != "other" and not told.inputs[command.ground]:
        return refused_as(J3, "ground_not_borne_out", member=command.member)
    return file.accept(*_lets_go(file, command.member, command.ground, told))


def _suggest(file: File) -> Iterator[ConflictSuggested]:
    admitted, state = file.admitted, file.state
    partners = {one.ovo for one in admitted.partners}
    for one in suggestions(file.panel.members.values(), admitted.applicant.ovo, partners):
        out = one.member in state.recused or one.member in state.conflicted
        if not out and (one.member, one.ground) not in state.suggested | state.dismissed:
            yield _suggested(file, one)


def _suggested(file: File, one: Suggestion) -> ConflictSuggested:
    return ConflictSuggested(
        call=file.call,
        case=file.case,
        member=one.member,
        ground=one.ground,
        organisation=one.organisation,
        checks=[interest(file, one.member)],
    )


def _dismiss(file: File, command: DismissConflict) -> Decision:
    told = (command.member, command.ground)
    if told in file.state.dismissed:
        return file.accept()
    if told not in file.state.suggested:
        return refused_as(J3, "nothing_suggested", member=command.member)
    if command.ground == "employer_is_applicant":
        return refused_as(J3, "cannot_be_dismissed", member=command.member, applicant=file.admitted.applicant.name)
    dismissed = ConflictDismissed(
        call=file.call,
        case=file.case,
        member=command.member,
        ground=command.ground,
        reason=Clear(subject=command.member, clear=command.reason),
    )
    return file.accept(dismissed)


def _record(file: File, command: RecordConflict) -> Decision:
    member, ground = command.member, command.ground
    if member in file.state.recused or member in file.state.conflicted:
        return file.accept()
    told = interest(file, member)
    if told.inputs["not_a_member"] and not file.holds(member):
        return refused(told)
    if ground == "other" and command.reason is None:
        return refused_as(J3, "reason_missing", member=member)
    if ground != "other" and not told.inputs[ground]:
        return refused_as(J3, "ground_not_borne_out", member=member)
    basis: Basis = "suggestion" if (member, ground) in file.state.suggested else "secretary"
    return file.accept(*_conflict(file, told, ground, basis, command.reason))


def _apply(file: File, member: str) -> Decision:
    """Who has not had the file in hands is kept out by the declaration itself, at the gate."""
    state, told = file.state, interest(file, member)
    if member in state.recused or member in state.conflicted or not file.holds(member):
        return file.accept()
    for ground in ("declared_interest", "interest_in_partner"):
        if told.inputs[ground]:
            return file.accept(*_conflict(file, told, ground, "declaration", None))
    return file.accept()


def _conflict(
    file: File, told: Check, ground: ConflictGround, basis: Basis, reason: str | None
) -> Iterator[EvaluationFacts]:
    """The conflict on record, and what falls with it. While the ranking is fixed nothing falls (J7), until it is
    reopened."""
    member = str(told.inputs["member"])
    yield ConflictRecorded(
        call=file.call,
        case=file.case,
        member=member,
        ground=ground,
        basis=basis,
        late=file.holds(member),
        reason=Clear(subject=member, clear=reason) if reason else None,
        checks=[told],
    )
    if not file.ranked:
        yield from _lets_go(file, member, recusal_of(ground), told)


def recusal_of(ground: ConflictGround) -> Recusal:
    """The ground of a recusal in the words that facts have had from the first day."""
    match ground:
        case "employer_is_applicant":
            return "employer_is_applicant"
        case "declared_interest" | "interest_in_partner":
            return "declared_interest"
        case "employer_is_partner" | "other":
            return "other"


def _lets_go(file: File, member: str, ground: Recusal, told: Check) -> Iterator[EvaluationFacts]:
    held = file.holds(member)
    yield from recused(file, member, ground, told)
    if held and file.state.status == "advised":
        yield EvaluationReopened(call=file.call, case=file.case, ground="late_conflict", reason=None)
    elif member in file.state.present:
        if file.state.ballot is not None or file.state.outcome is not None:
            outcome = file.state.outcome
            yield OutcomeVoided(call=file.call, case=file.case, outcome=outcome, cause="late_conflict")
        yield from _quorum_lost(file, [other for other in file.still_present if other != member], "recusal")


def recused(file: File, member: str, ground: Recusal, told: Check) -> Iterator[EvaluationFacts]:
    """The member is out of this file, and its points with it."""
    yield MemberRecused(call=file.call, case=file.case, member=member, ground=ground, checks=[told])
    if member in file.state.scores:
        yield ScoreVoided(call=file.call, case=file.case, member=member, cause="late_conflict")


def _review(file: File) -> Iterator[EvaluationFacts]:
    """Who left the jury lets go of the file, and the quorum may go with them."""
    held = dict.fromkeys((*file.state.assigned, *file.state.present))
    for member in held:
        if member not in file.panel.members and member not in file.state.departed:
            yield MemberLeftFile(call=file.call, case=file.case, member=member)
    yield from _quorum_lost(file, file.still_present, "departure")


def _quorum_lost(file: File, left: list[str], cause: Literal["recusal", "departure"]) -> Iterator[QuorumLost]:
    if file.state.status not in ("deliberating", "agreed") or sorted(left) == sorted(file.state.present):
        return
    quorum = presence(file, "deliberation", left)
    if quorum.outcome == "fail":
        yield QuorumLost(call=file.call, case=file.case, present=left, cause=cause, checks=[quorum])
