"""The peers: the leading event-sourcing library in Python on the same server, and an event store written in Rust."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import umadb
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from tests.bench.ground import Ground
from tests.bench.making import Author, fresh, golden

DATABASE = "bench_peer"
WAIT_SECONDS = 30.0

Caller = Callable[[], None]


def payload() -> bytes:
    """The bytes of one of our events, made once: the peers store them as they are, neither chained nor signed."""
    return Author("claim", fresh()).request([golden("ClaimApproved")]).events[0].body


@contextmanager
def eventsourcing(ground: Ground, callers: int) -> Iterator[list[Caller]]:
    """`eventsourcing` as it comes: its recorder locks the table for each append, so that notification ids appear in
    the order of commit. (`POSTGRES_ENABLE_DB_FUNCTIONS` gives that lock up.) One connection a caller."""
    host = ground.dsn(DATABASE).partition("host=")[2].partition("&")[0].replace("%2F", "/")
    datastore = PostgresDatastore(DATABASE, host, 5432, "wijkspoor", "", pool_size=callers, connect_timeout=30)
    recorder = PostgresApplicationRecorder(datastore)
    recorder.create_table()
    body = payload()
    try:
        yield [_inserting(recorder, body) for _ in range(callers)]
    finally:
        datastore.close()


def _inserting(recorder: PostgresApplicationRecorder, body: bytes) -> Caller:
    stream: UUID = uuid4()
    version = 0

    def call() -> None:
        nonlocal version
        version += 1
        recorder.insert_events([StoredEvent(stream, version, "events.payment:ClaimApproved", body)])

    return call


@contextmanager
def uma_server(folder: Path) -> Iterator[str]:
    """UmaDB's server on this machine alone, as its wheel brings it; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = [str(Path(sys.executable).parent / "umadb"), "--listen", f"127.0.0.1:{port}"]
    server = subprocess.Popen(
        [*program, "--db-path", str(folder / "uma.db")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _answers(url, server)
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _answers(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            umadb.Client(url).head()
        except (umadb.TransportError, OSError) as error:
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError("UmaDB's server does not answer") from error
            time.sleep(0.05)
        else:
            return


def uma(url: str, callers: int) -> list[Caller]:
    """Conditional appends: nothing else came to the stream since its last position. One client a caller."""
    body = payload()
    return [_appending(url, body) for _ in range(callers)]


def _appending(url: str, body: bytes) -> Caller:
    client = umadb.Client(url)
    stream = f"claim-{fresh()}"
    boundary = umadb.Query(items=[umadb.QueryItem(tags=[stream])])
    last: int | None = None

    def call() -> None:
        nonlocal last
        event = umadb.Event(event_type="ClaimApproved", data=body, tags=[stream], uuid=uuid4())
        last = client.append([event], condition=umadb.AppendCondition(boundary, after=last))

    return call
