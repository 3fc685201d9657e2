"""The whole command line, over the doors of this installation."""

from __future__ import annotations

from collections.abc import Sequence

from services.bootstrap.banking import open_bank
from services.bootstrap.cluster import open_cluster
from services.bootstrap.offline import open_empty, prepare, rebuild_views
from services.bootstrap.roles import open_role
from services.bootstrap.tools import KafkaTopics, open_kafka_history, open_parking, public_topic, run_monitor
from services.bootstrap.whole import open_shared, open_whole
from services.cli.app import call
from services.cli.ports import Doors


def run(arguments: Sequence[str]) -> int:
    """One command; its exit code."""
    doors = Doors(
        whole=open_whole,
        shared=open_shared,
        empty=open_empty,
        rebuild=rebuild_views,
        role=open_role,
        cluster=open_cluster,
        prepare=prepare,
        parking=open_parking,
        history=open_kafka_history,
        public_topic=public_topic,
        monitor=run_monitor,
        bank=open_bank,
        topics=KafkaTopics(),
    )
    return call(doors, arguments)
