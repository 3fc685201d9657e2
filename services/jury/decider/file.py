"""One file with everything a decision on it looks at, and the two questions asked of it again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from events.catalog import AnyFact, stream_name
from events.jury import CaseAdmittedToPanel, DeliberationOpened, InterestsDeclared, PanelComposed, PanelTermsAdopted
from events.vocabulary import Check, Party
from services.deciding import Context, Decision, accept, refuse
from services.jury.rules import mix, presence_params
from services.jury.rules.interests import J3
from services.jury.rules.panel import J4
from services.jury.state import Evaluation, Panel, Ranking
from services.rulebook import check


@dataclass(frozen=True, slots=True)
class File:
    """A file before the jury of a call."""

    state: Evaluation
    call: str
    panel: Panel
    terms: PanelTermsAdopted
    admitted: CaseAdmittedToPanel
    context: Context

    @property
    def case(self) -> str:
        """The case."""
        return self.admitted.case

    @property
    def panel_stream(self) -> str:
        """Where the panel's facts stand."""
        return stream_name("panel", self.call)

    @property
    def ranked(self) -> bool:
        """Whether this file has its place in a fixed ranking (J7), for commands that read it."""
        ranking: Ranking = self.context.states.get(stream_name("ranking", self.call), Ranking())
        return ranking.fixed is not None and any(entry.case == self.case for entry in ranking.fixed.entries)

    @property
    def still_present(self) -> list[str]:
        """Those who deliberate on this file and still sit in the jury."""
        return [member for member in self.state.present if member in self.panel.members]

    def presides(self, person: str) -> bool:
        """Whether this person chairs here: the chair of this jury or, where that one is not at the table, who sits in
        for it. To chair another jury is not enough."""
        there = self.panel.chair in self.still_present
        return person in self.still_present and (person == self.panel.chair or not there)

    def holds(self, member: str) -> bool:
        """Whether the member has had the file in hands: to score it, or at the table."""
        return member in (*self.state.assigned, *self.state.scores, *self.state.present)

    def accept(self, *facts: AnyFact) -> Decision:
        """Accept under the terms of the call."""
        return accept(*facts, rules=self.panel.rules)

    def wrong_state(self) -> Decision:
        """Not at this stage."""
        return refuse("STATE", "not_in_this_stage", status=self.state.status)


def interest(file: File, member: str) -> Check:
    """J3 for one member and this file. What was declared stays in the declaration; here stands what follows from it."""
    seat = file.panel.members.get(member)
    declared = file.panel.interests.get(member)
    applicant = file.admitted.applicant
    employed = _partner(file, {seat.employer} if seat else frozenset())
    interested = _partner(file, declared or frozenset())
    inputs = {
        "member": member,
        "applicant": applicant.name,
        "partner": next((one.name for one in (interested, employed) if one), None),
        "not_a_member": seat is None,
        "recused": member in file.state.recused or member in file.state.conflicted,
        "not_declared": declared is None,
        "employer_is_applicant": seat is not None and seat.employer == applicant.ovo,
        "employer_is_partner": employed is not None,
        "dismissed": (member, "employer_is_partner") in file.state.dismissed,
        "declared_interest": declared is not None and applicant.ovo in declared,
        "interest_in_partner": interested is not None,
    }
    seats = [file.context.source(file.panel_stream, fact) for fact in (PanelComposed, InterestsDeclared)]
    # The panel's last admission may be another file's; this one says itself where it came from.
    return check(J3, {}, inputs, [*seats, file.admitted.source])


def _partner(file: File, organisations: frozenset[str] | set[str]) -> Party | None:
    return next((one for one in file.admitted.partners if one.ovo in organisations), None)


def presence(file: File, occasion: str, present: Sequence[str]) -> Check:
    """J4 for those present, of whom every one sits in the jury."""
    inputs = {"occasion": occasion, **mix(file.panel.members[member] for member in present)}
    sources = [
        file.context.source(file.panel_stream, PanelComposed),
        file.context.source(file.context.stream, DeliberationOpened),
    ]
    return check(J4, presence_params(file.terms.jury), inputs, sources)


def first_failed(checks: Sequence[Check]) -> Check | None:
    """The check that is told when one has failed."""
    return next((one for one in checks if one.outcome == "fail"), None)
