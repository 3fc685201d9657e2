"""Feed and stream over a real socket: what a reader sees that comes, waits, is slow, leaves, or outlives the server."""

from __future__ import annotations

import asyncio
import io
import json
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
import structlog

from events.public.feed import PublicLog, Published
from events.store import StoreUnavailable
from events.times import moment
from services.auth import ROLES
from services.logging import configure
from services.web.app import create_app
from services.web.public import public_routes
from services.web.server import address, bind, serve
from services.web.streams import EventStream, Streams
from tests.contract.making import ident
from tests.integration.test_http import Runtime

FEED = "/v1/public/events"
STREAM = {"Accept": "text/event-stream"}
AT = moment("2021-03-11T09:00:00.000000Z")


def published(sequence: int, filling: str = "") -> Published:
    """An event of which only the frame matters here."""
    key = ident(f"public {sequence}")
    body = json.dumps({"id": key, "sequence": f"{sequence:016d}", "data": {"filling": filling}}).encode()
    return Published(sequence, key, "t", ident("call"), None, AT, body)


@dataclass
class Paper:
    """A public log that grows when the test says so. `broken` fails every read; `endless` never ends."""

    told: list[Published] = field(default_factory=list)
    endless: bool = False
    broken: bool = False
    reads: int = 0
    grown: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, count: int = 1) -> None:
        self.told += [published(len(self.told) + number) for number in range(1, count + 1)]
        grown, self.grown = self.grown, asyncio.Event()
        grown.set()

    async def read(self, after: int, limit: int) -> Sequence[Published]:
        self.reads += 1
        if self.broken:
            raise StoreUnavailable("away")
        if self.endless:
            return [published(after + number, "x" * 1_000) for number in range(1, limit + 1)]
        return self.told[after : after + limit]

    async def find(self, event_id: str) -> int | None:
        return next((one.sequence for one in self.told if one.id == event_id), None)

    async def last(self) -> int:
        return len(self.told)

    async def wait_for(self, sequence: int, timeout: float) -> bool:
        try:
            async with asyncio.timeout(timeout):
                while len(self.told) < sequence:
                    await self.grown.wait()
        except TimeoutError:
            return False
        return True


@dataclass
class Office:
    """A server over a paper log."""

    app: Any
    runtime: Runtime
    serving: asyncio.Task[None]
    where: str

    @property
    def streams(self) -> Streams:
        found: Streams = self.app.state.streams
        return found

    def as_(self, role: str = "subscriber", **headers: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.runtime.issuer.issue(role, 'OVO000001', 'p-1')}", **headers}


@asynccontextmanager
async def office(
    log: PublicLog, heartbeat: float = 15.0, longest: float = 60.0, most: int = 500
) -> AsyncIterator[Office]:
    """A running server, closed at the end if it has not ended before."""
    configure("error", "json", io.StringIO())
    runtime = Runtime()
    runtime.routers = [public_routes(log, heartbeat, longest)]
    app = create_app(runtime)
    app.state.streams = Streams(most)
    listening, ready = bind(0), asyncio.Event()
    serving = asyncio.create_task(serve(app, listening, ready.set))
    await ready.wait()
    try:
        yield Office(app, runtime, serving, address(listening))
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        listening.close()
        structlog.reset_defaults()


