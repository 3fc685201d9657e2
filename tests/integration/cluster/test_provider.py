"""A real log in a cluster trusts an identity provider, and nobody else."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from events.failures import CannotRun
from services.auth import open_issuer
from services.bootstrap.offline import prepare
from services.bootstrap.roles import open_role
from services.clock import wall_clock
from services.cluster.roles import Role
from services.settings import Settings

PROVIDER = "https://login.example.be"
ORIGIN = "agency.example.be/log"
DESK = Role("serve", ["desk"])


async def test_a_real_log_without_a_provider_is_not_served(dsn: str, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, dsn=dsn, origin=ORIGIN, profile="cluster")
    assert await prepare(settings) == ORIGIN
    with pytest.raises(CannotRun, match="set WIJKSPOOR_OIDC_ISSUER"):
        async with open_role(settings, DESK):
            pass


async def test_tokens_of_the_provider_count_and_those_of_the_house_do_not(dsn: str, tmp_path: Path) -> None:
    key = ECKey.generate_key("P-256", parameters={"kid": "one"})
    (tmp_path / "jwks.json").write_text(json.dumps(KeySet([key]).as_dict(private=False)), encoding="utf-8")
    settings = Settings(
        data=tmp_path,
        dsn=dsn,
        origin=ORIGIN,
        profile="cluster",
        oidc_issuer=PROVIDER,
        oidc_keys=str(tmp_path / "jwks.json"),
    )
    await prepare(settings)
    now = wall_clock()
    times = {"iat": int(now.timestamp()), "exp": int((now + timedelta(minutes=5)).timestamp())}
    who = {"role": "auditor", "org": "OVO000097", "person": "p-1"}
    theirs = jwt.encode({"alg": "ES256", "kid": "one"}, {"iss": PROVIDER, "aud": "wijkspoor", **times, **who}, key)
    ours = open_issuer(settings.keys / "issuer.pem", ORIGIN, wall_clock).issue("auditor", "OVO000097", "p-1")
    async with open_role(settings, DESK) as app:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answers = [
                await client.get("/v1/events", headers={"Authorization": f"Bearer {token}"}) for token in (theirs, ours)
            ]
    assert [answer.status_code for answer in answers] == [200, 401]
    assert answers[0].json()["items"], "the keys of the house are on record"


async def test_a_role_begins_no_log_of_its_own(dsn: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="run wijkspoor migrate first"):
        async with open_role(Settings(data=tmp_path, dsn=dsn), DESK):
            pass
