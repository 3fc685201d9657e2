"""What this machine lacks is left out by name, never silently; with CI=true it is brought."""

from __future__ import annotations

import os

import pytest

from tests.architecture.outside import KUSTOMIZE, PROMTOOL, found

NEEDS = {"test_deploy_rules.py": PROMTOOL, "test_deploy_k8s.py": KUSTOMIZE}

collect_ignore = [name for name, tool in NEEDS.items() if os.environ.get("CI") != "true" and found(tool) is None]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each file that was left out."""
    for name in collect_ignore:
        terminalreporter.write_line(
            f"left out: tests/architecture/{name} needs {' or '.join(NEEDS[name])}: sh deploy/tools.sh brings it"
        )
