"""Private keys in the data folder, readable by the owner: one signing seed a service, the vault's master key.

Public keys are known from the log alone (`KeyRegistered`); these files are what an operator must keep.
"""

from __future__ import annotations

import os
import secrets  # noqa: TID251 -- making a key is the one place where chance belongs
from collections.abc import Mapping, Sequence
from pathlib import Path

from events.catalog import SERVICES
from events.proof.signing import Signer

SEED = 32


class BrokenKey(Exception):
    """A key file does not hold 32 bytes; the message says what to do."""


def signers(folder: Path, names: Sequence[str] = SERVICES) -> Mapping[str, Signer]:
    """The signing keys of these services, made on first use."""
    return {service: Signer(service, secret(folder, f"{service}.ed25519")) for service in names}


def secret(folder: Path, name: str) -> bytes:
    """The 32 bytes of a key file (0600, in a 0700 folder), made if it is not there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    if not path.exists():
        _make(path)
    data = path.read_bytes()
    if len(data) != SEED:
        raise BrokenKey(f"The key file {path} does not hold {SEED} bytes: put it back from your backup.")
    return data


def password(folder: Path, user: str) -> str:
    """The password of a user of Kafka, made on first use and kept as a key is."""
    return secret(folder, f"kafka-{user}.password").hex()


def _make(path: Path) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(SEED))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
