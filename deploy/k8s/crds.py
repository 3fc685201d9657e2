"""Of the operators' own definitions, the part that our manifests use: what a field is called and what it may hold.

    python -m deploy.k8s.crds FOLDER

FOLDER holds the definitions (CustomResourceDefinition) of the operators' releases that the README names; the rendered
manifests come on stdin. What is kept in `schemas/` is only what our manifests say now, and closed: a field that is new
to us, or misspelt, fails the test until this is run again with the definitions at hand.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

SCHEMAS = Path(__file__).parent / "schemas"
KEPT = ("type", "enum", "minimum", "maximum", "minLength", "maxLength", "pattern", "x-kubernetes-int-or-string")

Schema = dict[str, Any]


def definitions(folder: Path) -> dict[tuple[str, str], Schema]:
    """(apiVersion, kind) → schema, of every definition in the folder."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        for one in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            for version in one["spec"]["versions"]:
                api = f"{one['spec']['group']}/{version['name']}"
                found[api, one["spec"]["names"]["kind"]] = version["schema"]["openAPIV3Schema"]
    return found


def part(schema: Schema, used: list[Any]) -> Schema:
    """The part of a schema that these values go by. A value that has no place in it is a KeyError."""
    kept: Schema = {name: schema[name] for name in KEPT if name in schema}
    objects = [one for one in used if isinstance(one, dict)]
    if objects and "properties" in schema:
        names = sorted({name for one in objects for name in one})
        kept["properties"] = {
            name: part(schema["properties"][name], [one[name] for one in objects if name in one]) for name in names
        }
        kept["required"] = schema.get("required", [])
        kept["additionalProperties"] = False
    elif objects and isinstance(values := schema.get("additionalProperties"), dict):
        kept["additionalProperties"] = part(values, [value for one in objects for value in one.values()])
    items = [item for one in used if isinstance(one, list) for item in one]
    if "items" in schema:
        kept["items"] = part(schema["items"], items)
    return kept


def resource(schema: Schema, used: list[Schema]) -> Schema:
    """The part for whole resources; what every resource of Kubernetes has is open."""
    kept = part(schema, [{"spec": one["spec"]} for one in used])
    kept["properties"] |= {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"type": "object"}}
    kept["required"] = ["apiVersion", "kind", "metadata", "spec"]
    return kept


def file_of(api: str, kind: str) -> Path:
    """Where the schema of a kind lies."""
    return SCHEMAS / f"{kind}.{api.replace('/', '.')}.json"


def write(folder: Path, manifests: Iterable[Schema]) -> Iterator[Path]:
    """Write the schema of every kind that is defined in the folder and used."""
    every = list(manifests)
    for (api, kind), schema in definitions(folder).items():
        used = [one for one in every if (one["apiVersion"], one["kind"]) == (api, kind)]
        if used:
            path = file_of(api, kind)
            path.write_text(json.dumps(resource(schema, used), indent=1, sort_keys=True) + "\n", encoding="utf-8")
            yield path


if __name__ == "__main__":
    SCHEMAS.mkdir(exist_ok=True)
    print(*write(Path(sys.argv[1]), yaml.safe_load_all(sys.stdin)), sep="\n")
