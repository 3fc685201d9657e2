"""What verification found: one primary finding for each fault, its consequences listed below it.

A single changed byte shows in many ways: a hash, a signature, the next event of the stream, the root. An auditor wants
one line for it. So raw findings are gathered into faults by their place, and the most telling kind names the fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

Kind: TypeAlias = Literal[
    "missing-file",
    "truncated",
    "not-canonical",
    "hole",
    "duplicate",
    "time-reversed",
    "altered",
    "wrong-key",
    "bad-signature",
    "broken-chain",
    "root-mismatch",
    "forked",
    "unknown-type",
    "replay-differs",
]

ORDER: tuple[Kind, ...] = get_args(Kind)
"""Which kind names a fault that shows as several: the first of these (decisions 22)."""

LIMIT = 2_000
"""Signs kept about events; more are only counted, since nobody reads them and each is compared with the others."""

ALSO = 20
"""Consequences listed below one finding."""

ORIGIN: frozenset[Kind] = frozenset({"wrong-key", "bad-signature"})


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that is not as it should be, before its cause is known."""

    kind: Kind
    detail: str
    position: int | None = None
    stream: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: its kind, where it is (None: the whole log), and what else it shows as."""

    kind: Kind
    position: int | None
    stream: str | None
    detail: str
    also: Sequence[Sign] = ()


@dataclass(slots=True)
class _Fault:
    low: int
    high: int
    signs: list[Sign] = field(default_factory=list)

    def only_origin(self) -> bool:
        return all(sign.kind in ORIGIN for sign in self.signs)


class Faults:
    """Gathers signs while a log is read; `findings` sorts them into faults."""

    def __init__(self) -> None:
        self.count = 0
        self._at: list[tuple[int, int, Sign]] = []
        self._traced: list[tuple[int, int, Sign]] = []
        self._files: dict[str, list[Sign]] = {}
        self._spans: dict[str, tuple[int, int]] = {}
        self._anywhere: list[Sign] = []

    def at(self, sign: Sign, position: int, last: int | None = None) -> None:
        """A sign whose cause lies at this position, or in the range that ends at `last`."""
        if self._room():
            self._at.append((position, last or position, sign))

    def traced(self, sign: Sign, since: int, position: int) -> None:
        """A sign at `position` whose cause may lie as far back as `since`: it belongs to a fault found there."""
        if self._room():
            self._traced.append((min(since, position), max(since, position), sign))

    def file(self, name: str, sign: Sign, span: tuple[int, int] | None = None) -> None:
        """A sign about a file; with `span` it belongs to the faults found in those positions, if there are any."""
        self._files.setdefault(name, []).append(sign)
        if span:
            self._spans[name] = span

    def anywhere(self, sign: Sign) -> None:
        """A sign that any fault explains."""
        self._anywhere.append(sign)

    def _room(self) -> bool:
        self.count += 1
        return self.count <= LIMIT

    def found_in(self, name: str) -> bool:
        """Whether something is wrong with this file as a file."""
        return name in self._files

    def findings(self, blamed: str | None = None) -> list[Finding]:
        """The faults, in the order of the log. `blamed` names the faulty file that explains the signs of others.

        A fault that shows only in signatures is a consequence of the blamed file (keys, kinds); so is a file of
        events of which the hash alone is wrong.
        """
        events = self._gather()
        files = {name: list(signs) for name, signs in self._files.items() if name not in self._spans}
        culprit = files.get(blamed) if blamed else None
        if culprit is not None:
            culprit.extend(sign for fault in events if fault.only_origin() for sign in fault.signs)
            events = [fault for fault in events if not fault.only_origin()]
        for name, span in self._spans.items():
            within = [fault.signs for fault in events if _touches(fault, span)]
            for signs in within or [files.setdefault(name, []) if culprit is None else culprit]:
                signs.extend(self._files[name])
        whole = [*(fault.signs for fault in events), *files.values()]
        if self._anywhere and not whole:
            whole.append([])
        for sign in self._anywhere:
            whole[0].append(sign)
        return [_finding(signs) for signs in whole]

    def _gather(self) -> list[_Fault]:
        """Event faults by position. Overlapping ranges are one fault; a traced sign joins the first in its range."""
        faults: list[_Fault] = []
        for low, high, sign in sorted(self._at, key=lambda item: item[:2]):
            if faults and low <= faults[-1].high:
                faults[-1].high = max(faults[-1].high, high)
                faults[-1].signs.append(sign)
            else:
                faults.append(_Fault(low, high, [sign]))
        for low, high, sign in self._traced:
            home = next((fault for fault in faults if _touches(fault, (low, high))), None)
            if home is None:
                home = _Fault(high, high)
                faults.append(home)
            home.signs.append(sign)
        return sorted(faults, key=lambda fault: fault.low)


def _touches(fault: _Fault, span: tuple[int, int] | None) -> bool:
    return span is not None and fault.low <= span[1] and span[0] <= fault.high


def _finding(signs: Iterable[Sign]) -> Finding:
    first, *rest = sorted(signs, key=lambda sign: ORDER.index(sign.kind))
    return Finding(first.kind, first.position, first.stream, first.detail, tuple(rest[:ALSO]))
