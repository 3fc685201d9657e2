"""Partners that do not come along: they refuse their pledge, or leave."""

from __future__ import annotations

from events.decision import PartnerLeft, PledgeRefused
from events.vocabulary import Partner
from services.deciding import Decision, Refused, accept
from services.decision.commands import RecordPartnerLeft, RefusePledge
from services.decision.decider.contract.common import Running
from services.decision.rules import refused_as
from services.decision.rules.term import D7_2


def refuse_pledge(running: Running, command: RefusePledge) -> Decision:
    """A partner refuses. Without a mandatory pledge there is no entry into force (D7), until an amendment mends it."""
    contract = running.contract
    partner = _partner(running, command.partner)
    if isinstance(partner, Refused):
        return partner
    if command.partner in contract.gone:
        return accept()
    if command.partner in contract.signed:
        return running.wrong_state("already_signed")
    if contract.status not in ("drafted", "active", "suspended"):
        return running.wrong_state()
    fact = PledgeRefused(
        **running.subject,
        partner=command.partner,
        mandatory=partner.mandatory,
        actions=contract.carried_by(command.partner),
        reason=command.reason,
    )
    return running.accepted(fact)


def leave(running: Running, command: RecordPartnerLeft) -> Decision:
    """A partner leaves. A contract in force stays so; what the partner carried needs another owner, or stops."""
    contract = running.contract
    partner = _partner(running, command.partner)
    if isinstance(partner, Refused):
        return partner
    if command.partner in contract.gone:
        return accept()
    if contract.status not in ("drafted", "active", "suspended"):
        return running.wrong_state()
    fact = PartnerLeft(
        **running.subject,
        partner=command.partner,
        mandatory=partner.mandatory,
        actions=contract.carried_by(command.partner),
        reason=command.reason,
        effective_at=running.context.at,
    )
    return running.accepted(fact)


def _partner(running: Running, code: str) -> Partner | Refused:
    """The partner, where the actor may speak for it: it does so itself, or the beneficiary or an official does."""
    partner = next((one for one in running.contract.partners if one.partner == code), None)
    if partner is None:
        return refused_as(D7_2, "not_a_partner", partner=code)
    if running.context.actor.role != "partner":
        return running.not_own() or partner
    if running.context.actor.organisation != partner.organisation.ovo:
        return Refused("OWN", "other_organisation", {"organisation": partner.organisation.ovo})
    return partner
