"""Calls as the desk names them, folded from the few facts that say what a call is and how far it came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from events import decision, intake, jury
from events.codec import Event
from projections.desk.data import Call, Milestone
from projections.past import Cut, includes

ABOUT = (
    "CallPublished",
    "CallDeadlineExtended",
    "CallDeadlineCorrected",
    "CallClosed",
    "CallCancelled",
    "RankingFixed",
    "EnvelopeIncreased",
    "EnvelopeDecreased",
    "GovernmentDecisionRecorded",
)
"""The facts that a call's heading and its trail of moments are made of."""


def calls_of(events: Iterable[Event], cut: Cut) -> list[Call]:
    """Calls newest first. Title and deadline as at the cut; the moments are all that are on record today."""
    calls: dict[str, Call] = {}
    moments: dict[str, list[Milestone]] = {}
    for event in events:
        fact = event.fact
        match fact:
            case intake.CallPublished(call=call, terms=terms) if includes(cut, event):
                calls[call] = Call(call=call, title=terms.title, deadline=terms.deadline, synthetic=terms.synthetic)
            case intake.CallDeadlineExtended(call=call) | intake.CallDeadlineCorrected(call=call) if (
                includes(cut, event) and call in calls
            ):
                calls[call] = replace(calls[call], deadline=fact.deadline)
        if isinstance(fact, _MOMENTS):
            moments.setdefault(fact.call, []).append(Milestone(type=event.envelope.type, at=event.envelope.occurred_at))
    return [replace(call, milestones=moments.get(call.call, ())) for call in reversed(calls.values())]


_MOMENTS = (
    intake.CallPublished
    | intake.CallDeadlineExtended
    | intake.CallDeadlineCorrected
    | intake.CallClosed
    | intake.CallCancelled
    | jury.RankingFixed
    | decision.EnvelopeIncreased
    | decision.EnvelopeDecreased
    | decision.GovernmentDecisionRecorded
)
