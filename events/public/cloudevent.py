"""The frame around a public event: CloudEvents 1.0 in structured JSON, as bytes that are the same in every rebuild.

The frame comes in two texts, attributes and data, so that a view can keep apart what two plays of one story share and
what they do not. Pure.
"""

from typing import Annotated, Any, Literal, NotRequired
from uuid import NAMESPACE_URL, uuid5

import msgspec
from pydantic import Field
from typing_extensions import TypedDict

from events import canonical
from events.catalog import FACT_TYPES, SERVICES
from events.codec import Event
from events.public.values import Instant, PublicData, Uuid
from events.times import instant

PREFIX = "be.vlaanderen.wijkspoor.v1."
EVENT_MEDIA = "application/cloudevents+json"
BATCH_MEDIA = "application/cloudevents-batch+json"
DIGITS = 16
NAMESPACE = uuid5(NAMESPACE_URL, "urn:wijkspoor:public:v1")

ID_RULE = "uuid5(uuid5(NAMESPACE_URL, 'urn:wijkspoor:public:v1'), id of the recorded event)"
SEQUENCE_RULE = (
    "place among all public events of the source, counted from 1 without a hole in the order of the log; "
    "16 decimal digits, so that text order is number order"
)


def _meaning(rule: str) -> dict[str, Any]:
    """What a reader builds on and a type cannot say; the gate holds it fixed like a type."""
    return {"x-meaning": rule}


class Attributes(TypedDict):
    """The attributes of every public event: those of CloudEvents 1.0 and its documented extensions, and `service`."""

    specversion: Literal["1.0"]
    id: Annotated[Uuid, Field(json_schema_extra=_meaning(ID_RULE))]
    source: Annotated[
        str, Field(pattern=r"^urn:wijkspoor:log:", json_schema_extra=_meaning("the log's name; unique with id"))
    ]
    type: str
    subject: Annotated[Uuid, Field(json_schema_extra=_meaning("the case; the call where it concerns no single case"))]
    time: Annotated[Instant, Field(json_schema_extra=_meaning("when the fact was recorded; business time is in data"))]
    datacontenttype: Literal["application/json"]
    dataref: Annotated[str, Field(description="Where `data` can be read again, below the address of the API.")]
    service: Annotated[str, Field(json_schema_extra={"enum": list(SERVICES)})]
    correlationid: Uuid
    causationid: NotRequired[
        Annotated[Uuid, Field(json_schema_extra=_meaning("public id of its cause; absent if that was a person"))]
    ]
    sequence: Annotated[str, Field(pattern=r"^[0-9]{16}$", json_schema_extra=_meaning(SEQUENCE_RULE))]
    partitionkey: Annotated[Uuid, Field(json_schema_extra=_meaning("keeps the events of one subject in order"))]
    recordedtime: Instant
    traceparent: NotRequired[Annotated[str, Field(description="W3C trace context, where one was recorded.")]]


def public_id(event_id: str) -> str:
    """The id under which outsiders know an event of the log (ID_RULE)."""
    return str(uuid5(NAMESPACE, event_id))


def source_of(origin: str) -> str:
    """The CloudEvents `source` of a log, from its origin."""
    return f"urn:wijkspoor:log:{origin}"


def type_of(kind: str) -> str:
    """The CloudEvents `type` of a kind of public event."""
    return PREFIX + kind


def data_text(data: PublicData) -> str:
    """`data` in canonical JSON."""
    return canonical.encode(data.wire()).decode()


def attributes_text(event: Event, told: PublicData, source: str, sequence: int) -> str:
    """The attributes as a JSON object that is still open at its end: `joined` adds the data."""
    frame, ident = event.envelope, public_id(event.envelope.event_id)
    case = getattr(event.fact, "case", None)
    recorded_at = instant(event.recorded_at)
    attributes: Attributes = {
        "specversion": "1.0",
        "id": ident,
        "source": source,
        "type": type_of(told.kind),
        "subject": case or told.call,
        "time": recorded_at,
        "datacontenttype": "application/json",
        "dataref": f"/v1/public/events/{ident}/data",
        "service": FACT_TYPES[frame.type].service,
        "correlationid": frame.correlation_id,
        "sequence": f"{sequence:0{DIGITS}d}",
        "partitionkey": case or told.call,
        "recordedtime": recorded_at,
    }
    if frame.causation_id is not None:
        # The cause under its public name: the id of a public event where the cause was one.
        attributes["causationid"] = public_id(frame.causation_id)
    return msgspec.json.encode(attributes).decode()[:-1]


def joined(attributes: str, data: str) -> bytes:
    """The whole CloudEvent."""
    return f'{attributes},"data":{data}}}'.encode()
