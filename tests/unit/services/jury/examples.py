"""A call with a jury of four, two files before it, and words to tell what happened."""

from __future__ import annotations

from collections.abc import Sequence

from events.eligibility import AssessedDossier, DeclaredEligible
from events.envelope import Actor
from events.intake import JuryTerms
from events.jury import (
    AdviceAdopted,
    ApplicationAssigned,
    CaseAdmittedToPanel,
    ConsensusReached,
    CriterionScore,
    DeliberationOpened,
    InterestsDeclared,
    PanelComposed,
    PanelMember,
    PanelTermsAdopted,
    RankingEntry,
    RankingFixed,
    ScoreSubmitted,
)
from events.vocabulary import Clear, Party, Period, Source, Text, Written
from services.deciding import derived_id
from services.jury.commands import (
    AdoptAdvice,
    AssignApplication,
    ComposePanel,
    DeclareInterests,
    GivenReason,
    OpenDeliberation,
    RecuseMember,
    Seat,
    SubmitScore,
)
from services.jury.worker import JURY
from tests.given import ROOT, Given, actor
from tests.unit.services.jury.terms import CRITERIA, JURY_TERMS
from tests.unit.services.jury.told import given


def ident(name: str) -> str:
    """A uuid by a name."""
    return derived_id(ROOT, name)


CALL = ident("call")
GENT, GENK = ident("case gent"), ident("case genk")
PANEL, RANKING = f"panel-{CALL}", f"ranking-{CALL}"
CHAIR, ANNA, BORIS, CELIA = ident("chair"), ident("anna"), ident("boris"), ident("celia")
SECRETARY, STRANGER = ident("secretary"), ident("stranger")
CITY_OF_GENT = Party(ovo="OVO900101", kbo="0999000129", name="Stad Gent", nis="44021")
CITY_OF_GENK = Party(ovo="OVO900102", kbo="0999000228", name="Stad Genk", nis="71016")
SOURCE = Source(event_id=ident("source"), position=7)
WORDS = Text(nl="De jury vindt dit overtuigend.", en="The jury finds this convincing.")
REPORT = Written(language="nl", text="Verslag van de beraadslaging.")


def evaluation(case: str) -> str:
    """The stream of a file's evaluation."""
    return f"evaluation-{case}"


def terms_adopted(jury: JuryTerms = JURY_TERMS) -> PanelTermsAdopted:
    return PanelTermsAdopted(call=CALL, cap_cents=80_000_000, criteria=CRITERIA, jury=jury, source=SOURCE)


def seat(person: str, capacity: str = "government", employer: str = "OVO900201") -> Seat:
    return Seat.model_validate(
        {"person": person, "name": "Naam", "employer": employer, "capacity": capacity, "expertise": "planning"}
    )


SEATS = [seat(CHAIR, "external"), seat(ANNA), seat(BORIS, "external"), seat(CELIA, "external", CITY_OF_GENK.ovo)]


def compose(seats: list[Seat] = SEATS, chair: str = CHAIR, secretary: str = SECRETARY) -> ComposePanel:
    return ComposePanel(chair=chair, secretary=secretary, members=seats)


def composed() -> PanelComposed:
    members = [
        PanelMember(
            person=one.person,
            name=Clear(subject=one.person, clear=one.name),
            employer=one.employer,
            capacity=one.capacity,
            expertise=one.expertise,
        )
        for one in SEATS
    ]
    return PanelComposed(call=CALL, chair=CHAIR, secretary=SECRETARY, members=members, checks=[])


def declare(member: str, *organisations: str) -> DeclareInterests:
    return DeclareInterests(member=member, statement="Geen belangen.", organisations=list(organisations))


def declared(member: str, *organisations: str) -> InterestsDeclared:
    statement = Clear(subject=member, clear="Geen belangen.")
    return InterestsDeclared(call=CALL, member=member, statement=statement, organisations=list(organisations))


def admitted(
    case: str = GENT, party: Party = CITY_OF_GENT, submitted: int = 3, partners: Sequence[Party] = ()
) -> CaseAdmittedToPanel:
    return CaseAdmittedToPanel(
        call=CALL,
        case=case,
        applicant=party,
        project="Op de grens",
        requested_cents=80_000_000,
        synthetic=False,
        submission=Source(event_id=ident("submission"), position=submitted),
        partners=list(partners),
        source=SOURCE,
    )


