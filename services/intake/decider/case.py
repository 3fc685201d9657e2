"""An application with its call, as every decision about it sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from events.catalog import AnyFact
from events.intake import DecisionNoted
from events.vocabulary import Check, Party, Source
from services.deciding import Accepted, Context, Refused, accept, refuse
from services.intake.decider.call import Published, rules_of
from services.intake.rules import MUNICIPALITY
from services.intake.state import Application
from services.rulebook import check


class Case(NamedTuple):
    """The application, who asks, and its call with the deadline that holds for this applicant."""

    state: Application
    applicant: Party
    call_stream: str
    published: Published

    def accept(self, context: Context, *facts: AnyFact) -> Accepted:
        """Accept with these facts, under the call's terms."""
        return accept(*facts, rules=rules_of(context, self.call_stream))

    def decision(self, context: Context) -> str | None:
        """The reference of the Government's decision on this case, if the register has one."""
        return self.published.call.decided.get(context.id)

    def source_of_decision(self, context: Context) -> Source | None:
        """Where the register's last decision stands, if it has one on this case."""
        return context.source(self.call_stream, DecisionNoted) if self.decision(context) else None


def not_own(applicant: Party, context: Context) -> Refused | None:
    """Another authority's application is none of the actor's business."""
    if context.actor.organisation == applicant.ovo:
        return None
    return refuse("OWN", "other_organisation", organisation=context.actor.organisation, applicant=applicant.ovo)


def municipality(who: Party, sources: Sequence[Source | None]) -> Check:
    """I6 about an organisation."""
    return check(MUNICIPALITY, {}, {"ovo": who.ovo, "kbo": who.kbo, "nis": who.nis}, sources)
