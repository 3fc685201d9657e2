"""How much is measured: enough for a steady figure, little enough for a coffee."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Sizes of every part. `rounds` bursts of `seconds`, after `warm` seconds that do not count."""

    rounds: int = 3
    seconds: float = 4.0
    warm: float = 1.0
    grants: int = 15_000
    folded: int = 500_000
    folds: int = 200
    verified: int = 200_000
    seen: int = 500
    commanded: int = 6_000
    plays: int = 3


USUAL = Scale()
FULL = Scale(verified=1_000_000)
QUICK = Scale(
    rounds=1,
    seconds=1.0,
    warm=0.3,
    grants=2_000,
    folded=50_000,
    folds=50,
    verified=20_000,
    seen=100,
    commanded=1_000,
    plays=1,
)