@asynccontextmanager
async def reading(desk: Office, role: str = "subscriber", **headers: str) -> AsyncIterator[AsyncIterator[str]]:
    """The lines of an event stream, while it lasts."""
    async with (
        httpx2.AsyncClient(base_url=desk.where, timeout=20) as client,
        client.stream("GET", FEED, headers=desk.as_(role, **STREAM, **headers)) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield answer.aiter_lines()


async def events(lines: AsyncIterator[str], count: int) -> list[tuple[str, Any]]:
    """The next events: id and document."""
    found: list[tuple[str, Any]] = []
    name = ""
    async for line in lines:
        match line.partition(": "):
            case "id", _, text:
                name = text
            case "data", _, text:
                found.append((name, json.loads(text)))
                if len(found) == count:
                    return found
            case _:
                pass
    return found


async def until(condition: Any) -> None:
    """Wait for what will happen soon."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 -- what is waited for lies in the server, which has no event for it
            await asyncio.sleep(0.01)


async def test_a_stream_begins_at_the_beginning_and_goes_on_as_things_happen() -> None:
    log = Paper()
    log.tell(3)
    async with office(log) as desk, reading(desk) as lines:
        assert await anext(lines) == "retry: 2000"
        assert [one["sequence"][-1] for _, one in await events(lines, 3)] == ["1", "2", "3"]
        log.tell(2)
        later = await events(lines, 2)
        assert [(name, one["id"]) for name, one in later] == [(one.id, one.id) for one in log.told[3:]]


async def test_a_reader_that_comes_back_gets_each_event_exactly_once() -> None:
    log = Paper()
    log.tell(40)
    seen: list[str] = []
    async with office(log) as desk:
        while len(seen) < 40:
            known = {"Last-Event-ID": seen[-1]} if seen else {}
            async with reading(desk, **known) as lines:
                seen += [name for name, _ in await events(lines, min(7, 40 - len(seen)))]
    assert seen == [one.id for one in log.told]


async def test_a_reader_that_reconnects_by_itself_goes_on_where_it_was_not_where_its_address_began() -> None:
    log = Paper()
    log.tell(5)
    async with office(log) as desk, httpx2.AsyncClient(base_url=desk.where, timeout=20) as client:
        headers = desk.as_(**STREAM, **{"Last-Event-ID": log.told[3].id})
        asked = client.stream("GET", FEED, params={"lastEventId": log.told[0].id}, headers=headers)
        async with asked as answer:
            assert [name for name, _ in await events(answer.aiter_lines(), 1)] == [log.told[4].id]


async def test_where_nothing_happens_there_is_a_sign_of_life() -> None:
    async with office(Paper(), heartbeat=0.02) as desk, reading(desk) as lines:
        signs = [line async for line in _some(lines, 9) if line.startswith(":")]
    assert signs == [": still here"] * len(signs)
    assert len(signs) >= 3


async def _some(lines: AsyncIterator[str], count: int) -> AsyncIterator[str]:
    for _ in range(count):
        yield await anext(lines)


async def test_a_stream_ends_in_time_so_that_its_reader_shows_a_valid_token() -> None:
    log = Paper()
    log.tell(1)
    async with office(log, heartbeat=0.02, longest=0.1) as desk, reading(desk) as lines:
        assert len(await events(lines, 99)) == 1, "the answer ended by itself, complete"


async def test_a_reader_that_takes_nothing_costs_a_few_pages_and_no_more() -> None:
    log = Paper(endless=True)
    async with office(log) as desk:
        host, _, port = desk.where.removeprefix("http://").partition(":")
        tight = socket.socket()
        tight.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        tight.connect((host, int(port)))
        reader, writer = await asyncio.open_connection(sock=tight, limit=1_000)
        head = {"Host": host, **desk.as_(), **STREAM}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        writer.write(f"GET {FEED} HTTP/1.1\r\n{lines}\r\n".encode())
        await reader.readline()
        await until(lambda: log.reads > 1)
        stalled = -1
        while stalled != log.reads:  # what the sockets between us hold is soon full
            stalled = log.reads
            await asyncio.sleep(0.3)
        assert log.reads < 200
        writer.close()
        await until(lambda: desk.streams.open == 0)


async def chunks() -> AsyncGenerator[bytes, None]:
    yield b"one"
    yield b"two"


async def never() -> Any:
    await asyncio.get_running_loop().create_future()


@pytest.mark.parametrize("stops", [False, True])
async def test_a_reader_that_takes_nothing_is_let_go_in_time_and_does_not_hold_up_the_end(stops: bool) -> None:
    sent: list[Any] = []
    streams = Streams()

    async def send(message: Any) -> None:
        sent.append(message)
        if message.get("body") == b"two":
            if stops:
                streams.close()
            await never()

    async with asyncio.timeout(10):
        await EventStream(chunks(), streams, 60.0 if stops else 0.05)({"type": "http"}, never, send)
    assert [one.get("body") for one in sent] == [None, b"one", b"two"]
    assert streams.open == 0


async def test_a_reader_that_leaves_is_forgotten_at_once() -> None:
    async with office(Paper()) as desk:
        async with reading(desk) as lines:
            await anext(lines)
            assert desk.streams.open == 1
        await until(lambda: desk.streams.open == 0)


async def test_the_server_ends_streams_and_polls_when_it_stops() -> None:
    log = Paper()
    async with office(log) as desk, httpx2.AsyncClient(base_url=desk.where, timeout=20) as client:
        poll = asyncio.create_task(client.get(FEED, params={"timeout": 60_000}, headers=desk.as_()))
        async with reading(desk) as lines:
            await until(lambda: desk.streams.open == 2)
            desk.serving.cancel()
            async with asyncio.timeout(5):
                assert await events(lines, 1) == [], "the answer is ended, not broken off"
                answer = await poll
                await asyncio.gather(desk.serving, return_exceptions=True)
    assert (answer.status_code, answer.content) == (200, b"[]")


async def test_a_log_that_goes_away_ends_the_stream_and_the_next_try_is_told() -> None:
    log = Paper()
    async with office(log, heartbeat=0.02) as desk:
        async with reading(desk) as lines:
            await anext(lines)
            log.broken = True
            assert await events(lines, 1) == []
        async with httpx2.AsyncClient(base_url=desk.where) as client:
            answer = await client.get(FEED, headers=desk.as_())
        assert answer.status_code == 503
        assert "retry-after" in answer.headers


async def test_there_is_room_for_so_many_readers_and_the_next_is_told() -> None:
    async with office(Paper(), most=1) as desk, reading(desk) as lines:
        await anext(lines)
        async with httpx2.AsyncClient(base_url=desk.where) as client:
            for more in (STREAM, {}):
                answer = await client.get(FEED, params={"timeout": 10}, headers=desk.as_(**more))
                assert answer.status_code == 429
                assert "retry-after" in answer.headers
            assert (await client.get(FEED, headers=desk.as_())).status_code == 200, "who does not wait needs no place"


async def test_a_long_poll_answers_when_something_happens_or_when_time_is_up() -> None:
    log = Paper()
    async with office(log) as desk, httpx2.AsyncClient(base_url=desk.where, timeout=20) as client:
        empty = await client.get(FEED, params={"timeout": 20}, headers=desk.as_())
        assert (empty.status_code, empty.content) == (200, b"[]")
        poll = asyncio.create_task(client.get(FEED, params={"timeout": 60_000}, headers=desk.as_()))
        await until(lambda: desk.streams.open == 1)
        log.tell()
        answer = await poll
    assert answer.headers["content-type"] == "application/cloudevents-batch+json"
    assert [one["id"] for one in answer.json()] == [log.told[0].id]


async def test_the_feed_is_read_in_pages_and_each_names_the_next() -> None:
    log = Paper()
    log.tell(25)
    seen, place = b"", f"{FEED}?limit=10"
    async with office(log) as desk, httpx2.AsyncClient(base_url=desk.where) as client:
        while (answer := await client.get(place, headers=desk.as_())).json():
            seen += b"," + answer.content[1:-1]
            place = answer.headers["link"].removeprefix("<").partition(">")[0]
    assert seen[1:] == b",".join(one.body for one in log.told), "bytes, not meanings"
    assert "link" not in answer.headers


@pytest.mark.parametrize("unknown", [ident("never"), "x", "0", "\N{SNOWMAN}", "' OR 1=1 --", "%00"])
async def test_an_unknown_last_event_is_a_problem_with_a_way_out(unknown: str) -> None:
    log = Paper()
    log.tell(2)
    async with office(log) as desk, httpx2.AsyncClient(base_url=desk.where) as client:
        answers = [
            await client.get(FEED, params={"lastEventId": unknown}, headers=desk.as_()),
            await client.get(FEED, params={"lastEventId": unknown}, headers=desk.as_(**STREAM)),
        ]
        if unknown.isascii():
            answers.append(await client.get(FEED, headers=desk.as_(**STREAM, **{"Last-Event-ID": unknown})))
        for answer in answers:
            assert answer.status_code == 404
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["type"] == "urn:problem-type:wijkspoor:unknownPublicEvent"
            assert (await client.get(answer.json()["restart"], headers=desk.as_())).status_code == 200


async def test_one_event_can_be_read_alone_and_its_data_where_dataref_points() -> None:
    log = Paper()
    log.tell(2)
    async with office(log) as desk, httpx2.AsyncClient(base_url=desk.where) as client:
        one = await client.get(f"{FEED}/{log.told[1].id}", headers=desk.as_())
        data = await client.get(f"{FEED}/{log.told[1].id}/data", headers=desk.as_())
        assert (one.content, one.headers["content-type"]) == (log.told[1].body, "application/cloudevents+json")
        assert data.json() == one.json()["data"]
        for path in (f"{FEED}/{ident('never')}", f"{FEED}/x", f"{FEED}/x/data"):
            assert (await client.get(path, headers=desk.as_())).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"limit": 0}, {"limit": 1_001}, {"limit": "x"}, {"timeout": -1}, {"timeout": 60_001}]
)
async def test_wrong_parameters_are_named(wrong: dict[str, Any]) -> None:
    async with office(Paper()) as desk, httpx2.AsyncClient(base_url=desk.where) as client:
        answer = await client.get(FEED, params=wrong, headers=desk.as_())
    assert answer.status_code == 400
    assert [one["name"] for one in answer.json()["issues"]] == list(wrong)


async def test_only_subscribers_auditors_and_administrators_may_read() -> None:
    log = Paper()
    log.tell(1)
    paths = (FEED, f"{FEED}/{log.told[0].id}", f"{FEED}/{log.told[0].id}/data")
    async with office(log) as desk, httpx2.AsyncClient(base_url=desk.where) as client:
        for path in paths:
            assert (await client.get(path)).status_code == 401
            for role in sorted(ROLES):
                expected = 200 if role in {"subscriber", "auditor", "admin"} else 403
                assert (await client.get(path, headers=desk.as_(role))).status_code == expected, (path, role)
        answer = await client.get(FEED, headers=desk.as_("applicant", **STREAM))
        assert answer.status_code == 403
