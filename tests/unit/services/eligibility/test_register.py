"""Double funding: one applicant's costs over all its cases, whichever call they are of (E5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from events.catalog import AnyFact
from events.decision import (
    AwardWaived,
    DecisionAnnulled,
    DecisionRetracted,
    GrantAwarded,
    GrantDenied,
    GrantRefused,
    ReserveLapsed,
)
from events.eligibility import (
    AssessedDossier,
    AssessmentLapsed,
    CaseOverlaps,
    CheckRecorded,
    CostsDeclared,
    CostsRegistered,
    CriteriaAdopted,
    DeclaredAdmissible,
    DeclaredCosts,
    DeclaredEligible,
    DeclaredIneligible,
    Overlap,
)
from events.envelope import Actor
from events.vocabulary import Check, Period, Source
from services.deciding import derived_id
from services.eligibility.commands import (
    CheckRegister,
    ConcludeAdmissibility,
    ConcludeEligibility,
    LapseAssessment,
    RecordClarification,
    RegisterCosts,
    RequestClarification,
    StartAssessment,
    register_id,
)
from services.eligibility.reactions import REACTIONS
from services.eligibility.rules import MANDATORY
from services.eligibility.worker import ELIGIBILITY
from services.fields import Command
from tests.given import Given, Then, actor, given
from tests.unit.services.eligibility.examples import (
    APPLICANT,
    CALL,
    CRITERIA,
    DENDERLEEUW,
    LATER,
    OFFICIAL,
    dossier,
    in_dutch,
    inputs_of,
    line,
    money,
)

FIRST, SECOND, THIRD = (derived_id(CALL, name) for name in ("first", "second", "third"))
OTHER_CALL = derived_id(CALL, "another call")
REGISTER = register_id(DENDERLEEUW.ovo)
LOOKING = msgspec.structs.replace(
    CRITERIA,
    eligibility=msgspec.structs.replace(CRITERIA.eligibility, double_funding="same_neighbourhood_and_category"),
)
SERVICE = actor("service")
QUESTION = in_dutch("Staan deze kosten ook elders?")


@dataclass
class Cases:
    """Eligibility with its own reactions, run at once as the shell would; two calls that look for double funding."""

    on_record: Given = field(default_factory=lambda: given(ELIGIBILITY))
    said: list[AnyFact] = field(default_factory=list)

    def __post_init__(self) -> None:
        for call in (CALL, OTHER_CALL):
            self.on_record.has(f"criteria-{call}", msgspec.structs.replace(LOOKING, call=call))

    def send(self, kind: str, ident: str, command: Command, by: Actor = OFFICIAL) -> Then:
        """One command, and all that follows from it."""
        answer = self.on_record.when(kind, ident, command, by=by)
        answer.recorded()
        for fact in answer.decision.facts:
            self.hear(fact)
        return answer

    def hear(self, fact: AnyFact) -> None:
        """What follows from a fact."""
        self.said.append(fact)
        source = Source(event_id=derived_id(CALL, f"event/{len(self.said)}"), position=len(self.said))
        for reaction in REACTIONS:
            if isinstance(fact, reaction.on):
                state = self.on_record.state(reaction.reads(fact)) if reaction.reads else None
                for issue in reaction.react(fact, source, state):
                    self.send(issue.kind, issue.id, issue.command, SERVICE)

    def start(self, case: str, one: AssessedDossier | None = None, call: str = CALL) -> None:
        """A file comes in."""
        self.send("assessment", case, StartAssessment(call=call, dossier=one or dossier()), SERVICE)

    def conclude(self, case: str) -> Then:
        """Both conclusions; the answer to the last."""
        self.send("assessment", case, ConcludeAdmissibility())
        return self.send("assessment", case, ConcludeEligibility())

    def restate(self, case: str, *categories: str) -> None:
        """The applicant says that the subsidy is for these categories."""
        self.send("assessment", case, RequestClarification(rules=["E5"], question=QUESTION))
        share = 50_000_000 // len(categories)
        lines = [line(category, share + 12_500_000, share) for category in categories]
        total = sum(one.amount_cents for one in lines)
        answer = RecordClarification(
            answer=QUESTION,
            requested_cents=50_000_000,
            budget=lines,
            financing=[money("subsidy", 50_000_000), money("own", total - 50_000_000)],
        )
        self.send("assessment", case, answer, APPLICANT)

    def record(self, case: str) -> Check:
        """The check that counts."""
        found: Check = self.on_record.state(f"assessment-{case}").checks["E5D"]
        return found

    def facts(self, case: str, kind: type[Any]) -> list[Any]:
        """The case's own facts of a type."""
        return [one.fact for one in self.on_record.streams[f"assessment-{case}"] if isinstance(one.fact, kind)]