def eligible(case: str = GENT) -> DeclaredEligible:
    dossier = AssessedDossier(
        applicant=CITY_OF_GENT,
        neighbourhood="Rabot",
        project="Op de grens",
        requested_cents=80_000_000,
        budget=[],
        financing=[],
        partners=[],
        term=Period(start="2022-01-01", end="2025-12-31"),
        attachments=[],
        application_version=1,
        synthetic=False,
        source=Source(event_id=ident("submission"), position=3),
    )
    return DeclaredEligible(call=CALL, case=case, checks=[], dossier=dossier)


def panel_ready() -> Given:
    """The panel sits, everybody declared, and two files are before it; Celia works for Genk."""
    declarations = [declared(member) for member in (CHAIR, ANNA, BORIS, CELIA)]
    files = [admitted(), admitted(GENK, CITY_OF_GENK, 5)]
    return given(JURY).has(PANEL, terms_adopted(), composed(), *declarations, *files)


def assign(*members: str) -> AssignApplication:
    return AssignApplication(call=CALL, members=list(members))


def assigned(*members: str, case: str = GENT) -> ApplicationAssigned:
    return ApplicationAssigned(call=CALL, case=case, members=list(members), requested_cents=80_000_000, checks=[])


def recuse(member: str, ground: str = "other") -> RecuseMember:
    return RecuseMember.model_validate({"call": CALL, "member": member, "ground": ground})


def points(quality: int, feasibility: int) -> list[CriterionScore]:
    return [
        CriterionScore(criterion="quality", points=quality),
        CriterionScore(criterion="feasibility", points=feasibility),
    ]


def score(quality: int, feasibility: int) -> SubmitScore:
    return SubmitScore(scores=points(quality, feasibility))


def scored(member: str, quality: int, feasibility: int, case: str = GENT) -> ScoreSubmitted:
    return ScoreSubmitted(call=CALL, case=case, member=member, scores=points(quality, feasibility))


def member(person: str) -> Actor:
    return actor("jury_member", person=person)


def chair(person: str = CHAIR) -> Actor:
    return actor("jury_chair", person=person)


def present(*members: str) -> OpenDeliberation:
    return OpenDeliberation(present=list(members))


def opened(*members: str, case: str = GENT) -> DeliberationOpened:
    return DeliberationOpened(call=CALL, case=case, present=list(members), checks=[])


def agreed(outcome: str = "favourable", case: str = GENT) -> ConsensusReached:
    return ConsensusReached(call=CALL, case=case, outcome=outcome)  # type: ignore[arg-type] -- tests name any outcome


def advise(outcome: str = "favourable", proposed: int = 80_000_000, **changes: object) -> AdoptAdvice:
    fields = {
        "outcome": outcome,
        "proposed_cents": proposed,
        "reasons": [GivenReason(criterion=one.code, reason=WORDS) for one in CRITERIA],
        "report": REPORT,
        "conditions": [],
    }
    return AdoptAdvice.model_validate({**fields, **changes})


def advised(case: str, score_bp: int = 8_000, proposed: int = 80_000_000) -> AdviceAdopted:
    return AdviceAdopted(
        call=CALL,
        case=case,
        outcome="favourable",
        proposed_cents=proposed,
        score_bp=score_bp,
        reasons=[],
        report=REPORT,
        conditions=[],
        cooperation=[],
        reduction=None,
        answer=None,
        checks=[],
    )


def deliberated(outcome: str = "favourable") -> Given:
    """Gent was scored 8/10 and 15/20 by the chair, 9/10 and 14/20 by Anna; the members present agree."""
    return panel_ready().has(
        evaluation(GENT),
        assigned(CHAIR, ANNA, BORIS),
        scored(CHAIR, 8, 15),
        scored(ANNA, 9, 14),
        opened(CHAIR, ANNA, BORIS),
        agreed(outcome),
    )


def ranking_fixed(*cases: str) -> RankingFixed:
    """The ranking as it was fixed over these files."""
    entries = [
        RankingEntry(
            case=case,
            rank=rank,
            score_bp=8_000,
            outcome="favourable",
            proposed_cents=80_000_000,
            requested_cents=80_000_000,
            applicant=CITY_OF_GENK,
            synthetic=False,
            placed_by="score",
        )
        for rank, case in enumerate(cases, 1)
    ]
    return RankingFixed(call=CALL, entries=entries, tie_rule="lower_amount_first", checks=[])
