"""Words that facts of several services share.

Money is integer euro cents; rates, shares and weights are integer basis points (10,000 = the whole).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

import msgspec

from events.canonical import SAFE_INTEGER
from events.times import Day

Cents: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=SAFE_INTEGER)]
BasisPoints: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Ovo: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^OVO\d{6}$")]
Kbo: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[01]\d{9}$", extra={"check": "kbo"})]
Nis: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^\d{5}$")]
Sha256: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
Uuid: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Code: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Words: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]
Name: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every value inside a fact: immutable, named fields only, nothing unknown."""


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every fact. Its class name is the event's `type`; its fields are the event's `data`."""

    call: str


class CaseFact(Fact, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fact about one case; `case` is the application's uuid, whichever stream the fact stands in."""

    case: str


class Text(Part, frozen=True, kw_only=True):
    """One sentence in Dutch and in English, as it was told."""

    nl: Words
    en: Words


class Written(Part, frozen=True, kw_only=True):
    """What a person wrote, as written, with its language."""

    language: Literal["nl", "fr", "de", "en"]
    text: Words


class Source(Part, frozen=True, kw_only=True):
    """The event from which something was copied: how a service knows what another one recorded."""

    event_id: str
    position: int


class Clear(Part, frozen=True, kw_only=True, tag_field="sealed", tag=0):
    """Personal data on its way into a fact. It never reaches the log: the shell seals it (`events.sealing`)."""

    subject: str
    clear: str


class Sealed(Part, frozen=True, kw_only=True, tag_field="sealed", tag=1):
    """Personal data as the log holds it: AES-256-GCM under a key of its data subject; base64 nonce and ciphertext."""

    subject: str
    nonce: str
    ct: str


Personal: TypeAlias = Clear | Sealed
"""A value about a person. A decider makes it Clear; in the log, and so in any state, it is Sealed."""


class Check(Part, frozen=True, kw_only=True):
    """One application of one rule, complete enough to run it again years later.

    `params` come from the call's terms, `inputs` from the facts named in `source_events`; `outcome` and `code` are
    what the rule answered, `reason` the sentence that was told.
    """

    rule: str
    version: int
    params: dict[str, Any]
    inputs: dict[str, Any]
    source_events: list[str]
    outcome: Literal["pass", "fail"]
    code: str
    reason: Text


class Party(Part, frozen=True, kw_only=True):
    """An organisation: OVO code, KBO number (10 digits), official name, NIS code of a municipality."""

    ovo: Ovo
    kbo: Kbo
    name: Name
    nis: Nis | None = None


class BudgetLine(Part, frozen=True, kw_only=True):
    """Cost of one category: the whole cost and the part of it that the subsidy is to bear."""

    category: Code
    amount_cents: Cents
    subsidy_cents: Cents


class FinancingLine(Part, frozen=True, kw_only=True):
    """Where money comes from: the subsidy itself, own means, a partner's cash or kind, other Flemish money."""

    source: Literal["subsidy", "own", "partner_cash", "in_kind", "other_flemish"]
    party: Name
    amount_cents: Cents


class Partner(Part, frozen=True, kw_only=True):
    """An actor that pledges to act: local, supra-local or Flemish. `mandatory`: no contract without its signature."""

    partner: Code
    organisation: Party
    level: Literal["local", "supra_local", "flemish"]
    pledge: Written
    mandatory: bool


class Period(Part, frozen=True, kw_only=True):
    """First and last calendar day, both inclusive."""

    start: Day
    end: Day


class Attachment(Part, frozen=True, kw_only=True):
    """A document by its SHA-256 (lower-case hex), never by content; `kind` is a code of the call's terms."""

    kind: Code
    name: Name
    sha256: Sha256
