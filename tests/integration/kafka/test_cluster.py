"""The call of 2021 through a process for every role and real Kafka: it ends as in one process without Kafka."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from pydantic import SecretStr

from deploy.kafka.local import LocalKafka
from events.adapters.embedded import EmbeddedPostgres
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.postgres.progress import PostgresProgress
from events.failures import CannotRun
from projections.views import VIEWS
from services.bootstrap.cluster import COMMAND, open_cluster
from services.bootstrap.readers import everybody
from services.cluster.quiet import behind
from services.settings import Settings
from services.story.call_2021 import steps
from services.story.player import Direct, play
from tests.e2e.conftest import END, program
from tests.integration.kafka.conftest import fresh_topics
from tests.integration.killed.ending import Ended, assert_same, ending


async def undisturbed(postgres: EmbeddedPostgres, folder: Path) -> Ended:
    """The same play in one process, without Kafka."""
    async with program(postgres, folder) as runtime:
        await play(steps(), runtime, Direct(runtime.handler, runtime.services), now=runtime.clock.now)
        await runtime.advance(END)
        return await ending(runtime.store.dsn, folder / "keys")


def settings_for(access: KafkaAccess, folder: Path) -> Settings:
    """A demo's cluster whose processes each enter Kafka as their own user; we are the administrator."""
    return Settings(
        data=folder,
        demo=True,
        profile="cluster",
        kafka=access.bootstrap,
        kafka_security=access.security,
        kafka_user=access.user,
        kafka_password=SecretStr(access.password or ""),
    )


def cli(settings: Settings, *arguments: object) -> str:
    """What the command line answers, as another process that was told the same."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "WIJKSPOOR_DATA": str(settings.data),
        "WIJKSPOOR_KAFKA": settings.kafka or "",
        "WIJKSPOOR_KAFKA_SECURITY": settings.kafka_security,
        "WIJKSPOOR_KAFKA_USER": settings.kafka_user or "",
        "WIJKSPOOR_KAFKA_PASSWORD": settings.kafka_password.get_secret_value() if settings.kafka_password else "",
    }
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def exported(settings: Settings, folder: Path, **options: object) -> dict[str, bytes]:
    """The files of an export of this log."""
    named = [part for name, value in options.items() for part in (f"--{name}", value)]
    cli(settings, "export", "log", "--out", folder, *named)
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def test_the_call_of_2021_through_processes_and_kafka_ends_as_in_one_process(
    secured: LocalKafka, postgres: EmbeddedPostgres, data_folder: Path, tmp_path: Path
) -> None:
    await fresh_topics(secured.access())
    settings = settings_for(secured.access(), data_folder)
    async with open_cluster(settings, {}) as cluster:
        stage = cluster.stage()
        await play(steps(), stage, stage, now=stage.now)
        await stage.advance(END)
        assert behind(await PostgresProgress(cluster.store.pool).standing(), everybody()) is None
        assert {member.starts for member in cluster.fleet.members.values()} == {1}, "nobody had to be started again"
        ours = await ending(cluster.store.dsn, settings.keys, {"timers", *VIEWS})
        desk = await cluster.client.get(cluster.desk)
        assert desk.status_code == 200
        assert "7.600.000" in desk.text
        before = exported(settings, tmp_path / "before", dsn=cluster.store.dsn)
    anew = settings.model_copy(update={"data": tmp_path / "anew"})
    shutil.copytree(settings.keys, anew.keys)
    told = cli(anew, "restore", "--from", "kafka", "--json")
    assert json.loads(told)["events"] == ours.events
    assert exported(anew, tmp_path / "after") == before, "the log came back from Kafka, byte for byte"
    assert_same(await undisturbed(postgres, tmp_path), ours)


async def test_without_brokers_a_cluster_says_what_to_set(data_folder: Path) -> None:
    with pytest.raises(CannotRun, match="set WIJKSPOOR_KAFKA"):
        async with open_cluster(Settings(data=data_folder, demo=True, profile="cluster"), {}):
            pass
