"""The page of the live monitor, and where it gets its figures: from the monitor, or else from the tail of the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import httpx2
from fastapi import Response
from msgspec import DecodeError

from events.envelope import Actor
from events.store import StoreUnavailable
from projections.desk.columns import Columns, columns
from projections.desk.data import DeskData, NotReady
from projections.desk.monitor_words import span, tenths
from projections.desk.pages import Visit, render
from projections.monitor.figures import Burn, Day, Figures, from_json
from projections.monitor.tail import TailMonitor
from projections.past import Cut
from projections.roles import JURY, OWN_ONLY

PATIENCE_SECONDS = 2.0
BARRED = OWN_ONLY | JURY | {"subscriber"}
"""The figures are about all cases at once: they are for the agency and for those who audit it."""


@dataclass(frozen=True, slots=True)
class Look:
    """The figures now; `live` when the monitor itself told them."""

    figures: Figures
    live: bool


class MonitorData(Protocol):
    """Where the page gets its figures."""

    async def look(self) -> Look | None:
        """The figures; None when nobody can tell them now."""


class NoMonitor:
    """A desk that was given no figures."""

    async def look(self) -> Look | None:
        """None."""
        return None


NO_MONITOR = NoMonitor()


class TailOnly:
    """The profile `single`: there is no monitor, and the tail tells what it can."""

    def __init__(self, tail: TailMonitor) -> None:
        self._tail = tail

    async def look(self) -> Look | None:
        """As the port says."""
        try:
            return Look(await self._tail.figures(), live=False)
        except StoreUnavailable:
            return None


class MonitorOrTail:
    """The cluster: the monitor at this address (`http://host:port`), and the tail while it does not answer."""

    def __init__(self, address: str, tail: TailMonitor, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._client = httpx2.AsyncClient(
            base_url=address, timeout=PATIENCE_SECONDS, trust_env=False, transport=transport
        )
        self._tail = TailOnly(tail)

    async def look(self) -> Look | None:
        """As the port says."""
        try:
            answer = await self._client.get("/figures")
            answer.raise_for_status()
            return Look(from_json(answer.content), live=True)
        except (httpx2.HTTPError, DecodeError):
            return await self._tail.look()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def may_look(who: Actor) -> bool:
    """Whether this role sees figures about all cases."""
    return who.role not in BARRED


async def monitor_page(data: DeskData, monitor: MonitorData, who: Actor, v: Visit) -> Response:
    """The page; 503 with an explanation when there are no figures at all."""
    look = await monitor.look()
    if look is None:
        raise NotReady
    figures = look.figures
    return render(
        "monitor.html",
        v,
        live=look.live,
        figures=figures,
        fresh=figures.freshness,
        services=[one for one in figures.services if one.service != "log"],
        names=await _names(data, who, {one.call for one in figures.ageing.oldest if one.call}),
        day_columns=day_columns(figures.days),
        age_columns=columns({"cases": list(figures.ageing.classes.values())}),
        ages=ages(figures.ageing.classes),
        span=lambda ms: span(ms, v.language),
        tenths=lambda hundredths: tenths(hundredths, v.language),
        budgets=[(one, month_columns(one)) for one in figures.budget],
    )


async def _names(data: DeskData, who: Actor, calls: Iterable[str]) -> Mapping[str, str]:
    """Case → who asked, as far as the viewer sees it and the views are there."""
    try:
        listings = [await data.contracts(who, call, Cut()) for call in sorted(calls)]
    except NotReady:
        return {}
    return {line.case: line.party for listing in listings for line in listing.cases}


def day_columns(days: Sequence[Day]) -> Columns:
    """Events and refusals a day."""
    return columns({"events": [sum(day.events.values()) for day in days], "refused": [day.refused for day in days]})


def month_columns(burn: Burn) -> Columns:
    """Committed and paid in thirty days each."""
    return columns(
        {
            "committed": [month.committed_cents for month in burn.months],
            "paid": [month.paid_cents for month in burn.months],
        }
    )


def ages(classes: Mapping[str, int]) -> Sequence[tuple[int, int | None, int]]:
    """From how many days, below how many (None: no bound), how many cases."""
    bounds = sorted(int(bound) for bound in classes)
    return [(lower, upper, classes[str(lower)]) for lower, upper in zip(bounds, [*bounds[1:], None], strict=True)]
