"""Rights on Kafka follow from what the services do, not from what somebody once wrote down."""

from __future__ import annotations

from events.adapters.kafka.access import PRINCIPALS, REACTS_TO, Kind, Operation, allowed, worker
from events.catalog import FACT_TYPES
from services.bootstrap.readers import reads_of
from services.cluster.roles import DECIDING, Role
from services.registry import SERVICES


def test_a_worker_reads_exactly_the_topics_that_it_reacts_to() -> None:
    reacts = {
        service.name: {FACT_TYPES[reaction.on.__name__].service for reaction in service.reactions}
        for service in SERVICES.values()
    }
    assert {name: set(others) for name, others in REACTS_TO.items()} == reacts


def test_each_service_has_one_principal_for_its_workers() -> None:
    assert {worker(name) for name in SERVICES} == {worker(name) for name in REACTS_TO}


def test_every_role_that_enters_kafka_has_rights_there() -> None:
    roles = [Role("relay"), Role("project"), Role("timers"), Role("publish"), Role("monitor")]
    workers = [Role("work", (name,)) for name in DECIDING]
    assert {role.principal for role in (*roles, *workers)} <= set(PRINCIPALS)


def test_a_worker_subscribes_to_what_it_may_read() -> None:
    for service in SERVICES.values():
        for topic in reads_of(service):
            assert allowed(worker(service.name), Kind.TOPIC, topic, Operation.READ)
