"""Programs that no wheel holds. With CI=true they are brought; else who wants a missing one is left out by name."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "build" / "tools"
PROMTOOL, KUSTOMIZE = ("promtool",), ("kubectl", "kustomize")


@cache
def _brought() -> None:
    subprocess.run(["/bin/sh", str(ROOT / "deploy" / "tools.sh")], check=True)


def found(names: tuple[str, ...]) -> str | None:
    """The path of the first of these programs that is here."""
    path = os.pathsep.join([os.environ.get("PATH", ""), str(TOOLS)])
    return next((one for name in names if (one := shutil.which(name, path=path))), None)


def program(names: tuple[str, ...]) -> str:
    """The path of the first of these programs, brought if need be."""
    if (here := found(names)) is None:
        _brought()
        here = found(names)
    assert here is not None, f"deploy/tools.sh brought none of {names}"
    return here
