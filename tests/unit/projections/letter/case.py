"""One case from submission to notification, as few facts as a letter needs; every amount in it occurs once."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from events.catalog import AnyFact
from events.codec import Event
from events.eligibility import DeclaredEligible
from events.intake import CallPublished, Coded, Criterion
from events.jury import AdviceAdopted, CriterionReason, ImposedCooperation, Remark
from events.times import end_of_day
from events.vocabulary import BudgetLine, Check, FinancingLine, Party, Text, Written
from tests.unit.projections.samples import CASE, event, sample

OTHERS = [CASE[:-1] + digit for digit in "345"]
APPLICANT = Party(ovo="OVO000777", kbo="0207500123", name="Stad Zonder Naam", nis=None)
REFERENCE, AGENDA = "VR PV 2021/51 – punt 9", "2021-12-17"


def text(words: str) -> Text:
    """Words that differ between the two languages."""
    return Text(nl=f"{words} (in het Nederlands)", en=f"{words} (in English)")


def check(rule: str, outcome: str = "pass") -> Check:
    """A check whose reason names its rule."""
    made: Any = Check(
        rule=rule,
        version=1,
        params={},
        inputs={},
        source_events=[],
        outcome="pass" if outcome == "pass" else "fail",
        code="told",
        reason=text(f"Regel {rule} is getoetst"),
    )
    return made


def published() -> CallPublished:
    """A call with two criteria and one cost category of its own words."""
    call: Any = sample("CallPublished")
    criteria = [
        Criterion(code=code, label=text(f"Criterium {code}"), weight_bp=weight, max_points=10)
        for code, weight in (("vision", 6_050), ("risk", 3_950))
    ]
    terms = replace(
        call.terms,
        criteria=criteria,
        cost_categories=[Coded(code="staff", label=text("Personeelsmiddelen"))],
        jury=replace(call.terms.jury, threshold_bp=6_123),
        decision=replace(call.terms.decision, appeal=text("Beroep bij de Raad van State")),
        legal_basis="Een nota",
    )
    return replace(call, terms=terms)


def submitted() -> AnyFact:
    """Asked: 612,345.67 euro."""
    fact: Any = sample("ApplicationSubmitted", application_version=1)
    content = replace(
        fact.content,
        applicant=APPLICANT,
        project="Het plein",
        neighbourhood="De Wijk",
        requested_cents=61_234_567,
        synthetic=False,
    )
    return replace(fact, content=content)


def eligible() -> DeclaredEligible:
    """Eligible on two checks."""
    fact: Any = sample("DeclaredEligible", checks=[check("E1"), check("E3")])
    return replace(fact)


def advice(**changes: Any) -> AdviceAdopted:
    """Favourable, for 598,765.43 euro, a reason for each criterion."""
    reasons = [
        CriterionReason(criterion="vision", score_bp=7_811, reason=text("De visie overtuigt")),
        CriterionReason(criterion="risk", score_bp=7_222, reason=text("De risico's zijn gekend")),
    ]
    made: Any = sample(
        "AdviceAdopted",
        outcome="favourable",
        proposed_cents=59_876_543,
        score_bp=7_579,
        reasons=reasons,
        report=Written(language="nl", text="Zo heeft de jury beraadslaagd."),
        conditions=[],
        cooperation=[],
        reduction=None,
        answer=None,
        checks=[check("J6"), check("J8")],
    )
    return replace(made, **changes)


def item(case: str, rank: int, proposed: int, **changes: Any) -> Any:
    """A file in the proposal."""
    (own,) = sample("AwardProposalDrafted").items  # type: ignore[union-attr]  # this fact has items
    values = {"code": "fits" if proposed else "envelope_exhausted", "advised_cents": 59_876_543, "score_bp": 7_579}
    left = {"left_before_cents": 100_000_001}
    return replace(own, case=case, rank=rank, proposed_cents=proposed, **{**values, **left, **changes})


def items(proposed: int = 59_876_543) -> list[Any]:
    """Four files, ours third; the two above it get 300,000.02 euro together."""
    return [
        item(OTHERS[0], 1, 10_000_001, score_bp=9_000),
        item(OTHERS[1], 2, 20_000_001, score_bp=8_000),
        item(CASE, 3, proposed),
        item(OTHERS[2], 4, 0, score_bp=6_400),
    ]


def awarded() -> AnyFact:
    """598,765.43 euro, one line of cost."""
    return sample(
        "GrantAwarded",
        beneficiary=APPLICANT,
        project="Het plein",
        neighbourhood="De Wijk",
        amount_cents=59_876_543,
        budget=[BudgetLine(category="staff", amount_cents=77_000_111, subsidy_cents=59_876_543)],
        financing=[
            FinancingLine(source="subsidy", party="Vlaamse Regering", amount_cents=59_876_543),
            FinancingLine(source="own", party="Lokaal bestuur", amount_cents=17_123_568),
        ],
        reference=REFERENCE,
        meeting=AGENDA,
        checks=[check("D2"), check("D5")],
    )


def refused() -> AnyFact:
    """Not awarded: the envelope is exhausted."""
    return sample(
        "GrantRefused",
        applicant=APPLICANT,
        requested_cents=61_234_567,
        code="envelope_exhausted",
        reasons=[text("Het krediet is op")],
        reference=REFERENCE,
        meeting=AGENDA,
        checks=[check("D5")],
    )


def notified(outcome: str, **changes: Any) -> AnyFact:
    """Told, with the routes of appeal."""
    known = {"outcome": outcome, "appeal": text("Beroep bij de Raad van State"), "reference": REFERENCE}
    return sample("ApplicantNotified", **{**known, "appeal_until": end_of_day("2022-02-16"), **changes})


def noticed(outcome: str, reference: str = REFERENCE) -> AnyFact:
    """Told of another outcome."""
    appeal = text("Beroep bij de Raad van State")
    return sample("NoticeGiven", outcome=outcome, appeal=appeal, reference=reference, appeal_until=None)


def wrote(words: str) -> Written:
    """What somebody wrote."""
    return Written(language="nl", text=words)


def reserve() -> list[tuple[str, AnyFact]]:
    """The whole way to the reserve list."""
    placed = sample(
        "PlacedOnReserve",
        applicant=APPLICANT,
        requested_cents=61_234_567,
        advised_cents=59_876_543,
        reasons=[text("Er is nu geen krediet")],
        reference=REFERENCE,
        meeting=AGENDA,
        until=end_of_day("2022-12-17"),
        checks=[check("D5")],
    )
    sat = (AGENDA, sitting("goedgekeurd", AGENDA, proposed=0))
    return [*before_the_government(), sat, (AGENDA, placed), ("2021-12-18", noticed("reserve"))]


def before_the_government() -> list[tuple[str, AnyFact]]:
    """Up to the agenda."""
    return [
        ("2021-03-11", published()),
        ("2021-03-11", sample("EnvelopeSet", amount_cents=400_000_005)),
        ("2021-07-01", submitted()),
        ("2021-07-01", sample("ReceiptAcknowledged", case_number="WVC-2021-ABC123")),
        ("2021-08-01", sample("DeclaredAdmissible", checks=[check("A1")])),
        ("2021-08-02", eligible()),
        ("2021-09-01", advice()),
        ("2021-10-01", ranking()),
        ("2021-10-15", sample("EnvelopeIncreased", amount_cents=760_000_003)),
        ("2021-10-20", sample("AwardProposalDrafted", items=items(), checks=[check("D1"), check("D4")])),
        ("2021-11-08", sample("InspectorateAdviceRecorded", favourable=True, reference="IF 2021/7")),
        ("2021-11-15", sample("BudgetAgreementRecorded", agreed=True, reference="BA 2021/8")),
    ]


def ranking() -> AnyFact:
    """The ranking, with our file in it."""
    (entry,) = sample("RankingFixed").entries  # type: ignore[union-attr]  # this fact has entries
    return sample("RankingFixed", entries=[replace(entry, case=CASE)], checks=[check("J7")])


def sitting(result: str, day: str, proposed: int = 59_876_543) -> AnyFact:
    """A decision of the Government on the four files."""
    return sample(
        "GovernmentDecisionRecorded",
        result=result,
        reference=REFERENCE if result == "goedgekeurd" else "VR PV 2021/50 – punt 3",
        meeting=day,
        items=items(proposed),
        checks=[check("D3")],
    )


def award() -> list[tuple[str, AnyFact]]:
    """The whole way to an award: postponed once, then approved."""
    return [
        *before_the_government(),
        ("2021-12-10", sitting("uitgesteld", "2021-12-10")),
        (AGENDA, sitting("goedgekeurd", AGENDA)),
        (AGENDA, awarded()),
        ("2021-12-18", notified("awarded")),
    ]


def refusal() -> list[tuple[str, AnyFact]]:
    """The whole way to a refusal for want of money."""
    return [
        *before_the_government(),
        (AGENDA, sitting("goedgekeurd", AGENDA, proposed=0)),
        (AGENDA, refused()),
        ("2021-12-18", notified("refused")),
    ]


def events(story: list[tuple[str, AnyFact]]) -> list[Event]:
    """The facts as events, each at noon of its day."""
    return [event(fact, place, f"{day}T11:00:00.000000Z") for place, (day, fact) in enumerate(story, 1)]


HEARD_UNTIL = end_of_day("2021-08-30")


def conditional() -> AdviceAdopted:
    """Favourable for less than was asked, with a cooperation imposed, and an answer to the reply."""
    partner = Party(ovo="OVO000778", kbo="0207500222", name="Stad Hiernaast", nis=None)
    return advice(
        outcome="favourable_with_conditions",
        cooperation=[ImposedCooperation(partner=partner, reason=text("Het plein ligt op de grens"))],
        reduction=text("Drie werkjaren volstaan"),
        answer=text("Het aantal bomen is rechtgezet"),
    )


def provisional(proposed: int = 57_654_321) -> AnyFact:
    """What the jury meant to advise before it heard the applicant."""
    outcome = "favourable_with_conditions"
    return sample("ProvisionalAdviceSent", outcome=outcome, proposed_cents=proposed, due=HEARD_UNTIL)


def replied(*remarks: Remark) -> AnyFact:
    """The applicant's reply within the term."""
    return sample("ApplicantReplied", remarks=list(remarks))


