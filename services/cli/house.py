"""`token call doctor schema`: the house's own tools."""

from __future__ import annotations

import json
import re
import shutil
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from events.catalog import FACT_TYPES
from events.envelope import Actor
from events.failures import CannotRun
from events.intake import Terms
from events.public.asyncapi import document as asyncapi
from events.public.cloudevent import type_of
from events.public.models import MODELS
from events.public.schemas import schema as public_schema
from services.answers import Done, Issued
from services.auth import ROLES
from services.cli.boundary import run, told
from services.cli.common import Common, Finding, WrongUse, one_of, settings_of
from services.cli.output import Out, table
from services.cli.ports import Doors, Program
from services.clock import event_id
from services.deciding import CommandSpec
from services.intake.commands import PublishCall
from services.intake.rules.terms import read_terms
from services.problems import told as told_problem
from services.registry import SERVICES
from services.settings import Settings
from services.web.reading import CommandForm
from services.web.replies import problem_of

PLAIN = Common()
LEAST_FREE = 1024**3
"""A log that may not lose anything wants a gigabyte of room."""

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class HouseTools:
    """The commands, over the doors."""

    doors: Doors

    def token(self, *, role: str, org: str, person: str, common: Common = PLAIN) -> int:
        """A bearer token from the local issuer.

        Parameters
        ----------
        role
            What the bearer may do.
        org
            The organisation's OVO code.
        person
            An opaque id, never a name.
        """

        async def work(out: Out) -> None:
            one_of(role, sorted(ROLES), "role")
            async with self.doors.shared(settings_of(common)) as program:
                made = program.issuer.issue(role, org, person)
            out.answer({"token": made, "role": role, "org": org, "person": person}, made)

        return run(common, work)

    def call_check(self, file: Path, /, *, common: Common = PLAIN) -> int:
        """List every mistake of a call's terms file by its field.

        Parameters
        ----------
        file
            The terms, as JSON.
        """

        async def work(out: Out) -> None:
            _, mistakes = _checked(file)
            out.answer({"ok": not mistakes, "mistakes": mistakes}, *_listed(mistakes, file))
            if mistakes:
                raise Finding

        return run(common, work)

    def call_publish(
        self,
        file: Path,
        /,
        *,
        ident: Annotated[str | None, Parameter(name="--id")] = None,
        common: Common = PLAIN,
    ) -> int:
        """Publish a call from its terms file.

        Parameters
        ----------
        file
            The terms, as JSON.
        ident
            The call's uuid; a new one is made if it is not given.
        """

        async def work(out: Out) -> None:
            terms, mistakes = _checked(file)
            if terms is None or mistakes:
                out.answer({"ok": False, "mistakes": mistakes}, *_listed(mistakes, file))
                raise Finding
            if ident is not None and not _UUID.fullmatch(ident):
                raise WrongUse("--id takes a UUID in lower case.")
            settings = settings_of(common)
            async with self.doors.shared(settings) as program:
                document = await _publish(program, PublishCall(terms=terms), ident, settings)
            out.answer(document, f"Published as {document['stream']} at position {document['position']}.")

        return run(common, work)

    def doctor(self, *, common: Common = PLAIN) -> int:
        """What is wrong with this installation, and how to mend it."""

        async def work(out: Out) -> None:
            settings = settings_of(common)
            rows = [row async for row in examined(self.doors, settings)]
            good = all(row["ok"] for row in rows)
            out.answer({"ok": good, "checks": rows}, table("Doctor", rows, ("check", "ok", "detail")))
            if not good:
                raise Finding

        return run(common, work)

    def schema(self, name: str | None = None, /, *, common: Common = PLAIN) -> int:
        """The JSON Schema of a command (publish-call), of an event's data (CallPublished) or of a public event (its
        CloudEvents type); `asyncapi` is the document of the public events; without a name: all names.

        Parameters
        ----------
        name
            Of a command, an event type or a public event.
        """

        async def work(out: Out) -> None:
            known = schemas()
            if name is None:
                names = sorted(known)
                out.answer({"names": names}, "\n".join(names))
                return
            document = known[one_of(name, list(known), "command, event type or public event")]()
            out.answer(document, json.dumps(document, indent=2, ensure_ascii=False))

        return run(common, work)


