"""Bring a database to the schema of this version: plain SQL files, run by dbmate."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from events.adapters.sql import MIGRATIONS
from events.failures import DiskFull, MigrationFailed


def migrate(dsn: str) -> None:
    """Make the database if it is not there, and run what has not run yet; MigrationFailed with the cause, DiskFull.

    The DSN must be the owner's: the application's role may not change the schema. Several processes may call this at
    once; they wait for each other.
    """
    # The address goes by environment, not as an argument: it may hold a password, and arguments can be read by all.
    run = subprocess.run(
        [_dbmate(), "--no-dump-schema", "--migration-lock", "--migrations-dir", MIGRATIONS, "up"],
        check=False,
        capture_output=True,
        text=True,
        cwd=MIGRATIONS,
        env={"DATABASE_URL": dsn, "PATH": "/usr/bin:/bin"},
    )
    if run.returncode != 0:
        cause = (run.stderr or run.stdout).strip().splitlines() or ["no cause given"]
        if "No space left on device" in cause[-1]:
            raise DiskFull("The disk of the database is full: make room, then start again.")
        if ": dial " in cause[-1]:
            raise MigrationFailed("The database cannot be reached: start it, or check --dsn.")
        raise MigrationFailed(f"The database could not be brought to this version: {cause[-1]}")


def _dbmate() -> str:
    beside = Path(sys.executable).parent / "dbmate"
    found = str(beside) if beside.exists() else shutil.which("dbmate")
    if found is None:
        raise MigrationFailed("The program dbmate is not installed: run make setup.")
    return found
