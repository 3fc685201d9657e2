"""What this machine lacks is left out by name, never silently; with CI=true it is brought."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.architecture.outside import KUSTOMIZE, PROMTOOL, found

NEEDS = {
    "test_deploy_rules.py": "promtool: sh deploy/tools.sh brings it",
    "test_deploy_k8s.py": "kubectl or kustomize: sh deploy/tools.sh brings it",
    "test_deploy_root.py": "Debian 12, as root",
}


def _lacking() -> list[str]:
    brought = os.environ.get("CI") == "true"
    release = Path("/etc/debian_version")
    debian = os.geteuid() == 0 and release.exists() and release.read_text(encoding="ascii").startswith("12")
    here = (brought or found(PROMTOOL), brought or found(KUSTOMIZE), debian)
    return [name for name, there in zip(NEEDS, here, strict=True) if not there]


collect_ignore = _lacking()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each file that was left out."""
    for name in collect_ignore:
        terminalreporter.write_line(f"left out: tests/architecture/{name} needs {NEEDS[name]}")
