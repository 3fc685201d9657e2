"""Deadlines in the nights when the clock changes: one that does not exist is refused, one that comes twice is the later
one, and each fires once, across restarts too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
from pydantic import ValidationError

from events.intake import CallClosed, CompletionRequested, CompletionTermLapsed
from events.times import NoSuchTime, deadline, instant, moment
from services.intake.commands import (
    CorrectCallDeadline,
    ExtendCallDeadline,
    GrantIndividualExtension,
    PublishCall,
    RequestCompletion,
)
from services.registry import SERVICES
from services.timers import Alarm, TimerSink
from tests.unit.services.intake.examples import (
    APPLICANT,
    BERINGEN,
    CALL,
    CASE,
    OFFICIAL,
    in_dutch,
    registering,
    start,
    submit,
)
from tests.unit.services.kernel import Kernel, without_pauses

WORDS = in_dutch("Zo is het.")
MISSING, DOUBLED = "2021-03-28T02:30:00", "2021-10-31T02:30:00"
FIRST_TIME, SECOND_TIME = "2021-10-31T00:30:00.000000Z", "2021-10-31T01:30:00.000000Z"


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    with without_pauses():
        yield


@pytest.mark.parametrize("model", [ExtendCallDeadline, CorrectCallDeadline, GrantIndividualExtension])
def test_a_deadline_in_the_hour_that_is_skipped_is_told_with_its_place(
    model: type[ExtendCallDeadline | CorrectCallDeadline | GrantIndividualExtension],
) -> None:
    body = {"deadline": {"local": MISSING}, "reason": {"language": "nl", "text": "x"}, "applicants": [BERINGEN.ovo]}
    if model is not GrantIndividualExtension:
        del body["applicants"]
    with pytest.raises(ValidationError) as error:
        model.model_validate_json(json.dumps(body))
    (mistake,) = error.value.errors(include_url=False)
    assert (mistake["loc"], mistake["type"]) == (("deadline",), "no_such_time")
    body["deadline"] = {"local": DOUBLED}
    assert model.model_validate_json(json.dumps(body)).deadline.utc == SECOND_TIME


def test_a_deadline_in_the_hour_that_comes_twice_ends_when_it_has_come_for_the_last_time() -> None:
    assert deadline(DOUBLED).utc == SECOND_TIME
    with pytest.raises(NoSuchTime):
        deadline(MISSING)


class Night:
    """A call whose deadline lies in such a night, and the alarm that acts by itself."""

    def __init__(self, closes: str) -> None:
        self.kernel = Kernel()
        moments = {"opens": deadline("2021-03-01T09:00:00"), "deadline": deadline(closes)}
        self.terms = msgspec.structs.replace(registering(), **moments)

    async def begin(self) -> None:
        """Published and open; Beringen has handed in."""
        self.kernel.clock.move(self.terms.opens.utc)
        await self.kernel.send("call", CALL, PublishCall(terms=self.terms), OFFICIAL)
        await self.kernel.send("application", CASE, start(), APPLICANT)
        await self.kernel.send("application", CASE, submit(), APPLICANT)

    async def minute_by_minute(self, start_at: str, minutes: int) -> list[str]:
        """The clock goes on, every process begins anew every minute; when each fact of a deadline came."""
        seen: list[str] = []
        for passed in range(minutes + 1):
            at = instant(moment(start_at) + timedelta(minutes=passed))
            self.kernel.clock.move(at)
            sink = TimerSink(SERVICES, self.kernel.timers)
            if fresh := (await self.kernel.log())[await sink.place() :]:
                await sink.apply(fresh)
            before = await self.kernel.size()
            await Alarm(SERVICES, self.kernel.timers, self.kernel.sender, self.kernel.clock).fire_due()
            seen += [at] * (await self.kernel.size() - before)
        return seen


async def test_a_call_that_closes_in_the_doubled_hour_closes_once_at_the_second_time() -> None:
    night = Night(DOUBLED)
    await night.begin()
    fired = await night.minute_by_minute("2021-10-30T23:30:00.000000Z", 180)
    assert fired == [SECOND_TIME]
    assert len(await night.kernel.events("CallClosed")) == 1


async def test_a_completion_term_that_passes_the_change_of_the_clock_ends_at_the_end_of_a_local_day() -> None:
    night = Night("2021-12-31T23:59:59")
    await night.begin()
    night.kernel.clock.move("2021-10-20T10:00:00.000000Z")
    ask = RequestCompletion(items=["financial_plan"], reason=WORDS)
    await night.kernel.send("application", CASE, ask, OFFICIAL)
    (asked,) = [one.fact for one in await night.kernel.events("CompletionRequested")]
    assert isinstance(asked, CompletionRequested)
    # Fourteen days of which one has 25 hours: the term ends at 23:59:59 in winter time.
    assert (asked.due.local, asked.due.utc) == ("2021-11-03T23:59:59", "2021-11-03T22:59:59.000000Z")
    fired = await night.minute_by_minute("2021-11-03T21:59:00.000000Z", 90)
    assert fired == ["2021-11-03T23:00:00.000000Z"]
    (lapsed,) = [one.fact for one in await night.kernel.events("CompletionTermLapsed")]
    assert isinstance(lapsed, CompletionTermLapsed)


async def test_in_spring_the_term_is_an_hour_shorter_and_still_ends_with_its_day() -> None:
    night = Night("2021-12-31T23:59:59")
    await night.begin()
    night.kernel.clock.move("2021-03-20T10:00:00.000000Z")
    ask = RequestCompletion(items=["financial_plan"], reason=WORDS)
    await night.kernel.send("application", CASE, ask, OFFICIAL)
    (asked,) = [one.fact for one in await night.kernel.events("CompletionRequested")]
    assert isinstance(asked, CompletionRequested)
    assert asked.due.utc == "2021-04-03T21:59:59.000000Z"


async def test_a_deadline_that_fires_twice_acts_once() -> None:
    night = Night(DOUBLED)
    await night.begin()
    await night.minute_by_minute(SECOND_TIME, 0)
    for command_at in (SECOND_TIME, "2021-10-31T01:31:00.000000Z"):
        night.kernel.clock.move(command_at)
        again = Alarm(SERVICES, night.kernel.timers, night.kernel.sender, night.kernel.clock)
        await again.fire_due()
    closed = [one.fact for one in await night.kernel.events("CallClosed")]
    assert closed == [CallClosed(call=CALL, deadline=deadline(DOUBLED))]
