"""Every key is made where the log is begun, so that no role has to make one."""

from __future__ import annotations

import json
from pathlib import Path

from joserfc.jwk import ECKey, KeySet

from services.bootstrap.offline import prepare
from services.bootstrap.roles import open_role
from services.cluster.roles import DECIDING, Role
from services.settings import Settings


async def test_a_role_of_a_real_log_makes_no_key(dsn: str, tmp_path: Path) -> None:
    keys = KeySet([ECKey.generate_key("P-256", parameters={"kid": "one"})])
    (tmp_path / "jwks.json").write_text(json.dumps(keys.as_dict(private=False)), encoding="utf-8")
    settings = Settings(
        data=tmp_path,
        dsn=dsn,
        profile="cluster",
        origin="test.local/log",
        oidc_issuer="https://login.example.be",
        oidc_keys=str(tmp_path / "jwks.json"),
    )
    await prepare(settings)
    before = sorted(path.name for path in settings.keys.iterdir())
    async with open_role(settings, Role("serve", ["intake"])):
        assert sorted(path.name for path in settings.keys.iterdir()) == before


async def test_who_prepares_a_database_makes_every_key_once(dsn: str, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, dsn=dsn, profile="cluster", origin="test.local/log")
    await prepare(settings)
    made = {path.name: path.read_bytes() for path in settings.keys.iterdir()}
    assert set(made) == {"vault.master", "log.ed25519", *(f"{name}.ed25519" for name in DECIDING)}
    await prepare(settings)
    assert {path.name: path.read_bytes() for path in settings.keys.iterdir()} == made
