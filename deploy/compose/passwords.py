"""Draws the passwords of a cluster for trying, into a folder that git ignores. What is there already stays.

    python3 -m deploy.compose.passwords

Nothing but Python's own library is needed, so that it runs before anything is installed.
"""

from __future__ import annotations

import json
import os
import secrets  # noqa: TID251 -- making a password is where chance belongs
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.roles import ROLES, STORE

FOLDER = Path(__file__).parents[2] / "build" / "compose"
OWNER, ADMIN = "store-owner", "kafka-admin"


def drawn(folder: Path = FOLDER) -> None:
    """Write every file that `compose.yaml` asks for, in a folder that its owner alone can open."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / "env").exists():
        return
    store = {role.name: _password() for role in ROLES if STORE in role.talks_to}
    kafka = {role.principal: _password() for role in ROLES if role.principal is not None}
    # Files of secrets are mounted as they are, and who reads them in a container is not who wrote them here: the folder
    # around them is what keeps others out.
    _write(folder / OWNER, _password(), 0o644)
    _write(folder / ADMIN, (admin := _password()), 0o644)
    _write(folder / "kafka-users.json", json.dumps(kafka, indent=1), 0o644)
    _write(folder / "roles.sql", "".join(_statements(store)), 0o644)
    _write(folder / "env", "".join(_variables(store, kafka, admin, (folder / OWNER).read_text())), 0o600)


def variable(kind: str, name: str) -> str:
    """The name under which compose finds a password."""
    return f"{kind}_PASSWORD_{name.replace('-', '_').upper()}"


def _variables(store: Mapping[str, str], kafka: Mapping[str, str], admin: str, owner: str) -> list[str]:
    own = {variable("STORE", "owner"): owner, variable("KAFKA", "admin"): admin}
    own |= {variable("STORE", name): password for name, password in store.items()}
    own |= {variable("KAFKA", name): password for name, password in kafka.items()}
    return [f"{name}={password}\n" for name, password in own.items()]


def _statements(store: Mapping[str, str]) -> list[str]:
    users = {role.name: role.database_user for role in ROLES}
    return ["CREATE ROLE wijkspoor_app;\n"] + [
        f"CREATE ROLE {users[name]} LOGIN PASSWORD '{password}' IN ROLE wijkspoor_app;\n"
        for name, password in store.items()
    ]


def _password() -> str:
    # It stands in addresses and in SQL: letters and digits only.
    return secrets.token_hex(24)


def _write(path: Path, content: str, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(content)
    path.chmod(mode)


if __name__ == "__main__":
    drawn(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
