"""The form: saved piece by piece, and what of it is handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from events import canonical
from events.forms import Answer, Form
from events.intake import DraftStepSaved, FormFilled
from services.deciding import Context, Decision, Refused, accept, refuse
from services.intake.commands import SaveDraftStep, SubmitApplication, SupplyCompletion
from services.intake.decider.call import wrong_state
from services.intake.decider.case import Case
from services.intake.rules import (
    Given,
    Mistake,
    fields_of,
    mistakes_in_answers,
    sealable,
    unanswered,
    without,
    written,
)


def save_step(case: Case, command: SaveDraftStep, context: Context) -> Decision:
    """Save the answers of one step, while nothing was handed in."""
    form = case.published.terms.intake.form
    if form is None or command.form_version != form.version:
        return _other_form(form)
    if case.state.status not in ("draft", "late"):
        return wrong_state(case.state.status)
    fields = fields_of(form, command.step)
    if not fields:
        return refuse("FORM", "unknown_step", step=command.step)
    mistakes = mistakes_in_answers(fields, command.answers)
    personal = sealable(fields, command.answers, command.person)
    if mistakes or personal is None:
        return _wrong(mistakes) if mistakes else refuse("FORM", "person_missing")
    saved = DraftStepSaved(
        call=case.state.call,
        case=context.id,
        form_version=form.version,
        step=command.step,
        answers=written(fields, command.answers),
        personal=personal,
    )
    return accept() if case.state.saved.get(command.step) == saved else case.accept(context, saved)


class Filled(NamedTuple):
    """What a submission answers: its fact, and what keeps it from being taken in."""

    fact: FormFilled | None
    refused: Refused | None


def fill(case: Case, command: SubmitApplication, context: Context) -> Filled:
    """The form as it is handed in: what was saved, and what comes now over it.

    Mistakes do not keep a late submission from the record: what can be read of it is kept.
    """
    form = case.published.terms.intake.form
    if form is None or command.form_version != form.version:
        plain = form is None and command.form_version is None and not command.answers
        return Filled(None, None if plain else _other_form(form))
    fields = fields_of(form)
    mistakes = mistakes_in_answers(fields, command.answers)
    given = without(command.answers, mistakes)
    now = {one.field: one for one in written(fields, given)}
    answers = [one for code in fields if (one := now.get(code) or _saved(case).get(code))]
    personal = sealable(fields, given, command.contact_person) or []
    sealed_now = {one.field for one in personal}
    drafted = [code for code in fields if code in _sealed(case) and code not in sealed_now]
    answered = frozenset({one.field for one in answers} | sealed_now | set(drafted))
    fact = FormFilled(
        call=case.state.call,
        case=context.id,
        application_version=1,
        form_version=form.version,
        answers=answers,
        answers_sha256=digest_of(form, answers),
        personal=personal,
        drafted=drafted,
    )
    wrong = [*mistakes, *unanswered(fields, answered - {one.pointer.rpartition("/")[2] for one in mistakes})]
    return Filled(fact, _wrong(_once(wrong)) if wrong else None)


def supplement(case: Case, command: SupplyCompletion, context: Context) -> Filled:
    """The answers that a supplement brings."""
    form = case.published.terms.intake.form
    if form is None or not command.answers:
        return Filled(None, _other_form(form) if command.answers else None)
    fields = fields_of(form)
    if mistakes := mistakes_in_answers(fields, command.answers):
        return Filled(None, _wrong(mistakes))
    personal = sealable(fields, command.answers, command.person)
    if personal is None:
        return Filled(None, refuse("FORM", "person_missing"))
    answers = written(fields, command.answers)
    fact = FormFilled(
        call=case.state.call,
        case=context.id,
        application_version=case.state.version + 1,
        form_version=form.version,
        answers=answers,
        answers_sha256=digest_of(form, answers),
        personal=personal,
        drafted=[],
    )
    return Filled(fact, None)


def still_unanswered(case: Case) -> Refused | None:
    """What a late submission did not answer, though it must be."""
    form, filled = case.published.terms.intake.form, case.state.filled
    if form is None:
        return None
    answered: set[str] = set()
    if filled:
        answered |= {one.field for one in filled.answers} | {one.field for one in filled.personal}
        answered |= set(filled.drafted)
    missing = unanswered(fields_of(form), frozenset(answered))
    return _wrong(missing) if missing else None


def digest_of(form: Form, answers: Sequence[Answer]) -> str:
    """Lower-case hex SHA-256 of the answers that speak of nobody: a digest may not betray a person."""
    plain = {"form_version": form.version, "answers": {one.field: one.values for one in answers}}
    return sha256(canonical.encode(plain)).hexdigest()


def _saved(case: Case) -> Mapping[str, Answer]:
    return {one.field: one for step in case.state.saved.values() for one in step.answers}


def _sealed(case: Case) -> frozenset[str]:
    return frozenset(one.field for step in case.state.saved.values() for one in step.personal)


def _other_form(form: Form | None) -> Refused:
    return refuse("FORM", "no_form") if form is None else refuse("FORM", "other_version", version=form.version)


def _wrong(mistakes: Sequence[Mistake]) -> Refused:
    return refuse("FORM", "mistakes", mistakes=[one.told() for one in mistakes])


def _once(mistakes: Sequence[Mistake]) -> list[Mistake]:
    # A required question that was answered wrongly is told as wrong, not as missing too.
    return list({one.pointer: one for one in reversed(mistakes)}.values())[::-1]


__all__ = ["Filled", "Given", "fill", "save_step", "still_unanswered", "supplement"]