def two(second: AssessedDossier | None = None, call: str = CALL) -> Cases:
    """Two files of one applicant, the second perhaps for something else."""
    cases = Cases()
    cases.start(FIRST)
    cases.start(SECOND, second, call)
    return cases


def test_e5_the_same_costs_in_a_second_case_are_found_whichever_call_it_is_of() -> None:
    for call in (CALL, OTHER_CALL):
        check = two(call=call).record(SECOND)
        assert (check.outcome, check.code) == ("fail", "costs_overlap")
        assert check.inputs["overlaps"] == [
            {"case": FIRST, "call": CALL, "categories": ["infrastructure", "personnel"]}
        ]
        assert check.reason.nl == (
            "Voor infrastructure, personnel in dezelfde wijk en periode vraagt de aanvrager ook subsidie in dossier "
            f"{FIRST}."
        )


def test_e5_who_came_first_is_not_held_against_who_came_later() -> None:
    cases = two()
    assert (cases.record(FIRST).outcome, cases.record(FIRST).code) == ("pass", "no_overlap")
    assert cases.conclude(FIRST).fact(DeclaredEligible).checks[-1].rule == "E5D"


def test_e5_costs_that_another_case_brought_in_make_the_later_one_ineligible() -> None:
    cases = two()
    declared = cases.conclude(SECOND).fact(DeclaredIneligible)
    assert [one.rule for one in declared.checks if one.outcome == "fail"] == ["E5D"]


@pytest.mark.parametrize(
    "other",
    [
        dossier(neighbourhood="Huissegem"),
        dossier(budget=[line("operating", 62_500_000, 50_000_000)]),
        dossier(budget=[line("operating", 62_500_000, 50_000_000), line("personnel", 0, 0)]),
        dossier(term=Period(start="2026-01-01", end="2026-12-31")),
    ],
    ids=["elsewhere", "for something else", "own means alone", "at another time"],
)
def test_e5_other_costs_are_no_double_funding(other: AssessedDossier) -> None:
    assert two(other).record(SECOND).code == "no_overlap"


def test_e5_one_day_in_common_and_another_way_to_write_the_place_is_the_same() -> None:
    same = dossier(neighbourhood="LEEUWBRUG", term=Period(start="2025-12-31", end="2026-12-31"))
    assert two(same).record(SECOND).code == "costs_overlap"


def test_e5_another_applicant_has_a_register_of_its_own() -> None:
    other = dossier(applicant=msgspec.structs.replace(DENDERLEEUW, ovo="OVO900101"))
    assert two(other).record(SECOND).code == "no_overlap"
    assert register_id("OVO900101") != REGISTER


def test_e5_no_conclusion_before_the_register_was_asked() -> None:
    before = given(ELIGIBILITY).has(f"criteria-{CALL}", LOOKING)
    started = before.when("assessment", FIRST, StartAssessment(call=CALL, dossier=dossier())).recorded()
    admissible = started.when("assessment", FIRST, ConcludeAdmissibility(), by=OFFICIAL).recorded()
    answer = admissible.when("assessment", FIRST, ConcludeEligibility(), by=OFFICIAL)
    answer.refused("E7", "check_missing")
    assert inputs_of(answer)["mandatory"] == [*MANDATORY, "E5D"]


def test_where_the_call_does_not_look_nothing_is_declared() -> None:
    before = given(ELIGIBILITY).has(f"criteria-{CALL}", CRITERIA)
    answer = before.when("assessment", FIRST, StartAssessment(call=CALL, dossier=dossier()))
    assert not [one for one in answer.decision.facts if isinstance(one, CostsDeclared)]


