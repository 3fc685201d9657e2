"""The one registry: every service of the program, and through it every command with its roles, schema and rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from events.catalog import SERVICES as SIGNERS
from services.deciding import Service

NAMES = tuple(name for name in SIGNERS if name != "log")
"""In the order in which a case meets them."""


@cache
def _worker(name: str) -> Service:
    service: Service = getattr(import_module(f"services.{name}.worker"), name.upper())
    return service


class _Registry(Mapping[str, Service]):
    """Services by name. The code of one is loaded when it is first asked for: most processes of a cluster need one."""

    def __getitem__(self, name: str) -> Service:
        if name not in NAMES:
            raise KeyError(name)
        return _worker(name)

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


SERVICES: Mapping[str, Service] = _Registry()