REMARKS = (
    Remark(criterion="vision", text=wrote("Er staan twaalf bomen, geen tien.")),
    Remark(criterion=None, text=wrote("De wijk heet anders.")),
)


def heard(*reply: tuple[str, AnyFact], adopted: AdviceAdopted | None = None) -> list[tuple[str, AnyFact]]:
    """The way to an award in which the applicant was heard before the advice was adopted."""
    story = award()
    place = next(at for at, (_, fact) in enumerate(story) if isinstance(fact, AdviceAdopted))
    return [
        *story[:place],
        ("2021-08-16", provisional()),
        *reply,
        ("2021-09-01", adopted or conditional()),
        *story[place + 1 :],
    ]


def heard_in_time() -> list[tuple[str, AnyFact]]:
    """Heard, with two remarks."""
    return heard(("2021-08-20", replied(*REMARKS)))


def heard_too_late() -> list[tuple[str, AnyFact]]:
    """The term lapsed, and a reply came the day after."""
    received = "2021-08-31T07:30:00.000000Z"
    late = sample("LateReplyRecorded", remarks=list(REMARKS), due=HEARD_UNTIL, received_at=received)
    return heard(("2021-08-31", sample("ReplyTermLapsed", due=HEARD_UNTIL)), ("2021-08-31", late), adopted=advice())