def test_a_file_declares_the_categories_that_it_wants_subsidised() -> None:
    cases = two()
    (declared,) = cases.facts(FIRST, CostsDeclared)
    assert declared.applicant == DENDERLEEUW.ovo
    assert declared.costs == DeclaredCosts(
        neighbourhood="Leeuwbrug", categories=["infrastructure", "personnel"], term=dossier().term
    )


def test_e5_an_answer_is_put_to_the_register_in_the_same_breath() -> None:
    cases = two()
    cases.restate(SECOND, "operating")
    checks = [one.check for one in cases.facts(SECOND, CheckRecorded) if one.check.rule == "E5D"]
    assert [one.code for one in checks] == ["costs_overlap", "no_overlap"]
    assert cases.facts(SECOND, CostsDeclared)[-1].costs.categories == ["operating"]
    assert len(cases.conclude(SECOND).decision.facts) == 1


def test_e5_an_answer_that_still_overlaps_is_told_with_what_is_left() -> None:
    cases = two()
    cases.restate(SECOND, "operating", "personnel")
    assert cases.record(SECOND).inputs["categories"] == ["personnel"]


def test_e5_an_earlier_case_that_takes_costs_in_later_is_told_to_the_other() -> None:
    cases = two(dossier(budget=[line("operating", 62_500_000, 50_000_000)]))
    cases.restate(FIRST, "operating")
    assert cases.record(FIRST).code == "no_overlap"
    assert cases.record(SECOND).inputs["cases"] == [FIRST]


def test_an_answer_that_changes_no_cost_declares_nothing_again() -> None:
    cases = two()
    cases.restate(FIRST, "personnel", "infrastructure")
    assert len(cases.facts(FIRST, CostsDeclared)) == 1


def give_up(cases: Cases, how: str) -> None:
    """The first case comes to nothing."""
    match how:
        case "withdrawn":
            cases.send("assessment", FIRST, LapseAssessment(source=LATER), SERVICE)
        case "ineligible":
            cases.restate(FIRST, "unheard_of", "personnel")
            cases.conclude(FIRST)
        case _:
            cases.hear(decided(GrantRefused))


def decided(kind: type[Any], case: str = FIRST) -> Any:
    """What became of the case at the Government, or afterwards: no more of it than the register asks for."""
    return kind(**(dict.fromkeys(kind.__struct_fields__) | {"call": CALL, "case": case}))


@pytest.mark.parametrize("how", ["withdrawn", "ineligible", "refused by the Government"])
def test_e5_a_case_that_comes_to_nothing_makes_room_for_the_next(how: str) -> None:
    cases = two()
    give_up(cases, how)
    assert cases.record(SECOND).code == "no_overlap"
    assert list(cases.on_record.state(f"register-{REGISTER}").entries) == [SECOND]


def test_e5_an_inadmissible_file_makes_room_too() -> None:
    cases = Cases()
    cases.start(FIRST, dossier(attachments=[]))
    cases.start(SECOND)
    cases.send("assessment", FIRST, ConcludeAdmissibility())
    assert cases.record(SECOND).code == "no_overlap"


def test_e5_of_three_the_second_stands_in_the_way_of_the_third_when_the_first_is_gone() -> None:
    cases = two()
    cases.start(THIRD)
    assert cases.record(THIRD).inputs["cases"] == [FIRST, SECOND]
    give_up(cases, "withdrawn")
    assert (cases.record(SECOND).code, cases.record(THIRD).inputs["cases"]) == ("no_overlap", [SECOND])


def test_a_conclusion_stands_when_the_register_moves() -> None:
    cases = two(dossier(budget=[line("operating", 62_500_000, 50_000_000)]))
    assert cases.conclude(SECOND).fact(DeclaredEligible)
    before = len(cases.on_record.streams[f"assessment-{SECOND}"])
    cases.restate(FIRST, "operating")
    told = [one for one in cases.said if isinstance(one, CostsRegistered)][-1]
    assert [one.case for one in told.found] == [FIRST, SECOND], "the register says so all the same"
    assert len(cases.on_record.streams[f"assessment-{SECOND}"]) == before


