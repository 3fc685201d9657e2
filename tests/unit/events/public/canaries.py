"""Facts whose every text says where it stands, so that one can see what of it goes out."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from msgspec import inspect

from events.catalog import FACT_TYPES, AnyFact
from tests.unit.projections.samples import _NAMED, _PATTERNS

MARK = re.compile(r"«([^»]*)»")


def marked(name: str) -> AnyFact:
    """A fact with a mark in each text whose form is free; sealed values and lists (of one) included."""
    fact: AnyFact = _value(inspect.type_info(FACT_TYPES[name].model), "")
    return fact


def marks(text: str) -> set[str]:
    """The places whose marks stand in a text."""
    return set(MARK.findall(text))


def _value(info: inspect.Type, path: str) -> Any:
    name = path.rpartition(".")[2]
    match info:
        case inspect.StructType(cls=cls, fields=fields):
            return cls(**{one.name: _value(one.type, f"{path}.{one.name}".lstrip(".")) for one in fields})
        case inspect.Metadata(type=inner):
            return _value(inner, path)
        case inspect.UnionType(types=types):
            return _value(next(one for one in reversed(types) if not isinstance(one, inspect.NoneType)), path)
        case inspect.LiteralType(values=values):
            return values[0]
        case inspect.ListType(item_type=item):
            return [_value(item, path)]
        case inspect.DictType():
            return {"free": f"«{path}»"}
        case inspect.BoolType():
            return True
        case inspect.IntType():
            return 1
        case inspect.StrType(pattern=pattern):
            return _NAMED.get(name) or _PATTERNS.get(pattern or "") or f"«{path}»"
        case _:
            raise AssertionError(f"no example for {info}")


def free_texts(name: str) -> set[str]:
    """Every place in a fact where free text or ciphertext stands."""
    return marks(msgspec.json.encode(marked(name)).decode())
