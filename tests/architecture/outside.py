"""Programs that no wheel holds. Where one is missing its tests are left out by name; with CI=true it is brought."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "build" / "tools"


@cache
def _brought() -> None:
    subprocess.run(["/bin/sh", str(ROOT / "deploy" / "tools.sh")], check=True)


def program(*names: str) -> str:
    """The path of the first of these programs that is here."""
    found = _found(*names)
    if found is None and os.environ.get("CI") == "true":
        _brought()
        found = _found(*names)
        assert found is not None, f"deploy/tools.sh brought none of {names}"
    if found is None:
        pytest.skip(f"needs {' or '.join(names)}: run deploy/tools.sh")
    return found


def _found(*names: str) -> str | None:
    path = os.pathsep.join([os.environ.get("PATH", ""), str(TOOLS)])
    return next((found for name in names if (found := shutil.which(name, path=path))), None)
