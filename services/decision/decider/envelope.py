"""The envelope: how much money the call has."""

from __future__ import annotations

from typing import assert_never

from events.canonical import SAFE_INTEGER
from events.decision import EnvelopeDecreased, EnvelopeIncreased, EnvelopeSet
from services.deciding import Context, Decision, accept
from services.decision.commands import DecreaseEnvelope, EnvelopeCommand, IncreaseEnvelope, SetEnvelope
from services.decision.rules import refused_as
from services.decision.rules.money import D1
from services.decision.state import Envelope


def decide_envelope(envelope: Envelope, command: EnvelopeCommand, context: Context) -> Decision:
    """What follows from a command about the envelope."""
    match command:
        case SetEnvelope():
            return accept() if envelope.terms else accept(_set(command, context), rules=command.source.position)
        case IncreaseEnvelope():
            return _increase(envelope, command, context)
        case DecreaseEnvelope():
            return _decrease(envelope, command, context)
        case _:
            assert_never(command)


def _set(command: SetEnvelope, context: Context) -> EnvelopeSet:
    return EnvelopeSet(
        call=context.id,
        amount_cents=command.amount_cents,
        budget_article=command.budget_article,
        cap_cents=command.cap_cents,
        cofinancing=command.cofinancing,
        share_limits=command.share_limits,
        cost_categories=command.cost_categories,
        term=command.term,
        decision=command.decision,
        partial_fit=command.partial_fit,
        source=command.source,
    )


def _increase(envelope: Envelope, command: IncreaseEnvelope, context: Context) -> Decision:
    recorded = envelope.increases.get(command.reference)
    if recorded == command.increase_cents:
        return accept()
    if recorded is not None:
        return refused_as(D1, "reference_used", reference=command.reference, recorded_cents=recorded)
    amount = envelope.amount_cents + command.increase_cents
    if amount > SAFE_INTEGER:
        return refused_as(D1, "too_large", increase_cents=command.increase_cents)
    fact = EnvelopeIncreased(
        call=context.id,
        previous_cents=envelope.amount_cents,
        increase_cents=command.increase_cents,
        amount_cents=amount,
        reference=command.reference,
        reason=command.reason,
    )
    return accept(fact, rules=envelope.rules)


def _decrease(envelope: Envelope, command: DecreaseEnvelope, context: Context) -> Decision:
    recorded = envelope.decreases.get(command.reference)
    if recorded == command.decrease_cents:
        return accept()
    if recorded is not None:
        return refused_as(D1, "decrease_reference_used", reference=command.reference, recorded_cents=recorded)
    amount = envelope.amount_cents - command.decrease_cents
    if amount < 0:
        inputs = {"decrease_cents": command.decrease_cents, "envelope_cents": envelope.amount_cents}
        return refused_as(D1, "more_than_envelope", **inputs)
    # Whether what remains covers what is set aside and awarded, the ledger knows: its guard has the last word (D1).
    fact = EnvelopeDecreased(
        call=context.id,
        previous_cents=envelope.amount_cents,
        decrease_cents=command.decrease_cents,
        amount_cents=amount,
        reference=command.reference,
        reason=command.reason,
    )
    return accept(fact, rules=envelope.rules)
