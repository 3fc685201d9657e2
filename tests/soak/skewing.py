"""Wrong clocks for the processes that are started meanwhile (`skewed/sitecustomize.py`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = Path(__file__).parent / "skewed"


@contextmanager
def skewed(seconds: int) -> Iterator[None]:
    """Whatever is started meanwhile has a clock that is ahead, right or behind by so many seconds, turn by turn."""
    told = {"SKEW_SECONDS": str(seconds), "PYTHONPATH": str(FOLDER)}
    before = {name: os.environ.get(name) for name in told}
    if seconds:
        os.environ.update(told)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
