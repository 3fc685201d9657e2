"""Every letter of the call of 2021, read back: no amount and no reason of its facts is missing."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from events import codec
from events.decision import GrantAwarded, GrantRefused
from events.jury import AdviceAdopted
from projections.letter.api import letter_of
from projections.letter.model import Letter
from projections.letter.pdf import render
from projections.past import Cut
from projections.words import euro
from services.runtime import Runtime
from tests import comparing
from tests.e2e.conftest import bearer, client_of
from tests.given import actor

pytestmark = pytest.mark.asyncio(loop_scope="module")


def words(file: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages).split())


async def letters(runtime: Runtime) -> list[Letter]:
    cases = {one.correlation_id for one in await comparing.whole_log(runtime.store) if one.type == "DraftStarted"}
    made = [(await letter_of(runtime.store, one, Cut()))[0] for one in sorted(cases)]
    return [one for one in made if one is not None]


async def test_every_case_that_was_decided_has_its_letter(played: Runtime) -> None:
    told = Counter(one.outcome for one in await letters(played))
    assert told == {"awarded": 11, "refused": 5, "inadmissible": 1, "ineligible": 1}


async def test_what_the_facts_say_stands_in_the_letter(played: Runtime) -> None:
    log = [codec.read(one).fact for one in await comparing.whole_log(played.store)]
    advice = {one.case: one for one in log if isinstance(one, AdviceAdopted)}
    decided: dict[str, Any] = {one.case: one for one in log if isinstance(one, GrantAwarded | GrantRefused)}
    seen = {one.case: words(render(one, "nl")) for one in await letters(played)}
    for case, fact in decided.items():
        for one in (*advice[case].reasons, *fact.checks, *advice[case].checks):
            assert one.reason.nl in seen[case]
        assert fact.reference in seen[case]
        assert euro(advice[case].proposed_cents, "nl") in seen[case]
        if isinstance(fact, GrantAwarded):
            for line in fact.budget:
                assert euro(line.amount_cents, "nl") in seen[case]
                assert euro(line.subsidy_cents, "nl") in seen[case]
            assert all(one.organisation.name in seen[case] for one in fact.partners)
        assert "Raad van State" in seen[case]


async def test_an_applicant_fetches_its_letter_over_http(played: Runtime) -> None:
    told = next(one for one in await letters(played) if one.outcome == "refused")
    async with client_of(played) as client:
        own = bearer(played, actor("applicant", organisation=told.addressee.ovo))
        address = f"/v1/cases/{told.case}/letter.pdf"
        answer = await client.get(address, headers={**own, "Accept-Language": "en"})
        assert answer.status_code == 200
        assert answer.content == render(told, "en")
        again = await client.get(
            address, headers={**own, "Accept-Language": "en", "If-None-Match": answer.headers["etag"]}
        )
        assert again.status_code == 304
        assert (await client.get(address)).status_code == 401
        partner = bearer(played, actor("partner", organisation=told.addressee.ovo))
        assert (await client.get(address, headers=partner)).status_code == 403


async def test_the_letter_of_the_past_is_the_one_that_was_sent(played: Runtime, tmp_path: Path) -> None:
    for told in await letters(played):
        at = told.notice.at if told.notice and told.notice.at else told.decided_at
        then, _ = await letter_of(played.store, told.case, Cut(as_of=at))
        assert then == told
