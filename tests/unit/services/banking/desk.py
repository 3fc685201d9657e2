"""A world, the folder to its bank, and the ways in which a test plays the bank."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mockbank import messages

from events import codec
from events.adapters.memory_banking import MemoryBook, MemoryLine
from events.payment import BankFileMade
from services.banking.office import Office
from services.banking.pain001 import Debtor
from services.banking.reading import LogReader
from services.banking.receiving import FileRead
from services.banking.sending import Clerk, Dispatch
from tests import comparing
from tests.bank_messages import AGENCY
from tests.simulation.world import World


@dataclass
class Desk:
    """The agency's side, in memory."""

    world: World
    line: MemoryLine = field(default_factory=MemoryLine)
    book: MemoryBook = field(default_factory=MemoryBook)

    @property
    def office(self) -> Office:
        """What sends and receives, of the process that lives now."""
        clerk = Clerk(self.world.handler, self.world.clock, "OVO900001")
        debtor = Debtor("Agentschap Binnenlands Bestuur", AGENCY)
        return Office(LogReader(self.world.store, self.world.vault), clerk, self.book, self.line, debtor)

    async def send(self) -> Dispatch:
        """One run."""
        return await self.office.sending().run()

    async def receive(self, *contents: bytes) -> list[FileRead]:
        """The bank leaves files, and they are read."""
        for number, content in enumerate(contents, 1):
            self.line.incoming[f"{number}.xml"] = content
        return await self.office.receiving().run()

    async def facts(self, *names: str) -> list[Any]:
        """The facts of these types."""
        log = await comparing.whole_log(self.world.store)
        return [codec.read(one).fact for one in log if one.type in names]

    async def made(self) -> BankFileMade:
        """The last payment file."""
        found: BankFileMade = (await self.facts("BankFileMade"))[-1]
        return found

    def sent(self) -> list[Any]:
        """The payments of every file that was given to the bank, as an independent reader finds them."""
        return [one for content in self.line.outgoing.values() for one in messages.read_pain001(content).payments]

    async def reasons(self) -> list[str]:
        """What waits for somebody, by reason."""
        return [row.waiting.reason for row in await self.book.listed()]
