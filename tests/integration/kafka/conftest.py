"""Real Kafka for tests: one shared node a session with fresh topics a test, and three nodes for tests of faults.

Without Java and Maven these tests are left out by name; with CI=true they run, and fail if they cannot.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiokafka.protocol.admin import DeleteGroupsRequest, DeleteTopicsRequest, ListGroupsRequest

from deploy.kafka.jars import missing
from deploy.kafka.local import LocalKafka
from events.adapters.kafka.admin import KafkaAdmin, open_admin, raise_for
from events.adapters.kafka.connect import KafkaAccess
from events.adapters.kafka.topics import TOPICS, replication
from tests.conftest import roomy_folder

HERE = Path(__file__).parent
LACKS = missing() if os.environ.get("CI") != "true" else None

GROUP_SECONDS = 30.0

collect_ignore_glob = ["test_*.py"] if LACKS else []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for what was left out."""
    if LACKS:
        terminalreporter.write_line(f"left out: tests/integration/kafka needs {LACKS}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything below this folder needs Kafka."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.kafka)


@contextmanager
def running(nodes: int, *, sasl: bool = False, tls: Path | None = None) -> Iterator[LocalKafka]:
    """A cluster of its own, thrown away afterwards."""
    with tempfile.TemporaryDirectory(dir=roomy_folder(), prefix="wijkspoor-kafka-") as folder:
        kafka = LocalKafka(Path(folder), nodes, sasl=sasl, tls=tls)
        kafka.start()
        try:
            yield kafka
        finally:
            kafka.drop()


@pytest.fixture(scope="session")
def kafka() -> Iterator[LocalKafka]:
    """One node for the whole session. Whoever stops or pauses it starts it again; better to take `three_nodes`."""
    with running(1) as one:
        yield one


@pytest.fixture(scope="session")
def secured() -> Iterator[LocalKafka]:
    """One node at which who comes must log in; `access()` is the administrator's."""
    with running(1, sasl=True) as one:
        yield one


@pytest.fixture(scope="module")
def cluster_of_three() -> Iterator[LocalKafka]:
    """A cluster of three for one file of tests; starts in five to ten seconds."""
    with running(3) as cluster:
        yield cluster


@pytest.fixture
def three_nodes(cluster_of_three: LocalKafka) -> LocalKafka:
    """Three nodes, all serving when the test begins, whatever the test before did to them."""
    for node in (1, 2, 3):
        cluster_of_three.resume(node)
    cluster_of_three.start()
    return cluster_of_three


async def delete_topics(admin: KafkaAdmin, names: Collection[str]) -> None:
    """Delete topics with all that is in them. No principal of the program may; tests play the mistake."""
    if names:
        answer = await admin.ask(DeleteTopicsRequest(sorted(names), 10_000))
        for name, code in answer.topic_error_codes:
            raise_for(code, name)

        async def gone(node: int) -> bool:
            return not set(names) & set(await admin.topics(node))

        await admin.seen(gone)


async def forget_groups(admin: KafkaAdmin) -> None:
    """Forget every consumer group. One whose member did not leave is waited for until Kafka gives it up."""
    async with asyncio.timeout(GROUP_SECONDS):
        for broker in admin.brokers():
            while groups := [name for name, _ in (await admin.ask(ListGroupsRequest(), broker)).groups]:
                answer = await admin.ask(DeleteGroupsRequest(groups), broker)
                if any(code for _, code in answer.results):
                    await asyncio.sleep(0.1)


async def fresh_topics(access: KafkaAccess) -> None:
    """All topics of the program, new and empty, and nobody's place in them: 0.1 s."""
    async with open_admin(access) as admin:
        await forget_groups(admin)
        await delete_topics(admin, [name for name in await admin.topics() if not name.startswith("__")])
        brokers = len(admin.brokers())
        await admin.create(TOPICS, replication(brokers), brokers)


@pytest.fixture
async def topics(kafka: LocalKafka) -> AsyncIterator[KafkaAccess]:
    """The way to the shared node, with all topics new and empty; consumer groups have no place in them."""
    await fresh_topics(kafka.access())
    yield kafka.access()
