"""Log lines of these tests go nowhere, and what the command line sets up is put back."""

from __future__ import annotations

from tests.unit.services.shell.conftest import silence

__all__ = ["silence"]
