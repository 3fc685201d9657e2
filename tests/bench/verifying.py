"""Verification of a long export: in full, and chain and root alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from events.store import Recorded
from projections.audit.export import export
from projections.audit.verify import Level, verify
from tests.bench.measuring import Figure, Target, Watch, timed
from tests.bench.scale import Scale
from tests.unit.events.proof.forge import KINDS, ORIGIN, RULES, TYPES, Draft, Forge, uuid

MILLION = 1_000_000
CASES = 5_000


class NotFine(AssertionError):
    """A sound log was found unsound."""


class _Made(list[Recorded]):
    """Forgets what was exported, and still knows how many there were: a million events need no memory."""

    before = 0

    def __len__(self) -> int:
        return self.before + super().__len__()


class _Source:
    """A forged log, made while it is read."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.forge = Forge(seed=1)
        # A million hours would outlast the keys.
        self.forge.steps = (0, 1, 250_000, 60_000_000)
        self.forge.made = self._made = _Made()
        self._cases = [uuid(self.forge.random) for _ in range(CASES)]
        self.forge.register(*self.forge.keys.values())

    async def read_all(
        self, after_position: int = 0, *, types: Sequence[str] | None = None, limit: int = 1_000
    ) -> Sequence[Recorded]:
        """The next page; it is read once, in order."""
        end = min(after_position + limit, self.size)
        while len(self._made) < end:
            self._add()
        page = list(self._made)[: end - after_position]
        self._made.before += len(page)
        del self._made[: len(page)]
        return page

    def _add(self) -> None:
        """One event of ours in shape and size; each fifth carries a check, which is run again."""
        forge = self.forge
        kind, name = ("grant", "GrantDecided") if forge.random.random() < 0.2 else ("payment-order", "PaymentOrdered")
        data = forge.data(kind) | {"call": self._cases[0], "reference": "WS20230504"}
        forge.add(Draft(kind, forge.random.choice(self._cases), name, data, uuid(forge.random)))


def verifying(scale: Scale) -> list[Figure]:
    """Seconds for the forged log, and what they come to for a million events."""
    with TemporaryDirectory(prefix="wijkspoor-bench-") as name:
        folder = Path(name) / "log"
        source = _Source(scale.verified)
        asyncio.run(export(source, folder, origin=ORIGIN, signer=source.forge.keys["log"], kinds=KINDS))
        chain = [_verified(folder, "chain", scale.verified, None) for _ in range(scale.rounds)]
        alone = [_verified(folder, "chain", scale.verified, 1) for _ in range(scale.rounds)]
        full = [_verified(folder, "full", scale.verified, 1)]
        wide = [_verified(folder, "full", scale.verified, None)]
        size = sum(file.stat().st_size for file in folder.iterdir()) / scale.verified
    times = MILLION / scale.verified
    whole = "" if scale.verified == MILLION else ": seconds are for a million, by proportion; --full takes a million"
    part = f"verification, {scale.verified:,} events of {size:.0f} bytes a line{whole}"

    def core(watches: Sequence[Watch]) -> list[float]:
        return [watch.cpu * times for watch in watches]

    def clock(watches: Sequence[Watch]) -> list[float]:
        return [watch.seconds * times for watch in watches]

    return [
        Figure(part, "chain and root alone", "s", clock(chain), Target("≤", 5), "by the clock, two cores"),
        Figure(part, "chain and root alone, a core", "s", core(alone), None, "processor time, one worker"),
        Figure(part, "in full, a core", "s", core(full), Target("≤", 60), "processor time, one worker"),
        Figure(part, "… by the clock", "s", clock(full)),
        Figure(part, "in full, all cores, by the clock", "s", clock(wide)),
    ]


def _verified(folder: Path, level: Level, events: int, workers: int | None) -> Watch:
    with timed() as watch:
        report = verify(folder, level=level, types=TYPES, rules=RULES, workers=workers)
    if not report.ok or report.events != events:
        raise NotFine(f"{report.events} events, {report.findings[:3]}")
    return watch
