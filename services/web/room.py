"""How much may go on at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from services.problems import TOO_MANY, Problem
from services.web.replies import RETRY_SECONDS

MOST_AT_ONCE = 1_000


class Room:
    """Bounds the commands under way, so that a flood is turned away instead of filling memory."""

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._most = most
        self._inside = 0

    @contextmanager
    def enter(self) -> Iterator[None]:
        """A place for one command; a 429 problem when there is none."""
        if self._inside >= self._most:
            raise Problem(TOO_MANY, headers={"Retry-After": str(RETRY_SECONDS)})
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1
