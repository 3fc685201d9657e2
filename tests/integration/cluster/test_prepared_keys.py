"""Every key is made where the log is begun, so that no role has to make one."""

from __future__ import annotations

from pathlib import Path

from services.bootstrap import prepare
from services.cluster.roles import DECIDING
from services.settings import Settings


async def test_who_prepares_a_database_makes_every_key_once(dsn: str, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, dsn=dsn, profile="cluster", origin="test.local/log")
    await prepare(settings)
    made = {path.name: path.read_bytes() for path in settings.keys.iterdir()}
    assert set(made) == {"vault.master", "log.ed25519", *(f"{name}.ed25519" for name in DECIDING)}
    await prepare(settings)
    assert {path.name: path.read_bytes() for path in settings.keys.iterdir()} == made
