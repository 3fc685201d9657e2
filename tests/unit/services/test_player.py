"""A play is sent step by step, each at its hour, and ends where an answer is not the play's."""

from __future__ import annotations

import pytest

from services.answers import Busy, Denied, Done, Refusal
from services.registry import SERVICES
from services.story.call_2021 import steps
from services.story.player import Direct, Unexpected, judge, play
from services.story.script import Step
from tests.unit.services.kernel import Kernel

PLAY = steps()


class Stage:
    """A stage that writes down what it was asked."""

    def __init__(self, now: str) -> None:
        self.clock, self.asked = now, list[str]()

    async def advance(self, to: str) -> None:
        """Move."""
        self.clock = to
        self.asked.append(f"advance {to}")

    async def settled(self) -> int:
        """Quiet."""
        self.asked.append("settled")
        return 0

    def now(self) -> str:
        """The present."""
        return self.clock


async def test_the_clock_moves_to_each_new_hour_and_all_is_quiet_before_the_next_step() -> None:
    stage, start = Stage("2021-01-01T00:00:00.000000Z"), "2021-01-01T00:00:00.000000Z"
    shown: list[int] = []

    async def send(step: Step) -> bool:
        stage.asked.append(step.command)
        return step.command == "start-draft"

    await play(PLAY[:4], stage, send, now=stage.now, shown=lambda _step, number: shown.append(number))
    first, second, third, fourth = PLAY[:4]
    assert (third.command, fourth.command) == ("start-draft", "submit-application")
    assert stage.asked == [
        f"advance {start}",
        *(f"advance {first.at}", first.command, "settled"),
        *(f"advance {second.at}", second.command, "settled"),
        # Answered before a crash: what followed from it may not have been.
        *(f"advance {third.at}", third.command, "settled"),
        *(f"advance {fourth.at}", fourth.command, "settled"),
    ]
    assert shown == [1, 2, 3, 4]


async def test_a_play_on_a_log_that_is_further_leaves_the_clock_alone() -> None:
    stage = Stage(PLAY[-1].at)

    async def send(_step: Step) -> bool:
        return True

    await play(PLAY[:3], stage, send, now=stage.now)
    assert stage.asked == [f"advance {PLAY[-1].at}", "settled", "settled", "settled"]


async def test_a_step_sent_twice_is_told_to_be_answered_before() -> None:
    kernel = Kernel()
    direct = Direct(kernel.handler, SERVICES)
    kernel.clock.move(PLAY[0].at)
    assert await direct(PLAY[0]) is False
    size = await kernel.size()
    assert await direct(PLAY[0]) is True
    assert await kernel.size() == size
    frame = (await kernel.events())[0].envelope
    assert (frame.command_id, frame.occurred_at, frame.actor) == (PLAY[0].command_id, PLAY[0].at, PLAY[0].actor)


REFUSAL = Refusal(rule="I1", code="late", inputs={})
ANSWERED = Done("c", "s", 1, 1, ())


def test_an_answer_that_the_play_does_not_expect_ends_it_with_the_step_named() -> None:
    refused = next(step for step in PLAY if step.refused)
    on_record = Done("c", "s", 1, 1, (), REFUSAL)
    assert judge(PLAY[0], ANSWERED) is False
    assert judge(refused, on_record) is False
    assert judge(refused, Done("c", "s", 1, 1, (), REFUSAL, replayed=True)) is True
    for step, answer in ((PLAY[0], on_record), (refused, ANSWERED), (PLAY[0], Denied(REFUSAL)), (PLAY[0], Busy())):
        with pytest.raises(Unexpected) as caught:
            judge(step, answer)
        assert step.command in str(caught.value)
        assert step.id in str(caught.value)
    with pytest.raises(Unexpected):
        judge(refused, Denied(REFUSAL))
