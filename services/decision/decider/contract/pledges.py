"""Pledges of the partners, and the entry into force that rests on them (D7)."""

from __future__ import annotations

from events.catalog import stream_name
from events.decision import (
    ContractActivated,
    ContractDrafted,
    ContractRedrafted,
    GrantAwarded,
    PledgeSigned,
    TermExtended,
)
from events.times import Instant, day_of, start_of_day
from events.vocabulary import Check, Clear
from services.deciding import Decision, accept, refuse
from services.decision.commands import SignPledge
from services.decision.decider.contract.common import Running
from services.decision.rules import refused, refused_as
from services.decision.rules.term import D7_2, term_inputs, term_params
from services.rulebook import check


def sign(running: Running, command: SignPledge) -> Decision:
    """A partner signs, or the beneficiary hands its signed pledge in; the last signature may start the contract."""
    contract, context = running.contract, running.context
    partner = next((one for one in contract.partners if one.partner == command.partner), None)
    if partner is None:
        return refused_as(D7_2, "not_a_partner", partner=command.partner)
    owner = partner.organisation if context.actor.role == "partner" else running.holder
    if context.actor.organisation != owner.ovo:
        return refuse("OWN", "other_organisation", organisation=owner.ovo)
    if command.partner in contract.signed:
        return accept()
    if contract.status not in ("drafted", "active"):
        return running.wrong_state()
    signatory = Clear(subject=command.signatory, clear=command.name)
    signed = PledgeSigned(**running.subject, partner=command.partner, signatory=signatory)
    met = in_force(running, [one for one in contract.unsigned() if one != command.partner])
    if contract.status != "drafted" or met.outcome == "fail":
        return running.accepted(signed)
    return running.accepted(signed, activated(running, context.at, met))


def in_force(running: Running, waiting: list[str]) -> Check:
    """D7: the award stands, every mandatory pledge is signed and the first day of the term has come."""
    context, term = running.context, running.term
    names = {one.partner: one.organisation.name for one in running.contract.partners}
    inputs = {
        "asked": "entry",
        "award_in_force": running.award_stands(),
        "waiting_for": [names[partner] for partner in waiting],
        "begun": context.at >= start_of_day(term.start).utc,
        "on": day_of(context.at),
        **term_inputs(term, running.contract.extended_by),
    }
    sources = [
        context.source(stream_name("grant", context.id), GrantAwarded),
        *running.derogated(),
        *running.own(ContractDrafted, ContractRedrafted, PledgeSigned, TermExtended),
    ]
    return check(D7_2, running.without(term_params(running.terms), "E4"), inputs, sources)


def activated(running: Running, effective_at: Instant, met: Check) -> ContractActivated:
    """The fact that it is in force."""
    return ContractActivated(
        **running.subject,
        beneficiary=running.holder,
        amount_cents=running.contract.amount_cents,
        term=running.term,
        effective_at=effective_at,
        checks=[met],
    )


def activate(running: Running) -> Decision:
    """The first day of the term has come, or an official asks."""
    if running.contract.status != "drafted":
        return accept()
    met = in_force(running, running.contract.unsigned())
    if met.outcome == "fail":
        # The timer only asks; the last signature will bring the contract into force.
        return accept() if running.context.actor.role == "service" else refused(met)
    return running.accepted(activated(running, start_of_day(running.term.start).utc, met))
