"""Values that public events share. Names on the wire are lowerCamelCase; money is integer euro cents.

The models are open: who reads a document ignores the fields that it does not know. None of them has a place for what a
person wrote, for a person's name, or for anything else that is sealed in the log.
"""

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from events.canonical import SAFE_INTEGER

Cents: TypeAlias = Annotated[int, Field(ge=0, le=SAFE_INTEGER, description="Euro cents.")]
BasisPoints: TypeAlias = Annotated[int, Field(ge=0, le=10_000, description="Basis points: 10,000 is the whole.")]
Uuid: TypeAlias = Annotated[
    str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", json_schema_extra={"format": "uuid"})
]
Instant: TypeAlias = Annotated[
    str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$", json_schema_extra={"format": "date-time"})
]
Day: TypeAlias = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$", json_schema_extra={"format": "date"})]
Code: TypeAlias = Annotated[str, Field(description="A code of the call's terms.")]
Reference: TypeAlias = Annotated[str, Field(description="The reference of an official document.")]

Status: TypeAlias = Literal[
    "submitted",
    "withdrawn",
    "inadmissible",
    "admissible",
    "ineligible",
    "eligible",
    "refused",
    "awarded",
    "active",
    "completed",
    "closed",
]
"""How far a case has come, as far as the public is told."""

Advice: TypeAlias = Literal["favourable", "favourable_with_conditions", "unfavourable"]


class Value(BaseModel):
    """Base of everything in a public event.

    A model asks no more of a value than the facts guarantee: the translation must not fail on what the log holds.
    """

    model_config = ConfigDict(frozen=True, strict=True, alias_generator=to_camel, validate_by_name=True)


class Told(Value):
    """A sentence or a title in Dutch and English."""

    nl: str
    en: str


class Organisation(Value):
    """A public body or other organisation: OVO code, KBO number (ten digits), official name, NIS code if it is a
    municipality."""

    ovo: Annotated[str, Field(pattern=r"^OVO\d{6}$")]
    kbo: Annotated[str, Field(pattern=r"^[01]\d{9}$")]
    name: str
    nis: Annotated[str, Field(pattern=r"^\d{5}$")] | None


class Term(Value):
    """First and last day, both inclusive."""

    start: Day
    end: Day


class ClosingTime(Value):
    """A local date-time, its zone, and the instant in UTC that it stands for."""

    local: str
    zone: str
    utc: Instant


class CostLine(Value):
    """Cost of one category (a code of the call): the whole cost, and the part that the subsidy bears."""

    category: Code
    amount_cents: Cents
    subsidy_cents: Cents


class Money(Value):
    """Where the money of the case stands after the event.

    Paid counts what the bank paid and what was set off against a debt; recovered counts what came back either way.
    """

    requested_cents: Cents
    awarded_cents: Cents
    committed_cents: Cents
    paid_cents: Cents
    recovered_cents: Cents


class Case(Value):
    """The case after the event. `holder` is the applicant, later the beneficiary or its legal successor.

    `number` is the case number (dossiernummer), null until receipt was acknowledged; `synthetic` marks invented data of
    a demonstration.
    """

    id: Uuid
    number: str | None
    status: Status
    holder: Organisation
    project: str
    neighbourhood: str
    synthetic: bool
    money: Money


class PublicData(Value):
    """Base of the `data` of every public event. `occurredAt` is business time: when it was true."""

    kind: ClassVar[str]
    """What stands after the version in the CloudEvent's type: `<resources>.notify.<pastParticiple>`."""

    call: Uuid
    occurred_at: Instant

    def wire(self) -> dict[str, Any]:
        """The members of `data`, under their names on the wire."""
        return self.model_dump(by_alias=True)


class CaseData(PublicData):
    """Base of what concerns one case: its state after the event comes along, so that no earlier event is needed."""

    case: Case
