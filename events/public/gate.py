"""The compatibility gate: what in a new set of schemas would make a reader of the old one stumble. Pure.

A type that is in use is fixed. Three changes are free: words (title, description, examples), a new optional field
anywhere in the open content model, and a new type. Everything else needs a new major version beside the old one, for
events already published stay on the feed for ever: they must fit the new schema, and new ones the old. What a type
cannot say about `id`, `sequence` and their like stands in the schema as `x-meaning`, and is held fixed like a type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

WORDS = frozenset({"title", "description", "examples", "$comment", "$defs"})


def breaks(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What breaks between two sets of schemas by type: one line each, with the place."""
    gone = [f"{name}: the type is gone" for name in sorted(old.keys() - new.keys())]
    return gone + [
        f"{name}{line}" for name in sorted(old.keys() & new.keys()) for line in between(old[name], new[name])
    ]


def between(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What breaks between two schemas of one type, each complete in itself."""
    return list(_compare(_Document(old), _Document(new), old, new, ""))


class _Document:
    """A schema with its definitions, to follow references in."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root

    def follow(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        """The part that is meant; what stands beside a reference goes along."""
        while "$ref" in part:
            target: Any = self._root
            for step in part["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            part = {**target, **{key: value for key, value in part.items() if key != "$ref"}}
        return part


def _compare(before: _Document, after: _Document, old: Any, new: Any, path: str) -> Iterator[str]:
    match old, new:
        case dict(), dict():
            old, new = before.follow(old), after.follow(new)
            for word in sorted((old.keys() | new.keys()) - WORDS):
                yield from _keyword(before, after, (word, old.get(word), new.get(word)), path)
        case list(), list() if len(old) == len(new):
            for number, (left, right) in enumerate(zip(old, new, strict=True)):
                yield from _compare(before, after, left, right, f"{path}/{number}")
        case _ if old != new:
            yield f"{path}: {old!r} has become {new!r}"


def _keyword(before: _Document, after: _Document, change: tuple[str, Any, Any], path: str) -> Iterator[str]:
    word, old, new = change
    match word:
        case "properties":
            yield from _fields(before, after, (old or {}, new or {}), path)
        case "required":
            yield from (f"{path}/{name}: is not promised any more" for name in sorted(set(old or ()) - set(new or ())))
            yield from (f"{path}/{name}: is newly required" for name in sorted(set(new or ()) - set(old or ())))
        case "enum":
            if set(old or ()) != set(new or ()):
                yield f"{path}: the list of codes has changed, {_listed(old)} to {_listed(new)}"
        case "x-meaning":
            if old != new:
                yield f"{path}: its meaning has changed, {old!r} to {new!r}"
        case _ if old is None or new is None:
            yield f"{path}: {word} was {old!r} and is {new!r}"
        case _:
            yield from _compare(before, after, old, new, f"{path}:{word}")


def _fields(
    before: _Document, after: _Document, change: tuple[Mapping[str, Any], Mapping[str, Any]], path: str
) -> Iterator[str]:
    old, new = change
    yield from (f"{path}/{name}: the field is gone" for name in sorted(old.keys() - new.keys()))
    for name in sorted(old.keys() & new.keys()):
        yield from _compare(before, after, old[name], new[name], f"{path}/{name}")


def _listed(codes: Any) -> str:
    return ", ".join(map(str, codes or ())) or "none"
