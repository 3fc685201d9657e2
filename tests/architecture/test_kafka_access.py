"""Rights on Kafka follow from what the services do, not from what somebody once wrote down."""

from __future__ import annotations

from events.adapters.kafka.access import REACTS_TO, worker
from events.catalog import FACT_TYPES
from services.registry import SERVICES


def test_a_worker_reads_exactly_the_topics_that_it_reacts_to() -> None:
    reacts = {
        service.name: {FACT_TYPES[reaction.on.__name__].service for reaction in service.reactions}
        for service in SERVICES.values()
    }
    assert {name: set(others) for name, others in REACTS_TO.items()} == reacts


def test_each_service_has_one_principal_for_its_workers() -> None:
    assert {worker(name) for name in SERVICES} == {worker(name) for name in REACTS_TO}
