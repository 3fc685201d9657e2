"""The same value with some fields changed, whatever kind of record it is: `copy.replace` of Python 3.13, until then."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def replace(value: T, /, **changes: Any) -> T:
    """A copy of a struct or dataclass with these fields changed; TypeError for anything else, or a field it lacks."""
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **changes)
    return dataclasses.replace(value, **changes)  # type: ignore[type-var]  # it raises where it is none
