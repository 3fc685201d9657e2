"""The pure function from facts to keys claimed and released: at most one live holder of a key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class KeyChange:
    """Claim a key for a holder (refused while another holds it), or release it if this holder has it."""

    action: Literal["claim", "release"]
    key: str
    holder: str
