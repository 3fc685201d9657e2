"""What a letter says follows from the facts alone, and stays as it was when the decision was taken."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from events.catalog import FACT_TYPES
from events.vocabulary import BudgetLine
from projections.letter.evolve import letter
from projections.letter.model import Letter
from tests.unit.projections.letter import case
from tests.unit.projections.samples import CASE, event, sample


def told(story: list[Any]) -> Letter:
    made = letter(CASE, case.events(story))
    assert made is not None
    return made


def test_d5_an_award_is_told_with_what_it_rests_on() -> None:
    made = told(case.award())
    assert (made.outcome, made.addressee, made.reference, made.meeting) == (
        "awarded",
        case.APPLICANT,
        case.REFERENCE,
        case.AGENDA,
    )
    assert made.grant is not None
    assert made.grant.amount_cents == 59_876_543
    assert [one.nl for one in made.reasons] == ["Regel D5 is getoetst (in het Nederlands)"]
    assert made.advice is not None
    assert [one.criterion for one in made.advice.reasons] == ["vision", "risk"]
    assert made.envelope_cents == 760_000_003
    assert made.inspectorate is not None
    assert made.agreement is not None
    assert (made.inspectorate.reference, made.agreement.reference) == ("IF 2021/7", "BA 2021/8")
    assert [one.result for one in made.sittings] == ["uitgesteld", "goedgekeurd"]


def test_every_check_of_every_stage_is_in_the_letter() -> None:
    made = told(case.award())
    assert [(one.stage, one.check.rule) for one in made.checks] == [
        ("eligibility", "E1"),
        ("eligibility", "E3"),
        ("advice", "J6"),
        ("advice", "J8"),
        ("ranking", "J7"),
        ("proposal", "D1"),
        ("proposal", "D4"),
        ("government", "D3"),
        ("decision", "D2"),
        ("decision", "D5"),
    ]


def test_d5_a_refusal_has_its_reasons_and_no_grant() -> None:
    made = told(case.refusal())
    assert (made.outcome, made.grant) == ("refused", None)
    assert [one.en for one in made.reasons] == ["Het krediet is op (in English)"]
    assert made.place is not None
    assert (made.place.rank, made.place.files, made.place.before_cents) == (3, 4, 30_000_002)
    assert (made.place.proposed_files, made.place.last_rank, made.place.last_score_bp) == (2, 2, 8_000)


def test_d5_the_term_of_appeal_starts_at_the_notification() -> None:
    made = told(case.award())
    assert made.notice is not None
    assert made.notice.at == "2021-12-18T11:00:00.000000Z" == made.dated
    assert made.notice.appeal.nl.startswith("Beroep bij de Raad van State")


def test_before_the_notification_there_is_only_a_draft() -> None:
    made = told(case.award()[:-1])
    assert made.notice is None
    assert made.dated == made.decided_at == f"{case.AGENDA}T11:00:00.000000Z"


def test_a_notification_of_another_outcome_says_nothing_of_this_decision() -> None:
    assert told([*case.award()[:-1], ("2021-12-18", case.notified("refused"))]).notice is None


def test_nothing_decided_no_letter() -> None:
    for end in range(len(case.before_the_government()) + 1):
        assert letter(CASE, case.events(case.before_the_government()[:end])) is None


def test_what_comes_after_the_decision_does_not_change_its_letter() -> None:
    before = told(case.award())
    later = [
        ("2022-02-01", sample("EnvelopeIncreased", amount_cents=1)),
        ("2022-02-02", case.advice(outcome="unfavourable", proposed_cents=0)),
        ("2022-02-03", sample("InspectorateAdviceRecorded", favourable=False)),
        ("2022-02-04", case.sitting("ingetrokken", "2022-02-04")),
    ]
    assert told([*case.award(), *later]) == before


def test_a_new_proposal_needs_its_advice_and_agreement_anew() -> None:
    again = ("2021-12-01", sample("AwardProposalDrafted", items=case.items(), checks=[case.check("D1")]))
    made = told([*case.before_the_government(), again, (case.AGENDA, case.awarded())])
    assert (made.inspectorate, made.agreement) == (None, None)


def test_a_proposal_without_this_file_is_passed_over() -> None:
    strange = [replace(one, case=one.case[:-1] + "9") for one in case.items()]
    facts = [sample("AwardProposalDrafted", items=strange), sample("GovernmentDecisionRecorded", items=strange)]
    made = told([*case.award()[:-2], *(("2021-12-17", fact) for fact in facts), *case.award()[-2:]])
    assert made.inspectorate is not None
    assert [one.result for one in made.sittings] == ["uitgesteld", "goedgekeurd"]
    assert made.place is not None
    assert made.place.rank == 3


def test_a_clarification_that_restates_the_amount_counts() -> None:
    story = case.award()
    story.insert(5, ("2021-07-20", sample("ClarificationReceived", requested_cents=60_000_009)))
    assert told(story).application.requested_cents == 60_000_009


@pytest.mark.parametrize(
    ("name", "outcome"), [("DeclaredInadmissible", "inadmissible"), ("DeclaredIneligible", "ineligible")]
)
def test_e7_who_fails_the_conditions_is_told_which(name: str, outcome: str) -> None:
    checks = [case.check("A1"), case.check("E2", "fail")]
    turned = ("2021-08-02", sample(name, applicant=case.APPLICANT, checks=checks))
    made = told([*case.before_the_government()[:4], turned])
    assert (made.outcome, made.grant, made.advice, made.place) == (outcome, None, None, None)
    assert [one.nl for one in made.reasons] == ["Regel E2 is getoetst (in het Nederlands)"]
    assert [one.check.rule for one in made.checks] == ["A1", "E2"]
    assert made.notice is not None
    assert made.notice.at is None, "no fact says when the applicant was told"


def test_the_last_decision_is_the_one_that_is_told() -> None:
    again = [("2022-03-01", case.awarded()), ("2022-03-02", case.notified("awarded"))]
    made = told([*case.refusal(), *again])
    assert (made.outcome, made.position) == ("awarded", len(case.refusal()) + 1)
    assert [one.code for one in made.steps][-2:] == ["refused", "awarded"]


def test_d5_a_notice_of_another_decision_is_not_that_of_this_one() -> None:
    other = ("2021-12-18", case.notified("awarded", reference="VR PV 2020/1 – punt 1"))
    assert told([*case.award()[:-1], other]).notice is None


def test_d5_the_last_day_of_appeal_is_told() -> None:
    made = told(case.award())
    assert made.notice is not None
    assert made.notice.until is not None
    assert made.notice.until.local == "2022-02-16T23:59:59"


def test_d5_a_place_on_the_reserve_list_is_told_with_its_end() -> None:
    made = told(case.reserve())
    assert (made.outcome, made.grant, made.reference) == ("reserve", None, case.REFERENCE)
    assert made.reserve_until is not None
    assert made.reserve_until.local == "2022-12-17T23:59:59"
    assert made.notice is not None


def test_d5_a_reserve_list_that_lapsed_is_a_refusal_with_reasons() -> None:
    lapsed = sample("ReserveLapsed", applicant=case.APPLICANT, reference=case.REFERENCE, reasons=[case.text("Voorbij")])
    made = told([*case.reserve(), ("2022-12-18", lapsed), ("2022-12-19", case.notified("refused"))])
    assert (made.outcome, [one.nl for one in made.reasons]) == ("lapsed", ["Voorbij (in het Nederlands)"])
    assert made.notice is not None


def test_d4_a_departure_is_told_with_reasons_of_its_own() -> None:
    departed = sample("DepartureReasoned", case=CASE, reference=case.REFERENCE, reasons=case.wrote("De wijk wacht al."))
    elsewhere = sample("DepartureReasoned", case=case.OTHERS[0], reasons=case.wrote("Een andere wijk."))
    story = [*case.refusal()[:-2], (case.AGENDA, elsewhere), (case.AGENDA, departed)]
    denied = sample(
        "GrantDenied",
        applicant=case.APPLICANT,
        code="departed",
        reasons=[case.text("Anders dan het advies")],
        motivation=case.wrote("Er is al een project."),
        reference=case.REFERENCE,
        meeting=case.AGENDA,
        checks=[case.check("D4")],
    )
    made = told([*story, (case.AGENDA, denied), ("2021-12-18", case.notified("refused"))])
    assert (made.outcome, made.notice is not None) == ("refused", True)
    assert [one.text.text for one in made.motives] == ["De wijk wacht al.", "Er is al een project."]
    assert [one.check.rule for one in made.checks if one.stage == "decision"] == ["D4"]


def test_d6_a_decision_that_replaces_another_names_it_and_why() -> None:
    later = "VR PV 2022/3 – punt 2"
    why = case.wrote("Een fout.")
    replaced = sample("DecisionSuperseded", replaced=case.REFERENCE, reference=later, reasons=why)
    sat = sample("GovernmentDecisionRecorded", result="goedgekeurd", reference=later, items=case.items())
    again = msgspec.structs.replace(case.awarded(), reference=later)
    made = told([*case.refusal(), ("2022-01-20", sat), ("2022-01-21", replaced), ("2022-01-21", again)])
    assert (made.outcome, made.replaces, made.reference) == ("awarded", case.REFERENCE, later)
    assert [(one.kind, one.text.text) for one in made.motives] == [("superseded", "Een fout.")]
    after = told([*case.award(), ("2022-01-21", replaced), ("2022-01-21", again), ("2022-02-01", case.refused())])
    assert (after.replaces, after.motives) == (None, []), "reasons are told once, of their own decision"


def test_d6_what_a_new_decision_does_to_the_money_does_not_hide_whom_it_replaces() -> None:
    later, line = "VR PV 2022/3 – punt 2", BudgetLine(category="staff", amount_cents=50, subsidy_cents=40)
    replaced = sample("DecisionSuperseded", replaced=case.REFERENCE, reference=later, reasons=case.wrote("Een fout."))
    adjusted = sample("AwardAdjusted", amount_cents=40, budget=[line], code="superseded", reference=later)
    again = msgspec.structs.replace(case.awarded(), amount_cents=40, budget=[line], reference=later)
    made = told([*case.award(), *(("2022-01-21", fact) for fact in (replaced, adjusted, again))])
    assert made.grant is not None
    assert (made.grant.amount_cents, made.replaces, made.notice) == (40, case.REFERENCE, None)
    assert [one.text.text for one in made.motives] == ["Een fout."]


def test_d6_a_retraction_is_told_to_who_had_the_decision() -> None:
    gone = sample("DecisionRetracted", retracted=case.REFERENCE, reference="MB 2022/9", reasons=case.wrote("Op vraag."))
    made = told([*case.award(), ("2022-01-21", gone), ("2022-01-22", case.noticed("retracted", "MB 2022/9"))])
    assert (made.outcome, made.addressee, made.replaces) == ("retracted", case.APPLICANT, case.REFERENCE)
    assert made.notice is not None
    assert letter(CASE, case.events([*case.before_the_government(), ("2022-01-21", gone)])) is None


def test_steps_come_in_the_order_of_the_log() -> None:
    steps = told(case.award()).steps
    assert [one.code for one in steps] == [
        "submitted",
        "acknowledged",
        "admissible",
        "eligible",
        "advised",
        "ranked",
        "proposed",
        "inspected",
        "agreed",
        "uitgesteld",
        "goedgekeurd",
        "awarded",
    ]
    assert all(one.position < other.position for one, other in pairwise(steps))


@pytest.mark.parametrize("name", sorted(FACT_TYPES))
def test_the_fold_takes_any_fact_on_its_own(name: str) -> None:
    assert letter(CASE, [event(sample(name))]) is None


@pytest.mark.parametrize("name", sorted(FACT_TYPES))
def test_the_fold_takes_any_fact_after_a_decision(name: str) -> None:
    assert letter(CASE, [*case.events(case.award()), event(sample(name), 99)]) is not None
