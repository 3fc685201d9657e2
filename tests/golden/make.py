"""Write the golden file of every fact that has none yet: one real example from the play, ids and keys fixed.

Usage: python -m tests.golden.make        An existing file is never changed: what was stored once must stay readable.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Literal

from events import codec, envelope
from events.application import Request
from events.catalog import AnyFact
from events.decision import (
    CandidateSetAside,
    CandidateSucceeded,
    CandidateWithdrawn,
    ReservationRefused,
    ReservationReleased,
)
from events.eligibility import (
    AssessmentRevised,
    AssessmentSucceeded,
    CaseOverlaps,
    ClarificationTermLapsed,
    CostsDeclared,
    CostsRegistered,
    DeclaredCosts,
    DerogationGranted,
    HumanCheckRecorded,
    Overlap,
)
from events.forms import Answer, PersonalAnswer
from events.intake import (
    ApplicantSucceeded,
    ApplicationLapsed,
    ApplicationReopened,
    AttachmentRefused,
    AttachmentStored,
    CallCancelled,
    CallDeadlineCorrected,
    CaseNoted,
    DecisionNoted,
    DraftStepSaved,
    FormFilled,
    IndividualExtensionGranted,
    LateSubmissionRegistered,
    WithdrawalRefused,
)
from events.jury import CaseLeftPanel, CaseReadmitted, CaseSetAside, CaseSucceeded
from events.payment import (
    AccountRenewed,
    AccountReopened,
    AccountResumed,
    AccountSuspended,
    AccountTermExtended,
    AccountTerminated,
    AwardChanged,
    BankFileHandedOver,
    BankFileMade,
    ClaimPartiallyApproved,
    ClaimRejected,
    ClaimTermLapsed,
    ClaimTermSet,
    CommitmentRaised,
    CommitmentRefused,
    ContestDecided,
    CostReinstated,
    DefaultNoticeGiven,
    FiledTransfer,
    InspectionRecorded,
    Instalment,
    InstalmentMissed,
    InstalmentPlanAgreed,
    InterimDecisionRecorded,
    PaymentOrderCancelled,
    PaymentReturned,
    PaymentWithheld,
    PlannedTranche,
    RecoveryContested,
    RecoveryTransferred,
    RecoveryWaived,
    ReportCorrectionRequested,
    ReportRejected,
    ReportReminded,
    RetentionTermLapsed,
    RetentionTermSet,
    WithholdingReleased,
)
from events.times import deadline, end_of_day
from events.vocabulary import BudgetLine, Check, FinancingLine, Party, Period, Sealed, Source, Text, Written
from services.story.call_2021 import steps
from services.story.player import play
from services.story.script import ident
from tests import comparing
from tests.golden.decisions import DECISIONS
from tests.golden.of_contract import OF_CONTRACT
from tests.golden.of_jury import OF_JURY
from tests.simulation.world import World

CALL, CASE = ident("call", "golden"), ident("case", "golden")
SOURCE = Source(event_id=ident("event", "golden"), position=41)
WHY = Written(language="nl", text="Omdat het zo is (synthetisch).")
E2E = ident("order", "golden").replace("-", "")
DIGEST = "5e" * 32
TERM = Period(start="2022-01-01", end="2024-12-31")
WORDS = Written(language="nl", text="Zo staat het in het dossier.")
CITY = Party(ovo="OVO900109", kbo="0999000921", name="Stad Voorbeeld", nis="71004")
MERGED = Party(ovo="OVO900199", kbo="0999000129", name="Stad Voorbeeld-Buurt", nis="71999")
FIRST, SECOND = deadline("2021-07-10T23:59:59"), deadline("2021-07-19T23:59:59")
REQUEST = Request(
    applicant=CITY,
    neighbourhood="Voorbeeldwijk",
    project="Voorbeeld",
    summary=WORDS,
    themes=["housing"],
    instruments=[],
    requested_cents=50_000_000,
    budget=[BudgetLine(category="personnel", amount_cents=62_500_000, subsidy_cents=50_000_000)],
    financing=[FinancingLine(source="subsidy", party="Vlaanderen", amount_cents=50_000_000)],
    partners=[],
    term=Period(start="2022-01-01", end="2025-12-31"),
    attachments=[],
    synthetic=True,
)
CHECK = Check(
    rule="I4",
    version=1,
    params={"roles": ["admin"]},
    inputs={"role": "admin"},
    source_events=[],
    outcome="pass",
    code="has_authority",
    reason=Text(nl="Heropend.", en="Reopened."),
)
COSTS = DeclaredCosts(
    neighbourhood="Leeuwbrug", categories=["personnel"], term=Period(start="2022-01-01", end="2025-12-31")
)
REASONS = Written(language="nl", text="De gemeente heeft geen andere middelen.")


def _check(rule: str, outcome: Literal["pass", "fail"], code: str, **inputs: str | int) -> Check:
    return Check(
        rule=rule,
        version=1,
        params={},
        inputs=inputs,
        source_events=[SOURCE.event_id],
        outcome=outcome,
        code=code,
        reason=Text(nl="Zo is het.", en="So it is."),
    )


NOT_PLAYED: tuple[AnyFact, ...] = (
    CallDeadlineCorrected(call=CALL, previous=FIRST, deadline=SECOND, reason=WORDS),
    IndividualExtensionGranted(call=CALL, applicants=[CITY.ovo], deadline=SECOND, reason=WORDS),
    CallCancelled(call=CALL, reason=WORDS),
    DraftStepSaved(
        call=CALL,
        case=CASE,
        form_version="2021-03-11",
        step="project",
        answers=[Answer(field="vision", values=["Een wijk waar het goed wonen is."])],
        personal=[],
    ),
    AttachmentStored(
        call=CALL,
        case=CASE,
        kind="financial_plan",
        name="plan.pdf",
        sha256="ef" * 32,
        media_type="application/pdf",
        size_bytes=12_345,
        checks=[],
    ),
    AttachmentRefused(
        call=CALL, case=CASE, kind="financial_plan", name="plan.pdf", sha256="ee" * 32, size_bytes=7, checks=[]
    ),
    FormFilled(
        call=CALL,
        case=CASE,
        application_version=1,
        form_version="2021-03-11",
        answers=[
            Answer(field="vision", values=["Een wijk waar het goed wonen is."]),
            Answer(field="own_share", values=["12500000"]),
            Answer(field="themes", values=["housing", "health"]),
        ],
        answers_sha256="cd" * 32,
        personal=[PersonalAnswer(field="politician", value=Sealed(subject=CASE, nonce="AAAAAAAAAAAAAAAA", ct="AAAA"))],
        drafted=["function"],
    ),
    CaseNoted(call=CALL, case=CASE, source=SOURCE),
    DecisionNoted(call=CALL, reference="VR PV 2021/50 – punt 3", cases=[CASE], source=SOURCE),
    LateSubmissionRegistered(
        call=CALL,
        case=CASE,
        application_version=1,
        content=REQUEST,
        content_sha256="ab" * 32,
        deadline=SECOND,
        submitted_at="2021-07-10T22:00:00.000000Z",
        claims_live_key=True,
        checks=[],
    ),
    WithdrawalRefused(call=CALL, case=CASE, reason=WORDS, checks=[]),
    ApplicationReopened(call=CALL, case=CASE, items=["financial_plan"], reason=WORDS, due=SECOND, checks=[CHECK]),
    ApplicantSucceeded(
        call=CALL,
        case=CASE,
        previous=CITY,
        successor=MERGED,
        merged=[CITY],
        neighbourhood="Voorbeeldwijk",
        effective_at="2021-06-30T22:00:00.000000Z",
        reason=WORDS,
        moves_live_key=True,
        checks=[],
    ),
    ApplicationLapsed(
        call=CALL, case=CASE, applicant=CITY, neighbourhood="Voorbeeldwijk", releases_live_key=True, source=SOURCE
    ),
    CaseSetAside(call=CALL, case=CASE, source=SOURCE),
    CaseReadmitted(
        call=CALL,
        case=CASE,
        applicant=CITY,
        project="Op de grens",
        requested_cents=80_000_000,
        synthetic=False,
        partners=[],
        source=SOURCE,
    ),
    CandidateSetAside(call=CALL, case=CASE, source=SOURCE),
    AssessmentSucceeded(call=CALL, case=CASE, previous=CITY, successor=MERGED, source=SOURCE),
    CaseSucceeded(call=CALL, case=CASE, previous=CITY, successor=MERGED, source=SOURCE),
    CandidateSucceeded(call=CALL, case=CASE, previous=CITY, successor=MERGED, source=SOURCE),
    CaseLeftPanel(call=CALL, case=CASE, source=SOURCE),
    CandidateWithdrawn(call=CALL, case=CASE, source=SOURCE),
    ReservationReleased(call=CALL, case=CASE, amount_cents=80_000_000, attempt=1, reason="withdrawn"),
    ReservationRefused(call=CALL, case=CASE, amount_cents=80_000_000, attempt=1, code="exceeds_balance"),
    *DECISIONS,
    HumanCheckRecorded(
        call=CALL,
        case=CASE,
        code="rooted",
        outcome="pass",
        reasons=REASONS,
        evidence=[],
        judged_by=ident("person", "golden"),
        check=_check("HC", "pass", "judged_met", judged="pass"),
    ),
    ClarificationTermLapsed(call=CALL, case=CASE, rules=["E3"], due=deadline("2021-08-23T23:59:59")),
    AssessmentRevised(
        call=CALL,
        case=CASE,
        previous="inadmissible",
        reference="Inspectieverslag 2021/7",
        reasons=REASONS,
        revised_by=ident("person", "golden"),
        applicant=Party(ovo="OVO900110", kbo="0999001020", name="Gemeente Denderleeuw", nis="41011"),
        neighbourhood="Leeuwbrug",
        claims_live_key=True,
    ),
    CostsDeclared(call=CALL, case=CASE, applicant="OVO900110", costs=COSTS),
    CostsRegistered(
        call=CALL,
        case=CASE,
        applicant="OVO900110",
        costs=COSTS,
        found=[
            CaseOverlaps(
                case=CASE, overlaps=[Overlap(case=ident("case", "other"), call=CALL, categories=["personnel"])]
            )
        ],
        source=SOURCE,
    ),
    DerogationGranted(
        call=CALL,
        case=CASE,
        of_check="E3",
        set_aside=_check("E3", "fail", "too_low_of_subsidy", own_cents=1),
        legal_basis="Besluit van de Vlaamse Regering, art. 7",
        reasons=REASONS,
        granted_by=ident("person", "golden"),
        check=_check("E6", "pass", "set_aside", check="E3"),
    ),
    CommitmentRefused(call=CALL, case=CASE, amount_cents=80_000_000, attempt=1, code="pending_resolved", source=SOURCE),
    PaymentWithheld(call=CALL, case=CASE, withholding=1, tranches=["start"], finding=None, reason=WHY, withheld_by="p"),
    WithholdingReleased(call=CALL, case=CASE, withholding=1, reason=WHY),
    AwardChanged(
        call=CALL,
        case=CASE,
        previous_cents=80_000_000,
        award_cents=60_000_000,
        tranches=[PlannedTranche(code="start", amount_cents=60_000_000, condition="contract_active", report=None)],
        budget=[],
        ground="superseded",
        source=SOURCE,
    ),
    CommitmentRaised(call=CALL, case=CASE, amount_cents=5_000_000, attempt=2),
    AccountTermExtended(call=CALL, case=CASE, term=TERM, source=SOURCE),
    AccountSuspended(call=CALL, case=CASE, ground="inquiry", source=SOURCE),
    AccountResumed(call=CALL, case=CASE, source=SOURCE),
    AccountRenewed(call=CALL, case=CASE, recovered_cents=8_000_000, source=SOURCE),
    AccountTerminated(call=CALL, case=CASE, ground="by_agreement", in_force=True, term=TERM, source=SOURCE),
    AccountReopened(call=CALL, case=CASE, end_to_end_id=E2E, source=SOURCE),
    RetentionTermSet(
        call=CALL,
        case=CASE,
        due=deadline("2036-02-01T23:59:59"),
        selection_rule="Selectieregel 7.3 (synthetisch)",
        destination="destroy",
    ),
    RetentionTermLapsed(call=CALL, case=CASE, destination="destroy"),
    InspectionRecorded(
        call=CALL,
        case=CASE,
        reference="CTP 2024/3 (synthetisch)",
        inspected_on="2024-05-14",
        outcome="positive",
        remarks=WHY,
        document_sha256=DIGEST,
    ),
    InterimDecisionRecorded(
        call=CALL, case=CASE, outcome="continue", reached_bp=2_500, positive_evaluation=False, reason=WHY, checks=[]
    ),
    CostReinstated(
        call=CALL,
        case=CASE,
        finding=1,
        category="personnel",
        amount_cents=10_000,
        subsidy_cents=8_000,
        reason=WHY,
        checks=[],
    ),
    DefaultNoticeGiven(call=CALL, case=CASE, report="final", reason=WHY, due=end_of_day("2026-05-31")),
    ClaimTermSet(call=CALL, case=CASE, tranche="balance", due=end_of_day("2026-06-30")),
    ClaimTermLapsed(call=CALL, case=CASE, tranche="balance", due=end_of_day("2026-06-30")),
    RecoveryContested(call=CALL, case=CASE, recovery="1", reason=WHY),
    ContestDecided(
        call=CALL, case=CASE, recovery="1", outcome="reduced", reduced_cents=4_000, reason=WHY, decided_by="p"
    ),
    InstalmentPlanAgreed(
        call=CALL,
        case=CASE,
        recovery="1",
        plan=1,
        instalments=[Instalment(number=1, due=end_of_day("2026-06-30"), amount_cents=6_000)],
    ),
    InstalmentMissed(call=CALL, case=CASE, recovery="1", plan=1, number=1, missing_cents=6_000),
    RecoveryWaived(
        call=CALL, case=CASE, recovery="1", amount_cents=1_000, reason=WHY, basis="VR (synthetisch)", waived_by="p"
    ),
    RecoveryTransferred(
        call=CALL, case=CASE, recovery="1", amount_cents=5_000, collector="Vlaamse Belastingdienst", reference="R1"
    ),
    ReportReminded(call=CALL, case=CASE, report="final", days=30, due=end_of_day("2026-03-31")),
    ReportCorrectionRequested(call=CALL, case=CASE, report="final", reason=WHY, due=end_of_day("2026-04-30")),
    ReportRejected(call=CALL, case=CASE, report="final", rejected_cents=10_000, reason=WHY, rejected_by="p"),
    ClaimPartiallyApproved(
        call=CALL, case=CASE, tranche="start", claimed_cents=10_000, amount_cents=9_000, reason=WHY, approver="p"
    ),
    ClaimRejected(
        call=CALL, case=CASE, tranche="start", claimed_cents=10_000, evidence=[DIGEST], reason=WHY, rejected_by="p"
    ),
    PaymentReturned(
        call=CALL,
        case=CASE,
        tranche="start",
        attempt=1,
        amount_cents=10_000,
        end_to_end_id=E2E,
        code="AC04",
        value_date="2022-02-01",
    ),
    PaymentOrderCancelled(
        call=CALL,
        case=CASE,
        tranche="start",
        attempt=1,
        amount_cents=10_000,
        end_to_end_id=E2E,
        reason=WHY,
        cancelled_by="p",
    ),
    *OF_JURY,
    *OF_CONTRACT,
    BankFileMade(
        call=CALL,
        number=1,
        message_id=E2E,
        execution="2022-01-17",
        total_cents=10_000,
        transfers=[
            FiledTransfer(
                order=ident("order", "golden"),
                case=CASE,
                tranche="start",
                end_to_end_id=E2E,
                amount_cents=10_000,
                bank_account=1,
                creditor="Stad Genk",
            )
        ],
    ),
    BankFileHandedOver(call=CALL, number=1, message_id=E2E, digest=DIGEST, total_cents=10_000),
)
"""Facts of paths that the play does not take."""

FACTS = Path(__file__).parent / "facts"
END = "2026-12-31T00:00:00.000000Z"


async def examples() -> dict[str, bytes]:
    """`<Type>.v<version>` → the data of its first event in the play."""
    world = World(0)
    await world.begin()
    await play(steps(), world, world.send, now=world.clock.now)
    await world.advance(END)
    found = {
        f"{type(fact).__name__}.v{codec.row_of(fact).schema_version}": bytes(codec.data_of(fact)) for fact in NOT_PLAYED
    }
    for recorded in await comparing.whole_log(world.store):
        frame = envelope.from_bytes(recorded.body)
        found.setdefault(f"{frame.type}.v{frame.schema_version}", bytes(frame.data))
    return found


def main() -> None:
    """Add what is missing."""
    for name, data in asyncio.run(examples()).items():
        path = FACTS / f"{name}.json"
        if not path.exists():
            path.write_bytes(data + b"\n")


if __name__ == "__main__":
    main()
