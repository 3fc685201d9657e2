"""The subscriber's kit, as another agency runs it: every public event once, across ten kills, on real Kafka."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from deploy.kafka import jars
from deploy.kafka.local import LocalKafka
from events.adapters.kafka import setup
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.postgres.store import PostgresStore
from events.proof import manifest
from events.proof.manifest import BEGIN, Manifest
from events.proof.signing import Signer
from services.completeness import Received, check
from tests.integration.kafka.conftest import fresh_topics
from tests.integration.kafka.publics import acknowledged, publisher_on, publishing
from tests.publics import PaperPublicLog

KIT = Path(__file__).parents[3] / "deploy" / "subscriber"
KILLS = 10
EACH = 60
SECONDS = 40.0
LOG = Signer("log", b"\x07" * 32)


def classes() -> str:
    """Kafka's jars: the node that the tests run on has fetched them."""
    return ":".join(f"{one}/*" for one in jars.CACHE.glob("jars-*"))


class Kit(Protocol):
    """A subscriber's program and its book."""

    def command(self, what: str) -> Sequence[str]:
        """How it is started."""

    def kept(self) -> int:
        """How many events stand in the book."""


@dataclass
class Python:
    """The one in Python."""

    book: Path

    def command(self, what: str) -> Sequence[str]:
        return [sys.executable, str(KIT / "subscriber.py"), what]

    def kept(self) -> int:
        if not self.book.exists():
            return 0
        book = sqlite3.connect(self.book)
        try:
            return int(book.execute("SELECT count(*) FROM event").fetchone()[0])
        except sqlite3.OperationalError:
            return 0  # it is just being made
        finally:
            book.close()


@dataclass
class Java:
    """The one in Java: from its source, as the README says, or compiled, where it is started often."""

    book: Path
    compiled: Path | None = None

    def command(self, what: str) -> Sequence[str]:
        quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"]
        quiet = "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"
        if self.compiled is None:
            return ["java", *quick, quiet, "-cp", classes(), str(KIT / "Subscriber.java"), what]
        return ["java", *quick, quiet, "-cp", f"{self.compiled}:{classes()}", "Subscriber", what]

    def compile(self, folder: Path) -> None:
        """Once, for many starts."""
        self.compiled = folder
        subprocess.run(["javac", "-cp", classes(), "-d", folder, KIT / "Subscriber.java"], check=True)

    def kept(self) -> int:
        return self.book.read_bytes().count(b"\n") if self.book.exists() else 0


def kit_of(name: str, folder: Path) -> Kit:
    """A kit with an empty book."""
    return Python(folder / "book") if name == "python" else Java(folder / "book")


async def begin(kit: Kit, access: KafkaAccess, folder: Path, what: str = "run") -> Process:
    """The program, at work."""
    secret = {"KAFKA_USER": access.user, "KAFKA_PASSWORD": access.password} if access.user and access.password else {}
    given: Mapping[str, str] = {"KAFKA": access.bootstrap, "BOOK": str(folder / "book"), **secret}
    return await asyncio.create_subprocess_exec(*kit.command(what), env={**os.environ, **given}, stdout=PIPE)


async def keeps(kit: Kit, process: Process, count: int) -> None:
    """Wait until so many events stand in the book."""
    async with asyncio.timeout(SECONDS):
        while kit.kept() < count:
            assert process.returncode is None, "it has ended by itself"
            await asyncio.sleep(0.002)


async def ended(process: Process, how: signal.Signals) -> tuple[int, bytes]:
    """End it; its exit code, and what it said."""
    process.send_signal(how)
    said, _ = await process.communicate()
    return process.returncode or 0, said


async def asked(kit: Kit, folder: Path, what: str) -> tuple[int, bytes]:
    """The book, looked at."""
    process = await begin(kit, KafkaAccess("nowhere:1"), folder, what)
    said, _ = await process.communicate()
    return process.returncode or 0, said


def proven(public: PaperPublicLog, exported: bytes) -> None:
    """What the house's own check says of what the kit has kept."""
    digests = [manifest.digest(one.body) for one in public.events]
    said = Manifest("test", "t", "2021-07-15", 1, len(digests), BEGIN, manifest.roll(BEGIN, digests))
    received = Received("urn:wijkspoor:test")
    for line in exported.splitlines():
        received.take(line)
    assert check(received, [manifest.read(manifest.sign(LOG, said, digests))], LOG.public_key).findings == []
    assert sorted(exported.splitlines()) == sorted(one.body for one in public.events), "byte for byte"


