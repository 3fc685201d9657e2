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
from events.payment import CommitmentRefused
from events.vocabulary import Source
from services.story.call_2021 import steps
from services.story.player import play
from services.story.script import ident
from tests import comparing
from tests.simulation.world import World

CALL, CASE = ident("call", "golden"), ident("case", "golden")
SOURCE = Source(event_id=ident("event", "golden"), position=41)
NOT_PLAYED: tuple[AnyFact, ...] = (
    CaseLeftPanel(call=CALL, case=CASE, source=SOURCE),
    CandidateWithdrawn(call=CALL, case=CASE, source=SOURCE),
    ReservationReleased(call=CALL, case=CASE, amount_cents=80_000_000, attempt=1, reason="withdrawn"),
    ReservationRefused(call=CALL, case=CASE, amount_cents=80_000_000, attempt=1, code="exceeds_balance"),
    CommitmentRefused(call=CALL, case=CASE, amount_cents=80_000_000, attempt=1, code="pending_resolved", source=SOURCE),
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
    found = {f"{type(fact).__name__}.v1": bytes(codec.data_of(fact)) for fact in NOT_PLAYED}
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
