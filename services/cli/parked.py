"""`parked list|show|retry|discard`: events that a consumer could not digest, and what to do about them."""

from __future__ import annotations

import asyncio
import base64
import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from cyclopts import App, Parameter

from events import canonical
from events.parking import Parked, Parking, Stuck
from events.times import instant
from projections.views import VIEWS
from services.cli.boundary import run
from services.cli.common import Common, Finding, WrongUse, settings_of
from services.cli.output import Out, pairs, table
from services.cli.ports import Doors, Opens

PLAIN = Common()
POLL_SECONDS = 0.1
LISTED = ("number", "consumer", "stream", "events", "reason", "since")


@dataclass(frozen=True)
class ParkedTools:
    """The commands, over the doors. `parking` opens the stuck list; consumers need not be running."""

    doors: Doors
    parking: Opens

    def list_parked(self, *, consumer: str | None = None, common: Common = PLAIN) -> int:
        """Every stream that a consumer stands still on, with the first event that it cannot digest.

        Parameters
        ----------
        consumer
            Only this one (`react:jury`, `timers`, or a view).
        """

        async def work(out: Out) -> None:
            async with self.parking(settings_of(common)) as parking:
                among = [consumer] if consumer is not None else None
                rows = await _rows(parking, await parking.stuck(among))
                gone = len(await parking.discarded())
            out.answer({"streams": rows, "discarded": gone}, *_listing(rows))

        return run(common, work)

    def show(self, number: int, /, *, common: Common = PLAIN) -> int:
        """One parked event: why it stands still, what stands behind it, and its exact bytes.

        Parameters
        ----------
        number
            As `parked list` gives it.
        """

        async def work(out: Out) -> None:
            async with self.parking(settings_of(common)) as parking:
                parked = await _found(parking, number)
                rest = await parking.of_stream(parked.consumer, parked.event.stream)
            behind = [one.event.position for one in rest if one.event.position > parked.event.position]
            document = _document(parked) | {"behind": behind}
            out.answer(document, pairs(f"Parked event {number}", document), _content(parked))

        return run(common, work)

    def retry(self, number: str, /, *, wait: float = 10.0, common: Common = PLAIN) -> int:
        """Try the stream of a parked event again, in order; a view is rebuilt, for there the order of all counts.

        Parameters
        ----------
        number
            As `parked list` gives it, or `all`.
        wait
            For how many seconds to wait for the outcome.
        """

        async def work(out: Out) -> None:
            settings = settings_of(common)
            async with self.parking(settings) as parking:
                wanted = await _wanted(parking, number)
                for name in sorted({one.consumer for one in wanted} & VIEWS.keys()):
                    with out.progress(f"rebuilding {name}") as move:
                        await self.doors.rebuild(settings, name, move)
                for one in wanted:
                    if one.consumer not in VIEWS:
                        await parking.ask_again(one.consumer, one.stream)
                left = await _waited(parking, wanted, wait)
                rows = await _rows(parking, left)
            waiting = [row for row in rows if row["again"]]
            broken = [row for row in rows if not row["again"]]
            document = {"asked": len(wanted), "broken": broken, "waiting": waiting}
            out.answer(document, *_outcome(len(wanted), broken, waiting))
            if broken:
                raise Finding

        return run(common, work)

    def discard(
        self,
        number: int,
        /,
        *,
        why: str,
        by: Annotated[str | None, Parameter(show_default=False)] = None,
        common: Common = PLAIN,
    ) -> int:
        """Give a parked event up for good, on record; what stands behind it goes on.

        Parameters
        ----------
        number
            As `parked list` gives it.
        why
            The reason, which stays on record.
        by
            Who decides so; your account's name unless you say.
        """

        async def work(out: Out) -> None:
            if not why.strip():
                raise WrongUse("--why takes the reason: it stays on record.")
            who = by or _account()
            async with self.parking(settings_of(common)) as parking:
                parked = await _found(parking, number)
                if not await parking.discard(number, who, why):
                    raise WrongUse(_unknown(number))
            document = {"number": number, "consumer": parked.consumer, "stream": parked.event.stream, "by": who}
            told = f"Event {number} is discarded, on record as decided by {who}."
            if parked.consumer in VIEWS:
                told += f" Run wijkspoor rebuild {parked.consumer} now: the view lacks the events behind it."
            out.answer({**document, "why": why}, told)

        return run(common, work)


