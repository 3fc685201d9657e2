"""Two calls that share no number run through the same code, from publication to the conclusion on eligibility."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from events.catalog import AnyFact
from events.eligibility import (
    CheckRecorded,
    CriteriaAdopted,
    DeclaredEligible,
    DeclaredInadmissible,
    DeclaredIneligible,
)
from events.intake import ApplicationSubmitted, CallPublished, LateSubmissionRecorded, ReceiptAcknowledged
from events.vocabulary import Period, Source
from services.deciding import Service
from services.eligibility.commands import ConcludeAdmissibility, ConcludeEligibility
from services.eligibility.worker import ELIGIBILITY
from services.fields import Command
from services.intake.commands import PublishCall
from services.intake.worker import INTAKE
from tests.given import Given, actor, given
from tests.unit.services.intake.examples import (
    APPLICANT,
    CALL,
    CASE,
    OFFICIAL,
    line,
    money,
    papers,
    start,
    submit,
    terms,
)


@dataclass
class House:
    """Both services; a fact of intake becomes commands of eligibility at once, as the shell would do it."""

    intake: Given = field(default_factory=lambda: given(INTAKE))
    eligibility: Given = field(default_factory=lambda: given(ELIGIBILITY))
    said: list[AnyFact] = field(default_factory=list)

    def send(self, kind: str, ident: str, command: Command, at: str, role: Any = OFFICIAL) -> None:
        """One command of a person, and all that follows from it."""
        service: Service = INTAKE if kind in {"call", "application"} else ELIGIBILITY
        before = self.intake if service is INTAKE else self.eligibility
        answer = before.when(kind, ident, command, at=at, by=role)
        after = answer.recorded()
        if service is INTAKE:
            self.intake = after
        else:
            self.eligibility = after
        for fact in answer.decision.facts:
            self.said.append(fact)
            self._react(fact, at)

    def _react(self, fact: AnyFact, at: str) -> None:
        source = Source(event_id=f"01900000-0000-7000-8000-{len(self.said):012}", position=len(self.said))
        for reaction in ELIGIBILITY.reactions:
            if reaction.on is type(fact):
                for issue in reaction.react(fact, source, None):
                    self.send(issue.kind, issue.id, issue.command, at, actor("service"))

    def all_of(self, kind: type[Any]) -> list[Any]:
        """Every fact of a type, in order."""
        return [fact for fact in self.said if isinstance(fact, kind)]

    def outcomes(self) -> dict[str, str]:
        """Rule → the code of its latest check."""
        return {one.check.rule: one.check.code for one in self.all_of(CheckRecorded)}


MOMENTS = {
    "2021": ("2021-03-11T10:00:00.000000Z", "2021-06-30T14:00:00.000000Z", "2021-08-02T09:00:00.000000Z"),
    "buurtgroen-2023": ("2023-02-01T10:00:00.000000Z", "2023-05-15T10:00:00.000000Z", "2023-06-02T09:00:00.000000Z"),
}
GREEN: dict[str, Any] = {
    "themes": ["heat", "meeting"],
    "instruments": ["citizens_budget"],
    "requested_cents": 20_000_000,
    "budget": [
        line("planting", 19_000_000, 14_000_000),
        line("participation", 6_000_000, 6_000_000),
    ],
    # A quarter of the subsidy, and part of it in kind: enough here, and far too little under the terms of 2021.
    "financing": [money("subsidy", 20_000_000), money("own", 2_000_000), money("in_kind", 3_000_000)],
    "term": Period(start="2023-10-01", end="2025-09-30"),
    "attachments": papers("planting_plan"),
}


def run(name: str, **other: Any) -> House:
    """Publish, draft, submit, conclude twice."""
    published, handed_in, concluded = MOMENTS[name]
    house = House()
    house.send("call", CALL, PublishCall(terms=terms(name)), published)
    house.send("application", CASE, start(), published, APPLICANT)
    house.send("application", CASE, submit(**other), handed_in, APPLICANT)
    if house.all_of(ApplicationSubmitted):
        house.send("assessment", CASE, ConcludeAdmissibility(), concluded)
        house.send("assessment", CASE, ConcludeEligibility(), concluded)
    return house


@pytest.mark.parametrize(("name", "fields"), [("2021", {}), ("buurtgroen-2023", GREEN)])
def test_a_sound_application_becomes_eligible_under_either_call(name: str, fields: dict[str, Any]) -> None:
    house = run(name, **fields)
    assert len(house.all_of(DeclaredEligible)) == 1
    published, adopted = house.all_of(CallPublished)[0].terms, house.all_of(CriteriaAdopted)[0]
    assert adopted.cofinancing == published.cofinancing
    assert adopted.cap_cents == published.cap_cents


def test_the_second_call_takes_its_rate_of_the_subsidy_and_counts_what_is_in_kind() -> None:
    check = next(one.check for one in run("buurtgroen-2023", **GREEN).all_of(CheckRecorded) if one.check.rule == "E3")
    assert check.params["base"] == "SUBSIDY"
    assert (check.inputs["present_cents"], check.inputs["required_cents"]) == (5_000_000, 5_000_000)
    assert check.reason.nl == (
        "De eigen inbreng telt voor 50.000,00 euro, de 0,00 euro van partners niet meegerekend; nodig is 25 % van de "
        "subsidie van 200.000,00 euro, of 50.000,00 euro. Dat volstaat."
    )


def test_the_second_call_holds_its_own_shares_to_the_cent() -> None:
    over = GREEN | {"budget": [line("planting", 18_999_999, 13_999_999), line("participation", 6_000_001, 6_000_001)]}
    house = run("buurtgroen-2023", **over)
    assert house.outcomes()["E2"] == "share_exceeded"
    assert len(house.all_of(DeclaredIneligible)) == 1


def test_the_second_call_has_its_own_cap() -> None:
    assert run("buurtgroen-2023", **GREEN, project="x").outcomes()["E1"] == "within_cap"
    high = GREEN | {
        "requested_cents": 25_000_001,
        "budget": [line("planting", 31_250_002, 25_000_001)],
        "financing": [money("subsidy", 25_000_001), money("own", 6_250_001)],
    }
    outcomes = run("buurtgroen-2023", **high).outcomes()
    assert (outcomes["E1"], outcomes["E3"], outcomes["E5"]) == (
        "above_cap",
        "enough_of_subsidy_without_partners",
        "sums_agree",
    )


def test_the_second_call_requires_its_own_attachment() -> None:
    house = House()
    published, handed_in, concluded = MOMENTS["buurtgroen-2023"]
    house.send("call", CALL, PublishCall(terms=terms("buurtgroen-2023")), published)
    house.send("application", CASE, start(), published, APPLICANT)
    house.send("application", CASE, submit(**(GREEN | {"attachments": []})), handed_in, APPLICANT)
    house.send("assessment", CASE, ConcludeAdmissibility(), concluded)
    assert len(house.all_of(DeclaredInadmissible)) == 1
    assert house.outcomes()["A1"] == "attachment_missing"


def test_the_second_call_has_its_own_term() -> None:
    long = GREEN | {"term": Period(start="2023-10-01", end="2025-10-01")}
    assert run("buurtgroen-2023", **long).outcomes()["E4"] == "too_long"
    assert run("2021").outcomes()["E4"] == "fits"


def test_the_second_call_closes_at_noon() -> None:
    house = House()
    house.send("call", CALL, PublishCall(terms=terms("buurtgroen-2023")), MOMENTS["buurtgroen-2023"][0])
    house.send("application", CASE, start(), MOMENTS["buurtgroen-2023"][0], APPLICANT)
    house.send("application", CASE, submit(**GREEN), "2023-05-15T10:00:00.000001Z", APPLICANT)
    assert len(house.all_of(LateSubmissionRecorded)) == 1
    assert house.all_of(CheckRecorded) == []


def test_the_second_call_numbers_its_cases_its_own_way_and_lets_an_applicant_come_twice() -> None:
    house = run("buurtgroen-2023", **GREEN)
    assert house.all_of(ReceiptAcknowledged)[0].case_number == "GROEN-2023-00AB0F"
    assert not house.all_of(ApplicationSubmitted)[0].claims_live_key


def test_what_one_call_takes_the_other_does_not_know() -> None:
    house = House()
    house.send("call", CALL, PublishCall(terms=terms("2021")), MOMENTS["2021"][0])
    house.send("application", CASE, start(), MOMENTS["2021"][0], APPLICANT)
    house.send("application", CASE, submit(**GREEN), MOMENTS["2021"][1], APPLICANT)
    assert house.all_of(ApplicationSubmitted) == []
