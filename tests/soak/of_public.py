"""The public topic against the log: each public event told, as it is, in the order of its case; repeats are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from events import codec
from events.adapters.kafka.public_records import public_partition
from events.public.cloudevent import joined
from events.store import Recorded
from projections.public_events.evolve import PublicRow
from projections.views import VIEWS
from tests.soak.history import Finding, Told


def public_events(log: Sequence[Recorded]) -> dict[int, Told]:
    """What the log tells the public, by sequence."""
    view, rows = VIEWS["public_events"], {}
    for recorded in log:
        if recorded.type in view.folds:
            view.evolve(rows, codec.read(recorded))
    events = [row for row in rows.values() if isinstance(row, PublicRow) and row.kind == "event"]
    return {row.sequence: Told(row.sequence, row.case_id or row.call, joined(row.head, row.data)) for row in events}


@dataclass
class PublicCheck:
    """Takes the records of each partition in their order."""

    expected: Mapping[int, Told]
    findings: list[Finding] = field(default_factory=list)
    records: int = 0
    _seen: set[int] = field(default_factory=set)

    @property
    def repeats(self) -> int:
        """How many records came again."""
        return self.records - len(self._seen)

    def take(self, partition: int, records: Sequence[Told]) -> None:
        """Look at one partition."""
        last = 0
        for told in records:
            self.records += 1
            if self.expected.get(told.sequence) != told or public_partition(told.key) != partition:
                self._found("told-otherwise", f"{told.sequence} in partition {partition}")
            if told.sequence < last and told.sequence not in self._seen:
                self._found("told-misordered", f"{told.sequence} first comes after {last} in partition {partition}")
            last = max(last, told.sequence)
            self._seen.add(told.sequence)

    def end(self) -> None:
        """There is no more."""
        for sequence in sorted(self.expected.keys() - self._seen):
            self._found("untold", f"public event {sequence} is not on the topic")

    def _found(self, kind: str, detail: str) -> None:
        self.findings.append(Finding(kind, detail))
