"""Where the program listens: on this machine alone, unless somebody says otherwise."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from events.failures import CannotRun
from services.settings import Settings
from services.web.server import address, bind


def test_nobody_else_can_reach_it_unless_told() -> None:
    assert Settings().host == "127.0.0.1"
    with bind(0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"
        assert address(listening) == f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_in_a_container_it_listens_where_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIJKSPOOR_HOST", "127.0.0.2")
    with bind(0, Settings().host) as listening:
        assert listening.getsockname()[0] == "127.0.0.2"


@pytest.mark.parametrize("host", ["everywhere", "::", "1.2.3", "127.0.0.1; x"])
def test_a_host_is_an_address(host: str) -> None:
    with pytest.raises(ValidationError):
        Settings(host=host)


def test_an_address_that_is_not_ours_cannot_be_opened() -> None:
    with pytest.raises(CannotRun, match="cannot be opened"):
        bind(0, "192.0.2.1")
