"""Write what the public set promises: an example of each type from the play, the schemas made from the models, and a
short feed that shows what each attribute and field is made from.

Usage: python -m tests.golden.make_public

Examples and feed, once written, are never changed. A schema is rewritten only for what the gate allows: for anything
else, make a new major version.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from events import canonical, codec
from events.catalog import FACT_TYPES, AnyFact
from events.codec import Event
from events.decision import GovernmentDecisionRecorded
from events.public import schemas
from events.public.asyncapi import EXAMPLES, document
from events.public.cloudevent import joined
from events.public.gate import breaks
from projections.past import refold
from projections.public_events.evolve import PUBLIC, PublicRow
from services.story.call_2021 import steps
from services.story.player import play
from services.story.script import ident
from tests import comparing
from tests.golden.make import CASE, END, FACTS
from tests.simulation.world import World
from tests.unit.projections.samples import event

GOLDEN = Path(__file__).parent / "public"
ASYNCAPI = GOLDEN / "asyncapi.json"
FEED = GOLDEN / "feed.jsonl"
LIFE = """
    KeyRegistered CallPublished CallOpened CallDeadlineExtended EnvelopeSet EnvelopeIncreased DraftStarted
    ApplicationSubmitted ReceiptAcknowledged CallClosed DeclaredAdmissible ClarificationReceived DeclaredEligible
    ScoreSubmitted AdviceAdopted GovernmentDecisionRecorded GrantAwarded ApplicantNotified FundsCommitted
    ContractActivated PaymentExecuted ReportAccepted BudgetShifted BeneficiarySucceeded ContractCompleted
    RecoveryOrdered RecoveryOffset RepaymentReceived FundsDecommitted FinalAccountSettled ContractClosed
    ApplicationWithdrawn DeclaredInadmissible DeclaredIneligible GrantRefused
    EnvelopeDecreased GrantDenied
    PlacedOnReserve ReserveLapsed AwardWaived AwardAdjusted DecisionSuperseded DecisionRetracted
    DecisionSuspended SuspensionLifted DecisionAnnulled
    CallDeadlineCorrected CallCancelled
    TermExtended ContractSuspended ContractResumed AmendmentApproved ContractTerminated
"""
"""Every fact that is told, and a few that are not, as if they had happened to one case; each from its golden file."""
IN_FORCE = """
    KeyRegistered ApplicationSubmitted ReceiptAcknowledged GrantAwarded ApplicantNotified FundsCommitted
    ContractActivated PaymentExecuted
    TermExtended ContractSuspended ContractResumed AmendmentApproved ContractTerminated
"""
"""A contract that is in force still when it changes: examples of that are clearer from here than from LIFE."""


async def log() -> list[Event]:
    """The whole story."""
    world = World(0)
    await world.begin()
    await play(steps(), world, world.send, now=world.clock.now)
    await world.advance(END)
    return [codec.read(recorded) for recorded in await comparing.whole_log(world.store)]


def told(events: list[Event]) -> list[PublicRow]:
    """The public events of a log, in order."""
    rows = refold(PUBLIC, events).values()
    return sorted((row for row in rows if row.kind == "event"), key=lambda row: row.sequence)


def feed() -> bytes:
    """The public events of LIFE, a line each."""
    return b"".join(joined(row.head, row.data) + b"\n" for row in told(_life(LIFE)))


def _life(names: str) -> list[Event]:
    return [_once(name, position) for position, name in enumerate(names.split(), 1)]


def _once(name: str, position: int) -> Event:
    row = FACT_TYPES[name]
    body = (FACTS / f"{name}.v{row.schema_version}.json").read_bytes()
    fact: AnyFact = msgspec.json.decode(body, type=row.model)
    if hasattr(fact, "case"):
        fact = msgspec.structs.replace(fact, case=CASE)
    if isinstance(fact, GovernmentDecisionRecorded):
        fact = msgspec.structs.replace(fact, result="goedgekeurd")
    one = event(fact, position)
    causes = {"event_id": ident("event", str(position)), "causation_id": ident("event", str(position - 1))}
    return Event(position, one.recorded_at, msgspec.structs.replace(one.envelope, **causes), fact)


def golden() -> dict[str, Any]:
    """The schemas as they were promised, by type."""
    files = sorted(GOLDEN.glob("*.schema.json"))
    return {path.name.removesuffix(".schema.json"): json.loads(path.read_bytes()) for path in files}


def main() -> int:
    """Add what is missing; 1 if something promised would break."""
    # What the play does not take has its example from a life.
    for row in (*told(asyncio.run(log())), *told(_life(IN_FORCE)), *told(_life(LIFE))):
        path = EXAMPLES / f"{row.type}.json"
        if not path.exists():
            event = canonical.encode(json.loads(joined(row.head, row.data)))
            path.write_bytes(msgspec.json.format(event, indent=2) + b"\n")
    made = schemas.schemas()
    if found := breaks(golden(), made):
        sys.stdout.write("".join(f"{line}\n" for line in found))
        return 1
    for name, one in made.items():
        (GOLDEN / f"{name}.schema.json").write_bytes(schemas.pretty(one))
    ASYNCAPI.write_bytes(schemas.pretty(document()))
    if feed().startswith(FEED.read_bytes()):
        FEED.write_bytes(feed())
    return 0


if __name__ == "__main__":
    sys.exit(main())
