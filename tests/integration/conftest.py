"""What this machine cannot run is left out by name, never silently; with CI=true it runs, and fails if it cannot."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")

collect_ignore: list[str] = []
if not CHROMIUM.exists() and os.environ.get("CI") != "true":
    collect_ignore.append("test_desk_browser.py")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each file that was left out."""
    for name in collect_ignore:
        terminalreporter.write_line(f"left out: tests/integration/{name} needs Chromium at {CHROMIUM}")
