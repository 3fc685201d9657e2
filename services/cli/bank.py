"""`bank send|receive|parked|close`: payment files to the bank, its reports back, and what somebody has to look at."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from cyclopts import App, Parameter

from events.banking import Listed, Waiting
from events.times import instant
from services.banking.receiving import FileRead
from services.banking.sending import Dispatch
from services.banking.wording import euros
from services.cli.boundary import run
from services.cli.common import Common, Finding, WrongUse, settings_of
from services.cli.output import Out, table
from services.cli.ports import Opens

PLAIN = Common()


@dataclass(frozen=True)
class BankTools:
    """The commands. `bank` opens the bank's side (`services.banking.office.Office`); the program may be running."""

    bank: Opens

    def send(self, *, common: Common = PLAIN) -> int:
        """Write payment files (pain.001.001.09) for every released order that is in none yet."""

        async def work(out: Out) -> None:
            async with self.bank(settings_of(common)) as office:
                done = await office.sending().run()
            out.answer(_sent(done), *_told_sent(done))
            if done.parked:
                raise Finding

        return run(common, work)

    def receive(self, *, common: Common = PLAIN) -> int:
        """Read what the bank left (pain.002, camt.054): each file once, what agrees is acted on, the rest is parked."""

        async def work(out: Out) -> None:
            async with self.bank(settings_of(common)) as office:
                done = await office.receiving().run()
            out.answer({"files": [_read(one) for one in done]}, *_told_read(done))
            if any(one.waiting for one in done):
                raise Finding

        return run(common, work)

    def parked(self, *, closed: Annotated[bool, Parameter(negative="")] = False, common: Common = PLAIN) -> int:
        """Everything about the bank that somebody has to look at.

        Parameters
        ----------
        closed
            Also what was dealt with.
        """

        async def work(out: Out) -> None:
            async with self.bank(settings_of(common)) as office:
                rows = [_row(one) for one in await office.book.listed(closed=closed)]
            shown = [table("Parked", rows, _COLUMNS), *(f"{row['number']}: {row['detail']}" for row in rows)]
            out.answer({"parked": rows}, *(shown if rows else ["Nothing is parked."]))

        return run(common, work)

    def close(
        self,
        number: int,
        /,
        *,
        why: str,
        by: Annotated[str | None, Parameter(show_default=False)] = None,
        common: Common = PLAIN,
    ) -> int:
        """Take something off the list that was dealt with, on record.

        Parameters
        ----------
        number
            As `bank parked` gives it.
        why
            What was done about it, which stays on record.
        by
            Who says so; your account's name unless you say.
        """

        async def work(out: Out) -> None:
            if not why.strip():
                raise WrongUse("--why takes what was done about it: it stays on record.")
            who = by or _account()
            async with self.bank(settings_of(common)) as office:
                if not await office.book.close(number, who, why):
                    raise WrongUse(f"Nothing is parked under {number}: see wijkspoor bank parked.")
            out.answer({"number": number, "by": who, "why": why}, f"{number} is closed, on record as done by {who}.")

        return run(common, work)


def bank_app(bank: Opens) -> App:
    """The four commands as `wijkspoor bank …`."""
    tools = BankTools(bank)
    app = App(name="bank", help="Payment files to the bank, its reports back, and what somebody has to look at.")
    for command in (tools.send, tools.receive, tools.parked, tools.close):
        app.command(command)
    return app


_COLUMNS = ("number", "file", "reason", "amountCents", "stream", "since")


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise WrongUse("--by takes who says so: this account has no name.") from error


def _sent(done: Dispatch) -> dict[str, Any]:
    files = [
        {
            "file": one.name,
            "call": one.call,
            "messageId": one.message_id,
            "transfers": one.transfers,
            "totalCents": one.total_cents,
        }
        for one in done.files
    ]
    return {"files": files, "parked": [_waiting(one) for one in done.parked]}


def _told_sent(done: Dispatch) -> Sequence[str]:
    files = [f"{one.name}: {one.transfers} transfers, {euros(one.total_cents)} euro" for one in done.files]
    return [*(files or ["Nothing waits for the bank."]), *(f"{one.stream}: {one.detail}" for one in done.parked)]


def _read(done: FileRead) -> dict[str, Any]:
    reading = done.reading
    return {
        "file": reading.name,
        "message": reading.message,
        "outcome": reading.outcome,
        "acted": reading.acted,
        "noted": reading.noted,
        "parked": [_waiting(one) for one in done.waiting],
    }


def _told_read(done: Sequence[FileRead]) -> Sequence[str]:
    return [f"{one.reading.name}: {one.note}" for one in done] or ["The bank left nothing."]


def _waiting(one: Waiting) -> dict[str, Any]:
    return {
        "file": one.name,
        "place": one.ordinal,
        "reason": one.reason,
        "detail": one.detail,
        "endToEndId": one.end_to_end_id,
        "amountCents": one.amount_cents,
        "stream": one.stream,
    }


def _row(one: Listed) -> dict[str, Any]:
    row = {"number": one.number, **_waiting(one.waiting), "since": instant(one.since)}
    return row | ({"closedBy": one.closed_by, "why": one.why} if one.closed_by else {})
