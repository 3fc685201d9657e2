"""The frame around a public event: CloudEvents 1.0 in structured JSON, as bytes that are the same in every rebuild.

The frame comes in two texts, attributes and data, so that a view can keep apart what two plays of one story share and
what they do not. Pure.
"""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

import msgspec

from events import canonical
from events.catalog import FACT_TYPES
from events.codec import Event
from events.public.values import PublicData
from events.times import instant

SPEC_VERSION = "1.0"
PREFIX = "be.vlaanderen.wijkspoor.v1."
CONTENT_TYPE = "application/json"
EVENT_MEDIA = "application/cloudevents+json"
BATCH_MEDIA = "application/cloudevents-batch+json"
DIGITS = 16
NAMESPACE = uuid5(NAMESPACE_URL, "urn:wijkspoor:public:v1")

ID_RULE = "uuid5(uuid5(NAMESPACE_URL, 'urn:wijkspoor:public:v1'), id of the recorded event)"
SEQUENCE_RULE = (
    "place among all public events of the source, counted from 1 without a hole in the order of the log; "
    "16 decimal digits, so that text order is number order"
)


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
    attributes = {
        "specversion": SPEC_VERSION,
        "id": ident,
        "source": source,
        "type": type_of(told.kind),
        "subject": case or told.call,
        "time": recorded_at,
        "datacontenttype": CONTENT_TYPE,
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
