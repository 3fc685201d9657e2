"""What every decision about a contract shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from events.canonical import Json
from events.catalog import AnyFact, stream_name
from events.decision import CandidateRegistered, EnvelopeSet
from events.vocabulary import Party, Period, Source
from services.deciding import Accepted, Context, Refused, accept
from services.decision.state import Contract, Grant


class Subject(TypedDict):
    """What every fact about a contract begins with."""

    call: str
    case: str


@dataclass(frozen=True, slots=True)
class Running:
    """A contract that was drafted, with its term, the terms as they bind it, and what the command brought along."""

    contract: Contract
    term: Period
    terms: EnvelopeSet
    context: Context

    @property
    def subject(self) -> Subject:
        """The call and the case."""
        return {"call": self.contract.call, "case": self.context.id}

    @property
    def holder(self) -> Party:
        """Who holds the contract now."""
        return self.contract.beneficiary(self.context.at)

    def own(self, *facts: type[AnyFact]) -> list[Source | None]:
        """Where the contract's last events of these types stand."""
        return [self.context.source(self.context.stream, fact) for fact in facts]

    def adopted(self) -> list[Source | None]:
        """Where the terms stand in this service, and what was derogated from in this case."""
        return [self.context.source(stream_name("envelope", self.contract.call), EnvelopeSet), *self.derogated()]

    def derogated(self) -> list[Source | None]:
        """Where it stands which checks do not bind this case; nothing where all do."""
        told = self.context.source(stream_name("grant", self.context.id), CandidateRegistered)
        return [told] if self.award().set_aside else []

    def without(self, params: dict[str, Json], check: str) -> dict[str, Json]:
        """What a rule measures by, with a word on it where this check of eligibility was set aside."""
        return {**params, "set_aside": check} if check in self.award().set_aside else params

    def accepted(self, *facts: AnyFact) -> Accepted:
        """Accepted under the terms of the call."""
        return accept(*facts, rules=self.terms.source.position)

    def refused(self, answer: Refused, *facts: AnyFact) -> Refused:
        """The refusal with what goes on record of it."""
        return Refused(answer.rule, answer.code, answer.inputs, facts, self.terms.source.position)

    def wrong_state(self, code: str = "not_in_this_stage") -> Refused:
        """The contract is not, or no longer, where this can be done."""
        return Refused("STATE", code, {"status": self.contract.status})

    def award_stands(self) -> bool:
        """Whether the award is in force: decided, and neither suspended, annulled nor taken back."""
        award = self.award()
        return award.status == "awarded" and not award.suspended

    def award(self) -> Grant:
        """The award that the contract rests on, where the command reads it."""
        award: Grant = self.context.states.get(stream_name("grant", self.context.id), Grant())
        return award

    def not_own(self) -> Refused | None:
        """A refusal for an applicant that is not the beneficiary."""
        if self.context.actor.role == "applicant" and self.context.actor.organisation != self.holder.ovo:
            return Refused("OWN", "other_organisation", {"organisation": self.holder.ovo})
        return None
