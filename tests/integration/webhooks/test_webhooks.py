"""Webhooks as their receivers meet them, over real sockets."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from services.webhooks.delivering import UNSIGNED
from services.webhooks.schedule import Schedule, resumed
from services.webhooks.signing import make_secret, rotated, secrets_of, shown
from tests.integration.webhooks.play import Play, now, until
from tests.integration.webhooks.receiver import AGREES, ORIGIN, Heard, Reply, plain, receiver
from tests.publics import AWARDED, SUBMITTED, ident, published


async def test_a_delivery_is_the_event_itself_signed_for_its_receiver() -> None:
    play = Play()
    await play.public.grow(1)
    async with receiver() as there, play.running():
        key = await play.subscribe(there.url)
        await there.came(1)

    (heard,) = there.events
    (event,) = play.public.events
    assert heard.body == event.body
    assert heard.target == "/haak?x=1"
    assert heard.headers["content-type"] == "application/cloudevents+json"
    assert heard.headers["webhook-id"] == event.id
    assert heard.headers["webhook-request-origin"] == ORIGIN
    (secret,) = await secrets_of(play.vault, await play.row(key), now())
    assert Webhook(shown(secret)).verify(heard.body, dict(heard.headers)) == json.loads(event.body)
    with pytest.raises(WebhookVerificationError):
        Webhook(shown(secret)).verify(heard.body + b" ", dict(heard.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(shown(b"another")).verify(heard.body, dict(heard.headers))


async def test_the_same_dispatcher_goes_on_when_it_is_run_again() -> None:
    """Who keeps it going ends it and begins it again whenever the database was away."""
    play = Play()
    await play.public.grow(1)
    async with receiver() as there:
        async with play.running() as dispatcher:
            await play.subscribe(there.url)
            await there.came(1)
        again = asyncio.create_task(dispatcher.run())
        await play.public.grow(1)
        await there.came(2)
        assert not again.done()
        dispatcher.stop()
        await again


async def test_nothing_is_sent_before_the_receiver_agrees() -> None:
    play = Play()
    await play.public.grow(1)
    async with receiver() as there, play.running():
        await play.subscribe(there.url)
        await there.came(1)

    asked, event = there.heard
    assert (asked.method, event.method) == ("OPTIONS", "POST")
    assert asked.headers["webhook-request-origin"] == ORIGIN
    assert int(asked.headers["webhook-request-rate"]) > 0


@pytest.mark.parametrize(
    "answer",
    [
        Reply(200, {"Allow": "POST, OPTIONS"}),
        Reply(200, {"WebHook-Allowed-Origin": "somebody.else", "WebHook-Allowed-Rate": "*"}),
        Reply(405),
        Reply(403, {"WebHook-Allowed-Origin": "*"}),
    ],
    ids=["without consent", "for another", "knows no OPTIONS", "forbids"],
)
async def test_who_does_not_agree_gets_nothing_until_somebody_resumes(answer: Reply) -> None:
    play = Play()
    await play.public.grow(2)
    async with receiver(lambda _heard: answer) as there, play.running():
        key = await play.subscribe(there.url)
        progress = await play.reaches(key, lambda one: one.status == "paused")
        assert (progress.reason, progress.place, there.events) == ("refused", 0, [])

        there.answer = plain
        row = await play.row(key)
        await play.rows.change(replace(row, progress=resumed(row.progress)))
        assert await there.came(2) == [1, 2]


async def test_a_receiver_that_is_silent_is_asked_again() -> None:
    play = Play()
    await play.public.grow(1)
    answers = [Reply(503), Reply(302, {"Location": "http://127.0.0.1:1/"}), AGREES, Reply()]
    async with receiver(lambda _heard: answers.pop(0)) as there, play.running():
        key = await play.subscribe(there.url)
        await there.came(1)
        await play.reaches(key, lambda one: one.place == 1)

    assert [one.method for one in there.heard] == ["OPTIONS"] * 3 + ["POST"]
    tried = [one.attempt for one in reversed(await play.rows.attempts(key, None, 10))]
    assert [(one.sort, one.number, one.status) for one in tried] == [
        ("handshake", 1, 503),
        ("handshake", 2, 302),
        ("handshake", 3, 200),
        ("delivery", 1, 204),
    ]


async def test_a_failed_delivery_is_tried_again_with_the_same_id_and_the_next_waits() -> None:
    play = Play()
    await play.public.grow(3)
    failures = [Reply(500, body=b"later"), Reply(404), Reply(301, {"Location": "/elsewhere"})]

    def answer(heard: Heard) -> Reply:
        if heard.method == "OPTIONS":
            return AGREES
        return failures.pop(0) if heard.sequence == 2 and failures else Reply(202)

    async with receiver(answer) as there, play.running():
        key = await play.subscribe(there.url)
        assert await there.came(6) == [1, 2, 2, 2, 2, 3]
        await play.reaches(key, lambda one: one.place == 3)

    ids = [one.headers["webhook-id"] for one in there.events]
    assert len(set(ids)) == 3
    assert len(set(ids[1:5])) == 1
    assert all(one.target == "/haak?x=1" for one in there.heard), "redirects are not followed"
    tried = [one.attempt for one in reversed(await play.rows.attempts(key, None, 10))][2:6]
    assert [(one.number, one.status, one.excerpt) for one in tried] == [
        (1, 500, "later"),
        (2, 404, None),
        (3, 301, None),
        (4, 202, None),
    ]


async def test_a_dead_receiver_is_paused_and_goes_on_where_it_was_when_resumed() -> None:
    play = Play()
    await play.public.grow(3)
    failing = receiver(lambda heard: AGREES if heard.method == "OPTIONS" else Reply(500))
    async with failing as there, play.running() as dispatcher:
        key = await play.subscribe(there.url)
        progress = await play.reaches(key, lambda one: one.status == "paused")
        assert (progress.reason, progress.failures, progress.place) == ("dead", 4, 0)
        await until(lambda: dispatcher.figures()["wijkspoor_webhook_endpoints_paused"] == 1)
        assert there.sequences == [1, 1, 1, 1]

        await play.public.grow(2)
        there.answer = plain
        row = await play.row(key)
        await play.rows.change(replace(row, progress=resumed(row.progress)))
        assert (await there.came(9))[4:] == [1, 2, 3, 4, 5]

    methods = [one.method for one in there.heard]
    assert methods == ["OPTIONS", *["POST"] * 4, "OPTIONS", *["POST"] * 5], "resumed, it is asked again"


async def test_a_receiver_that_is_gone_for_good_is_paused_at_once() -> None:
    play = Play()
    await play.public.grow(2)
    async with receiver(lambda heard: AGREES if heard.method == "OPTIONS" else Reply(410)) as there, play.running():
        key = await play.subscribe(there.url)
        progress = await play.reaches(key, lambda one: one.status == "paused")

    assert (progress.reason, progress.place, there.sequences) == ("gone", 0, [1])


async def test_a_receiver_may_ask_for_a_pause() -> None:
    play = Play()
    await play.public.grow(1)
    late = Reply(429, {"Retry-After": "3600"})
    async with receiver(lambda heard: AGREES if heard.method == "OPTIONS" else late) as there, play.running():
        key = await play.subscribe(there.url)
        progress = await play.reaches(key, lambda one: one.failures)

    assert progress.due is not None
    assert 3590 < (progress.due - now()).total_seconds() <= 3600


async def test_a_receiver_gets_no_more_a_minute_than_it_allows() -> None:
    play = Play()
    await play.public.grow(3)
    slow = Reply(200, {"WebHook-Allowed-Origin": "*", "WebHook-Allowed-Rate": "1"})
    async with receiver(lambda heard: slow if heard.method == "OPTIONS" else Reply()) as there, play.running():
        key = await play.subscribe(there.url)
        progress = await play.reaches(key, lambda one: one.status == "active")

    assert progress.rate == 1
    assert progress.due is not None
    assert 55 < (progress.due - now()).total_seconds() <= 60


async def test_a_slow_receiver_holds_up_nobody_else() -> None:
    play = Play()
    await play.public.grow(5)
    release = asyncio.Event()

    def stuck(heard: Heard) -> Reply:
        return AGREES if heard.method == "OPTIONS" else Reply(wait=release.wait)

    async with receiver(stuck) as slow, receiver() as fast, play.running() as dispatcher:
        await play.subscribe(slow.url, "slow")
        await slow.came(1)
        await play.subscribe(fast.url, "fast")
        assert await fast.came(5) == [1, 2, 3, 4, 5]
        assert slow.sequences == [1]
        release.set()
        assert await slow.came(5) == [1, 2, 3, 4, 5]
        assert dispatcher.leading


async def test_who_does_not_answer_in_time_has_failed() -> None:
    play = Play(seconds=0.5)
    await play.public.grow(1)
    never = asyncio.Event()
    silent = Reply(wait=never.wait)
    async with receiver(lambda heard: AGREES if heard.method == "OPTIONS" else silent) as there, play.running():
        key = await play.subscribe(there.url)
        await play.reaches(key, lambda one: one.status == "active" and one.failures)

    last = (await play.rows.attempts(key, None, 1))[0].attempt
    assert (last.sort, last.status, last.error) == ("delivery", None, "no answer within 0.5 s")


async def test_only_the_beginning_of_an_answer_is_read_and_kept() -> None:
    play = Play()
    await play.public.grow(2)
    endless = Reply(200, {"Content-Length": str(10**9)}, b"\x00" + b"x" * 5000)
    async with receiver(lambda heard: AGREES if heard.method == "OPTIONS" else endless) as there, play.running():
        key = await play.subscribe(there.url)
        assert await there.came(2) == [1, 2]
        await play.reaches(key, lambda one: one.place == 2)

    excerpt = (await play.rows.attempts(key, None, 10))[0].attempt.excerpt
    assert excerpt is not None
    assert (len(excerpt), excerpt[:2]) == (1024, "\N{REPLACEMENT CHARACTER}x")


async def test_each_receiver_gets_the_types_it_wants_and_its_place_passes_the_others() -> None:
    play = Play()
    await play.public.add(*(published(number, kind=AWARDED if number == 3 else SUBMITTED) for number in range(1, 6)))
    async with receiver() as there, play.running():
        key = await play.subscribe(there.url, types=(AWARDED,))
        await play.reaches(key, lambda one: one.place == 5)

    assert there.sequences == [3]


async def test_who_subscribes_late_gets_what_comes_from_then_on() -> None:
    play = Play()
    await play.public.grow(4)
    async with receiver() as there, play.running():
        await play.subscribe(there.url, place=4)
        await there.until(lambda one: one.heard)
        await play.public.grow(2)
        assert await there.came(2) == [5, 6]


async def test_an_event_is_delivered_once_more_when_somebody_asks() -> None:
    play = Play()
    await play.public.grow(3)
    async with receiver() as there, play.running():
        key = await play.subscribe(there.url)
        await there.came(3)
        await play.reaches(key, lambda one: one.place == 3)
        await play.rows.ask_again(key, 2)
        assert await there.came(4) == [1, 2, 3, 2]
        await play.public.grow(1)
        assert await there.came(5) == [1, 2, 3, 2, 4]
        await play.reaches(key, lambda one: one.place == 4)

    assert there.events[3].headers["webhook-id"] == there.events[1].headers["webhook-id"]
    sorts = [one.attempt.sort for one in await play.rows.attempts(key, None, 10)]
    assert sorts == ["delivery", "redelivery", "delivery", "delivery", "delivery", "handshake"]


async def test_a_new_secret_signs_beside_the_one_before() -> None:
    play = Play()
    async with receiver() as there, play.running():
        key = await play.subscribe(there.url)
        await there.until(lambda one: one.heard)
        row = await play.row(key)
        (old,) = await secrets_of(play.vault, row, now())
        after = rotated(row, now())
        await make_secret(play.vault, after.keys[0])
        assert await play.rows.change(after)
        new, _ = await secrets_of(play.vault, await play.row(key), now())
        # The worker looks at its row when it has nothing to do: wait until it has seen the new key.
        await play.public.grow(1)
        await there.came(1)
        row = await play.row(key)
        await play.rows.ask_again(key, 1)
        await there.came(2)

    last = there.events[-1]
    assert new != old
    for secret in (new, old):
        assert Webhook(shown(secret)).verify(last.body, dict(last.headers))


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 20))])
async def test_whatever_receivers_do_each_gets_every_event_in_order(seed: int) -> None:
    chance = Random(seed)
    play = Play(schedule=Schedule(pauses=(0.001,), dead_failures=10**9))
    odd = [Reply(500), Reply(404), Reply(302, {"Location": "/"}), Reply(0), Reply(200, body=b"x" * 3000)]
    moods = [Reply(), Reply(), *odd]

    def moody(heard: Heard) -> Reply:
        return AGREES if heard.method == "OPTIONS" and chance.random() < 0.5 else chance.choice(moods)

    async with AsyncExitStack() as stack:
        receivers = [await stack.enter_async_context(receiver(moody)) for _ in range(3)]
        for number, there in enumerate(receivers):
            await play.subscribe(there.url, f"receiver {number}")
        await stack.enter_async_context(play.running())
        for _ in range(6):
            await play.public.grow(5)
            await asyncio.sleep(0)
        for number, there in enumerate(receivers):
            key = ident(f"receiver {number}")
            async with asyncio.timeout(30):
                while (stands := await play.row(key)).progress.place < 30:
                    if stands.progress.status == "paused":  # it said no to the handshake
                        await play.rows.change(replace(stands, progress=resumed(stands.progress)))
                    await asyncio.sleep(0.005)
            assert sorted(set(there.sequences)) == list(range(1, 31))
            assert all(after - before in (0, 1) for before, after in pairwise(there.sequences))


async def test_nothing_is_sent_unsigned() -> None:
    play = Play()
    await play.public.grow(1)
    async with receiver() as there, play.running():
        key = await play.subscribe(there.url, place=1)
        await play.reaches(key, lambda one: one.status == "active")
        await play.vault.destroy((await play.row(key)).keys[0].ident)
        await play.public.grow(1)
        await play.reaches(key, lambda one: one.failures)

    assert there.events == []
    assert (await play.rows.attempts(key, None, 1))[0].attempt.error == UNSIGNED


async def test_one_dispatcher_works_and_the_other_takes_over() -> None:
    play = Play()
    await play.public.grow(1)
    async with receiver() as there:
        async with play.running("a") as first:
            await play.subscribe(there.url)
            await there.came(1)
            async with play.running("b") as second:
                await play.public.grow(1)
                assert await there.came(2) == [1, 2]
                assert (first.leading, second.leading) == (True, False)
                await until(lambda: first.figures()["wijkspoor_webhook_behind"] == 0)
                assert second.figures() == {}
        async with play.running("b"):
            await play.public.grow(1)
            assert await there.came(3) == [1, 2, 3]


async def test_who_stops_finishes_the_request_in_hand() -> None:
    play = Play()
    await play.public.grow(2)
    release = asyncio.Event()

    def slow(heard: Heard) -> Reply:
        return AGREES if heard.method == "OPTIONS" else Reply(wait=release.wait)

    async with receiver(slow) as there:
        async with play.running() as dispatcher:
            key = await play.subscribe(there.url)
            await there.came(1)
            dispatcher.stop()
            release.set()
        assert (await play.row(key)).progress.place == 1
    assert there.sequences == [1], "and begins no other"
    assert play.leases.holder is None


async def test_while_the_log_is_away_nothing_is_lost() -> None:
    play = Play()
    async with receiver() as there, play.running():
        await play.subscribe(there.url)
        await there.until(lambda one: one.heard)
        play.public.down = True
        await play.public.grow(2)
        await asyncio.sleep(0)
        play.public.down = False
        assert await there.came(2) == [1, 2]
