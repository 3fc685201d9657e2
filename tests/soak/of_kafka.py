"""Kafka's six topics against the log: each event there, as it is, in its partition's order; repeats are counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from events.adapters.kafka.records import BrokenRecord, KafkaRecorded, place_of
from events.publication import EMPTY, PartitionEnd, Place
from events.store import Recorded
from tests.soak.history import Finding
from tests.soak.of_log import fingerprint


@dataclass
class KafkaCheck:
    """Takes the records of each partition in their order; `prints` are the log's, position by position."""

    prints: Sequence[bytes]
    findings: list[Finding] = field(default_factory=list)
    records: int = 0
    _last: dict[Place, int] = field(default_factory=dict)
    _seen: set[int] = field(default_factory=set)

    @property
    def repeats(self) -> int:
        """How many records came again."""
        return self.records - len(self._seen)

    def take(self, place: Place, records: Iterable[KafkaRecorded | BrokenRecord]) -> None:
        """Look at more of one partition."""
        for record in records:
            self.records += 1
            if isinstance(record, BrokenRecord):
                self._found("unreadable", f"offset {record.offset} of {place}: {record.reason}")
            else:
                self._event(place, record)

    def end(self) -> None:
        """There is no more: what did not come is missing."""
        for position in range(1, len(self.prints) + 1):
            if position not in self._seen:
                self._found("unpublished", f"{position} is in no topic")

    def _event(self, place: Place, event: KafkaRecorded) -> None:
        if event.position > len(self.prints):
            self._found("published-alone", f"{event.position} in {place} is not in the log")
            return
        if self.prints[event.position - 1] != fingerprint(event):
            self._found("published-otherwise", f"{event.position} in {place}")
        last = self._last.get(place, 0)
        if event.position > last:
            if event.previous != last:
                self._found("misordered", f"{event.position} in {place} names {event.previous} and follows {last}")
            self._last[place] = event.position
        elif event.position not in self._seen:
            self._found("misordered", f"{event.position} first comes after {last} in {place}")
        self._seen.add(event.position)

    def _found(self, kind: str, detail: str) -> None:
        self.findings.append(Finding(kind, detail))


def relay_books(log: Iterable[Recorded], ends: Mapping[Place, PartitionEnd]) -> list[Finding]:
    """Where the relay wrote down another count, end or rolling hash of a partition than the log gives."""
    expected: dict[Place, PartitionEnd] = {}
    for event in log:
        place = place_of(event.stream)
        expected[place] = expected.get(place, EMPTY).then(event)
    return [
        Finding("relay-books", f"{place}: {ends.get(place)}, the log says {expected.get(place)}")
        for place in sorted(expected.keys() | ends.keys())
        if expected.get(place) != ends.get(place)
    ]