@pytest.mark.parametrize("name", ["python", "java"])
async def test_every_public_event_is_kept_once_across_ten_kills(
    name: str, store: PostgresStore, topics: KafkaAccess, tmp_path: Path
) -> None:
    public, kit = PaperPublicLog(), kit_of(name, tmp_path)
    if isinstance(kit, Java):
        kit.compile(tmp_path)
    async with publishing(publisher_on(store, public, topics)):
        for kill in range(KILLS):
            await public.grow(EACH)
            process = await begin(kit, topics, tmp_path)
            # Sometimes at its first event, sometimes with some of them, sometimes when it has them all.
            await keeps(kit, process, kill * EACH + (1, EACH // 2, EACH)[kill % 3])
            assert (await ended(process, signal.SIGKILL))[0] == -signal.SIGKILL
        await public.grow(EACH)
        await acknowledged(store, len(public.events))
        process = await begin(kit, topics, tmp_path)
        await keeps(kit, process, len(public.events))
        await ended(process, signal.SIGTERM)

    assert kit.kept() == len(public.events) == (KILLS + 1) * EACH
    code, said = await asked(kit, tmp_path, "check")
    assert (code, said.decode().strip()) == (0, f"{len(public.events)} events; missing: none")
    proven(public, (await asked(kit, tmp_path, "export"))[1])


async def test_who_reads_again_from_the_beginning_has_every_effect_once(
    store: PostgresStore, topics: KafkaAccess, tmp_path: Path
) -> None:
    public, kit = PaperPublicLog(), kit_of("python", tmp_path)
    async with publishing(publisher_on(store, public, topics)):
        for _ in range(2):
            await public.grow(EACH)
            process = await begin(kit, topics, tmp_path)
            await keeps(kit, process, len(public.events))
            assert (await ended(process, signal.SIGTERM))[0] == 0
            with sqlite3.connect(tmp_path / "book") as book:
                book.execute("DELETE FROM place")
                seen = dict(book.execute("SELECT type, times FROM seen"))
            book.close()
            assert seen == Counter(one.type for one in public.events)


@pytest.mark.parametrize("name", ["python", "java"])
async def test_what_did_not_come_is_named(name: str, tmp_path: Path) -> None:
    kit = kit_of(name, tmp_path)
    await asked(kit, tmp_path, "check")
    public = PaperPublicLog()
    await public.grow(5)
    for one in public.events[:1] + public.events[3:]:
        keep(tmp_path / "book", name, json.loads(one.body))

    code, said = await asked(kit, tmp_path, "check")
    assert (code, said.decode().strip()) == (1, "3 events; missing: [2, 3]")


def keep(path: Path, name: str, event: Mapping[str, str]) -> None:
    """An event in the book, as the kit writes it."""
    body = json.dumps(event)
    if name == "java":
        with path.open("a") as book:
            book.write("\t".join(["0", "0", event["sequence"], event["source"], event["id"], body]) + "\n")
        return
    with sqlite3.connect(path) as lite:
        lite.execute("INSERT INTO event VALUES (?, ?, ?, ?)", (event["source"], event["id"], event["sequence"], body))
    lite.close()


async def test_a_line_that_a_kill_cut_off_is_taken_away(tmp_path: Path) -> None:
    kit, public = kit_of("java", tmp_path), PaperPublicLog()
    await public.grow(2)
    for one in public.events:
        keep(tmp_path / "book", "java", json.loads(one.body))
    whole = (tmp_path / "book").read_bytes()
    (tmp_path / "book").write_bytes(whole + b'0\t7\t3\turn:x\tid\t{"half"')

    assert (await asked(kit, tmp_path, "check"))[1].startswith(b"2 events; missing: none")
    assert (tmp_path / "book").read_bytes() == whole


@pytest.mark.parametrize("name", ["python", "java"])
async def test_a_subscriber_comes_in_by_name_and_password(
    name: str, store: PostgresStore, secured: LocalKafka, tmp_path: Path
) -> None:
    await fresh_topics(secured.access())
    await setup.apply(secured.access(), {"subscriber": "its word"})
    public, kit = PaperPublicLog(), kit_of(name, tmp_path)
    await public.grow(20)
    async with publishing(publisher_on(store, public, secured.access())):
        process = await begin(kit, secured.access("subscriber", "its word"), tmp_path)
        await keeps(kit, process, 20)
        await ended(process, signal.SIGTERM)
