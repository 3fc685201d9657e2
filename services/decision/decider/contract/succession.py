"""A legal successor takes a contract over (D9)."""

from __future__ import annotations

from events.decision import BeneficiarySucceeded
from events.times import start_of_day
from services.deciding import Decision, accept
from services.decision.commands import RecordBeneficiarySuccession
from services.decision.decider.contract.common import Running
from services.decision.rules import refused
from services.decision.rules.contract import D9
from services.decision.rules.procedure import written_day
from services.rulebook import check


def succeed(running: Running, command: RecordBeneficiarySuccession) -> Decision:
    """From a day on, rights and debts are the successor's; what was before stays as it was."""
    since, holder = running.contract.holders[-1]
    if command.successor == holder:
        return accept()
    if running.contract.status == "closed":
        return running.wrong_state()
    effective_at = start_of_day(command.effective_on).utc
    inputs = {
        "previous": holder.name,
        "successor": command.successor.name,
        "effective_at": effective_at,
        "holder_since": since,
        **written_day("effective", command.effective_on),
    }
    order = check(D9, {}, inputs, running.own(BeneficiarySucceeded))
    if order.outcome == "fail":
        return refused(order)
    fact = BeneficiarySucceeded(
        **running.subject,
        previous=holder,
        successor=command.successor,
        merged=command.merged,
        effective_at=effective_at,
        basis=command.basis,
    )
    return running.accepted(fact)
