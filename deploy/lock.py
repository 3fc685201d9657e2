"""Pin every dependency with its hashes, or check that the pins still answer to pyproject.toml.

The check needs no network: it compares a digest of the dependency tables with the one written when the locks were made.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from hashlib import sha256
from json import dumps
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKS = {"requirements.lock": "dev", "requirements-bench.lock": "bench"}
MARK = "# wijkspoor-dependencies: "


def digest() -> str:
    """SHA-256 of what pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [project["requires-python"], project["dependencies"], project["optional-dependencies"]]
    return sha256(dumps(asked, sort_keys=True).encode()).hexdigest()


def write() -> None:
    """Resolve and pin; needs the package index."""
    for name, extra in LOCKS.items():
        command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--generate-hashes", "--no-emit-index-url"]
        command += ["--no-header", "--universal", "--python-version", "3.11", "--extra", extra]
        if name != "requirements.lock":
            command += ["--constraint", "requirements.lock"]
        done = subprocess.run([*command, "pyproject.toml"], check=True, cwd=ROOT, capture_output=True, text=True)
        (ROOT / name).write_text(f"{MARK}{digest()}\n{done.stdout}", encoding="utf-8")


def stale() -> list[str]:
    """The locks that were made for other dependencies, or that carry an address."""
    found = []
    for name in LOCKS:
        text = (ROOT / name).read_text(encoding="utf-8")
        if text.partition("\n")[0] != MARK + digest():
            found.append(f"{name} was made for other dependencies: run make lock")
        if "://" in text:
            found.append(f"{name} carries an address: remove it")
    return found


if __name__ == "__main__":
    if "--check" in sys.argv:
        problems = stale()
        print(*problems or ["locks are fresh"], sep="\n")
        sys.exit(1 if problems else 0)
    write()
