"""The command line: one exit code, one sentence, one JSON document."""

from __future__ import annotations

import errno
import json
import os
import re
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, Depends

from events.envelope import Actor
from events.failures import CannotRun, DiskFull, LockedByAnother
from events.proof.signing import Signer
from events.store import Balance, StoreUnavailable
from projections.audit.export import LogHasHole, TargetNotEmpty
from projections.audit.restore import CannotRestore, TargetHasHistory
from services.answers import Denied, Refusal
from services.auth import BadClaims
from services.cli.app import call
from services.cli.common import WrongUse, moment_of
from services.cli.output import cell, euro
from services.cli.ports import Doors, Progress, Rebuilt
from services.house import ForeignKeys
from services.keys import BrokenKey
from services.settings import Settings
from services.supervisor import Stopped
from services.web.ports import Reader
from tests.unit.services.shell.fakes import PaperHandler, PaperLog, PaperRuntime, recorded

CALL = "018f3f7e-7c3a-7000-8000-0123456789ab"
TERMS = Path(__file__).parents[4] / "services" / "intake" / "calls" / "2021.json"


class PaperBooks(PaperLog):
    """A log that also has books and cases."""

    balance = Balance("CONTROL", debits_posted=5, credits_posted=5)

    async def balances(self) -> Sequence[Balance]:
        """One account."""
        return [self.balance]

    async def read_case(self, correlation_id: str) -> Sequence[Any]:
        """A case that does not exist."""
        return [one for one in self.recorded if one.correlation_id == correlation_id]


@dataclass
class PaperProgram(PaperRuntime):
    """The program with what the command line needs more."""

    signers: dict[str, Signer] = field(default_factory=lambda: {"log": Signer("log", b"7" * 32)})

    async def settled(self) -> int:
        """At once."""
        return 0


def view(reader: Reader) -> APIRouter:
    """Routes as the projections offer them: two pages of contracts, and a budget."""
    router = APIRouter()
    who = Depends(reader("contracts"))

    @router.get("/v1/contracts")
    def contracts(after: str = "", status: str = "", asOf: str = "", actor: Actor = who) -> dict[str, Any]:  # noqa: N803 -- the wire's name
        item = {
            "id": CALL if after else "first",
            "caseNumber": "WVC-1" if after else None,
            "status": status,
            "awardedCents": 123456,
            "asOf": asOf,
            "by": actor.role,
        }
        more = {} if after else {"next": f"/v1/contracts?after=second&status={status}"}
        return {"self": "/v1/contracts", "items": [item], "position": 7, **more}

    return router


@dataclass
class House:
    """Doors that lead to a program made of paper, or to an error."""

    program: PaperProgram = field(default_factory=lambda: PaperProgram(store=PaperBooks(), routers=[view]))
    error: Exception | None = None
    seen: list[Settings] = field(default_factory=list)
    same: bool | None = True

    @asynccontextmanager
    async def open(self, settings: Settings) -> AsyncIterator[Any]:
        """The program."""
        self.seen.append(settings)
        if self.error:
            raise self.error
        yield self.program

    async def rebuild(self, _settings: Settings, name: str, progress: Progress) -> Sequence[Rebuilt]:
        """One view."""
        progress(1, 1)
        return [Rebuilt(name, 10, 3, 0.5, self.same)]

    def empty(self, settings: Settings) -> AbstractAsyncContextManager[Any]:
        """The same."""
        return self.open(settings)

    def doors(self) -> Doors:
        """The doors."""
        return Doors(self.open, self.open, self.empty, self.rebuild)


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings from outside, and a data folder of the test's own."""
    for name in [name for name in os.environ if name.startswith("WIJKSPOOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WIJKSPOOR_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)


@dataclass
class Ran:
    """What came of one command line."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on stdout."""
        made: dict[str, Any] = json.loads(self.out)
        return made


def ran(capsys: pytest.CaptureFixture[str], *arguments: str, house: House | None = None) -> Ran:
    """Run a command line."""
    code = call((house or House()).doors(), arguments)
    captured = capsys.readouterr()
    assert "Traceback" not in captured.out
    return Ran(code, captured.out, captured.err)


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "token",
        "token --role admin",
        "token --role emperor --org OVO000001 --person p",
        "token --role admin --org 1 --person p",
        "token --role admin --org OVO000001 --person a@b.be",
        "budget",
        "budget x --as-of yesterday",
        "budget x --as-of 2021-02-30",
        "contracts --nope",
        "rebuild nothing",
        "schema nothing",
        "up --port x",
        "up --port 70000",
        "up --profile triple",
        "verify",
        "verify /does/not/exist",
        "call check",
        "demo --until soon",
        "restore",
        "restore --from /does/not/exist",
        "explain " + CALL,
        "letter " + CALL,
        "letter " + CALL + " --out x.pdf",
        "letter " + CALL + " --out x.pdf --language fr",
        "call publish",
        "call publish {terms} --id X",
        "verify . --level half",
        "export log",
    ],
)  # fmt: skip -- a table
def test_wrong_use_ends_with_2_and_a_sentence(capsys: pytest.CaptureFixture[str], line: str) -> None:
    for extra in ((), ("--json",)):
        done = ran(capsys, *line.replace("{terms}", str(TERMS)).split(), *extra)
        assert done.code == 2, done
        assert done.err.strip().endswith((".", "help.")), done.err
        assert "Traceback" not in done.err
        if extra:
            assert done.document["exitCode"] == 2
            assert done.document["message"] in done.err.replace("\n", " ").strip() or done.document["message"]
        else:
            assert done.out == ""