def schemas() -> dict[str, Any]:
    """Name → a function that makes the JSON Schema."""
    made: dict[str, Any] = {}
    for service in SERVICES.values():
        for spec in service.commands.values():
            made[spec.model.command_name] = _of_command(spec)
    for name, row in FACT_TYPES.items():
        made[name] = _of_fact(row.model)
    for kind in MODELS:
        made[type_of(kind)] = partial(public_schema, kind)
    made["asyncapi"] = asyncapi
    return made


def _of_command(spec: CommandSpec) -> Any:
    return lambda: CommandForm(spec).model.model_json_schema(by_alias=True)


def _of_fact(model: type[Any]) -> Any:
    return lambda: {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(model)}


def _checked(file: Path) -> tuple[Terms | None, list[dict[str, str]]]:
    """The terms in a file, and every mistake with its pointer; OSError if it cannot be read."""
    terms, mistakes = read_terms(file.read_bytes())
    return terms, [{"pointer": one.pointer, "nl": one.message.nl, "en": one.message.en} for one in mistakes]


def _listed(mistakes: list[dict[str, Any]], file: Path) -> list[Any]:
    if not mistakes:
        return [f"{file} has no mistakes."]
    return [table(f"{len(mistakes)} mistakes in {file}", mistakes, ("pointer", "nl"))]


async def _publish(program: Program, command: PublishCall, ident: str | None, settings: Settings) -> dict[str, Any]:
    now = program.clock.now()
    issued = Issued(
        service="intake",
        kind="call",
        id=ident or event_id(),
        command=command,
        actor=Actor(role="case_handler", organisation=settings.organisation, person="cli"),
        at=now,
        command_id=event_id(),
    )
    answer = await program.handler.handle(issued)
    if not isinstance(answer, Done) or answer.refusal is not None:
        problem = problem_of(SERVICES["intake"], answer)
        raise (CannotRun if problem.kind.status >= 500 else WrongUse)(told_problem(problem, "en")["detail"])
    return {"stream": answer.stream, "version": answer.version, "position": answer.position}


async def examined(doors: Doors, settings: Settings) -> AsyncIterator[dict[str, Any]]:
    """One row a check: what, whether it is well, and what was seen or is to be done."""
    yield _folder(settings.data)
    yield _room(settings.data)
    yield _keys(settings.keys)
    try:
        async with doors.shared(settings) as program:
            head = await program.store.head()
            kind = "a demo: the story drives its clock" if program.clock.demo else "real time"
            yield _row("log", True, f"{program.log_info.origin} ({kind}), {head.position} events")
            balances = await program.store.balances()
            drift = sum(one.debits_posted - one.credits_posted for one in balances)
            yield _row("books", drift == 0, f"{len(balances)} accounts; debits less credits: {drift} cents")
            stopped = program.failures
            yield _row("consumers", not stopped, "; ".join(stopped) or "none has stopped")
    except Exception as error:  # noqa: BLE001 -- whatever keeps the log from opening is the doctor's finding
        yield _row("log", False, told(error)[1] or f"{type(error).__name__}: run with --debug")


def _row(check: str, ok: bool, detail: str) -> dict[str, Any]:
    return {"check": check, "ok": ok, "detail": detail}


def _folder(folder: Path) -> dict[str, Any]:
    there = next(one for one in (folder, *folder.parents) if one.exists())
    good = there.is_dir() and bool(there.stat().st_mode & stat.S_IWUSR)
    return _row("folder", good, f"{folder}" if good else f"{there} cannot be written: choose another with --data")


def _room(folder: Path) -> dict[str, Any]:
    there = next(one for one in (folder, *folder.parents) if one.exists())
    free = shutil.disk_usage(there).free
    good = free >= LEAST_FREE
    return _row("room", good, f"{free // 1024**2} MiB free" + ("" if good else ": make room, the log grows"))


def _keys(folder: Path) -> dict[str, Any]:
    if not folder.exists():
        return _row("keys", True, "none yet: they are made at the first start")
    loose = [one.name for one in (folder, *folder.iterdir()) if one.stat().st_mode & 0o077]
    if loose:
        return _row("keys", False, f"others may read {', '.join(loose)}: chmod go= on them")
    return _row("keys", True, f"{folder}: keep a copy, without it the log cannot go on")
