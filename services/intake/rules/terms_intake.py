"""When a call's form and its rules for attachments hold together."""

from __future__ import annotations

from collections.abc import Iterator

from events.forms import AttachmentRule, FormField
from events.intake import Terms
from services.intake.rules.application import twice_in
from services.intake.rules.mistakes import Mistake, say

LARGEST_FILE = 50 * 1024 * 1024
"""What the house takes in at most, whatever a call says: 50 MiB."""
_SEALABLE = frozenset({"text", "email", "phone", "date"})
_BOUNDED = frozenset({"number", "money", "choices"})
_WRITTEN = frozenset({"text", "email", "phone"})


def form_mistakes(terms: Terms) -> Iterator[Mistake]:
    """Everything in the form that cannot be asked or answered."""
    form = terms.intake.form
    if form is None:
        return
    codes = [one.code for page in form.steps for one in page.fields]
    yield from _once("/intake/form/steps", [page.code for page in form.steps])
    # A supplement names attachments and questions alike.
    yield from _once("/intake/form/steps", codes + [one.code for one in terms.required_attachments])
    if not codes:
        yield say("/intake/form/steps", "Het formulier vraagt niets.", "The form asks nothing.")
    for page, step in enumerate(form.steps):
        for index, field in enumerate(step.fields):
            yield from _field(f"/intake/form/steps/{page}/fields/{index}", field)


def _once(pointer: str, codes: list[str]) -> Iterator[Mistake]:
    for code in twice_in(codes):
        yield say(pointer, f"{code} staat er meer dan eens.", f"{code} occurs more than once.")


def _field(pointer: str, field: FormField) -> Iterator[Mistake]:
    if (field.type in ("choice", "choices")) != bool(field.choices):
        yield say(
            f"{pointer}/choices",
            "Keuzes horen bij de soorten choice en choices, en alleen daarbij.",
            "Choices go with the types choice and choices, and with those only.",
        )
    yield from _once(f"{pointer}/choices", [one.code for one in field.choices])
    if field.personal and field.type not in _SEALABLE:
        yield say(
            f"{pointer}/personal",
            f"Een antwoord van de soort {field.type} kan niet verzegeld worden.",
            f"An answer of the type {field.type} cannot be sealed.",
        )
    yield from _limits(pointer, field)


def _limits(pointer: str, field: FormField) -> Iterator[Mistake]:
    bounds = {"least": field.least, "most": field.most}
    lengths = {"maxLength": field.max_length, "maxWords": field.max_words}
    for allowed, limits in ((_BOUNDED, bounds), (_WRITTEN, lengths)):
        for name, limit in limits.items():
            if limit is not None and field.type not in allowed:
                yield say(
                    f"{pointer}/{name}",
                    f"Deze grens past niet bij de soort {field.type}.",
                    f"This limit does not go with the type {field.type}.",
                )
    if field.least is not None and field.most is not None and field.least > field.most:
        yield say(f"{pointer}/most", "Het hoogste ligt onder het laagste.", "The most lies below the least.")
    if any(limit is not None and limit < 1 for limit in lengths.values()):
        yield say(f"{pointer}/maxLength", "Zo past er geen antwoord in.", "No answer would fit.")


def attachment_mistakes(terms: Terms) -> Iterator[Mistake]:
    """Every required attachment has a rule if any has, and every rule can be met."""
    rules = terms.intake.attachments
    yield from _once("/intake/attachments", [one.code for one in rules])
    ruled = {one.code for one in rules}
    for one in terms.required_attachments if rules else ():
        if one.code not in ruled:
            yield say(
                "/intake/attachments",
                f"De verplichte bijlage {one.code} heeft geen regel.",
                f"The required attachment {one.code} has no rule.",
            )
    for index, rule in enumerate(rules):
        yield from _rule(f"/intake/attachments/{index}", rule)


def _rule(pointer: str, rule: AttachmentRule) -> Iterator[Mistake]:
    if not rule.media_types:
        yield say(f"{pointer}/mediaTypes", "Geen enkele soort bestand mag.", "No kind of file is allowed.")
    if not 1 <= rule.max_bytes <= LARGEST_FILE:
        yield say(
            f"{pointer}/maxBytes",
            f"De grootte moet tussen 1 en {LARGEST_FILE} bytes liggen.",
            f"The size must be between 1 and {LARGEST_FILE} bytes.",
        )
