# ruff: noqa: TID251, S608 -- it runs alone, at another agency: its settings are its environment
"""Receives the public events of Wijkspoor: each one once, however often this program is killed.

Place and effect are kept in one transaction of one database, so they cannot come apart; repeats are dropped by source
and id. Run it as it is, then put your own work in `effect`.

    KAFKA=host:9092 python subscriber.py run       receives until it is stopped
    python subscriber.py check                     names sequences that have not come
    python subscriber.py export > received.jsonl   for: wijkspoor subscription check received.jsonl …
"""

import asyncio
import json
import os
import signal
import sqlite3
import ssl
import sys

from aiokafka import AIOKafkaConsumer, TopicPartition

TOPIC, PARTITIONS = "wijkspoor.public.v1", 6  # the count never changes
BOOK = """
CREATE TABLE IF NOT EXISTS event (source, id, sequence INTEGER, body BLOB, PRIMARY KEY (source, id));
CREATE TABLE IF NOT EXISTS place (partition INTEGER PRIMARY KEY, next INTEGER);
CREATE TABLE IF NOT EXISTS seen (type PRIMARY KEY, times INTEGER);
"""


def effect(book: sqlite3.Connection, event: dict) -> None:
    """What an event means to you. Whatever you write to `book` here happens once."""
    again = "ON CONFLICT (type) DO UPDATE SET times = times + 1"
    book.execute(f"INSERT INTO seen VALUES (?, 1) {again}", (event["type"],))


def keep(book: sqlite3.Connection, partition: int, records: list) -> None:
    """The events of one batch and the place after them: all, or nothing."""
    with book:
        for record in records:
            event = json.loads(record.value)
            row = (event["source"], event["id"], int(event["sequence"]), record.value)
            if book.execute("INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?)", row).rowcount:
                effect(book, event)
        book.execute("INSERT OR REPLACE INTO place VALUES (?, ?)", (partition, records[-1].offset + 1))


def access() -> dict:
    """How to enter: by name and password (SCRAM over TLS) where they are given."""
    if "KAFKA_USER" not in os.environ:
        return {}
    ca = os.environ.get("KAFKA_CA")
    secure = {"security_protocol": "SASL_SSL", "ssl_context": ssl.create_default_context(cafile=ca)} if ca else {}
    login = {"sasl_plain_username": os.environ["KAFKA_USER"], "sasl_plain_password": os.environ["KAFKA_PASSWORD"]}
    return {"security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "SCRAM-SHA-512", **secure, **login}


async def run(book: sqlite3.Connection) -> None:
    """Read every partition from its place, for ever. No group: the place is ours, not Kafka's."""
    reader = AIOKafkaConsumer(
        bootstrap_servers=os.environ["KAFKA"], enable_auto_commit=False, auto_offset_reset="earliest", **access()
    )
    await reader.start()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
    try:
        partitions = [TopicPartition(TOPIC, number) for number in range(PARTITIONS)]
        reader.assign(partitions)
        places = dict(book.execute("SELECT partition, next FROM place"))
        for one in partitions:
            reader.seek(one, places.get(one.partition, 0))
        while True:
            for one, records in (await reader.getmany(timeout_ms=500, max_records=50)).items():
                keep(book, one.partition, records)
    finally:
        await reader.stop()


def main(command: str) -> int:
    book = sqlite3.connect(os.environ.get("BOOK", "book.sqlite"))
    book.executescript(BOOK)
    if command == "run":
        asyncio.run(run(book))
    elif command == "export":
        for (body,) in book.execute("SELECT body FROM event ORDER BY sequence"):
            sys.stdout.buffer.write(body + b"\n")
    elif command == "check":
        came = {sequence for (sequence,) in book.execute("SELECT sequence FROM event")}
        missing = sorted(set(range(1, max(came, default=0) + 1)) - came)
        print(f"{len(came)} events; missing: {missing or 'none'}")
        return 1 if missing else 0
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except asyncio.CancelledError:
        sys.exit(0)
