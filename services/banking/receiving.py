"""Files of the bank are read once each: what agrees with an order acts on it, what does not waits for somebody.

A file is taken whole or not at all. Its commands go first, each under an id that follows from the file; then the book
says that it was read; then it is put away. A crash at any point is mended by reading the file again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

import structlog

from events.banking import BankBook, BankLine, Outcome, Reading, Waiting
from events.catalog import stream_name
from events.payment import BankFileMade, FiledTransfer
from services.answers import Answer, Denied, Done
from services.banking.judging import Act, Note, Park, Sent, judge, spread
from services.banking.outbox import Outbox
from services.banking.reading import LogReader
from services.banking.reports import Report, Told, read
from services.banking.safely import MOST_BYTES, Unreadable
from services.banking.sending import Clerk
from services.banking.wording import masked
from services.logging import scrub

log = structlog.get_logger()


@dataclass(frozen=True)
class FileRead:
    """What became of one file."""

    reading: Reading
    waiting: Sequence[Waiting]
    note: str


@dataclass
class _Tally:
    """What was done with a file so far."""

    acted: int = 0
    noted: int = 0
    waiting: list[Waiting] = field(default_factory=list)


@dataclass(frozen=True)
class Receiving:
    """Reads what has arrived. `account` is the agency's own: a notice of another one is not for us."""

    reader: LogReader
    clerk: Clerk
    line: BankLine
    book: BankBook
    account: str = field(repr=False)

    async def run(self) -> list[FileRead]:
        """Read every file that waits; StoreUnavailable and CannotRun leave the rest for the next run."""
        done = []
        for name in await self.line.arrived():
            done.append(result := await self._file(name))
            reading = result.reading
            log.info(
                "a file of the bank was read",
                file=_clean(name),
                outcome=reading.outcome,
                acted=reading.acted,
                noted=reading.noted,
                parked=reading.parked,
            )
        return done

    async def _file(self, name: str) -> FileRead:
        content = await self.line.take(name, MOST_BYTES)
        if content is None:
            return await self._unreadable(name, "", Unreadable("no-file", "it is no plain file"))
        digest = sha256(content).hexdigest()
        if before := await self.book.find(digest):
            return await self._again(before, name)
        try:
            report = read(content)
            self._ours(report)
        except Unreadable as why:
            return await self._unreadable(name, digest, why)
        tally = await self._judge_all(report, name, digest)
        reading = self._reading(report, name, digest, tally)
        await self.book.keep(reading, tally.waiting)
        note = f"{reading.message}: {tally.acted} acted on, {tally.noted} noted, {len(tally.waiting)} parked"
        lines = [note, *(f"{one.ordinal}: {one.reason}: {one.detail}" for one in tally.waiting)]
        return await self._put_away(name, FileRead(reading, tally.waiting, "\n".join(lines)), "done")

    async def _again(self, before: Reading, name: str) -> FileRead:
        """Bytes that were read before change nothing. Under the same name it was not put away then; under another one
        somebody may want to know."""
        note = f"the same bytes were read before, as {before.name}"
        if _clean(name) == before.name:
            return await self._put_away(name, FileRead(replace(before, acted=0), (), note), before.outcome)
        waiting = Waiting(before.digest, _clean(name), 0, "read-before", note, None, None, None)
        await self.book.park(waiting)
        reading = replace(before, name=_clean(name), outcome="rejected", acted=0, noted=0, parked=1)
        return await self._put_away(name, FileRead(reading, [waiting], note), "rejected")

    def _ours(self, report: Report) -> None:
        if any(one != self.account for one in report.accounts):
            raise Unreadable("other-account", "the file speaks of an account that is not the agency's")

    async def _judge_all(self, report: Report, name: str, digest: str) -> _Tally:
        outbox, tally = await self.reader.outbox(), _Tally()
        for ordinal, told in enumerate(report.told, 1):
            for each, sent in await self._of_each(told, outbox):
                verdict = sent if isinstance(sent, Park) else judge(each, sent)
                if isinstance(verdict, Act) and isinstance(sent, Sent):
                    verdict = await self._act(verdict, sent, f"{digest}/{ordinal}")
                match verdict:
                    case Act():
                        tally.acted += 1
                    case Note():
                        tally.noted += 1
                    case Park():
                        known = sent if isinstance(sent, Sent) else None
                        tally.waiting.append(_waiting(verdict, each, known, name, digest, ordinal))
        return tally

    async def _of_each(self, told: Told, outbox: Outbox) -> Sequence[tuple[Told, Sent | Park | None]]:
        """What is told of each order: as it stands, or, of a whole file, of each order in it."""
        if told.breadth == "payment":
            found = outbox.find(told.end_to_end_id)
            return [(told, await self._sent(*found) if found else None)]
        made = outbox.files.get(told.message_id or "")
        # What was rejected is in no sum that is booked; a status speaks of all that was sent.
        named = outbox.of_file(told.message_id, standing=told.kind != "status")
        of_file = [await self._sent(made, one) for one in named] if made else []
        over = spread(told, of_file)
        return [(told, over)] if isinstance(over, Park) else over

    async def _sent(self, made: BankFileMade, transfer: FiledTransfer) -> Sent:
        number = await self.reader.iban(transfer.case, transfer.bank_account)
        return Sent(transfer.order, made.message_id, transfer.amount_cents, number)

    async def _act(self, act: Act, sent: Sent, told: str) -> Act | Note | Park:
        purpose = f"{told}/{sent.order}/{act.command.command_name}"
        answer = await self.clerk.send("payment-order", sent.order, act.command, purpose)
        if isinstance(answer, Done) and answer.refusal is None:
            return act if answer.events else Note("known already")
        return Park("refused", f"{act.command.command_name} is not possible now: {_why(answer)}")

    def _reading(self, report: Report, name: str, digest: str, tally: _Tally) -> Reading:
        return Reading(
            digest=digest,
            name=_clean(name),
            message=report.message,
            message_id=_clean(report.message_id),
            outcome="done",
            acted=tally.acted,
            noted=tally.noted,
            parked=len(tally.waiting),
        )

    async def _unreadable(self, name: str, digest: str, why: Unreadable) -> FileRead:
        """Nothing of the file was taken; it goes to the list as a whole."""
        waiting = Waiting(digest, _clean(name), 0, why.reason, str(why), None, None, None)
        reading = Reading(digest, _clean(name), "", "", "rejected", 0, 0, 1)
        if digest:
            await self.book.keep(reading, [waiting])
        else:
            await self.book.park(waiting)
        return await self._put_away(name, FileRead(reading, [waiting], f"{why.reason}: {why}"), "rejected")

    async def _put_away(self, name: str, result: FileRead, outcome: Outcome) -> FileRead:
        await self.line.settle(name, outcome, result.note)
        return result


def _waiting(park: Park, told: Told, sent: Sent | None, name: str, digest: str, ordinal: int) -> Waiting:
    return Waiting(
        digest=digest,
        name=_clean(name),
        ordinal=ordinal,
        reason=park.reason,
        detail=park.detail,
        end_to_end_id=None if told.end_to_end_id is None else _clean(told.end_to_end_id),
        amount_cents=told.cents,
        stream=stream_name("payment-order", sent.order) if sent else None,
    )


def _why(answer: Answer) -> str:
    if isinstance(answer, Denied):
        return f"{answer.refusal.rule} {answer.refusal.code} {dict(answer.refusal.inputs)}"
    return type(answer).__name__


def _clean(text: str) -> str:
    return masked(scrub(text))
