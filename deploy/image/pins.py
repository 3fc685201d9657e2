"""The lines of requirements.lock that one part needs: `run` (the program) or `build` (its wheel).

The lock also pins what developers use. An image carries none of that, yet every byte in it answers to a hash in the
lock. Which package wants which is read from the lock itself (its `via` lines), so nothing is resolved anew and no
network is asked.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Pin:
    """One package of the lock: its lines as they stand, and the packages that asked for it."""

    name: str
    text: str
    wanted_by: frozenset[str]


def normal(name: str) -> str:
    """A name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def roots(part: str) -> set[str]:
    """What pyproject.toml itself asks for."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = document["project"]
    extras = project["optional-dependencies"]
    asked = {
        "run": [*project["dependencies"], *extras["letters"], *extras["monitor"]],
        "build": document["build-system"]["requires"],
    }
    return {_named(requirement) for requirement in asked[part]}


def read_lock(text: str) -> dict[str, Pin]:
    """Name → pin."""
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    return {pin.name: pin for pin in map(_pin, blocks) if pin is not None}


def needed(pins: dict[str, Pin], wanted: Iterable[str]) -> list[Pin]:
    """The wanted packages and all that they ask for, in the order of the lock; KeyError for one that has no pin."""
    chosen: set[str] = set()
    fresh = {pins[name].name for name in wanted}
    while fresh:
        chosen |= fresh
        fresh = {pin.name for pin in pins.values() if pin.wanted_by & fresh} - chosen
    return [pin for pin in pins.values() if pin.name in chosen]


def _pin(block: str) -> Pin | None:
    head = block.partition("\n")[0]
    if "==" not in head or head.startswith("#"):
        return None
    lines = block.splitlines()
    begin = next((number for number, line in enumerate(lines) if line.strip().startswith("# via")), len(lines))
    asking = " ".join(line.strip(" #") for line in lines[begin:]).removeprefix("via").replace("(pyproject.toml)", "")
    return Pin(_named(head), "\n".join(lines[:begin]), frozenset(map(normal, NAME.findall(asking))))


def _named(requirement: str) -> str:
    found = NAME.match(requirement)
    if found is None:
        raise ValueError(f"{requirement!r} names no package")
    return normal(found.group())


if __name__ == "__main__":
    lock = read_lock((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    print(*(pin.text for pin in needed(lock, roots(sys.argv[1]))), sep="\n")
