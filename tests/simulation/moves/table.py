"""The form of the tables of moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from tests.simulation.sight import Move, Scene

Moves: TypeAlias = Iterator[Move]
"""What comes to somebody's mind, the most usual thing first."""

Work: TypeAlias = Mapping[str, Callable[[Scene, str, str], Moves]]
"""By the code of a task (or any other name): what to do about it in a case or call; the third is what it is about."""

Besides: TypeAlias = tuple[Callable[[Scene], Moves], ...]
"""What concerns no case yet, or more than one."""