def test_what_the_register_knows_is_not_recorded_again() -> None:
    cases = two()
    costs = cases.facts(FIRST, CostsDeclared)[0].costs
    again = RegisterCosts(call=CALL, case=FIRST, applicant=DENDERLEEUW.ovo, costs=costs, source=LATER)
    cases.on_record.when("register", REGISTER, again).nothing()
    gone = RegisterCosts(call=CALL, case=THIRD, applicant=DENDERLEEUW.ovo, costs=None, source=LATER)
    cases.on_record.when("register", REGISTER, gone).nothing()


def test_what_the_register_found_is_checked_once() -> None:
    cases = two()
    known = [Overlap(case=FIRST, call=CALL, categories=["infrastructure", "personnel"])]
    cases.on_record.when("assessment", SECOND, CheckRegister(overlaps=known, source=LATER)).nothing()


def test_the_register_tells_a_new_case_and_only_whom_it_concerns() -> None:
    cases = two()
    first, second = [one for one in cases.said if isinstance(one, CostsRegistered)]
    assert first.found == [CaseOverlaps(case=FIRST, overlaps=[])]
    assert [one.case for one in second.found] == [SECOND]
    assert first.source.position > 0


def test_a_withdrawn_file_says_so_to_the_register() -> None:
    cases = two()
    give_up(cases, "withdrawn")
    last = cases.on_record.streams[f"assessment-{FIRST}"][-2:]
    assert [type(one.fact) for one in last] == [AssessmentLapsed, CostsDeclared]
    assert cases.facts(FIRST, CostsDeclared)[-1].costs is None


ENDS = (GrantRefused, GrantDenied, AwardWaived, ReserveLapsed, DecisionRetracted, DecisionAnnulled)


@pytest.mark.parametrize("end", ENDS)
def test_e5_costs_of_a_case_without_an_award_that_stands_block_no_other(end: type[AnyFact]) -> None:
    cases = two()
    cases.hear(decided(GrantAwarded))
    assert cases.record(SECOND).code == "costs_overlap"
    cases.hear(decided(end))
    assert cases.record(SECOND).code == "no_overlap"
    assert list(cases.on_record.state(f"register-{REGISTER}").entries) == [SECOND]


def test_a_first_award_tells_the_register_nothing_new() -> None:
    cases = two()
    before = len(cases.on_record.streams[f"register-{REGISTER}"])
    cases.hear(decided(GrantAwarded))
    assert len(cases.on_record.streams[f"register-{REGISTER}"]) == before


def test_e5_an_award_that_comes_again_takes_its_costs_back_and_is_then_the_later_one() -> None:
    cases = two()
    for kind in (GrantAwarded, DecisionRetracted, GrantAwarded):
        cases.hear(decided(kind))
    cases.start(THIRD)
    assert cases.record(SECOND).code == "no_overlap"
    assert cases.record(THIRD).inputs["cases"] == [SECOND, FIRST]
    told = [one for one in cases.said if isinstance(one, CostsRegistered) and one.case == FIRST][-1]
    assert [one.case for one in told.found[0].overlaps] == [SECOND], "who took the room came first"


@pytest.mark.parametrize("kind", [*ENDS, GrantAwarded])
def test_a_decision_where_no_register_is_kept_has_nothing_to_tell_it(kind: type[AnyFact]) -> None:
    before = given(ELIGIBILITY).has(f"criteria-{CALL}", CRITERIA)
    started = before.when("assessment", FIRST, StartAssessment(call=CALL, dossier=dossier())).recorded()
    fact, state = decided(kind), started.state(f"assessment-{FIRST}")
    assert not [made for one in REACTIONS if one.on is kind for made in one.react(fact, LATER, state)]


def test_an_admissible_file_keeps_its_place() -> None:
    cases = two()
    cases.send("assessment", FIRST, ConcludeAdmissibility())
    assert cases.facts(FIRST, DeclaredAdmissible)
    assert list(cases.on_record.state(f"register-{REGISTER}").entries) == [FIRST, SECOND]


def test_criteria_say_whether_the_call_looks() -> None:
    assert isinstance(LOOKING, CriteriaAdopted)
    assert LOOKING.eligibility.double_funding != CRITERIA.eligibility.double_funding
