"""No request to subscriptions and manifests makes the program fail, and what it answers is documented (G11)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import structlog
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from events.adapters.memory import MemoryVault
from events.adapters.memory_manifests import MemoryManifests
from events.adapters.memory_webhooks import MemorySubscriptions
from services.logging import configure
from services.manifests import TOPIC
from services.web.app import create_app
from services.web.manifests import manifest_routes
from services.webhooks.api import subscription_routes
from tests.integration.webhooks.play import now
from tests.publics import PaperPublicLog, published
from tests.unit.services.shell.fakes import PaperRuntime

PUBLIC = PaperPublicLog([published(number) for number in range(1, 6)])
RUNTIME = PaperRuntime(
    routers=[
        subscription_routes(MemorySubscriptions(), PUBLIC, MemoryVault(), now, plain=False),
        manifest_routes(MemoryManifests(), TOPIC),
    ]
)
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
CONFIG = SchemathesisConfig(
    projects=ProjectsConfig(default=ProjectConfig(generation=GenerationConfig(modes=MODES, deterministic=True)))
)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(RUNTIME), config=CONFIG).include(
    path_regex="/v1/public/"
)


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    """Log lines go nowhere."""
    configure("error", "json", io.StringIO())
    yield
    structlog.reset_defaults()


def probe(case: Case[Any]) -> None:
    """Send it as a subscriber, and look at the answer."""
    token = RUNTIME.issuer.issue("subscriber", "OVO000001", "p-1")
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)


QUIET = settings(deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)


@schema.parametrize()
@settings(QUIET, max_examples=4)
def test_no_request_makes_the_program_fail(case: Case[Any]) -> None:
    probe(case)


@pytest.mark.long
@schema.parametrize()
@settings(QUIET, max_examples=300)
def test_no_request_makes_the_program_fail_however_long_one_tries(case: Case[Any]) -> None:
    probe(case)
