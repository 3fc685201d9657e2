"""`export log`, `verify`, `restore`, `explain`, `rebuild`: the log as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from cyclopts import Parameter

from events import codec
from events.catalog import FACT_TYPES, KINDS, call_of
from events.history import History
from projections.audit.explain import ExplainedFact, explain
from projections.audit.export import export
from projections.audit.replay import Rules
from projections.audit.restore import NotVerified, Restored, RestoreTarget, restore, restore_history
from projections.audit.verify import Report, verify
from projections.views import VIEWS
from projections.words import hour
from services.cli.asking import Asker
from services.cli.boundary import run
from services.cli.common import Common, Finding, WrongUse, one_of, settings_of
from services.cli.output import Out, pairs, table
from services.cli.ports import Doors
from services.cli.views import case_of
from services.registry import SERVICES

PLAIN = Common()


KAFKA = "kafka"


async def _restored(source: Path | History, target: RestoreTarget, **how: Any) -> Restored:
    if isinstance(source, Path):
        return await restore(source, target, **how)
    return await restore_history(source, target, **how)


def rules_of_the_house() -> Rules:
    """Every version of every rule, for running recorded checks again."""
    return {(rule.id, rule.version): rule.test for service in SERVICES.values() for rule in service.rules}


@dataclass(frozen=True)
class Records:
    """The commands, over the doors."""

    doors: Doors

    def export_log(self, *, out: Path, common: Common = PLAIN) -> int:
        """Write the whole log to a folder that a stranger can check.

        Parameters
        ----------
        out
            The folder to make.
        """

        async def work(say: Out) -> None:
            async with self.doors.shared(settings_of(common)) as program:
                done = await export(
                    program.store,
                    out,
                    origin=program.log_info.origin,
                    signer=program.signers["log"],
                    kinds=KINDS,
                )
            document = {"events": done.events, "folder": str(out), "checkpoint": done.checkpoint}
            say.answer(document, f"{done.events} events in {out}. Check them with: wijkspoor verify {out}")

        return run(common, work)

    def verify(
        self,
        folder: Path,
        /,
        *,
        against: Path | None = None,
        log_key: str | None = None,
        level: Literal["full", "chain"] = "full",
        common: Common = PLAIN,
    ) -> int:
        """Check an exported log with nothing but the files in it.

        Parameters
        ----------
        folder
            The export.
        against
            Another export, or a folder with a checkpoint, of the same log.
        log_key
            The log's public key (base64), as you got it by another way.
        level
            `chain`: places, hashes and root alone, in seconds.
        """

        async def work(out: Out) -> None:
            _exported(folder)
            try:
                report = verify(
                    folder,
                    level=level,
                    types=FACT_TYPES,
                    rules=rules_of_the_house(),
                    against=against,
                    log_key=log_key,
                )
            except ValueError as error:
                raise WrongUse(f"--log-key: {error}.") from error
            out.answer(report.document(), *_told(report))
            if not report.ok:
                raise Finding

        return run(common, work)

    def restore(
        self,
        *,
        source: Annotated[str, Parameter(name="--from")],
        log_key: str | None = None,
        common: Common = PLAIN,
    ) -> int:
        """Fill an empty store from an export or from Kafka, byte for byte.

        Parameters
        ----------
        source
            The folder of the export, or `kafka`.
        log_key
            The log's public key (base64), as you got it by another way.
        """

        async def work(out: Out) -> None:
            settings = settings_of(common)
            async with AsyncExitStack() as stack:
                history = await stack.enter_async_context(self.doors.history(settings)) if source == KAFKA else None
                folder = Path() if history else _exported(Path(source))
                target = await stack.enter_async_context(self.doors.empty(settings))
                move = stack.enter_context(out.progress("restoring"))
                try:
                    done = await _restored(
                        history or folder,
                        target,
                        types=FACT_TYPES,
                        rules=rules_of_the_house(),
                        log_key=log_key,
                        progress=lambda position: move(position, position),
                    )
                except NotVerified as error:
                    for finding in error.findings[:20]:
                        out.say(f"{finding.kind} at {finding.position or '-'}: {finding.detail}")
                    raise
            document = {"ok": True, "events": done.events, "known": done.known}
            out.answer(document, f"{done.events} events restored, {done.known} of them were there already.")

        return run(common, work)

    def explain(self, case: str, decision: str | None = None, /, *, common: Common = PLAIN) -> int:
        """Every rule that led to a case's outcome, run again: inputs, the event each came from, reason.

        Parameters
        ----------
        case
            The case's uuid, or its number.
        decision
            Only this event type, or the event of this id.
        """

        async def work(out: Out) -> None:
            settings = settings_of(common)
            async with self.doors.shared(settings) as program:
                ident = await case_of(Asker(program, settings.organisation), case)
                own = await program.store.read_case(ident)
                if not own:
                    raise WrongUse(f"The log knows no case {case}: check the uuid.")
                call = call_of(codec.read(own[0]).fact)
                shared = await program.store.read_case(call) if call and call != ident else ()
            places = {event.position for event in own}
            # The call's events are there to name sources, not to be explained.
            told = explain([*shared, *own], rules_of_the_house(), decision)
            facts = [fact for fact in told if fact.position in places]
            same = all(check.same for fact in facts for check in fact.checks)
            plain: list[dict[str, Any]] = msgspec.to_builtins(facts)
            out.answer({"case": ident, "same": same, "facts": plain}, *_explained(facts))
            if not same:
                out.say("Some rules answer otherwise today than was recorded.")
                raise Finding

        return run(common, work)

    def rebuild(self, name: str, /, *, common: Common = PLAIN) -> int:
        """Build a view anew beside the one in use, compare, and take its place.

        Parameters
        ----------
        name
            The view, or `all`.
        """

        async def work(out: Out) -> None:
            one_of(name, [*VIEWS, "all"], "view")
            with out.progress(f"rebuilding {name}") as move:
                done = await self.doors.rebuild(settings_of(common), name, move)
            rows: list[dict[str, Any]] = [
                {**msgspec.to_builtins(one), "seconds": round(one.seconds, 3)} for one in done
            ]
            differing = [one.name for one in done if one.same is False]
            columns = ("name", "events", "rows", "seconds", "same")
            out.answer({"ok": not differing, "views": rows}, table("Rebuilt", rows, columns))
            if differing:
                out.say(f"{', '.join(differing)} differed from the view in use and replaced it: find out why.")
                raise Finding

        return run(common, work)


def _exported(folder: Path) -> Path:
    if not folder.is_dir():
        raise WrongUse(f"{folder} is not a folder: name the folder of an export.")
    return folder


def _told(report: Report) -> list[Any]:
    head = {
        "ok": report.ok,
        "origin": report.origin,
        "events": report.events,
        "position": report.head.position,
        "root": report.head.root,
    }
    parts: list[Any] = [pairs(None, head)]
    if report.findings:
        rows: list[dict[str, Any]] = [msgspec.to_builtins(one) for one in report.findings]
        parts.append(table("Findings", rows, ("kind", "position", "stream", "detail")))
    return [*parts, *report.notes]


def _explained(facts: Sequence[ExplainedFact]) -> list[Any]:
    parts: list[Any] = []
    for fact in facts:
        parts.append(f"\n{fact.position}  {fact.type}  {hour(fact.occurred_at, 'nl')}  {fact.actor.role}")
        if fact.legal_basis:
            parts.append(f"    {fact.legal_basis}")
        for check in fact.checks:
            mark = "+" if check.outcome == "pass" else "-"
            parts.append(f"  {mark} {check.rule} v{check.version}: {check.reason_nl}")
            sources = ", ".join(f"{one.type or 'event'} at {one.position or one.event_id}" for one in check.sources)
            if sources:
                parts.append(f"      from {sources}")
            if check.differs:
                parts.append(f"      ! {check.differs}")
    return parts or ["No decision of this case rests on recorded checks."]
