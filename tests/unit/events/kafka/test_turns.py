"""An event's turn comes when everything earlier that it may rest on has been handled, by whichever process."""

from __future__ import annotations

from collections.abc import Sequence

from events.adapters.kafka.records import place_of
from events.adapters.kafka.topics import LOG_TOPICS
from events.adapters.kafka.turns import Turns, cases_of
from events.progress import Standing
from events.store import Recorded
from services.reacting import concerns
from services.registry import SERVICES
from tests.changing import replace
from tests.unit.services.intake.examples import CALL, CASE
from tests.unit.services.kernel import Kernel

NAME = "react:eligibility"
TOPICS = [LOG_TOPICS["intake"]]
TYPES = concerns(SERVICES["eligibility"])


class Books:
    """A log, how far it is in Kafka, and how far each partition was handled."""

    def __init__(self, log: Sequence[Recorded]) -> None:
        self.log = log
        self.relayed = 0
        self.places: dict[str, int] = {}
        self.asked: list[int] = []

    async def standing(self) -> Standing:
        partitions: dict[str, int] = {}
        for event in self.log[: self.relayed]:
            partitions["{}-{}".format(*place_of(event.stream))] = event.position
        return Standing(len(self.log), self.relayed, partitions, dict(self.places))

    async def between(
        self, after: int, before: int, types: Sequence[str], cases: Sequence[str] | None
    ) -> Sequence[tuple[int, str]]:
        self.asked.append(after)
        return [
            (one.position, one.stream)
            for one in self.log
            if after < one.position < before and one.type in types and (cases is None or one.correlation_id in cases)
        ]

    def handle(self, event: Recorded) -> None:
        self.places["{}/{}-{}".format(NAME, *place_of(event.stream))] = event.position


async def books() -> tuple[Books, Turns, dict[str, Recorded]]:
    kernel = Kernel()
    await kernel.apply(withdraw=True)
    made = Books(await kernel.log())
    return made, Turns(NAME, TOPICS, TYPES, made, made), {event.type: event for event in made.log}


async def test_an_application_waits_until_its_call_was_handled() -> None:
    made, turn, events = await books()
    published, submitted = events["CallPublished"], events["ApplicationSubmitted"]
    assert place_of(published.stream) != place_of(submitted.stream), "else this shows nothing"

    assert await turn(published), "the first event waits for nothing"
    assert not await turn(submitted)
    made.handle(published)
    assert await turn(submitted)


async def test_a_later_fact_of_the_case_waits_for_the_earlier_ones() -> None:
    made, turn, events = await books()
    made.handle(events["CallPublished"])
    assert not await turn(events["ApplicationWithdrawn"])
    made.handle(events["ApplicationSubmitted"])
    assert await turn(events["ApplicationWithdrawn"])


async def test_what_concerns_nobody_here_is_not_waited_for() -> None:
    made, _, events = await books()
    turn = Turns(NAME, TOPICS, ["ApplicationWithdrawn"], made, made)
    assert await turn(events["ApplicationWithdrawn"])


async def test_another_case_is_not_waited_for_but_a_fact_of_the_call_waits_for_every_case() -> None:
    made, turn, events = await books()
    made.handle(events["CallPublished"])
    foreign = replace(events["ApplicationSubmitted"], correlation_id="another", position=2)
    made.log = [events["CallPublished"], foreign, *made.log[2:]]
    other = replace(events["ApplicationSubmitted"], position=3)
    whole = replace(events["CallPublished"], position=4)

    assert await turn(other)
    assert not await turn(whole)
    made.handle(foreign)
    assert await turn(whole)


async def test_when_all_that_is_in_kafka_was_handled_the_log_need_not_be_asked() -> None:
    made, turn, events = await books()
    made.relayed = len(made.log)
    for event in made.log:
        made.handle(event)
    assert await turn(events["ApplicationWithdrawn"])
    assert made.asked == []


async def test_what_was_once_known_to_be_handled_is_not_asked_again() -> None:
    made, turn, events = await books()
    for event in made.log[:-1]:
        made.handle(event)
    made.relayed = len(made.log) - 1
    assert await turn(events["ApplicationWithdrawn"])
    made.places.clear()
    assert await turn(events["ApplicationSubmitted"]), "a floor does not sink"


async def test_partitions_of_topics_that_are_not_read_are_nobodys_business() -> None:
    made, _, events = await books()
    made.relayed = len(made.log)
    turn = Turns(NAME, [], TYPES, made, made)
    assert await turn(events["ApplicationWithdrawn"])
    assert made.asked == []


async def test_the_case_and_the_call_of_a_fact() -> None:
    _, _, events = await books()
    assert cases_of(events["ApplicationSubmitted"]) == [CASE, CALL]
    assert cases_of(events["CallPublished"]) is None
    assert cases_of(replace(events["CallPublished"], type="Unheard")) == [], "it is set aside whenever it comes"
    assert cases_of(replace(events["CallPublished"], body=b"{")) == []
