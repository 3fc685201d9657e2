"""XML from outside, read as if it were hostile: no document types, so no entities at all; bounds on size and depth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

MOST_BYTES = 16 * 1024 * 1024
MOST_ELEMENTS = 500_000
DEEPEST = 64


class Unreadable(ValueError):
    """This file cannot be taken; `reason` is one word for lists, the message one sentence that quotes nothing of it."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


def parse(content: bytes) -> ET.Element:
    """The root element, names as `{namespace}name`; Unreadable for whatever is not plain, well-formed XML."""
    if len(content) > MOST_BYTES:
        raise Unreadable("too-big", f"the file is larger than {MOST_BYTES} bytes")
    builder = _Bounded()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _hostile
    parser.EntityDeclHandler = _hostile
    parser.ExternalEntityRefHandler = _hostile
    parser.ProcessingInstructionHandler = None
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        where = f"line {error.lineno}, column {error.offset}"
        raise Unreadable("not-xml", f"the file is not well-formed XML ({where})") from error
    except (LookupError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("not-xml", "the file is in an encoding that is not known here") from error
    return builder.close()


class _Bounded:
    """Builds the tree, and stops where no message of a bank goes."""

    def __init__(self) -> None:
        self._builder = ET.TreeBuilder()
        self._depth = 0
        self._elements = 0
        self.data: Callable[[str], Any] = self._builder.data
        self.close: Callable[[], ET.Element] = self._builder.close

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > DEEPEST or self._elements > MOST_ELEMENTS:
            raise Unreadable("too-big", "the file has more elements, one in another, than any message of a bank")
        self._builder.start(_named(name), attributes)

    def end(self, name: str) -> None:
        self._depth -= 1
        self._builder.end(_named(name))


def _named(name: str) -> str:
    return "{" + name if "}" in name else name


def _hostile(*_about: object) -> int:
    raise Unreadable("hostile", "the file declares a document type or an entity, which no message of a bank does")
