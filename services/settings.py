"""Settings: from `WIJKSPOOR_*` variables, over which the command line goes."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

DEMO_SUFFIX = "/demo"


class Settings(BaseSettings):
    """How this installation runs. Every field is also a variable: `port` is `WIJKSPOOR_PORT`.

    `host` is the address on which a role of a cluster listens: another than this machine's own only inside a
    container, whose network decides who comes. `dsn` may hold a password, so it stays out of every `repr`. `origin`
    names the log for ever (it is written in the first event and in every checkpoint); a demo's origin ends in
    `/demo`. `organisation` is the OVO code of the agency in whose name reactions and timers act. `kafka` names
    brokers to begin with (`host:port`, commas between); without `kafka_user` there is no authentication.
    `oidc_issuer` is the identity provider whose tokens count, `oidc_keys` its key set (JWKS) as a file or an https
    address; without them the installation is its own issuer. `monitor` is the address of the live monitor, for the
    desk. `bank_folder` is the folder between the agency and its bank; `bank_name`, `bank_iban`, and where they are
    known `bank_bic` and `bank_kbo`, say who pays. `webhook_networks` are networks (CIDR, commas between) that webhooks
    may reach beside the public internet, `webhook_origin` the DNS name under which they are sent. `files` is where
    attachments lie: a folder, or `https://host/bucket` of an S3-compatible store with its region and keys; default a
    folder beside the data.
    """

    model_config = SettingsConfigDict(
        env_prefix="WIJKSPOOR_", frozen=True, extra="forbid", hide_input_in_errors=True, env_ignore_empty=True
    )

    data: Path = Field(default_factory=lambda: user_data_path("wijkspoor"))
    dsn: str | None = Field(default=None, repr=False)
    port: int = Field(default=8060, ge=0, le=65535)
    host: str = Field(default="127.0.0.1", pattern=r"^\d{1,3}(\.\d{1,3}){3}$")
    profile: Literal["single", "cluster"] = "single"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "pretty"] = "auto"
    origin: str = Field(default="wijkspoor.local/log", pattern=r"^[A-Za-z0-9./_-]{1,200}$")
    demo: bool = False
    organisation: str = Field(default="OVO900001", pattern=r"^OVO\d{6}$")
    kafka: str | None = None
    kafka_security: Literal["plaintext", "sasl_plaintext", "sasl_ssl"] = "plaintext"
    kafka_user: str | None = None
    kafka_password: SecretStr | None = None
    kafka_ca: Path | None = None
    monitor: str | None = None
    bank_folder: Path | None = None
    bank_name: str | None = None
    bank_iban: SecretStr | None = None
    bank_bic: str | None = Field(default=None, pattern=r"^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$")
    bank_kbo: str | None = Field(default=None, pattern=r"^[01]\d{9}$")
    webhook_networks: str = ""
    webhook_origin: str = "wijkspoor.local"
    files: str | None = None
    files_region: str = "us-east-1"
    files_key: str | None = None
    files_secret: SecretStr | None = None
    oidc_issuer: str | None = None
    oidc_audience: str = "wijkspoor"
    oidc_keys: str | None = None

    @property
    def log_origin(self) -> str:
        """The origin that the log carries: with `/demo` at its end exactly when the story drives the clock."""
        if self.demo and not self.origin.endswith(DEMO_SUFFIX):
            return self.origin + DEMO_SUFFIX
        return self.origin

    @property
    def keys(self) -> Path:
        """The folder of private keys: 0700, each file 0600."""
        return self.data / "keys"
