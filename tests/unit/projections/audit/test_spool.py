"""What is verified is what is restored: a history is fetched once and kept meanwhile."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from events.history import Unread
from events.store import Recorded
from projections.audit.spool import Spool, Spooled
from tests.unit.events.proof.forge import Forge


@dataclass
class Once:
    """A history that tells something else each time it is read."""

    events: Sequence[Recorded]
    unread: list[Unread] = field(default_factory=list)
    read: int = 0

    async def house(self) -> Sequence[Recorded]:
        return self.events[:1]

    async def pages(self) -> AsyncGenerator[Sequence[Recorded], None]:
        self.read += 1
        for start in range(0, len(self.events), 7):
            yield self.events[start : start + 7]


async def all_of(pages: AsyncGenerator[Sequence[Recorded], None]) -> list[Recorded]:
    return [event async for page in pages for event in page]


async def test_what_was_read_comes_back_to_the_last_bit_and_is_not_fetched_again() -> None:
    history = Once(Forge(3).log(50))
    with Spool() as spool:
        assert await all_of(Spooled(history, spool).pages()) == list(history.events)
        assert await all_of(spool.pages()) == list(history.events)
        assert await all_of(spool.pages()) == list(history.events)
    assert history.read == 1


async def test_a_second_reading_replaces_the_first() -> None:
    history = Once(Forge(3).log(20))
    with Spool() as spool:
        kept = Spooled(history, spool)
        await all_of(kept.pages())
        history.events = Forge(4).log(30)
        await all_of(kept.pages())
        assert await all_of(spool.pages()) == list(history.events)


async def test_it_says_of_itself_what_the_history_says() -> None:
    history = Once(Forge(3).log(5), [Unread("hole", 6, "position 6 stands in no partition")])
    with Spool() as spool:
        kept = Spooled(history, spool)
        assert kept.unread == history.unread
        assert await kept.house() == history.events[:1]
