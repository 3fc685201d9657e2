"""Files of an application: kept when they are what they say, refused on record otherwise."""

from __future__ import annotations

from collections.abc import Iterable

from events.catalog import AnyFact
from events.forms import MediaType
from events.intake import AttachmentRefused, AttachmentStored, CallPublished
from events.vocabulary import Attachment, Check
from services.deciding import Context, Decision, Refused, accept, refuse
from services.intake.commands import StoreAttachment
from services.intake.decider.call import rules_of, wrong_state
from services.intake.decider.case import Case
from services.intake.rules import ACCEPTABLE, file_rule
from services.rulebook import check


def store(case: Case, command: StoreAttachment, context: Context) -> Decision:
    """Keep an uploaded file, while something can still be handed in."""
    state = case.state
    if command.organisation != case.applicant.ovo:
        applicant = case.applicant.ovo
        return refuse("OWN", "other_organisation", organisation=command.organisation, applicant=applicant)
    if state.status not in ("draft", "late", "incomplete"):
        return wrong_state(state.status)
    taken = file_rule(case.published.terms, command.kind)
    if taken is None:
        return refuse("TERMS", "unknown_codes", unknown={"attachments": [command.kind]})
    verdict = check(
        ACCEPTABLE,
        {"media_types": taken[0], "max_bytes": taken[1]},
        {
            "declared": command.declared,
            "found": command.found,
            "flaw": command.flaw,
            "size_bytes": command.size_bytes,
        },
        [context.source(case.call_stream, CallPublished)],
    )
    key = (command.kind, command.sha256)
    if verdict.outcome == "pass" and command.found:
        stored = _stored(case, command, command.found, verdict, context)
        return accept() if key in state.stored else case.accept(context, stored)
    refusal = AttachmentRefused(
        call=state.call,
        case=context.id,
        kind=command.kind,
        name=command.name,
        sha256=command.sha256,
        size_bytes=command.size_bytes,
        checks=[verdict],
    )
    # The same file was refused on record already; saying no again needs no second fact.
    facts: tuple[AnyFact, ...] = () if key in state.refused_files else (refusal,)
    rules = rules_of(context, case.call_stream)
    return refuse("FILE", verdict.code, *facts, rules=rules, **{**verdict.params, **verdict.inputs})


def _stored(
    case: Case, command: StoreAttachment, found: MediaType, verdict: Check, context: Context
) -> AttachmentStored:
    return AttachmentStored(
        call=case.state.call,
        case=context.id,
        kind=command.kind,
        name=command.name,
        sha256=command.sha256,
        media_type=found,
        size_bytes=command.size_bytes,
        checks=[verdict],
    )


def not_stored(case: Case, attachments: Iterable[Attachment]) -> Refused | None:
    """Where the call has rules for files, a digest counts only if its file lies in the house's store."""
    if not case.published.terms.intake.attachments:
        return None
    unknown = [{"kind": one.kind, "sha256": one.sha256} for one in attachments if not _is_stored(case, one)]
    return refuse("FILE", "not_stored", attachments=unknown) if unknown else None


def _is_stored(case: Case, one: Attachment) -> bool:
    return (one.kind, one.sha256) in case.state.stored
