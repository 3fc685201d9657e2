"""Write the golden file of every fact that has none yet: one real example from the play, ids and keys fixed.

Usage: python -m tests.golden.make        An existing file is never changed: what was stored once must stay readable.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from events import codec, envelope
from events.catalog import AnyFact
from events.decision import CandidateWithdrawn, ReservationRefused, ReservationReleased
from events.jury import CaseLeftPanel
from events.payment import (
    AccountReopened,
    AccountResumed,
    AccountSuspended,
    AccountTermExtended,
    AccountTerminated,
    AwardChanged,
    ClaimPartiallyApproved,
    ClaimRejected,
    ClaimTermLapsed,
    ClaimTermSet,
    CommitmentRaised,
    CommitmentRefused,
    ContestDecided,
    CostReinstated,
    DefaultNoticeGiven,
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
    WithholdingReleased,
)
from events.times import end_of_day
from events.vocabulary import Period, Source, Written
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
NOT_PLAYED: tuple[AnyFact, ...] = (
    CaseLeftPanel(call=CALL, case=CASE, source=SOURCE),
    CandidateWithdrawn(call=CALL, case=CASE, source=SOURCE),
    ReservationReleased(call=CALL, case=CASE, amount_cents=80_000_000, attempt=1, reason="withdrawn"),
    ReservationRefused(call=CALL, case=CASE, amount_cents=80_000_000, attempt=1, code="exceeds_balance"),
    *DECISIONS,
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
    AccountTerminated(call=CALL, case=CASE, ground="by_agreement", in_force=True, term=TERM, source=SOURCE),
    AccountReopened(call=CALL, case=CASE, end_to_end_id=E2E, source=SOURCE),
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
