"""What a proposal gives to whom: from the ranking, the departures, and the money that is free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from events.catalog import stream_name
from events.decision import (
    AwardProposalDrafted,
    DepartureReasoned,
    EnvelopeDecreased,
    EnvelopeIncreased,
    EnvelopeSet,
    ProposalItem,
)
from events.jury import RankingEntry
from events.vocabulary import Check, Source
from services.deciding import Context, Decision, accept, refuse
from services.decision.commands import DepartFromAdvice
from services.decision.decider.granting import Case, measure
from services.decision.ranking import proposed
from services.decision.rules import refused, refused_as
from services.decision.rules.money import D1, D4, files_of
from services.decision.state import Envelope, Grant, Proposal
from services.rulebook import check

_PROPOSED_ON = ("reserve", "candidate")
"""What a file is after a first decision that another one can still award."""


def draft(
    proposal: Proposal,
    entries: Sequence[RankingEntry],
    source: Source,
    envelope: Envelope,
    context: Context,
    *departures: DepartureReasoned,
) -> Decision:
    """The next version of the proposal, after new departures, if any; nothing where it would be the same as before."""
    if envelope.terms is None:
        return refuse("STATE", "terms_not_adopted", status="none")
    reasoned = {**proposal.departures, **{one.case: one for one in departures}}
    decided = {case: one.decided_cents for case, one in reasoned.items()}
    standing = [entry for entry in entries if _stands(proposal, entry, context)]
    free = _free(proposal, entries, envelope, context)
    items = proposed(standing, free, envelope.terms.partial_fit, decided)
    waiting = [item for item in items if item.proposed_cents or _grant(item.case, context).status == "candidate"]
    if proposal.approved and not waiting:
        return accept()  # nobody moves up, and nobody waits for a first decision
    stands = proposal.status in ("drafted", "agendaed")
    if stands and not departures and proposal.envelope_cents == free and list(proposal.items) == items:
        return accept()
    checks = _checks(items, (envelope, free), decided, [proposal.ranking, source], context)
    failed = next((one for one in checks if one.outcome == "fail"), None)
    if failed:
        return refused(failed)
    fact = AwardProposalDrafted(
        call=context.id,
        proposal_version=proposal.version + 1,
        envelope_cents=free,
        entries=list(entries),
        items=items,
        checks=checks,
        source=source,
    )
    return accept(*departures, fact, rules=envelope.rules)


def _stands(proposal: Proposal, entry: RankingEntry, context: Context) -> bool:
    """Whether the file is proposed on: not withdrawn or set aside; after a first decision, on reserve or undecided."""
    grant = _grant(entry.case, context)
    if grant.aside:
        return False
    return grant.status in _PROPOSED_ON if proposal.approved else grant.status != "withdrawn"


def _grant(case: str, context: Context) -> Grant:
    grant: Grant = context.states.get(stream_name("grant", case), Grant())
    return grant


def _free(proposal: Proposal, entries: Sequence[RankingEntry], envelope: Envelope, context: Context) -> int:
    """The money to propose: the whole envelope at first; after a first decision, what no decided file holds of it."""
    if not proposal.approved:
        return envelope.amount_cents
    grants = [_grant(entry.case, context) for entry in entries]
    # What is set aside for a file that is not awarded yet is proposed anew.
    held = sum(grant.held_cents - (grant.reserved_cents if grant.status in _PROPOSED_ON else 0) for grant in grants)
    return max(0, envelope.amount_cents - held)


def _checks(
    items: Sequence[ProposalItem],
    money: tuple[Envelope, int],
    decided: Mapping[str, int],
    sources: list[Source | None],
    context: Context,
) -> list[Check]:
    envelope, free = money
    stream = stream_name("envelope", context.id)
    policy = envelope.terms.partial_fit if envelope.terms else None
    facts = (EnvelopeSet, EnvelopeIncreased, EnvelopeDecreased)
    sources = [*(context.source(stream, fact) for fact in facts), *sources]
    sources = [source for place, source in enumerate(sources) if source not in sources[:place]]
    amounts = {"envelope_cents": free, "proposed_cents": sum(item.proposed_cents for item in items)}
    order = {
        "envelope_cents": free,
        "files": files_of(items),
        "departures": [
            {"case": item.case, "decided_cents": decided[item.case]} for item in items if item.case in decided
        ],
    }
    return [check(D1, {}, amounts, sources), check(D4, {"partial_fit": policy}, order, sources)]


def depart(proposal: Proposal, command: DepartFromAdvice, envelope: Envelope, context: Context) -> Decision:
    """A departure, with its own reasons, and the version of the proposal that follows from it (D4)."""
    if proposal.status not in ("drafted", "agendaed") or envelope.terms is None:
        return refuse("STATE", "not_in_this_stage", status=proposal.status)
    item = next((one for one in proposal.items if one.case == command.case), None)
    if item is None:
        return refuse("STATE", "not_in_this_proposal", status=proposal.status)
    fact = DepartureReasoned(
        call=context.id,
        case=command.case,
        rank=item.rank,
        applicant=item.applicant,
        outcome=item.outcome,
        advised_cents=item.advised_cents,
        decided_cents=command.amount_cents,
        reference=command.reference,
        reasons=command.reasons,
    )
    if proposal.departures.get(command.case) == fact:
        return accept()
    grant, source = _grant(command.case, context), proposal.ranking
    if source is None or grant.dossier is None:
        return refuse("STATE", "not_in_this_stage", status=proposal.status)
    # What no award can be given for is not proposed either.
    measured = measure(Case(grant, grant.dossier, envelope.terms, context), command.amount_cents)
    if command.amount_cents and measured.outcome == "fail":
        return refused(measured)
    if command.amount_cents == item.proposed_cents:
        return refused_as(D4, "no_departure", decided_cents=command.amount_cents)
    return draft(proposal, proposal.entries, source, envelope, context, fact)
