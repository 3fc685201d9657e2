"""Problems as people and programs read them: RFC 9457, Belgif's types where they exist, Dutch and English.

A problem never repeats the value that was wrong: it may be personal, and problems are logged by others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as having
from typing import Any, Literal, NamedTuple, TypeAlias

Language: TypeAlias = Literal["nl", "en"]
Place: TypeAlias = Literal["body", "header", "path", "query"]

BELGIF = "urn:problem-type:belgif:"
HOUSE = "urn:problem-type:wijkspoor:"


class Kind(NamedTuple):
    """One type of problem: its URN, its HTTP status, and its title and detail in Dutch and English."""

    type: str
    status: int
    title: tuple[str, str]
    detail: tuple[str, str]


BAD_REQUEST = Kind(
    BELGIF + "badRequest",
    400,
    ("Ongeldige vraag", "Bad request"),
    ("De vraag bevat fouten; zie issues.", "The request has mistakes; see issues."),
)
NO_TOKEN = Kind(
    BELGIF + "noAccessToken",
    401,
    ("Geen toegangstoken", "No access token"),
    ("Stuur een bearer-token mee in Authorization.", "Send a bearer token in Authorization."),
)
INVALID_TOKEN = Kind(
    BELGIF + "invalidAccessToken",
    401,
    ("Ongeldig toegangstoken", "Invalid access token"),
    ("Het token is niet geldig; vraag een nieuw aan.", "The token is not valid; ask for a new one."),
)
EXPIRED_TOKEN = Kind(
    BELGIF + "expiredAccessToken",
    401,
    ("Vervallen toegangstoken", "Expired access token"),
    ("Het token is vervallen; vraag een nieuw aan.", "The token has expired; ask for a new one."),
)
FORBIDDEN = Kind(
    BELGIF + "missingPermission",
    403,
    ("Geen toestemming", "Missing permission"),
    ("De rol {role} mag dit niet.", "The role {role} may not do this."),
)
NOT_FOUND = Kind(
    BELGIF + "resourceNotFound",
    404,
    ("Niet gevonden", "Resource not found"),
    ("{resource} bestaat niet.", "{resource} does not exist."),
)
METHOD = Kind(
    HOUSE + "methodNotAllowed",
    405,
    ("Methode niet toegelaten", "Method not allowed"),
    ("Dit adres kent de methode {method} niet.", "This address does not know the method {method}."),
)
SLOW_BODY = Kind(
    HOUSE + "requestTimeout",
    408,
    ("De vraag kwam te traag", "The request came too slowly"),
    ("De inhoud was niet op tijd binnen; stuur opnieuw.", "The body did not arrive in time; send it again."),
)
REFUSED = Kind(
    HOUSE + "refusedByRule",
    409,
    ("Geweigerd door een regel", "Refused by a rule"),
    ("Regel {rule} laat dit niet toe ({reason}).", "Rule {rule} does not allow this ({reason})."),
)
GUARD = Kind(
    HOUSE + "refusedByGuard",
    409,
    ("Geweigerd bij het vastleggen", "Refused on recording"),
    ("De {guard}-bewaking weigert dit ({reason}).", "The {guard} guard refuses this ({reason})."),
)
CLOCK_BACK = Kind(
    HOUSE + "clockCannotGoBack",
    409,
    ("De klok gaat niet terug", "The clock does not go back"),
    ("Het verhaal staat al op {now}.", "The story is already at {now}."),
)
STALE = Kind(
    HOUSE + "staleVersion",
    412,
    ("De versie is verouderd", "The version is stale"),
    (
        "De stroom staat op versie {currentVersion}; lees opnieuw.",
        "The stream is at version {currentVersion}; read again.",
    ),
)
TOO_LARGE = Kind(
    BELGIF + "payloadTooLarge",
    413,
    ("Te veel inhoud", "Payload too large"),
    ("De inhoud mag hoogstens {limit} bytes zijn.", "The body may have {limit} bytes at most."),
)
EVENT_TOO_LARGE = Kind(
    BELGIF + "payloadTooLarge",
    413,
    ("Te veel inhoud", "Payload too large"),
    (
        "Wat vastgelegd moet worden is te groot; verwijs naar bijlagen met hun sha256.",
        "What would be recorded is too large; refer to attachments by their sha256.",
    ),
)
MEDIA_TYPE = Kind(
    HOUSE + "unsupportedMediaType",
    415,
    ("Soort inhoud niet ondersteund", "Unsupported media type"),
    ("Stuur application/json, niet gecomprimeerd.", "Send application/json, not compressed."),
)
KEY_REUSED = Kind(
    HOUSE + "idempotencyKeyReused",
    422,
    ("Sleutel al gebruikt", "Key already used"),
    (
        "Deze Idempotency-Key hoort bij een andere opdracht; neem een nieuwe.",
        "This Idempotency-Key belongs to another command; take a new one.",
    ),
)
TOO_MANY = Kind(
    BELGIF + "tooManyRequests",
    429,
    ("Te veel vragen", "Too many requests"),
    ("Er lopen te veel opdrachten tegelijk; probeer zo weer.", "Too many commands are under way; try again shortly."),
)
INTERNAL = Kind(
    BELGIF + "internalServerError",
    500,
    ("Onverwachte fout", "Unexpected error"),
    ("Er ging iets mis; meld trace {trace}.", "Something went wrong; report trace {trace}."),
)
UNAVAILABLE = Kind(
    BELGIF + "serviceUnavailable",
    503,
    ("Niet beschikbaar", "Service unavailable"),
    (
        "Het logboek is niet bereikbaar; stuur straks hetzelfde opnieuw, met dezelfde sleutel.",
        "The log cannot be reached; send the same again shortly, with the same key.",
    ),
)
BUSY = Kind(
    BELGIF + "serviceUnavailable",
    503,
    ("Te druk", "Too busy"),
    (
        "Anderen schreven vijf keer eerder; stuur hetzelfde opnieuw, met dezelfde sleutel.",
        "Others wrote first five times; send the same again, with the same key.",
    ),
)


class Issue(NamedTuple):
    """One mistake in a request: where it stands and which sentence says what is wrong.

    `name` is a JSON pointer for the body, and the name of the header or parameter elsewhere. `values` fill the
    sentence; they are bounds and formats, never what was sent. `said` is the English sentence of a code that the
    catalogue does not know.
    """

    place: Place
    name: str
    code: str
    values: Mapping[str, Any] = {}
    said: str | None = None


@dataclass
class Problem(Exception):
    """What went wrong, ready to be told in either language. `extra` are members of the answer, `headers` go with it."""

    kind: Kind
    values: Mapping[str, Any] = having(default_factory=dict)
    issues: Sequence[Issue] = ()
    extra: Mapping[str, Any] = having(default_factory=dict)
    headers: Mapping[str, str] = having(default_factory=dict)
    detail: tuple[str, str] | None = None

    def __str__(self) -> str:
        return f"{self.kind.status} {self.kind.type}"


def told(problem: Problem, language: Language) -> dict[str, Any]:
    """The members of the `application/problem+json` answer."""
    nl_or_en = 0 if language == "nl" else 1
    sentence = problem.detail[nl_or_en] if problem.detail else problem.kind.detail[nl_or_en].format(**problem.values)
    answer: dict[str, Any] = {
        "type": problem.kind.type,
        "title": problem.kind.title[nl_or_en],
        "status": problem.kind.status,
        "detail": sentence,
        **problem.extra,
    }
    if problem.issues:
        answer["issues"] = [_issue(issue, language) for issue in problem.issues]
    return answer


_INPUT = BELGIF + "input-validation:"

# Pydantic's own codes first, then ours. {…} are the bounds pydantic gives with the mistake.
SENTENCES: dict[str, tuple[str, str]] = {
    "json_invalid": ("Dit is geen geldige JSON.", "This is not valid JSON."),
    "model_type": ("Hier hoort een object.", "An object belongs here."),
    "dict_type": ("Hier hoort een object.", "An object belongs here."),
    "list_type": ("Hier hoort een lijst.", "A list belongs here."),
    "missing": ("Dit veld ontbreekt.", "This field is missing."),
    "extra_forbidden": ("Dit veld is niet bekend.", "This field is not known."),
    "string_type": ("Hier hoort tekst.", "Text belongs here."),
    "string_pattern_mismatch": ("De tekst heeft niet de vorm {pattern}.", "The text has not the form {pattern}."),
    "string_too_short": (
        "De tekst heeft minstens {min_length} tekens.",
        "The text has at least {min_length} characters.",
    ),
    "string_too_long": (
        "De tekst heeft hoogstens {max_length} tekens.",
        "The text has at most {max_length} characters.",
    ),
    "string_unicode": ("De tekst is geen geldige Unicode.", "The text is not valid Unicode."),
    "int_type": ("Hier hoort een geheel getal.", "A whole number belongs here."),
    "int_from_float": ("Hier hoort een geheel getal.", "A whole number belongs here."),
    "int_parsing_size": ("Het getal is te groot.", "The number is too large."),
    "greater_than_equal": ("Het getal is minstens {ge}.", "The number is at least {ge}."),
    "greater_than": ("Het getal is groter dan {gt}.", "The number is greater than {gt}."),
    "less_than_equal": ("Het getal is hoogstens {le}.", "The number is at most {le}."),
    "less_than": ("Het getal is kleiner dan {lt}.", "The number is less than {lt}."),
    "bool_type": ("Hier hoort true of false.", "True or false belongs here."),
    "literal_error": ("Kies uit {expected}.", "Choose from {expected}."),
    "enum": ("Kies uit {expected}.", "Choose from {expected}."),
    "too_short": ("De lijst heeft minstens {min_length} delen.", "The list has at least {min_length} items."),
    "too_long": ("De lijst heeft hoogstens {max_length} delen.", "The list has at most {max_length} items."),
    "no_such_day": ("De kalender kent deze dag niet.", "The calendar has no such day."),
    "no_such_time": (
        "Dit tijdstip bestaat niet in Europe/Brussels.",
        "This local time does not exist in Europe/Brussels.",
    ),
    "year_out_of_reach": ("Het jaar ligt buiten 1971 tot 2999.", "The year lies outside 1971 to 2999."),
    "sum_too_large": ("De lijnen samen zijn te groot.", "The lines together are too large."),
    "kbo_checksum": (
        "Het controlegetal van dit KBO-nummer klopt niet.",
        "The check digits of this KBO number are wrong.",
    ),
    "iban": ("Dit is geen geldig IBAN.", "This is not a valid IBAN."),
    "not_nfc": ("De tekst staat niet in Unicode-vorm NFC.", "The text is not in Unicode form NFC."),
    "duplicate_key": ("Dit veld staat er twee keer.", "This field stands here twice."),
    "not_an_instant": (
        "Hier hoort een tijdstip met zone (RFC 3339), hoogstens zes decimalen.",
        "An instant with its zone (RFC 3339) belongs here, six decimals at most.",
    ),
    "in_the_future": ("Dit ligt later dan nu ({now}).", "This is later than now ({now})."),
    "not_a_uuid": ("Hier hoort een UUID in kleine letters.", "A UUID in lower case belongs here."),
    "key_missing": ("Stuur een UUID als Idempotency-Key.", "Send a UUID as Idempotency-Key."),
    "key_not_uuid": ("De Idempotency-Key moet een UUID zijn.", "The Idempotency-Key must be a UUID."),
    "key_reserved": (
        "UUID's van versie 5 zijn voorbehouden aan het systeem; neem versie 4 of 7.",
        "UUIDs of version 5 are reserved for the system; take version 4 or 7.",
    ),
    "not_a_version": (
        'If-Match is één versie tussen aanhalingstekens: "3".',
        'If-Match is one version in quotes: "3".',
    ),
    "not_in_range": (
        "Hier hoort een geheel getal van {low} tot {high}.",
        "A whole number from {low} to {high} belongs here.",
    ),
    "not_a_receiver": (
        "Hier hoort een https-adres, zonder gebruiker en zonder fragment.",
        "An https address without user and fragment belongs here.",
    ),
    "wrong": ("De waarde is niet geldig.", "The value is not valid."),
}


def _issue(issue: Issue, language: Language) -> dict[str, Any]:
    told_issue: dict[str, Any] = {
        "type": _INPUT + ("unknownInput" if issue.code == "extra_forbidden" else "schemaViolation"),
        "code": issue.code,
        "detail": _sentence(issue, language),
        "in": issue.place,
        "name": issue.name,
    }
    if issue.place == "body":
        told_issue["pointer"] = issue.name
    return told_issue


def _sentence(issue: Issue, language: Language) -> str:
    if issue.code not in SENTENCES:
        nl, en = SENTENCES["wrong"]
        return nl if language == "nl" else (issue.said or en)
    return SENTENCES[issue.code][0 if language == "nl" else 1].format(**issue.values)


def preferred(accept_language: str | None) -> Language:
    """Dutch unless English is wanted more: the best of `nl` and `en` in an Accept-Language header."""
    wanted = {"nl": 0.0, "en": 0.0}
    for part in (accept_language or "").split(","):
        tag, _, quality = part.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in wanted:
            wanted[language] = max(wanted[language], _quality(quality))
    return "en" if wanted["en"] > wanted["nl"] else "nl"


def _quality(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
