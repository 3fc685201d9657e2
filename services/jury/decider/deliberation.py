"""How the jury comes to one voice: consensus, else a secret ballot, and the chair's casting vote in a tie (J5)."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from events.jury import (
    AdviceOutcome,
    CastingVoteUsed,
    ConsensusReached,
    DeliberationOpened,
    SecretBallotHeld,
)
from services.deciding import Decision
from services.jury.commands import OpenDeliberation, RecordConsensus, RecordVote, UseCastingVote
from services.jury.decider.file import File, first_failed, interest, presence
from services.jury.rules import refused, refused_as
from services.jury.rules.deliberation import J5
from services.jury.state import leading
from services.rulebook import check

DeliberationCommand: TypeAlias = OpenDeliberation | RecordConsensus | RecordVote | UseCastingVote
ORDER: tuple[AdviceOutcome, ...] = ("favourable", "favourable_with_conditions", "unfavourable")
"""Ballots stand in this order, whichever came out of the urn first."""


def decide_deliberation(file: File, command: DeliberationCommand) -> Decision:
    """What follows from a command about the deliberation."""
    match command:
        case OpenDeliberation():
            return _deliberate(file, tuple(dict.fromkeys(command.present)))
        case RecordConsensus():
            return _agree(file, command)
        case RecordVote():
            return _vote(file, command)
        case UseCastingVote():
            return _cast(file, command)
        case _:
            assert_never(command)


def _deliberate(file: File, present: tuple[str, ...]) -> Decision:
    state = file.state
    # What the applicant replied may change the jury's mind.
    again = state.status == "agreed" and state.reply == "replied"
    if state.status not in ("none", "assigned") and sorted(present) == sorted(state.present) and not again:
        return file.accept()
    if state.status not in ("assigned", "deliberating") and not again:
        return file.wrong_state()
    interests = [interest(file, member) for member in present]
    failed = first_failed(interests)
    if failed:
        return refused(failed)
    quorum = presence(file, "deliberation", present)
    if quorum.outcome == "fail":
        return refused(quorum)
    opened = DeliberationOpened(call=file.call, case=file.case, present=list(present), checks=[quorum, *interests])
    return file.accept(opened)


def _agree(file: File, command: RecordConsensus) -> Decision:
    state = file.state
    if (state.outcome, state.way) == (command.outcome, "consensus"):
        return file.accept()
    if state.status != "deliberating" or state.tied:
        return file.wrong_state()
    if not file.presides(file.context.actor.person):
        return refused_as(J5, "chair_absent", member=file.context.actor.person)
    quorum = presence(file, "deliberation", file.still_present)
    if quorum.outcome == "fail":
        return refused(quorum)
    return file.accept(ConsensusReached(call=file.call, case=file.case, outcome=command.outcome))


def _vote(file: File, command: RecordVote) -> Decision:
    state = file.state
    if len({one.outcome for one in command.ballots}) != len(command.ballots):
        return refused_as(J5, "outcome_twice")
    ballots = sorted(command.ballots, key=lambda one: ORDER.index(one.outcome))
    if state.ballot is not None and (state.ballot.ballots, state.ballot.abstentions) == (ballots, command.abstentions):
        return file.accept()
    if state.status != "deliberating" or state.tied:
        return file.wrong_state()
    votes = {one.outcome: one.votes for one in ballots}
    there = file.still_present
    inputs = {"occasion": "ballot", "present": len(there), "votes": votes, "abstentions": command.abstentions}
    checks = [
        presence(file, "deliberation", there),
        check(J5, {}, inputs, [file.context.source(file.context.stream, DeliberationOpened)]),
    ]
    failed = first_failed(checks)
    if failed:
        return refused(failed)
    first, *others = leading(votes)
    held = SecretBallotHeld(
        call=file.call,
        case=file.case,
        ballots=ballots,
        abstentions=command.abstentions,
        outcome=None if others else first,
        checks=checks,
    )
    return file.accept(held)


def _cast(file: File, command: UseCastingVote) -> Decision:
    state, context = file.state, file.context
    if (state.outcome, state.way) == (command.outcome, "casting_vote"):
        return file.accept()
    if state.status != "deliberating":
        return file.wrong_state()
    inputs = {
        "occasion": "casting_vote",
        "chair_present": file.presides(context.actor.person),
        "tied": list(state.tied),
        "outcome": command.outcome,
    }
    decided = check(J5, {}, inputs, [context.source(context.stream, SecretBallotHeld)])
    if decided.outcome == "fail":
        return refused(decided)
    cast = CastingVoteUsed(
        call=file.call, case=file.case, tied=list(state.tied), outcome=command.outcome, checks=[decided]
    )
    return file.accept(cast)
