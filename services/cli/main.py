"""The console script `wijkspoor`."""

from __future__ import annotations

from services.bootstrap import open_cluster, open_empty, open_role, open_shared, open_whole, prepare, rebuild_views
from services.bootstrap.banking import open_bank
from services.bootstrap.tools import KafkaTopics, open_kafka_history, open_parking, public_topic, run_monitor
from services.cli.app import exit_with
from services.cli.ports import Doors


def main() -> None:
    """Run the command of this process's arguments, and exit with its code."""
    exit_with(
        Doors(
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
    )


if __name__ == "__main__":
    main()
