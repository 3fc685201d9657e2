"""The statements of the adapters, one file each, and the migrations."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
MIGRATIONS = FOLDER / "migrations"


@cache
def statement(name: str) -> str:
    """The text of one named file."""
    return (FOLDER / f"{name}.sql").read_text()
