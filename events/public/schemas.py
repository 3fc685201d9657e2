"""JSON Schemas of the public events, made from the models: one a type, of the whole CloudEvent as it travels.

    python -m events.public.schemas FOLDER      writes every schema and the AsyncAPI document

The content model is open: a reader ignores what it does not know, so that fields can be added.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from pydantic import TypeAdapter

from events import canonical
from events.public.cloudevent import Attributes, type_of
from events.public.models import MODELS
from events.public.values import PublicData

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
IN_DEFINITIONS = "#/$defs/{model}"


def schema(kind: str) -> Schema:
    """The schema of one type, complete in itself."""
    definitions: Schema = {}
    made = _event(MODELS[kind], IN_DEFINITIONS, definitions)
    return {"$schema": DIALECT, "$id": f"urn:wijkspoor:schema:{type_of(kind)}", **made, "$defs": definitions}


def schemas() -> dict[str, Schema]:
    """Every schema, by the CloudEvents type."""
    return {type_of(kind): schema(kind) for kind in MODELS}


def components(ref: str) -> tuple[dict[str, Schema], dict[str, Schema]]:
    """The schemas for a document that keeps shared values once: by type, and the values by name.

    `ref` says how the document refers to a value: `#/components/schemas/{model}`.
    """
    definitions: Schema = {}
    made = {type_of(kind): _event(model, ref, definitions) for kind, model in MODELS.items()}
    return made, definitions


def _event(model: type[PublicData], ref: str, definitions: Schema) -> Schema:
    """The attributes with their fixed type, and the model as `data`; what it refers to is added to `definitions`."""
    attributes = TypeAdapter(Attributes).json_schema(ref_template=ref)
    data = model.model_json_schema(ref_template=ref)
    definitions |= _untitled(data.pop("$defs", {}))
    known = type_of(model.kind)
    properties = attributes["properties"] | {"type": {"const": known, "type": "string"}, "data": data}
    return {
        "title": known,
        "description": data["description"],
        "type": "object",
        "properties": {name: _untitled(value) for name, value in properties.items()},
        "required": [*attributes["required"], "data"],
    }


def _untitled(value: Any) -> Any:
    """Without the titles that only repeat a field's name."""
    match value:
        case dict():
            return {key: _untitled(one) for key, one in value.items() if not (key == "title" and isinstance(one, str))}
        case list():
            return [_untitled(one) for one in value]
        case _:
            return value


def main(folder: Path) -> None:
    """Write everything into the folder."""
    from events.public.asyncapi import document  # noqa: PLC0415 -- it is made of what stands here

    folder.mkdir(parents=True, exist_ok=True)
    for name, made in {**schemas(), "asyncapi": document()}.items():
        (folder / f"{name}.json").write_bytes(pretty(made))


def pretty(made: Schema) -> bytes:
    """A document as it stands in a file: sorted, indented, one form only."""
    return msgspec.json.format(canonical.encode(made), indent=2) + b"\n"


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/public"))
