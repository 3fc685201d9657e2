"""Intake's unhappy branches (domain.md §2.7), over HTTP: a call that moves and one that is given up, and what
applications do besides come in time and complete; and what is refused because it is wrong or abuse.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2

from events.adapters.embedded import EmbeddedPostgres
from events.codec import Event
from events.intake import AttachmentRefused, CallPublished
from services.runtime import Runtime
from services.story.script import Step
from tests.e2e.branches import PLAN, TERMS, WHY, Scene, Teller, content, data, on_record
from tests.e2e.conftest import bearer, client_of, program
from tests.e2e.test_over_http import stage_over
from tests.unit.services.files.samples import BOMB, PNG

OUR_TERMS = TERMS | {"oneLiveApplication": True}
DATA = data(
    "intake-unhappy",
    {
        "lo": ("OVO900401", "99101"),
        "twin": ("OVO900401", "99101"),
        "ham": ("OVO900402", "99102"),
        "zele": ("OVO900404", "99103"),
        "late": ("OVO900405", "99104"),
        "spared": ("OVO900406", "99105"),
        "welfare": ("OVO900407", None),
    },
)
MUNICIPALITY = {"ovo": "OVO900408", "kbo": "0999100097", "name": "Gemeente Mol", "nis": "99106"}
GIVEN_UP = data("intake-given-up", {"lo": ("OVO900401", "99101")})
SUBSIDY = 8_000_000

EXPECTED = """
    CallDeadlineExtended CallDeadlineCorrected IndividualExtensionGranted EnvelopeIncreased EnvelopeDecreased
    CallCancelled ApplicationLapsed LateSubmissionRecorded LateSubmissionRegistered
    CompletionRequested CompletionSupplied CompletionTermLapsed ApplicationWithdrawn ApplicationReopened
    ApplicantSucceeded AttachmentRefused
