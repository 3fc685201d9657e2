"""What somebody set for a cluster, each of its processes is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.bootstrap.cluster import _environment
from services.cluster.roles import Role
from services.settings import Settings

OWN = {"port", "host", "log_format"}
"""Each process has its own, or finds it out by itself."""

IN_THE_LOG = {"origin", "demo"}
"""The first event says it."""

SECRET = {"files_secret"}
"""Who takes uploads is told it, and nobody else."""

OF_THE_BANK = {"bank_folder", "bank_name", "bank_iban", "bank_bic", "bank_kbo"}
"""For `wijkspoor bank` alone: no process that serves has to know the agency's account."""

NAMES = sorted(Settings.model_fields.keys() - OWN - IN_THE_LOG - SECRET - OF_THE_BANK)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A cluster with every setting made."""
    monkeypatch.setenv("WIJKSPOOR_ORGANISATION", "OVO000001")
    return Settings(
        data=tmp_path,
        dsn="postgresql:///log",
        profile="cluster",
        log_level="warning",
        organisation="OVO000097",
        kafka="127.0.0.1:9092",
        kafka_security="sasl_ssl",
        kafka_ca=tmp_path / "ca.pem",
        monitor="http://127.0.0.1:6066",
        webhook_networks="10.1.0.0/16",
        webhook_origin="agency.example.be",
        oidc_issuer="https://login.example.be",
        oidc_audience="subsidies",
        oidc_keys="https://login.example.be/keys",
        files="https://s3.example.be/wijkspoor",
        files_region="eu",
        files_key="who",
        files_secret=SecretStr("hush"),
    )


@pytest.fixture
def told(settings: Settings) -> dict[str, str]:
    """What a process of it gets."""
    return _environment(settings, {"relay": "a word"}, Role("relay"))


def test_the_secret_of_the_store_of_files_reaches_who_takes_uploads_alone(settings: Settings) -> None:
    roles = [Role("serve", ("intake",)), Role("serve", ("jury",)), Role("work", ("intake",)), Role("relay")]
    told = [_environment(settings, {}, role)["WIJKSPOOR_FILES_SECRET"] for role in roles]
    assert told == ["hush", "", "", ""]


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_reaches_every_process(told: dict[str, str], name: str) -> None:
    assert told[f"WIJKSPOOR_{name.upper()}"]


def test_it_enters_kafka_as_itself_and_what_we_were_told_is_not_passed_on(told: dict[str, str]) -> None:
    assert (told["WIJKSPOOR_KAFKA_USER"], told["WIJKSPOOR_KAFKA_PASSWORD"]) == ("relay", "a word")
    assert told["WIJKSPOOR_ORGANISATION"] == "OVO000097"
    assert told["PATH"] == os.environ["PATH"]