ERRORS: list[tuple[Exception, int, str]] = [
    (
        LockedByAnother("The folder is in use by process 7: stop it, or choose another folder with --data."),
        3,
        "stop it",
    ),
    (DiskFull("The disk is full: make room."), 3, "make room"),
    (CannotRun("It cannot: do this."), 3, "do this"),
    (StoreUnavailable("x"), 3, "--dsn"),
    (ForeignKeys("put the keys back"), 3, "Put the keys back."),
    (BrokenKey("put it back from your backup."), 3, "backup"),
    (Stopped("react:jury: ValueError"), 3, "doctor"),
    (OSError(errno.ENOSPC, "no space"), 3, "make room"),
    (PermissionError(errno.EACCES, "denied", "/data"), 3, "/data may not"),
    (ExceptionGroup("several", [StoreUnavailable("x")]), 3, "--dsn"),
    (TargetNotEmpty("x is not an empty folder: name a new one"), 2, "name a new one"),
    (BadClaims("there is no such role"), 2, "no such role"),
    (WrongUse("Ask otherwise."), 2, "Ask otherwise."),
    (LogHasHole("position 3 is missing"), 1, "Position 3 is missing."),
    (TargetHasHistory("the store has 3 events"), 1, "3 events"),
    (CannotRestore("position 4: the store refused"), 1, "refused"),
]


@pytest.mark.parametrize(("error", "code", "words"), ERRORS, ids=[type(one[0]).__name__ for one in ERRORS])
def test_each_expected_failure_has_its_code_and_its_sentence(
    capsys: pytest.CaptureFixture[str], error: Exception, code: int, words: str
) -> None:
    done = ran(capsys, "budget", CALL, house=House(error=error))
    assert (done.code, done.out) == (code, "")
    assert words in done.err
    assert "Traceback" not in done.err
    told = ran(capsys, "budget", CALL, "--json", house=House(error=error))
    assert told.document["exitCode"] == code
    assert words in told.document["message"]


