"""What counts as a receiver's consent."""

from __future__ import annotations

import pytest

from services.webhooks.calling import Answered
from services.webhooks.handshake import Granted, asked, consent

ORIGIN = "wijkspoor.example"


def answer(status: int | None = 200, **headers: str) -> Answered:
    """What a receiver answers; underscores stand for hyphens."""
    return Answered(status, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_the_question_names_who_asks_and_how_much() -> None:
    assert asked(ORIGIN, 600) == {"WebHook-Request-Origin": ORIGIN, "WebHook-Request-Rate": "600"}


@pytest.mark.parametrize("origin", [ORIGIN, "*", "Wijkspoor.Example", f" {ORIGIN} "])
@pytest.mark.parametrize(
    ("rate", "granted"),
    [("100", 100), ("*", None), ("900", 600), ("0", 1), ("fast", 600), ("", 600), ("9" * 30, 600)],
)
def test_consent_is_the_origin_in_the_answer_and_its_rate(origin: str, rate: str, granted: int | None) -> None:
    said = answer(webhook_allowed_origin=origin, webhook_allowed_rate=rate)
    assert consent(said, ORIGIN, 600) == Granted(granted)


@pytest.mark.parametrize("status", [200, 204, 400, 401, 403, 404, 405, 410])
def test_without_the_origin_the_answer_is_no_whatever_its_status(status: int) -> None:
    assert consent(answer(status), ORIGIN, 600) == "refused"
    assert consent(answer(status, webhook_allowed_origin="wijkspoor.example.evil"), ORIGIN, 600) == "refused"


def test_an_error_is_no_consent_even_with_the_origin() -> None:
    assert consent(answer(403, webhook_allowed_origin=ORIGIN), ORIGIN, 600) == "refused"


@pytest.mark.parametrize("status", [None, 301, 302, 408, 425, 429, 500, 502, 503])
def test_what_may_pass_is_asked_again(status: int | None) -> None:
    assert consent(answer(status, webhook_allowed_origin=ORIGIN), ORIGIN, 600) == "silent"