def parked_app(doors: Doors, parking: Opens) -> App:
    """The four commands as `wijkspoor parked …`."""
    tools = ParkedTools(doors, parking)
    app = App(name="parked", help="Events that a consumer could not digest, and the streams that stand still for it.")
    app.command(tools.list_parked, name="list")
    app.command(tools.show)
    app.command(tools.retry)
    app.command(tools.discard)
    return app


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise WrongUse("--by takes who decides so: this account has no name.") from error


async def _found(parking: Parking, number: int) -> Parked:
    parked = await parking.find(number)
    if parked is None:
        raise WrongUse(_unknown(number))
    return parked


def _unknown(number: object) -> str:
    return f"There is no parked event {number}: see wijkspoor parked list."


async def _wanted(parking: Parking, number: str) -> Sequence[Stuck]:
    stuck = await parking.stuck()
    if number == "all":
        return stuck
    if not (number.isascii() and number.isdigit()) or (parked := await parking.find(int(number))) is None:
        raise WrongUse(_unknown(number))
    return [one for one in stuck if (one.consumer, one.stream) == (parked.consumer, parked.event.stream)]


async def _waited(parking: Parking, wanted: Sequence[Stuck], seconds: float) -> Sequence[Stuck]:
    """What is left of the wanted when everything was tried, or the time is over."""
    names = {(one.consumer, one.stream) for one in wanted}
    end = asyncio.get_running_loop().time() + seconds
    while True:
        left = [one for one in await parking.stuck() if (one.consumer, one.stream) in names]
        if not any(one.again for one in left) or asyncio.get_running_loop().time() >= end:
            return left
        await asyncio.sleep(POLL_SECONDS)


async def _rows(parking: Parking, stuck: Sequence[Stuck]) -> list[dict[str, Any]]:
    """A row a stream, told by the event at its head."""
    rows = []
    for one in stuck:
        head = next(iter(await parking.of_stream(one.consumer, one.stream)), None)
        if head is not None:
            row = _document(head) | {"events": one.events, "again": one.again, "since": instant(head.parked_at)}
            rows.append({name: value for name, value in row.items() if name not in _BYTES})
    return rows


_BYTES = ("keyId", "signature", "body", "parkedAt")


def _document(parked: Parked) -> dict[str, Any]:
    event = parked.event
    return {
        "number": parked.number,
        "consumer": parked.consumer,
        "stream": event.stream,
        "position": event.position,
        "version": event.version,
        "type": event.type,
        "schemaVersion": event.schema_version,
        "eventId": parked.event_id,
        "traceId": parked.trace,
        "recordedAt": instant(event.recorded_at),
        "reason": parked.reason,
        "detail": parked.detail,
        "parkedAt": instant(parked.parked_at),
        "again": parked.again,
        "keyId": event.key_id,
        "signature": base64.b64encode(event.signature).decode(),
        "body": base64.b64encode(event.body).decode(),
    }


def _content(parked: Parked) -> str:
    """The bytes as people can read them; sealed values stay sealed."""
    try:
        canonical.decode(parked.event.body)
    except canonical.NotCanonical as error:
        return f"Its bytes are not canonical JSON ({error}):\n{parked.event.body[:2_000]!r}"
    return parked.event.body.decode()


def _listing(rows: list[dict[str, Any]]) -> list[Any]:
    if not rows:
        return ["Nothing is parked."]
    return [table("Parked", rows, LISTED), *(f"{row['number']}: {row['detail']}" for row in rows if row["detail"])]


def _outcome(asked: int, broken: list[dict[str, Any]], waiting: list[dict[str, Any]]) -> list[Any]:
    if not asked:
        return ["Nothing is parked."]
    parts: list[Any] = []
    if broken:
        parts += [table("Still broken", broken, LISTED), *(f"{row['number']}: {row['detail']}" for row in broken)]
    if waiting:
        parts.append(f"{len(waiting)} of {asked} wait for their consumer: it tries again when it runs.")
    return parts or [f"{asked} of {asked} go on."]
