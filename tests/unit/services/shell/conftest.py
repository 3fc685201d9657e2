"""Log lines of these tests go nowhere."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
import structlog

from services.logging import configure


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    """A test that reads log lines sets up its own stream."""
    configure("error", "json", io.StringIO())
    yield
    structlog.reset_defaults()
