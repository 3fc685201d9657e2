"""Attachments over HTTP: in by the applicant alone, examined; out to who may see the case, and to nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import uuid4

import pytest
from httpx2 import ASGITransport, AsyncClient, Response

from events.adapters.memory import MemoryVault
from events.adapters.memory_files import MemoryFiles
from events.files import digest_of
from events.intake import AttachmentRefused, AttachmentStored, DraftStepSaved
from services.files.api import file_routes
from services.intake.commands import PublishCall, SaveDraftStep
from services.problems import Problem
from services.web.app import create_app
from services.web.outer import BODY_LIMIT, UPLOAD_LIMIT, limit_of
from services.web.room import Room
from tests.unit.services.files.samples import BOMB, PDF, PNG
from tests.unit.services.intake.examples import APPLICANT, BERINGEN, CALL, CASE, OFFICIAL, PERSON, registering, start
from tests.unit.services.intake.forms import FORM, VERSION
from tests.unit.services.kernel import AGENCY, OPENS, Kernel
from tests.unit.services.shell.fakes import PaperRuntime

PATH = f"/v1/intake/applications/{CASE}"
PLAN = f"{PATH}/attachments/financial_plan?name=plan.pdf"


class Desk:
    """The program with one draft in it, and a store of files."""

    def __init__(self) -> None:
        self.kernel, self.files = Kernel(), MemoryFiles()
        self.vault = MemoryVault()
        self.kernel.handler.vault = self.vault
        routes = file_routes(
            self.files, self.kernel.handler, self.kernel.store, self.vault, self.kernel.clock, self.kernel.organisation
        )
        self.runtime = PaperRuntime(routers=[routes])

    async def begin(self) -> None:
        """A call that is open, and a draft of Beringen."""
        self.kernel.clock.move(OPENS)
        await self.kernel.send("call", CALL, PublishCall(terms=registering(form=FORM)), OFFICIAL)
        await self.kernel.send("application", CASE, start(), APPLICANT)

    async def ask(
        self, method: str, path: str, *, role: str = "applicant", ovo: str = BERINGEN.ovo, **more: Any
    ) -> Response:
        """A request of somebody."""
        token = self.runtime.issuer.issue(role, ovo, "p-1")
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        transport = ASGITransport(app=create_app(self.runtime), raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as caller:
            return await caller.request(method, path, headers=headers, **more)

    async def upload(
        self, body: bytes = PDF, *, declared: str = "application/pdf", key: str | None = None, **who: Any
    ) -> Response:
        """A file is handed in."""
        path = who.pop("path", PLAN)
        headers = {"Content-Type": declared, "Idempotency-Key": key or str(uuid4()), **who.pop("headers", {})}
        return await self.ask("POST", path, content=body, headers=headers, **who)

    async def facts(self) -> Sequence[object]:
        """What stands in the case, after its beginning."""
        events = await self.kernel.events()
        return [one.fact for one in events if one.envelope.stream == f"application-{CASE}"][1:]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    one = Desk()
    await one.begin()
    yield one


async def test_a_file_is_examined_kept_and_on_record(desk: Desk) -> None:
    answer = await desk.upload()
    assert answer.status_code == 201, answer.text
    (fact,) = await desk.facts()
    assert isinstance(fact, AttachmentStored)
    assert (fact.kind, fact.name, fact.sha256, fact.size_bytes) == (
        "financial_plan",
        "plan.pdf",
        digest_of(PDF),
        len(PDF),
    )
    assert desk.files.bodies == {digest_of(PDF): PDF}


async def test_the_record_says_for_whom_the_service_acted(desk: Desk) -> None:
    await desk.upload()
    event = (await desk.kernel.events("AttachmentStored"))[0].envelope
    assert (event.actor.role, event.actor.organisation) == ("service", AGENCY)
    assert event.on_behalf_of is not None
    assert (event.on_behalf_of.role, event.on_behalf_of.organisation) == ("applicant", BERINGEN.ovo)


async def test_a_file_that_lies_about_its_type_is_refused_on_record(desk: Desk) -> None:
    answer = await desk.upload(PNG)
    assert answer.status_code == 409
    told = answer.json()
    assert (told["rule"], told["reason"]) == ("FILE", "lies_about_its_kind")
    assert told["recorded"]["stream"] == f"application-{CASE}"
    assert "image/png" in told["detail"]
    assert [type(one) for one in await desk.facts()] == [AttachmentRefused]


async def test_a_zip_bomb_is_refused_on_record_and_not_kept(desk: Desk) -> None:
    answer = await desk.upload(BOMB, declared="application/zip")
    assert (answer.status_code, answer.json()["reason"]) == (409, "bomb")
    assert desk.files.bodies == {}
    assert [type(one) for one in await desk.facts()] == [AttachmentRefused]


async def test_the_same_upload_again_is_answered_as_the_first_time(desk: Desk) -> None:
    key = str(uuid4())
    first, again = await desk.upload(key=key), await desk.upload(key=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert (await desk.upload(PDF + b"\n%%EOF", key=key)).status_code == 422


async def test_own_nobody_uploads_into_the_case_of_another_authority(desk: Desk) -> None:
    answer = await desk.upload(ovo="OVO900101")
    assert (answer.status_code, answer.json()["rule"]) == (409, "OWN")
    assert desk.files.bodies == {}


@pytest.mark.parametrize("role", ["case_handler", "jury_member", "auditor", "partner"])
async def test_only_an_applicant_uploads(desk: Desk, role: str) -> None:
    assert (await desk.upload(role=role)).status_code == 403


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (f"{PATH}/attachments/Plan?name=plan.pdf", ["kind"]),
        (f"{PATH}/attachments/financial_plan", ["name"]),
        (f"{PATH}/attachments/financial_plan?name=", ["name"]),
        (f"{PATH}/attachments/financial_plan?name={'x' * 201}", ["name"]),
        ("/v1/intake/applications/none/attachments/financial_plan?name=x", ["id"]),
    ],
)
async def test_what_is_malformed_is_told_with_its_place(desk: Desk, path: str, place: list[str]) -> None:
    answer = await desk.upload(path=path)
    assert answer.status_code == 400
    assert [one["name"] for one in answer.json()["issues"]] == place
    assert desk.files.bodies == {}


@pytest.mark.parametrize("key", ["", "none", "0190c7a8-0000-5000-8000-000000000001"])
async def test_an_upload_needs_a_key_of_its_own(desk: Desk, key: str) -> None:
    answer = await desk.upload(headers={"Idempotency-Key": key})
    assert answer.status_code == 400


async def test_a_case_that_does_not_exist_takes_no_files(desk: Desk) -> None:
    other = PLAN.replace(CASE, "01900000-0000-7000-8000-00000000ffff")
    assert (await desk.upload(path=other)).status_code == 404
    assert desk.files.bodies == {}


async def test_a_file_is_sent_as_it_is(desk: Desk) -> None:
    assert (await desk.upload(headers={"Content-Encoding": "gzip"})).status_code == 415


async def test_only_uploads_may_be_large_and_not_without_end(desk: Desk) -> None:
    large = PDF[:-6] + b" " * (BODY_LIMIT + 1) + b"%%EOF\n"
    assert (await desk.upload(large)).status_code == 201
    assert (await desk.upload(b"x" * (UPLOAD_LIMIT + 1))).status_code == 413
    inside = {"type": "http", "method": "POST", "path": f"{PATH}/submit-application"}
    assert limit_of(inside) == BODY_LIMIT
    assert limit_of({**inside, "path": f"{PATH}/attachments/plan"}) == UPLOAD_LIMIT
    assert limit_of({**inside, "method": "GET", "path": f"{PATH}/attachments/plan"}) == BODY_LIMIT


async def test_a_file_is_given_back_as_it_was_and_never_shown_in_a_page(desk: Desk) -> None:
    await desk.upload(path=f"{PATH}/attachments/financial_plan?name=pl%C3%A0n.pdf")
    answer = await desk.ask("GET", f"{PATH}/attachments/{digest_of(PDF)}")
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''pl%C3%A0n.pdf"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    listed = await desk.ask("GET", f"{PATH}/attachments", role="case_handler")
    assert [one["sha256"] for one in listed.json()["items"]] == [digest_of(PDF)]


async def test_a_file_of_another_authority_does_not_exist_for_an_applicant(desk: Desk) -> None:
    await desk.upload()
    file = f"{PATH}/attachments/{digest_of(PDF)}"
    assert (await desk.ask("GET", file, ovo="OVO900101")).status_code == 404
    assert (await desk.ask("GET", file, role="case_handler", ovo=AGENCY)).status_code == 200
    # Whether a member of the jury has a conflict in this case is not known here.
    assert (await desk.ask("GET", file, role="jury_member")).status_code == 403


async def test_a_digest_that_is_not_the_cases_own_gives_nothing(desk: Desk) -> None:
    elsewhere = await desk.files.put(PNG)
    assert (await desk.ask("GET", f"{PATH}/attachments/{elsewhere}")).status_code == 404


async def test_a_file_that_was_changed_where_it_lies_is_not_given(desk: Desk) -> None:
    await desk.upload()
    desk.files.bodies[digest_of(PDF)] = b"something else"
    assert (await desk.ask("GET", f"{PATH}/attachments/{digest_of(PDF)}")).status_code == 500


async def test_a_draft_is_read_by_its_own_applicant_with_its_personal_answers_opened(desk: Desk) -> None:
    step = SaveDraftStep(form_version=VERSION, step="people", answers={"politician": "An Peeters"}, person=PERSON)
    await desk.kernel.send("application", CASE, step, APPLICANT)
    (fact,) = await desk.facts()
    assert isinstance(fact, DraftStepSaved)
    assert "Peeters" not in repr(fact)
    answer = await desk.ask("GET", f"{PATH}/draft")
    (saved,) = answer.json()["steps"]
    assert (saved["step"], saved["formVersion"], saved["personal"]) == ("people", VERSION, {"politician": "An Peeters"})
    assert (await desk.ask("GET", f"{PATH}/draft", ovo="OVO900101")).status_code == 404
    assert (await desk.ask("GET", f"{PATH}/draft", role="case_handler")).status_code == 403
    await desk.vault.destroy(PERSON)
    assert (await desk.ask("GET", f"{PATH}/draft")).json()["steps"][0]["personal"] == {}


async def test_few_files_are_looked_at_at_once() -> None:
    room = Room(1)
    with room.enter(), pytest.raises(Problem, match="429"), room.enter():
        pass