"""
REFUSED = [
    "I1 not_later",
    "D1 more_than_envelope",
    "I3 not_requested",
    "unique key_taken",
    "OWN other_organisation",
    "I6 not_a_municipality",
    "I3 completion_term_passed",
    "I4 no_authority",
    "STATE not_in_this_state",
    "I1 late",
    "I1 late",
    "I1 already_passed",
    "FILE lies_about_its_kind",
    "FILE bomb",
    "/terms/deadline no_such_time",
    "STATE call_cancelled",
    "STATE call_cancelled",
]


def deadline(local: str) -> dict[str, Any]:
    return {"local": local, "zone": "Europe/Brussels"}


def published(scene: Scene) -> None:
    """The deadline is extended for everybody, then found to be wrong; money comes, and some of it goes again."""
    scene.at("2023-02-01T09:00:00")
    scene.on_call("case_handler", "publish-call", terms=OUR_TERMS)
    scene.on_call("case_handler", "extend-call-deadline", True, deadline=deadline("2023-05-01T12:00:00"), reason=WHY)
    scene.on_call("case_handler", "extend-call-deadline", deadline=deadline("2023-05-20T12:00:00"), reason=WHY)
    scene.on_call("case_handler", "correct-call-deadline", deadline=deadline("2023-05-12T12:00:00"), reason=WHY)
    officer, envelope = scene.official("budget_officer", "b"), f"decision/envelope/{scene.call}"
    scene.send(officer, envelope, "increase-envelope", increaseCents=5_000_000, reference="VR 2", reason=WHY)
    scene.send(officer, envelope, "decrease-envelope", decreaseCents=20_000_000, reference="VR 3", reason=WHY)
    too_much = {"decreaseCents": 75_000_001, "reference": "VR 4", "reason": WHY}
    scene.send(officer, envelope, "decrease-envelope", True, **too_much)


def completed(scene: Scene) -> None:
    """One file is incomplete and completed in time, one stays incomplete, one is withdrawn."""
    scene.at("2023-03-01T10:00:00")
    for key in ("lo", "ham", "zele"):
        scene.draft(key, "Plein" if key != "zele" else "Park")
        scene.submit(key, SUBSIDY, attachments=[] if key != "zele" else [PLAN])
    for key in ("lo", "ham"):
        scene.by_agency(key, "case_handler", "request-completion", items=["planting_plan"], reason=WHY)
    stray = {"items": ["planting_plan", "extra"], "attachments": [PLAN, PLAN | {"kind": "extra"}]}
    scene.by_applicant("lo", "supply-completion", True, **stray)
    scene.by_applicant("lo", "supply-completion", items=["planting_plan"], attachments=[PLAN])
    scene.by_applicant("zele", "withdraw-application", reason=WHY)


def by_the_wrong_one(scene: Scene) -> None:
    """A second application of one municipality, somebody else's file, and an applicant that is no municipality.

    The last is mended: the file passes to the municipality that it should have been of.
    """
    scene.at("2023-03-05T10:00:00")
    scene.draft("twin", "PLEIN")
    scene.submit("twin", SUBSIDY, True)
    scene.draft("welfare", "Hoek")
    theirs = f"intake/application/{scene.case('welfare')}"
    scene.send(scene.applicant("zele"), theirs, "submit-application", True, **content("welfare", SUBSIDY))
    scene.submit("welfare", SUBSIDY, True)
    passed_on = {"successor": MUNICIPALITY, "merged": [], "effectiveOn": "2023-03-01", "reason": WHY}
    scene.by_agency("welfare", "case_handler", "record-applicant-succession", **passed_on)
    scene.successors["welfare"] = MUNICIPALITY["ovo"]
    scene.submit("welfare", SUBSIDY)


def reopened(scene: Scene) -> None:
    """The term of one file has lapsed; the agency opens another again, by whom the terms give the authority."""
    scene.at("2023-03-20T10:00:00")
    scene.by_applicant("ham", "supply-completion", True, items=["planting_plan"], attachments=[PLAN])
    again = {"items": ["planting_plan"], "reason": WHY}
    scene.by_agency("lo", "case_handler", "reopen-application", True, **again)
    scene.by_agency("lo", "admin", "reopen-application", **again)
    scene.by_applicant("lo", "supply-completion", items=["planting_plan"], attachments=[PLAN])
    scene.by_agency("zele", "admin", "reopen-application", True, **again)


def late(scene: Scene) -> None:
    """Two come after the deadline; one of them is given more time, and is in after all."""
    scene.at("2023-05-12T13:00:00")
    for key in ("late", "spared"):
        scene.draft(key)
        scene.submit(key, SUBSIDY, True)
    spared = {"applicants": ["OVO900406"], "reason": WHY}
    passed, later = deadline("2023-05-12T12:30:00"), deadline("2023-05-19T12:00:00")
    scene.on_call("case_handler", "grant-individual-extension", True, deadline=passed, **spared)
    scene.on_call("case_handler", "grant-individual-extension", deadline=later, **spared)


def given_up() -> list[Step]:
    """A second call, whose deadline first lies in an hour that is skipped, then in one that comes twice; it is
    cancelled, and its cases end."""
    scene = Scene(GIVEN_UP)
    scene.at("2023-09-01T09:00:00")
    skipped = OUR_TERMS | {"deadline": {"local": "2024-03-31T02:30:00"}}
    scene.on_call("case_handler", "publish-call", True, terms=skipped)
    scene.on_call("case_handler", "publish-call", terms=OUR_TERMS | {"deadline": {"local": "2023-10-29T02:30:00"}})
    scene.draft("lo")
    # The second time that clocks show 2:20 that night.
    scene.at("2023-10-29T02:20:00")
    scene.submit("lo", SUBSIDY)
    scene.on_call("case_handler", "cancel-call", reason=WHY)
    scene.by_applicant("lo", "withdraw-application", True, reason=WHY)
    scene.submit("lo", SUBSIDY, True)
    return scene.steps


async def upload(runtime: Runtime, client: httpx2.AsyncClient, scene: Scene, body: bytes, declared: str) -> int:
    """A file for the draft of who came late."""
    headers = {"Content-Type": declared, "Idempotency-Key": str(uuid4()), **bearer(runtime, scene.applicant("late"))}
    path = f"/v1/intake/applications/{scene.case('late')}/attachments/planting_plan?name=plan.pdf"
    return (await client.post(path, content=body, headers=headers)).status_code


def of(log: list[Event], case: str) -> list[str]:
    """What became of an application, its beginning left out."""
    return [one.envelope.type for one in log if one.envelope.stream == f"application-{case}"][1:]


async def test_every_unhappy_branch_of_intake_over_http(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    scene = Scene(DATA)
    for act in (published, completed, by_the_wrong_one, reopened, late):
        act(scene)
    async with program(postgres, tmp_path) as runtime, client_of(runtime) as client:
        teller = Teller(client, stage_over(runtime, client))
        await teller.tell(scene.steps)
        # A picture that says it is a document, and five mebibytes of nothing in five kilobytes.
        assert await upload(runtime, client, scene, PNG, "application/pdf") == 409
        assert await upload(runtime, client, scene, BOMB, "application/zip") == 409
        await teller.tell(given_up())
        assert teller.heard.refusals == REFUSED
        log = await on_record(runtime, EXPECTED)
        case = scene.case
        taken_in = ["ApplicationSubmitted", "ReceiptAcknowledged"]
        assert of(log, case("lo")) == [
            *taken_in,
            "CompletionRequested",
            "CompletionSupplied",
            "ApplicationReopened",
            "CompletionSupplied",
        ]
        assert of(log, case("ham")) == [*taken_in, "CompletionRequested", "CompletionTermLapsed"]
        assert of(log, case("twin")) == []
        assert of(log, case("welfare")) == ["ApplicantSucceeded", *taken_in]
        assert of(log, case("late")) == ["LateSubmissionRecorded", "AttachmentRefused", "AttachmentRefused"]
        assert of(log, case("spared")) == ["LateSubmissionRecorded", "LateSubmissionRegistered", "ReceiptAcknowledged"]
        files = [one.fact for one in log if isinstance(one.fact, AttachmentRefused)]
        assert [one.checks[0].code for one in files] == ["lies_about_its_kind", "bomb"]
        calls = [one.fact for one in log if isinstance(one.fact, CallPublished)]
        assert [one.terms.deadline.utc for one in calls][1] == "2023-10-29T01:30:00.000000Z"
