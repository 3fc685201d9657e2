"""Settings come from the environment, say what is wrong, and keep a password to themselves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.settings import Settings


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings from outside."""
    for name in [name for name in os.environ if name.startswith("WIJKSPOOR_")]:
        monkeypatch.delenv(name)


def test_the_environment_sets_every_field(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WIJKSPOOR_DATA", str(tmp_path))
    monkeypatch.setenv("WIJKSPOOR_PORT", "9000")
    monkeypatch.setenv("WIJKSPOOR_DEMO", "true")
    made = Settings()
    assert (made.data, made.port, made.demo, made.keys) == (tmp_path, 9000, True, tmp_path / "keys")


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIJKSPOOR_PORT", "")
    assert Settings().port == 8060


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("PORT", "70000"),
        ("PROFILE", "triple"),
        ("LOG_LEVEL", "loud"),
        ("ORIGIN", "a b"),
        ("DEMO", "x"),
    ],
)
def test_a_wrong_value_is_refused_without_being_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"WIJKSPOOR_{name}", value)
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert caught.value.errors()[0]["loc"] == (name.lower(),)


def test_a_demos_origin_says_so_once() -> None:
    assert Settings(origin="be/log", demo=True).log_origin == "be/log/demo"
    assert Settings(origin="be/log/demo", demo=True).log_origin == "be/log/demo"
    assert Settings(origin="be/log").log_origin == "be/log"


def test_a_password_stays_out_of_every_repr() -> None:
    made = Settings(dsn="postgresql://wijk:hunter2@db/x")
    assert "hunter2" not in repr(made) + str(made)