def test_an_unexpected_failure_is_one_sentence_and_a_file_without_secrets(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    done = ran(capsys, "budget", CALL, house=House(error=RuntimeError("bug for an.peeters@stad.be")))
    assert done.code == 3
    assert done.err.count("\n") == 1
    assert "--debug" in done.err
    [file] = tmp_path.glob("wijkspoor-*.log")
    assert "Traceback" in file.read_text()
    assert "peeters" not in file.read_text() + done.err


def test_with_debug_the_trace_is_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    done = ran(capsys, "budget", CALL, "--debug", house=House(error=RuntimeError("bug for an.peeters@stad.be")))
    assert done.code == 3
    assert "Traceback" in done.err
    assert "peeters" not in done.err
    assert list(tmp_path.glob("wijkspoor-*.log")) == []


def test_a_wrong_setting_is_named(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIJKSPOOR_PORT", "many")
    done = ran(capsys, "doctor")
    assert done.code == 2
    assert "WIJKSPOOR_PORT" in done.err


def test_the_command_line_goes_over_the_environment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WIJKSPOOR_DSN", "postgresql://one")
    house = House()
    ran(capsys, "contracts", "--dsn", "postgresql://elsewhere", "--data", str(tmp_path), house=house)
    assert (house.seen[0].dsn, house.seen[0].data) == ("postgresql://elsewhere", tmp_path)
    assert "elsewhere" not in repr(house.seen[0])


def test_a_token_is_printed_alone_and_is_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    house = House()
    done = ran(capsys, "token", "--role", "auditor", "--org", "OVO000001", "--person", "p-1", house=house)
    assert done.code == 0
    assert house.program.issuer.verify(done.out.strip()) == Actor(
        role="auditor", organisation="OVO000001", person="p-1"
    )
    told = ran(capsys, "token", "--role", "auditor", "--org", "OVO000001", "--person", "p-1", "--json", house=house)
    assert house.program.issuer.verify(told.document["token"]).role == "auditor"


def test_a_view_is_the_answer_of_http_with_all_its_pages(capsys: pytest.CaptureFixture[str]) -> None:
    done = ran(capsys, "contracts", "--status", "active", "--as-of", "2021-07-15", "--json")
    assert done.code == 0
    assert [item["id"] for item in done.document["items"]] == ["first", CALL]
    assert done.document["items"][0]["asOf"] == "2021-07-15T21:59:59.999999Z"
    assert done.document["items"][0]["by"] == "auditor"
    assert "next" not in done.document
    people = ran(capsys, "contracts")
    assert "€ 1.234,56" in people.out


def test_a_case_may_be_named_by_its_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no case WVC-2" in ran(capsys, "timeline", "WVC-2").err
    known = ran(capsys, "timeline", "wvc-1")
    assert f"/v1/cases/{CALL}/timeline does not exist" in known.err


def test_what_does_not_exist_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    done = ran(capsys, "timeline", CALL)
    assert (done.code, "does not exist" in done.err) == (2, True)


def test_no_colour_where_none_is_wanted(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    written = ran(capsys, "contracts").out
    assert re.search(r"\x1b\[[349][0-7]", written) is None


def test_a_good_terms_file_has_no_mistakes(capsys: pytest.CaptureFixture[str]) -> None:
    done = ran(capsys, "call", "check", str(TERMS), "--json")
    assert (done.code, done.document) == (0, {"ok": True, "mistakes": []})


def test_every_mistake_of_a_terms_file_is_listed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    terms = json.loads(TERMS.read_text())
    terms["capCents"], terms["envelopeCents"], terms["nonsense"] = -1, 1.5, 1
    file = tmp_path / "terms.json"
    file.write_text(json.dumps(terms))
    done = ran(capsys, "call", "check", str(file), "--json")
    assert done.code == 1
    assert {one["pointer"] for one in done.document["mistakes"]} == {"/capCents", "/envelopeCents", "/nonsense"}
    assert ran(capsys, "call", "publish", str(file)).code == 1
    file.write_text("{")
    assert ran(capsys, "call", "check", str(file)).code == 1
    assert ran(capsys, "call", "check", str(tmp_path / "none.json")).code == 3


def test_a_call_is_published_through_the_one_road_in(capsys: pytest.CaptureFixture[str]) -> None:
    house = House()
    done = ran(capsys, "call", "publish", str(TERMS), "--id", CALL, "--json", house=house)
    assert done.code == 0
    [issued] = house.program.handler.issued
    assert (issued.service, issued.kind, issued.id, issued.actor.role) == ("intake", "call", CALL, "case_handler")
    refused = PaperHandler(Denied(Refusal(rule="STATE", code="exists", inputs={})))
    house = House(PaperProgram(handler=refused, store=PaperBooks()))
    assert ran(capsys, "call", "publish", str(TERMS), house=house).code == 2


def test_the_port_is_asked_for_before_anything_else(capsys: pytest.CaptureFixture[str]) -> None:
    house = House()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = ran(capsys, "up", "--port", str(taken.getsockname()[1]), house=house)
    assert done.code == 3
    assert "is taken" in done.err
    assert "--port" in done.err
    assert house.seen == []


def test_the_cluster_says_that_it_is_not_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(capsys, "up", "--profile", "cluster").code == 3


def test_schemas_are_told_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    names = ran(capsys, "schema", "--json").document["names"]
    assert {"publish-call", "CallPublished"} <= set(names)
    command = ran(capsys, "schema", "publish-call", "--json").document
    assert command["required"] == ["terms"]
    fact = ran(capsys, "schema", "CallPublished", "--json").document
    assert fact["$schema"].endswith("2020-12/schema")
    public = ran(capsys, "schema", "be.vlaanderen.wijkspoor.v1.calls.notify.opened", "--json").document
    assert public["properties"]["data"]["properties"]["deadline"]
    assert ran(capsys, "schema", "asyncapi", "--json").document["asyncapi"] == "3.0.0"


def test_a_rebuild_that_differs_is_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(capsys, "rebuild", "all").code == 0
    differing = ran(capsys, "rebuild", "all", "--json", house=House(same=False))
    assert (differing.code, differing.document["ok"]) == (1, False)


def test_the_doctor_finds_what_is_wrong(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    good = ran(capsys, "doctor", "--json")
    assert (good.code, good.document["ok"]) == (0, True), good
    assert "demo" in next(row["detail"] for row in good.document["checks"] if row["check"] == "log")
    keys = tmp_path / "data" / "keys"
    keys.mkdir(parents=True, mode=0o700)
    (keys / "log.ed25519").write_bytes(b"x")
    (keys / "log.ed25519").chmod(0o644)
    house = House(error=StoreUnavailable("x"))
    bad = ran(capsys, "doctor", "--json", house=house)
    assert bad.code == 1
    wrong = {row["check"]: row["detail"] for row in bad.document["checks"] if not row["ok"]}
    assert set(wrong) == {"keys", "log"}
    assert "chmod" in wrong["keys"]
    assert "log.ed25519" in wrong["keys"]


def test_books_that_do_not_balance_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    house = House()
    books = PaperBooks()
    books.balance = Balance("CONTROL", debits_posted=5, credits_posted=4)
    house.program.store = books
    assert ran(capsys, "doctor", house=house).code == 1


def test_an_export_that_was_changed_is_a_finding(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "export"
    done = ran(capsys, "export", "log", "--out", str(folder), "--json")
    assert (done.code, done.document["events"]) == (0, 0)
    assert ran(capsys, "export", "log", "--out", str(folder)).code == 2
    (folder / "checkpoint.txt").unlink()
    broken = ran(capsys, "verify", str(folder), "--json")
    assert broken.code == 1
    assert broken.document["ok"] is False
    assert broken.document["findings"][0]["kind"] == "missing-file"
    assert ran(capsys, "verify", str(folder), "--log-key", "x").code == 2


def test_a_moment_is_a_day_or_an_instant() -> None:
    assert moment_of("2021-07-15", "--as-of") == "2021-07-15T21:59:59.999999Z"
    assert moment_of("2021-07-15T12:00:00Z", "--as-of") == "2021-07-15T12:00:00.000000Z"
    assert moment_of(None, "--as-of") is None


def test_amounts_are_written_as_people_write_them() -> None:
    assert euro(123456789) == "€ 1.234.567,89"
    assert euro(-5) == "-€ 0,05"
    assert cell("rateBp", 1667) == "16,67 %"
    assert cell("x", None) == ""
    assert cell("x", ["a", {"b": True}]) == "a, b ja"


def test_recorded_events_have_no_part_in_an_unknown_case(capsys: pytest.CaptureFixture[str]) -> None:
    house = House()
    house.program.store.recorded.append(recorded(1))
    assert ran(capsys, "explain", "018f3f7e-7c3a-7000-8000-000000000000", house=house).code == 2
