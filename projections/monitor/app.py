"""The Faust app: two agents that take records in, and the pages that show what came of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import faust
import structlog
from aiokafka import ConsumerRecord
from faust.app.base import BootStrategy

from projections.monitor.exposition import CONTENT_TYPE, exposition
from projections.monitor.faust_tables import faust_tables
from projections.monitor.figures import Figures, to_json
from projections.monitor.reading import Raw, Reader
from projections.monitor.setup import Setup

log = structlog.get_logger()


class _OnlyReads(BootStrategy):
    """No producer: the monitor writes nothing to Kafka."""

    enable_kafka_producer = False


class _App(faust.App):
    BootStrategy = _OnlyReads


def make_app(setup: Setup, folder: Path) -> faust.App:
    """An app under the conditions of ecosystem.md; `folder` is a throw-away one, for Faust wants one."""
    client, timing = setup.access.client(), setup.timing
    return _App(
        setup.group,
        broker=[f"kafka://{one}" for one in client["bootstrap_servers"].split(",")],
        broker_credentials=_credentials(client),
        broker_session_timeout=timing.session,
        broker_heartbeat_interval=timing.heartbeat,
        broker_commit_interval=timing.commit,
        # Past its interval Faust would leave the group for good, and say nothing.
        broker_max_poll_interval=86_400.0,
        broker_max_poll_records=100,
        consumer_auto_offset_reset="earliest",
        topic_disable_leader=True,
        topic_allow_declare=False,
        table_standby_replicas=0,
        stream_wait_empty=True,
        # With a full buffer it rests for a whole second, and a start reads the whole log.
        stream_buffer_maxsize=20_000,
        store="memory://",
        datadir=folder,
        autodiscover=False,
        web_bind=setup.host,
        web_host=setup.host,
        web_port=setup.port,
        web_tables_enabled=False,
        web_router_enabled=False,
        web_graph_enabled=False,
        web_stats_enabled=False,
        web_metrics_enabled=False,
    )


def _credentials(client: Any) -> faust.SASLCredentials | None:
    if "sasl_mechanism" not in client:
        return None
    return faust.SASLCredentials(
        username=client["sasl_plain_username"],
        password=client["sasl_plain_password"],
        mechanism=client["sasl_mechanism"],
        ssl_context=client.get("ssl_context"),
    )


def make_reader(app: faust.App, setup: Setup) -> Reader:
    """Agents over the topics, and what they fill."""
    reader = Reader(faust_tables(app), setup.reads)

    def agent(name: str, topics: Any, take: Callable[[Raw], None]) -> None:
        channel = app.topic(*topics, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")

        @app.agent(channel, name=name, concurrency=1)
        async def follow(stream: Any) -> None:
            async for event in stream.events():
                guarded(reader, take, raw_of(event.message))

    agent("log", setup.log_topics, reader.log)
    agent("parked", setup.parked_topics, reader.park)
    return reader


def guarded(reader: Reader, take: Callable[[Raw], None], raw: Raw) -> None:
    """Take a record in, whatever it does to us."""
    try:
        take(raw)
    except Exception:  # what is raised here, Faust would acknowledge, and after a second one stand still
        log.exception("monitor.stumbled", topic=raw.topic, partition=raw.partition, offset=raw.offset)
        reader.broke(raw)


def raw_of(message: Any) -> Raw:
    """A record as Faust hands it out."""
    headers = message.headers or ()
    pairs = headers.items() if isinstance(headers, dict) else headers
    return Raw(
        message.topic,
        message.partition,
        message.offset,
        message.key,
        message.value,
        tuple(pairs),
        int(message.timestamp * 1_000),
    )


def raw_of_first(record: ConsumerRecord) -> Raw:
    """A record as aiokafka hands it out."""
    return Raw(
        record.topic,
        record.partition,
        record.offset,
        record.key,
        record.value,
        tuple(record.headers),
        record.timestamp,
    )


def make_pages(app: faust.App, figures: Callable[[], Figures], ready: Callable[[], bool]) -> None:
    """`/figures`, `/metrics`, and whether it lives and is of use."""

    @app.page("/figures")
    async def show_figures(web: Any, _request: Any) -> Any:
        return web.bytes(to_json(figures()), content_type="application/json")

    @app.page("/metrics")
    async def show_metrics(web: Any, _request: Any) -> Any:
        return web.bytes(exposition(figures()), headers={"Content-Type": CONTENT_TYPE})

    @app.page("/livez")
    async def live(web: Any, _request: Any) -> Any:
        return web.json({"status": "UP"})

    @app.page("/readyz")
    async def is_ready(web: Any, _request: Any) -> Any:
        so = ready()
        return web.json({"status": "UP" if so else "DOWN"}, status=200 if so else 503)

    @app.page("/health")
    async def health(web: Any, _request: Any) -> Any:
        found = figures()
        return web.json({"status": "DEGRADED" if found.alarms else "UP", "alarms": len(found.alarms)})
