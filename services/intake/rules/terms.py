"""When the terms of a call hold together: every mistake, with its place and in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from pydantic import TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from events.intake import Terms
from events.times import FIRST_YEAR, LAST_YEAR
from events.vocabulary import Text
from services.fields import Wire
from services.intake.rules.application import codes_of, twice_in
from services.intake.rules.eligibility_terms import eligibility_mistakes
from services.intake.rules.mistakes import Mistake, say
from services.intake.rules.payment import payment_mistakes
from services.intake.rules.terms_intake import attachment_mistakes, form_mistakes

WHOLE_BP = 10_000
LONGEST_COMPLETION_DAYS = 366
LONGEST_REPLY_DAYS = 366


def read_terms(body: bytes) -> tuple[Terms | None, list[Mistake]]:
    """The terms in a file, or None with every mistake of shape; terms that can be read may still have mistakes.

    Whether amounts and codes hold together can only be asked of terms that have their shape, so mistakes of the two
    sorts never come together.
    """
    try:
        terms = _TERMS.validate_json(body)
    except ValidationError as error:
        return None, [_shape_mistake(one["loc"], one["type"], one["msg"]) for one in error.errors(include_url=False)]
    return terms, mistakes_in(terms)


_TERMS: TypeAdapter[Terms] = TypeAdapter(Wire[Terms])

_SHAPE_NL = {
    "missing": "Dit veld ontbreekt.",
    "extra_forbidden": "Dit veld bestaat niet.",
    "int_type": "Dit moet een geheel getal zijn.",
    "greater_than_equal": "Dit getal is te klein.",
    "less_than_equal": "Dit getal is te groot.",
    "bool_type": "Dit moet true of false zijn.",
    "string_type": "Dit moet tekst zijn.",
    "string_too_short": "Deze tekst is te kort.",
    "string_too_long": "Deze tekst is te lang.",
    "string_pattern_mismatch": "Deze tekst heeft niet de juiste vorm.",
    "literal_error": "Deze keuze bestaat niet.",
    "list_type": "Dit moet een lijst zijn.",
    "dict_type": "Dit moet een object zijn.",
    "json_invalid": "Dit is geen geldige JSON.",
    "no_such_day": "Deze dag bestaat niet.",
    "no_such_time": "Dit tijdstip bestaat niet in Europe/Brussels.",
    "not_nfc": "Deze tekst staat niet in de Unicode-vorm NFC.",
}


def _shape_mistake(where: Sequence[int | str], kind: str, message: str) -> Mistake:
    return Mistake(_pointer(where), Text(nl=_SHAPE_NL.get(kind, "Deze waarde is niet geldig."), en=f"{message}."))


def _pointer(where: Iterable[int | str]) -> str:
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in where)


def mistakes_in(terms: Terms) -> list[Mistake]:
    """Everything in well-shaped terms that does not hold together; pointers are into the terms file."""
    own = (form_mistakes, attachment_mistakes, _eligibility)
    parts = (_money, _codes_once, _window, _criteria, _jury, _tranches, _reports, _payment, *own, _synthetic)
    return [mistake for part in parts for mistake in part(terms)]


def _money(terms: Terms) -> Iterator[Mistake]:
    if terms.envelope_cents == 0:
        yield say("/envelopeCents", "De enveloppe is nul.", "The envelope is zero.")
    if terms.cap_cents == 0:
        yield say("/capCents", "Het maximum per contract is nul.", "The cap per contract is zero.")
    if terms.cap_cents > terms.envelope_cents:
        yield say(
            "/capCents",
            "Het maximum per contract is hoger dan de enveloppe.",
            "The cap per contract is higher than the envelope.",
        )
    if terms.cofinancing.base == "TOTAL_ELIGIBLE_COST" and terms.cofinancing.min_rate_bp == WHOLE_BP:
        yield say(
            "/cofinancing/minRateBp",
            "Met een eigen inbreng van 100 % van de totale kost blijft er niets te subsidiëren.",
            "With an own contribution of 100 % of the total cost nothing is left to subsidise.",
        )
    categories = codes_of(terms.cost_categories)
    for index, limit in enumerate(terms.share_limits):
        if limit.category not in categories:
            yield say(
                f"/shareLimits/{index}/category",
                f"De kostencategorie {limit.category} bestaat niet in deze oproep.",
                f"This call has no cost category {limit.category}.",
            )


def _codes_once(terms: Terms) -> Iterator[Mistake]:
    lists: dict[str, list[str]] = {
        "shareLimits": [one.category for one in terms.share_limits],
        "costCategories": [one.code for one in terms.cost_categories],
        "themes": [one.code for one in terms.themes],
        "instruments": [one.code for one in terms.instruments],
        "requiredAttachments": [one.code for one in terms.required_attachments],
        "criteria": [one.code for one in terms.criteria],
        "tranches": [one.code for one in terms.tranches],
        "reports": [one.code for one in terms.reports],
        "eligibility/humanChecks": [one.code for one in terms.eligibility.human_checks],
        "decision/mandatoryPledgeLevels": list(terms.decision.mandatory_pledge_levels),
        "intake/reopeningRoles": list(terms.intake.reopening_roles),
    }
    for field, codes in lists.items():
        for code in twice_in(codes):
            yield say(f"/{field}", f"{code} staat er meer dan eens.", f"{code} occurs more than once.")
    for field in ("costCategories", "criteria", "tranches"):
        if not lists[field]:
            yield say(f"/{field}", "Deze lijst mag niet leeg zijn.", "This list may not be empty.")


def _window(terms: Terms) -> Iterator[Mistake]:
    if terms.deadline.utc <= terms.opens.utc:
        yield say("/deadline", "De oproep sluit voor hij opent.", "The call closes before it opens.")
    if not 1 <= terms.completion_days <= LONGEST_COMPLETION_DAYS:
        yield say(
            "/completionDays",
            f"De aanvullingstermijn moet tussen 1 en {LONGEST_COMPLETION_DAYS} dagen liggen.",
            f"The term for a supplement must be between 1 and {LONGEST_COMPLETION_DAYS} days.",
        )
    days = [("/term/earliestStart", terms.term.earliest_start), ("/term/latestEnd", terms.term.latest_end)]
    for index, report in enumerate(terms.reports):
        days += [(f"/reports/{index}/period/start", report.period.start), (f"/reports/{index}/due", report.due)]
    for pointer, day in days:
        # A timer will stand at this day, and an instant has its place in the log only between these years.
        if not FIRST_YEAR <= int(day[:4]) <= LAST_YEAR:
            yield say(
                pointer,
                f"Het jaar moet tussen {FIRST_YEAR} en {LAST_YEAR} liggen.",
                f"The year must be between {FIRST_YEAR} and {LAST_YEAR}.",
            )
    if terms.term.max_months < 1:
        yield say("/term/maxMonths", "Een contract duurt ten minste een maand.", "A contract lasts at least a month.")
    if terms.term.latest_end < terms.term.earliest_start:
        yield say("/term/latestEnd", "Het einde ligt voor het begin.", "The end lies before the start.")


def _criteria(terms: Terms) -> Iterator[Mistake]:
    yield from _whole("/criteria", "de gewichten", "the weights", [one.weight_bp for one in terms.criteria])
    for index, one in enumerate(terms.criteria):
        if one.max_points < 1:
            yield say(
                f"/criteria/{index}/maxPoints", "Dit moet ten minste 1 punt zijn.", "This must be at least 1 point."
            )


def _jury(terms: Terms) -> Iterator[Mistake]:
    jury = terms.jury
    if not 1 <= jury.quorum <= jury.members:
        yield say(
            "/jury/quorum",
            f"Het quorum moet tussen 1 en het aantal leden ({jury.members}) liggen.",
            f"The quorum must be between 1 and the number of members ({jury.members}).",
        )
    if not 0 <= jury.min_external <= jury.quorum:
        yield say(
            "/jury/minExternal",
            f"Het aantal externen moet tussen 0 en het quorum ({jury.quorum}) liggen.",
            f"The number of externals must be between 0 and the quorum ({jury.quorum}).",
        )

    if not 0 <= jury.min_government <= jury.quorum - jury.min_external:
        yield say(
            "/jury/minGovernment",
            f"Met {jury.min_external} externen is er in een quorum van {jury.quorum} geen plaats voor "
            f"{jury.min_government} leden van de administratie.",
            f"With {jury.min_external} externals a quorum of {jury.quorum} has no room for {jury.min_government} "
            "members from the administration.",
        )
    if len(jury.required_expertise) > jury.members or twice_in(jury.required_expertise):
        yield say(
            "/jury/requiredExpertise",
            "Elke deskundigheid staat er één keer, en er zijn er niet meer dan leden.",
            "Each field of expertise stands here once, and there are no more of them than members.",
        )
    if not 0 <= jury.reply_days <= LONGEST_REPLY_DAYS:
        yield say(
            "/jury/replyDays",
            f"De termijn om te antwoorden moet tussen 0 en {LONGEST_REPLY_DAYS} dagen liggen.",
            f"The term to reply must be between 0 and {LONGEST_REPLY_DAYS} days.",
        )


def _eligibility(terms: Terms) -> Iterator[Mistake]:
    yield from (say(*one) for one in eligibility_mistakes(terms.eligibility))


def _tranches(terms: Terms) -> Iterator[Mistake]:
    yield from _whole("/tranches", "de aandelen", "the shares", [one.share_bp for one in terms.tranches])
    reports = {one.code for one in terms.reports}
    for index, one in enumerate(terms.tranches):
        if (one.condition == "report_accepted") != (one.report is not None):
            yield say(
                f"/tranches/{index}/report",
                "Een verslag hoort bij de voorwaarde report_accepted, en alleen daarbij.",
                "A report goes with the condition report_accepted, and with that one only.",
            )
        elif one.report is not None and one.report not in reports:
            yield say(
                f"/tranches/{index}/report",
                f"Het verslag {one.report} staat niet bij de verslagen.",
                f"The report {one.report} is not among the reports.",
            )
    # Only the last instalment can be what is left: payment pays the settled balance there, not a planned share.
    settled = [index for index, one in enumerate(terms.tranches) if one.condition == "final_account_settled"]
    if terms.tranches and settled != [len(terms.tranches) - 1]:
        yield say(
            "/tranches",
            "De laatste schijf, en alleen die, wacht op de eindafrekening (final_account_settled).",
            "The last tranche, and no other, waits for the final account (final_account_settled).",
        )


def _reports(terms: Terms) -> Iterator[Mistake]:
    for index, one in enumerate(terms.reports):
        if one.period.end < one.period.start:
            yield say(f"/reports/{index}/period", "Het einde ligt voor het begin.", "The end lies before the start.")
        elif one.due < one.period.end:
            yield say(
                f"/reports/{index}/due",
                "Het verslag is verschuldigd voor de periode om is.",
                "The report is due before its period is over.",
            )


def _payment(terms: Terms) -> Iterator[Mistake]:
    for pointer, nl, en in payment_mistakes(terms):
        yield say(pointer, nl, en)


def _synthetic(terms: Terms) -> Iterator[Mistake]:
    # Whoever reads `synthetic` must be able to find the field; a pointer to nothing would hide an invented value.
    plain = msgspec.to_builtins(terms)
    for index, pointer in enumerate(terms.synthetic):
        if not _points_into(plain, pointer):
            yield say(f"/synthetic/{index}", f"{pointer} wijst geen veld aan.", f"{pointer} does not point at a field.")


def _points_into(value: object, pointer: str) -> bool:
    if not pointer.startswith("/"):
        return False
    for step in pointer[1:].split("/"):
        match value:
            case dict() if step in (fields := {to_camel(name): item for name, item in value.items()}):
                value = fields[step]
            case list() if step.isdecimal() and int(step) < len(value):
                value = value[int(step)]
            case _:
                return False
    return True


def _whole(pointer: str, nl: str, en: str, parts: list[int]) -> Iterator[Mistake]:
    total = sum(parts)
    # An empty list has its own mistake; that it does not add up says nothing more.
    if parts and total != WHOLE_BP:
        yield say(
            pointer,
            f"Samen moeten {nl} {WHOLE_BP} basispunten zijn, en het zijn er {total}.",
            f"Together {en} must be {WHOLE_BP} basis points, and they are {total}.",
        )
