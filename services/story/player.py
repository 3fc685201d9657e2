"""Plays steps against a running system: by command route alone, waiting until all is quiet between them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from events.times import Instant
from services.answers import Answer, Done, Issued
from services.deciding import Service
from services.fields import Command
from services.handle import Handler
from services.story.script import Step


class Unexpected(Exception):
    """A step was answered otherwise than the play says; the message names the step and the answer."""


class Stage(Protocol):
    """What a play needs of the system it is played on."""

    async def advance(self, to: Instant) -> None:
        """Move the clock, firing deadlines on the way."""

    async def settled(self) -> int:
        """Wait until every consumer has reached the head."""


async def play(
    steps: Sequence[Step],
    stage: Stage,
    send: Callable[[Step], Awaitable[bool]],
    *,
    now: Callable[[], Instant],
    shown: Callable[[Step, int], None] = lambda _step, _number: None,
) -> None:
    """Send every step at its time. Steps already answered (after a crash, or a second play) change nothing.

    `send` answers True if the step was answered before, and raises Unexpected, which ends the play.
    """
    # After a crash, what was under way is finished first.
    await stage.advance(now())
    for number, step in enumerate(steps, 1):
        if step.at > now():
            await stage.advance(step.at)
        # Also after a step that was answered before a crash: what followed from it may still be under way.
        await send(step)
        await stage.settled()
        shown(step, number)


class Direct:
    """Sends steps straight to the handler, as the HTTP routes would."""

    def __init__(self, handler: Handler, services: Mapping[str, Service]) -> None:
        self._handler = handler
        self._models: dict[tuple[str, str], type[Command]] = {
            (service.name, model.command_name): model for service in services.values() for model in service.commands
        }

    async def __call__(self, step: Step) -> bool:
        """Send one step; True if it was answered before. Unexpected if the answer is not the play's."""
        model = self._models[step.service, step.command]
        issued = Issued(
            service=step.service,
            kind=step.kind,
            id=step.id,
            command=model.model_validate_json(step.json()),
            actor=step.actor,
            at=step.at,
            command_id=step.command_id,
        )
        return judge(step, await self._handler.handle(issued))


def judge(step: Step, answer: Answer) -> bool:
    """Whether the step had been answered before; Unexpected if the answer is not what the play says."""
    if not isinstance(answer, Done) or (answer.refusal is not None) != step.refused:
        raise Unexpected(f"{step.scene}: {step.command} on {step.kind}-{step.id} at {step.at} was answered {answer!r}")
    return answer.replayed
