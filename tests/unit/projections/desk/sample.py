"""A hand-made desk: the eleven awards of the 2021 call as its sources name them, at three moments.

Hasselt and Sint-Niklaas carry synthetic amounts, because no source names theirs; the nine others are invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from events.envelope import Actor
from events.times import deadline
from events.vocabulary import Check, Text, Written
from projections.desk.data import (
    Budget,
    Call,
    Case,
    CaseLine,
    Listing,
    Milestone,
    Money,
    NotReady,
    Shown,
    Step,
    Waiting,
)
from projections.past import Cut

CALL = "018f0000-0000-7000-8000-000000000001"
OFFICIAL = Actor(role="case_handler", organisation="OVO900001", person="p-1")

AWARDS: tuple[tuple[str, str, int, bool], ...] = (
    ("Stad Gent", "WEB – Op de grens Rabot-Blaisantvest", 80_000_000, False),
    ("Stad Genk", "Nieuwe en versterkte aanpak in Waterschei", 80_000_000, False),
    ("Stad Mechelen", "Arsenaal", 80_000_000, False),
    ("Stad Oostende", "Zorgzame buurtrenovatie Westerkwartier", 80_000_000, False),
    ("Stad Vilvoorde", "START-huis", 80_000_000, False),
    ("Stad Brugge", "Zeebrugge: van analyses tot realisaties", 76_800_000, False),
    ("Stad Sint-Niklaas", "Project Sint-Niklaas (synthetisch)", 67_534_700, True),
    ("Stad Hasselt", "Project Hasselt (synthetisch)", 67_534_700, True),
    ("Stad Beringen", "Tuinwijk Beringen-Mijn", 58_000_000, False),
    ("Gemeente Denderleeuw", "Leeuwbrug renoveert", 57_530_600, False),
    ("Stad Dendermonde", "Bijloke", 32_600_000, False),
)
OTHERS: tuple[tuple[str, str, str], ...] = (
    ("Waterhoek", "Samen langs het water", "late"),
    ("Zandbergen", "Een plein voor iedereen", "withdrawn"),
    ("Molenzele", "De molenwijk leeft", "inadmissible"),
    ("Bosrode", "Groene dreven", "ineligible"),
    ("Kapellekouter", "Kouter in beweging", "refused"),
    ("Nieuwmoer", "Nieuw aan het moer", "refused"),
    ("Leiebrugge", "Over de brug", "refused"),
    ("Veldekens", "Veldekens verbindt", "refused"),
    ("Heidelaar", "Huis aan de heide", "refused"),
)
DENDERLEEUW = "018f0000-0000-7000-8000-00000000010a"


def ident(place: int) -> str:
    """The case of an applicant, by its place."""
    return f"018f0000-0000-7000-8000-{0x100 + place:012x}"


def lines(status: str = "active") -> list[CaseLine]:
    """All twenty, the eleven awarded ones in this status."""
    won = [
        CaseLine(
            case=ident(rank),
            call=CALL,
            number=f"WVC-2021-{0xA10000 + rank * 4711:06X}",
            party=party,
            neighbourhood=project.split(":")[0],
            project=project,
            status=status,
            requested_cents=cents,
            awarded_cents=cents,
            synthetic=synthetic,
            rank=rank,
        )
        for rank, (party, project, cents, synthetic) in enumerate(AWARDS, 1)
    ]
    lost = [
        CaseLine(
            case=ident(0x20 + place),
            call=CALL,
            number=None if outcome == "late" else f"WVC-2021-{0xB20000 + place * 977:06X}",
            party=f"Gemeente {party}",
            neighbourhood="Centrum",
            project=project,
            status=outcome,
            requested_cents=40_000_000 + place * 2_500_000,
            awarded_cents=None,
            synthetic=True,
        )
        for place, (party, project, outcome) in enumerate(OTHERS)
    ]
    return [*won, *lost]


EARLY = Money(envelope_cents=400_000_000)
DECIDING = Money(envelope_cents=760_000_000, reserved_cents=760_000_000, awarded_cents=384_000_000)
MIDWAY = Money(
    envelope_cents=760_000_000,
    awarded_cents=760_000_000,
    committed_cents=757_000_000,
    decommitted_cents=3_000_000,
    ordered_cents=16_000_000,
    payable_cents=27_534_700,
    paid_cents=364_400_000,
    offset_cents=2_400_000,
    recovery_ordered_cents=4_800_000,
    recovered_cents=2_400_000,
)
CLOSED = Money(
    envelope_cents=760_000_000,
    awarded_cents=760_000_000,
    committed_cents=757_600_000,
    decommitted_cents=2_400_000,
    paid_cents=757_600_000,
    offset_cents=2_400_000,
    recovery_ordered_cents=2_400_000,
    recovered_cents=2_400_000,
)


def e3(outcome: str, own: int, total: int) -> Check:
    """The own contribution of Denderleeuw: 20 % of the total cost, or not."""
    passes = outcome == "pass"
    return Check(
        rule="E3",
        version=1,
        params={
            "base": "TOTAL_ELIGIBLE_COST",
            "min_rate_bp": 2000,
            "counts_partner_cash": True,
            "counts_in_kind": False,
            "excludes_other_flemish_subsidy": True,
        },
        inputs={"total_cost_cents": total, "subsidy_cents": 57_530_600, "own_cents": own, "required_cents": total // 5},
        source_events=["018f0000-0000-7000-8000-0000000000aa"],
        outcome="pass" if passes else "fail",
        code="enough" if passes else "too_little",
        reason=Text(
            nl=f"Eigen inbreng {own / 100:.2f} euro; nodig is {total / 500:.2f} euro.",
            en=f"Own contribution {own / 100:.2f} euro; {total / 500:.2f} euro is required.",
        ),
    )


def checked(rule: str, nl: str, en: str, **inputs: object) -> Check:
    """A rule that was met."""
    return Check(
        rule=rule,
        version=1,
        params={},
        inputs=inputs,
        source_events=["018f0000-0000-7000-8000-0000000000ab"],
        outcome="pass",
        code="ok",
        reason=Text(nl=nl, en=en),
    )


def step(position: int, at: str, service: str, type_: str, role: str, nl: str, en: str, **more: object) -> Step:
    """One fact, recorded when it happened unless `recorded` says otherwise."""
    when = f"{at}:00.000000Z"
    recorded = str(more.pop("recorded", when))
    made = Step(
        position=position,
        type=type_,
        service=service,
        occurred_at=when,
        recorded_at=recorded,
        role=role,
        told=Text(nl=nl, en=en),
    )
    return replace(made, **more)  # type: ignore[arg-type] -- the tests name fields of Step


HISTORY: tuple[Step, ...] = (
    step(
        41,
        "2021-07-13T08:02",
        "intake",
        "DraftStarted",
        "applicant",
        "Gemeente Denderleeuw begon een aanvraag voor Leeuwbrug.",
        "Gemeente Denderleeuw started an application for Leeuwbrug.",
    ),
    step(
        42,
        "2021-07-13T08:04",
        "intake",
        "ApplicationSubmitted",
        "applicant",
        "Gemeente Denderleeuw diende “Leeuwbrug renoveert” in en vraagt 575.306,00 euro.",
        "Gemeente Denderleeuw submitted “Leeuwbrug renoveert” and asks for 575,306.00 euro.",
        checks=(
            checked(
                "I6",
                "De aanvrager is een gemeente (NIS 41011).",
                "The applicant is a municipality (NIS 41011).",
                nis="41011",
            ),
        ),
    ),
    step(
        61,
        "2021-07-13T08:05",
        "eligibility",
        "CheckRecorded",
        "service",
        "Regel E3 is niet voldaan.",
        "Rule E3 is not met.",
        checks=(e3("fail", 11_506_120, 69_036_720),),
    ),
    step(
        160,
        "2021-08-09T08:00",
        "eligibility",
        "ClarificationRequested",
        "case_handler",
        "Verduidelijking gevraagd over E3, tegen 23 augustus 2021 om 23.59 uur.",
        "Clarification requested on E3, by 23 August 2021 at 23:59.",
        written=(
            Written(
                language="nl",
                text="U rekent 20 % bovenop de subsidie; de oproep vraagt 20 % van de totale "
                "kosten. Hoe vult u dit aan?",
            ),
        ),
    ),
    step(
        162,
        "2021-08-12T13:30",
        "eligibility",
        "ClarificationReceived",
        "applicant",
        "De verduidelijking is ontvangen; gevraagd wordt 575.306,00 euro.",
        "The clarification was received; the request is 575,306.00 euro.",
        recorded="2021-08-13T07:10:00.000000Z",
        written=(Written(language="nl", text="De gemeente verhoogt haar eigen inbreng tot 143.826,50 euro."),),
    ),
    step(
        163,
        "2021-08-12T13:30",
        "eligibility",
        "CheckRecorded",
        "service",
        "Regel E3 is voldaan.",
        "Rule E3 is met.",
        checks=(e3("pass", 14_382_650, 71_913_250),),
    ),
    step(
        210,
        "2021-08-20T07:00",
        "eligibility",
        "DeclaredEligible",
        "case_handler",
        "De aanvraag voldoet aan de voorwaarden van de oproep.",
        "The application meets the conditions of the call.",
        checks=(
            e3("pass", 14_382_650, 71_913_250),
            checked(
                "E1",
                "575.306,00 euro blijft onder het maximum van 800.000,00 euro.",
                "575,306.00 euro stays under the cap of 800,000.00 euro.",
                requested_cents=57_530_600,
                cap_cents=80_000_000,
            ),
        ),
    ),
    step(
        402,
        "2021-10-04T09:00",
        "jury",
        "AdviceAdopted",
        "jury_chair",
        "De jury adviseert gunstig, score 72 %, voorgesteld bedrag 575.306,00 euro.",
        "The jury's advice is favourable, score 72 %, proposed amount 575,306.00 euro.",
        reasons=(
            Text(
                nl="Het partnerschap met de huisvestingsmaatschappij is sterk.",
                en="The partnership with the housing company is strong.",
            ),
            Text(nl="De planning is haalbaar binnen vier jaar.", en="The planning is feasible in four years."),
        ),
    ),
    step(
        440,
        "2021-10-08T09:00",
        "jury",
        "RankingFixed",
        "jury_secretary",
        "Gerangschikt als 10 van 16, score 72 %.",
        "Ranked 10 of 16, score 72 %.",
        checks=(
            checked(
                "J7",
                "Elk dossier staat precies één keer in de rangschikking.",
                "Every file stands in the ranking exactly once.",
            ),
        ),
    ),
    step(
        441,
        "2021-10-08T09:00",
        "decision",
        "AwardProposalDrafted",
        "service",
        "Ontwerpbeslissing 1: 0,00 euro voorgesteld (het krediet is uitgeput); vóór dit dossier was er nog 0,00 euro.",
        "Award proposal 1: 0.00 euro proposed (the envelope is exhausted); 0.00 euro was left before this file.",
    ),
    step(
        470,
        "2021-11-26T10:00",
        "decision",
        "AwardProposalDrafted",
        "service",
        "Ontwerpbeslissing 2: 575.306,00 euro voorgesteld (past volledig); vóór dit dossier was er nog "
        "901.306,00 euro.",
        "Award proposal 2: 575,306.00 euro proposed (fits in full); 901,306.00 euro was left before this file.",
    ),
    step(
        502,
        "2021-12-17T10:00",
        "decision",
        "GovernmentDecisionRecorded",
        "government_secretary",
        "De Vlaamse Regering besliste op 17 december 2021: goedgekeurd; in het voorstel: 575.306,00 euro.",
        "The Flemish Government decided on 17 December 2021: approved; in the proposal: 575,306.00 euro.",
    ),
    step(
        520,
        "2021-12-17T10:00",
        "decision",
        "GrantAwarded",
        "service",
        "Toegekend aan Gemeente Denderleeuw: 575.306,00 euro, rang 10 (VR PV 2021/60 – punt 12).",
        "Awarded to Gemeente Denderleeuw: 575,306.00 euro, rank 10 (VR PV 2021/60 – punt 12).",
        checks=(
            checked(
                "D2",
                "575.306,00 euro is niet meer dan gevraagd en niet meer dan het maximum.",
                "575,306.00 euro is no more than requested and no more than the cap.",
                awarded_cents=57_530_600,
                requested_cents=57_530_600,
                cap_cents=80_000_000,
            ),
        ),
    ),
    step(
        610,
        "2022-01-01T00:00",
        "decision",
        "ContractActivated",
        "service",
        "Het contract loopt van 1 januari 2022 tot en met 31 december 2025.",
        "The contract runs from 1 January 2022 to 31 December 2025.",
    ),
    step(
        700,
        "2022-02-01T09:00",
        "payment",
        "PaymentExecuted",
        "payment_releaser",
        "De bank betaalde 172.591,80 euro van schijf start op 1 februari 2022.",
        "The bank paid 172,591.80 euro of tranche start on 1 February 2022.",
    ),
)  # fmt: skip -- a table of facts

MILESTONES = (
    Milestone(type="CallPublished", at="2021-03-11T08:00:00.000000Z"),
    Milestone(type="CallDeadlineExtended", at="2021-03-22T09:00:00.000000Z"),
    Milestone(type="CallClosed", at="2021-07-19T21:59:59.000000Z"),
    Milestone(type="RankingFixed", at="2021-10-08T09:00:00.000000Z"),
    Milestone(type="EnvelopeIncreased", at="2021-11-26T10:00:00.000000Z"),
    Milestone(type="GovernmentDecisionRecorded", at="2021-12-17T10:00:00.000000Z"),
)
CALL_2021 = Call(
    call=CALL,
    title=Text(nl="Oproep wijkverbeteringscontracten 2021", en="Call for neighbourhood improvement contracts 2021"),
    deadline=deadline("2021-07-19T23:59:59"),
    milestones=MILESTONES,
    synthetic=("budgetArticle", "criteria", "jury", "tranches"),
)
WORK = (
    Waiting(
        case=ident(4),
        party="Stad Oostende",
        turn="applicant",
        todo=Text(nl="verslag indienen (year_2023)", en="submit the report (year_2023)"),
        since="2024-01-01T00:00:00.000000Z",
        due="2024-03-31T21:59:59.000000Z",
        overdue=True,
    ),
    Waiting(
        case=ident(10),
        party="Gemeente Denderleeuw",
        turn="case_handler",
        todo=Text(nl="verslag nazien", en="check the report"),
        since="2024-03-20T09:00:00.000000Z",
    ),
    Waiting(
        case=ident(1),
        party="Stad Gent",
        turn="payment_releaser",
        todo=Text(nl="bankuitvoering bevestigen", en="confirm what the bank did"),
        since="2024-04-02T09:00:00.000000Z",
    ),
    Waiting(
        case=None,
        party="",
        turn="service",
        todo=Text(nl="oproep afsluiten", en="close the call"),
        since="2024-04-03T09:00:00.000000Z",
    ),
)  # fmt: skip -- a table of cases


@dataclass
class Sample:
    """The desk's data by hand; `down` makes every read fail, `seen` notes the cuts that were asked."""

    money: Money = MIDWAY
    down: bool = False
    empty: bool = False
    seen: list[Cut] = field(default_factory=list)

    def _early(self, cut: Cut) -> bool:
        self.seen.append(cut)
        if self.down:
            raise NotReady
        return any(at is not None and at < "2021-07-20" for at in (cut.known_at, cut.as_of))

    def _shown(self, cut: Cut) -> Shown:
        return Shown(position=1_412, known_at=cut.known_at or "2024-04-12T09:30:00.000000Z")

    async def calls(self, viewer: Actor, cut: Cut) -> Sequence[Call]:
        if self.down:
            raise NotReady
        return () if self.empty else (CALL_2021,)

    async def budget(self, viewer: Actor, call: str, cut: Cut) -> Budget | None:
        early = self._early(cut)
        if early and (cut.known_at or cut.as_of or "") < "2021-03-11T08":
            return None
        return Budget(money=EARLY if early else self.money, shown=self._shown(cut))

    async def contracts(self, viewer: Actor, call: str, cut: Cut) -> Listing:
        if self._early(cut):
            early = [replace(line, status="submitted", awarded_cents=None, rank=None) for line in lines()[2:12]]
            return Listing(cases=early, shown=self._shown(cut))
        return Listing(cases=lines(), shown=self._shown(cut))

    async def case(self, viewer: Actor, case: str, cut: Cut) -> Case | None:
        early = self._early(cut)
        line = next((line for line in lines() if line.case == case), None)
        if line is None:
            return None
        if early:
            line = replace(line, status="submitted", awarded_cents=None, rank=None)
            return Case(line=line, money=Money(), shown=self._shown(cut))
        won = line.awarded_cents or 0
        paid = won * 3 // 10
        return Case(
            line=line,
            money=Money(awarded_cents=won, committed_cents=won, paid_cents=paid) if won else Money(),
            shown=self._shown(cut),
            term_start="2022-01-01",
            term_end="2025-12-31",
            decided_on="2021-12-17",
            score_bp=7_200,
            flags=("overdue_report",) if line.party == "Stad Oostende" else (),
        )

    async def timeline(self, viewer: Actor, case: str, cut: Cut) -> Sequence[Step]:
        if self._early(cut):
            return HISTORY[:3]
        return HISTORY if any(line.case == case for line in lines()) else ()

    async def worklist(self, viewer: Actor, call: str, cut: Cut) -> Sequence[Waiting]:
        return () if self._early(cut) else WORK
