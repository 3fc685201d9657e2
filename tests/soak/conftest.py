"""What runs a cluster here needs Kafka; the checker's own tests need nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.kafka.conftest import LACKS

HERE = Path(__file__).parent
CLUSTER = {"test_soak.py", "test_counting.py"}

collect_ignore = sorted(CLUSTER) if LACKS else []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs Kafka."""
    for item in items:
        if item.path.parent == HERE and item.path.name in CLUSTER:
            item.add_marker(pytest.mark.kafka)
