"""Who reads the log in a cluster, under which name and on which topics."""

from __future__ import annotations

from events.adapters.kafka.topics import LOG_TOPICS
from events.catalog import FACT_TYPES
from projections.views import VIEWS
from services.cluster.quiet import Expected
from services.deciding import Service
from services.reacting import concerns
from services.registry import SERVICES


def reactions_name(service: str) -> str:
    """The consumer that carries a service's reactions."""
    return f"react:{service}"


def reads_of(service: Service) -> list[str]:
    """The topics on which a service finds what it reacts to."""
    return sorted({LOG_TOPICS[FACT_TYPES[name].service] for name in concerns(service)})


def everybody() -> Expected:
    """All consumers of a cluster."""
    partitioned = {reactions_name(name): reads_of(service) for name, service in SERVICES.items()}
    return Expected(whole=["timers", *VIEWS], partitioned=partitioned)
