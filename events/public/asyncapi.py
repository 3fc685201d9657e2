"""The AsyncAPI 3.0 document of the public events: where they can be read, and what each of them says.

Made from the models like the schemas; the examples are real ones, kept as they were first written.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from events.public.cloudevent import BATCH_MEDIA, EVENT_MEDIA
from events.public.schemas import Schema, components

EXAMPLES = Path(__file__).parent / "examples"
TOPIC = "wijkspoor.public.v1"
FEED = "/v1/public/events"
PARTITIONS = 6

_SCHEMAS = "#/components/schemas/{model}"
_ABOUT = (
    "State after the fact, no personal data, nothing of the jury before the decision. De-duplicate on source and id, "
    "order by sequence, ignore the fields you do not know. A breaking change comes as a new major version in the type, "
    "beside the old one."
)


def document() -> Schema:
    """The whole document."""
    events, values = components(_SCHEMAS)
    return {
        "asyncapi": "3.0.0",
        "id": "urn:wijkspoor:public:v1",
        "info": {
            "title": "Wijkspoor public events",
            "version": "1.0.0",
            "description": _ABOUT,
            "license": {"name": "EUPL-1.2"},
        },
        "defaultContentType": EVENT_MEDIA,
        "servers": _servers(),
        "channels": {"topic": _topic(events), "feed": _feed(events)},
        "operations": {
            "publishToTopic": _operation("topic", "Every public event, once or more, in the order of its case."),
            "offerOnFeed": _operation("feed", "Every public event, from any place on, in one order."),
        },
        "components": {
            "schemas": {**values, **events},
            "messages": {name: _message(name, event) for name, event in events.items()},
        },
    }


def example(name: str) -> Any:
    """A real event of the type."""
    return json.loads((EXAMPLES / f"{name}.json").read_bytes())


def _servers() -> Schema:
    return {
        "kafka": {
            "host": "{broker}",
            "protocol": "kafka-secure",
            "variables": {"broker": {"default": "localhost:9092"}},
        },
        "http": {"host": "{api}", "protocol": "https", "variables": {"api": {"default": "localhost:8060"}}},
    }


def _topic(events: Schema) -> Schema:
    return {
        "address": TOPIC,
        "title": "Kafka",
        "description": "Key: the case, or the call. Structured mode, kept for ever: a subscriber can begin anywhere.",
        "servers": [{"$ref": "#/servers/kafka"}],
        "messages": _messages(events),
        "bindings": {"kafka": {"topic": TOPIC, "partitions": PARTITIONS, "bindingVersion": "0.5.0"}},
    }


def _feed(events: Schema) -> Schema:
    return {
        "address": FEED,
        "title": "HTTP feed and event stream",
        "description": (
            f"GET with lastEventId, limit and timeout answers a batch ({BATCH_MEDIA}); with Accept: text/event-stream "
            "the same events come one by one, from Last-Event-ID on."
        ),
        "servers": [{"$ref": "#/servers/http"}],
        "messages": _messages(events),
    }


def _messages(events: Schema) -> Schema:
    return {name: {"$ref": f"#/components/messages/{name}"} for name in events}


def _operation(channel: str, summary: str) -> Schema:
    return {"action": "send", "summary": summary, "channel": {"$ref": f"#/channels/{channel}"}}


def _message(name: str, event: Schema) -> Schema:
    return {
        "name": name,
        "title": event["description"].partition("\n")[0],
        "contentType": EVENT_MEDIA,
        "payload": {"$ref": f"#/components/schemas/{name}"},
        "correlationId": {"location": "$message.payload#/correlationid"},
        "bindings": {"kafka": {"key": {"type": "string", "format": "uuid"}, "bindingVersion": "0.5.0"}},
        "examples": [{"name": "2021", "summary": "From the call of 2021.", "payload": example(name)}],
    }
