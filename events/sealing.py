"""Sealing personal data: AES-256-GCM under a secret of its data subject, so that deleting the secret erases the data.

The nonce derives from the command, the field and the text, so a retried command gives equal bytes; the same inputs are
bound as associated data, so a sealed value cannot be moved to another field or event.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec.inspect import ListType, StructType, UnionType

from events.vocabulary import Clear, Personal, Sealed

S = TypeVar("S")


class Erased(LookupError):
    """The subject's secret is gone: this value cannot be read any more, by anybody."""


def subjects_of(fact: object) -> set[str]:
    """The data subjects that a fact speaks of, in clear or sealed."""
    found: set[str] = set()

    def note(value: Personal, _path: str) -> Personal:
        found.add(value.subject)
        return value

    _map(fact, "", note)
    return found


def seal(fact: S, keys: Mapping[str, bytes], command_id: str) -> S:
    """The fact with every Clear value Sealed; Erased if a subject has no secret."""

    def close(value: Personal, path: str) -> Personal:
        return _seal(value, keys, command_id, path) if isinstance(value, Clear) else value

    return _map(fact, "", close)


def unseal(fact: S, keys: Mapping[str, bytes], command_id: str) -> S:
    """The fact with every Sealed value Clear again; those whose secret is gone stay sealed.

    cryptography's InvalidTag if a sealed value was altered or moved.
    """

    def reveal(value: Personal, path: str) -> Personal:
        if isinstance(value, Sealed) and value.subject in keys:
            return _unseal(value, keys[value.subject], command_id, path)
        return value

    return _map(fact, "", reveal)


def _map(value: S, path: str, change: Callable[[Personal, str], Personal]) -> S:
    match value:
        case Clear() | Sealed():
            return change(value, path)  # type: ignore[return-value]  # S is Personal here, which mypy cannot narrow
        case msgspec.Struct():
            changed = {}
            for name in _speaking(type(value)):
                old = getattr(value, name)
                new = _map(old, f"{path}.{name}" if path else name, change)
                if new is not old:
                    changed[name] = new
            return msgspec.structs.replace(value, **changed) if changed else value
        case list():
            items = [_map(item, f"{path}.{index}", change) for index, item in enumerate(value)]
            same = all(new is old for new, old in zip(items, value, strict=True))
            return value if same else items  # type: ignore[return-value]  # a list stays a list
        case _:
            return value


@cache
def _speaking(model: type[msgspec.Struct]) -> Sequence[str]:
    """The fields of a struct that can hold personal data, however deep."""
    kind = msgspec.inspect.type_info(model)
    return [field.name for field in kind.fields if _speaks(field.type)] if isinstance(kind, StructType) else []


def _speaks(kind: msgspec.inspect.Type) -> bool:
    match kind:
        case StructType():
            return kind.cls in (Clear, Sealed) or bool(_speaking(kind.cls))
        case UnionType():
            return any(map(_speaks, kind.types))
        case ListType():
            return _speaks(kind.item_type)
        case _:
            return False


def _seal(value: Clear, keys: Mapping[str, bytes], command_id: str, path: str) -> Sealed:
    if value.subject not in keys:
        raise Erased(f"data subject {value.subject} has been erased: nothing can be sealed for it")
    secret = keys[value.subject]
    bound = f"{command_id}|{path}".encode()
    text = value.clear.encode()
    nonce = _derive(_derive(secret, b"nonce"), bound + b"|" + text)[:12]
    ciphertext = AESGCM(_derive(secret, b"seal")).encrypt(nonce, text, bound)
    return Sealed(subject=value.subject, nonce=b64encode(nonce).decode(), ct=b64encode(ciphertext).decode())


def _unseal(value: Sealed, secret: bytes, command_id: str, path: str) -> Clear:
    bound = f"{command_id}|{path}".encode()
    text = AESGCM(_derive(secret, b"seal")).decrypt(b64decode(value.nonce), b64decode(value.ct), bound)
    return Clear(subject=value.subject, clear=text.decode())


def _derive(secret: bytes, label: bytes) -> bytes:
    return hmac.digest(secret, label, "sha256")


__all__ = ["Erased", "InvalidTag", "seal", "subjects_of", "unseal"]
