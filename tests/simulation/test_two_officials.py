"""Two officials decide on one file at once, each in a process of their own: one wins, the other hears who did (D6)."""

from __future__ import annotations

import asyncio

from events import codec
from events.decision import DecisionSuperseded, GrantAwarded
from events.envelope import Actor
from events.vocabulary import Written
from services.answers import Answer, Denied, Done, Issued, Stale
from services.decision.commands import SupersedeDecision
from services.handle import Handler
from services.registry import SERVICES
from services.story.call_2021 import steps
from services.story.player import play
from services.story.script import ident
from tests.simulation.signing import signers
from tests.simulation.world import World

DECIDED = "2021-12-31T00:00:00.000000Z"
AT = "2022-02-01T10:00:00.000000Z"
WHY = Written(language="nl", text="Het verslag aan de Vlaamse Regering.")


async def decided() -> tuple[World, GrantAwarded]:
    """The call of 2021 until its decisions, and one award."""
    world = World(0)
    await world.begin()
    await play([step for step in steps() if step.at < DECIDED], world, world.send, now=world.clock.now)
    await world.advance(AT)
    facts = [codec.read(one).fact for one in await world.store.read_all(0, types=["GrantAwarded"])]
    return world, next(fact for fact in facts if isinstance(fact, GrantAwarded))


def official(person: str, award: GrantAwarded, version: int | None = None) -> Issued:
    """An official's new decision on the award, of half its amount."""
    command = SupersedeDecision(
        replaces=award.reference,
        reference=f"VR 2022 2801 DOC.{person}",
        meeting="2022-01-28",
        amount_cents=award.amount_cents // 2,
        reasons=WHY,
    )
    return Issued(
        service="decision",
        kind="grant",
        id=award.case,
        command=command,
        actor=Actor(role="government_secretary", organisation="OVO000001", person=person),
        at=AT,
        command_id=ident("official", person),
        expected_version=version,
    )


async def at_once(world: World, *issued: Issued) -> list[Answer]:
    """Each command in a process of its own, all at the same time."""
    numbers = iter(range(1_000_000))
    handlers = [
        Handler(SERVICES, world.store, world.vault, signers(), lambda: ident("of two", str(next(numbers))))
        for _ in issued
    ]
    return list(await asyncio.gather(*(one.handle(command) for one, command in zip(handlers, issued, strict=True))))


async def test_d6_two_officials_decide_at_once_one_wins_and_the_other_hears_which_decision_is_in_force() -> None:
    world, award = await decided()
    answers = await at_once(world, official("1", award), official("2", award))
    won = next(answer for answer in answers if isinstance(answer, Done))
    lost = next(answer for answer in answers if isinstance(answer, Denied))
    assert won.refusal is None
    assert (lost.refusal.rule, lost.refusal.code) == ("D6", "other_in_force")
    replaced = [
        fact
        for one in await world.store.read_stream(f"grant-{award.case}")
        if isinstance(fact := codec.read(one).fact, DecisionSuperseded)
    ]
    assert [one.reference for one in replaced] == [lost.refusal.inputs["reference"]]


async def test_d6_who_names_the_version_that_was_seen_hears_that_it_has_moved() -> None:
    world, award = await decided()
    version = len(await world.store.read_stream(f"grant-{award.case}"))
    answers = await at_once(world, official("1", award, version), official("2", award, version))
    assert {type(answer) for answer in answers} == {Done, Stale}
