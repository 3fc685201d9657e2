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


Span: TypeAlias = tuple[int, int]


@dataclass(slots=True)
class _Fault:
    """Signs with one cause: the positions it covers, the files in which it was met, and what followed from it."""

    spans: list[Span]
    files: set[str | None]
    signs: list[Sign]
    traces: list[Sign] = field(default_factory=list)

    @property
    def low(self) -> int:
        return min(span[0] for span in self.spans)

    def touches(self, spans: Iterable[Span]) -> bool:
        return any(one[0] <= two[1] and two[0] <= one[1] for one in self.spans for two in spans)

    def narrowed(self) -> _Fault:
        """The same where it shows. A time reversed may lie in either of two events; a chain breaks at the later."""
        position = self.signs[0].position or 1
        return _Fault([(position, position)], self.files, self.signs)

    def join(self, other: _Fault) -> None:
        self.spans += other.spans
        self.files |= other.files
        self.signs += other.signs
        self.traces += other.traces

    def only_origin(self) -> bool:
        return all(sign.kind in ORIGIN for sign in self.signs)


class Faults:
    """Gathers signs while a log is read; `findings` sorts them into faults. `reading` names the file in hand."""

    def __init__(self) -> None:
        self.count = 0
        self.reading: str | None = None
        self._at: list[_Fault] = []
        self._traced: list[_Fault] = []
        self._files: dict[str, list[Sign]] = {}
        self._spans: dict[str, Span] = {}
        self._anywhere: list[Sign] = []

    def at(self, sign: Sign, *spans: Span) -> None:
        """A sign whose cause lies at its own position, or covers these ranges of positions."""
        position = sign.position or 1
        self._keep(self._at, sign, spans or ((position, position),))

    def traced(self, sign: Sign, span: Span) -> None:
        """A sign whose cause lies somewhere in this range: it belongs to a fault found there."""
        self._keep(self._traced, sign, (span,))

    def file(self, name: str, sign: Sign, span: Span | None = None) -> None:
        """A sign about a file; with `span` it belongs to the faults found in those positions, if there are any."""
        self._files.setdefault(name, []).append(sign)
        if span:
            self._spans[name] = span

    def anywhere(self, sign: Sign) -> None:
        """A sign that any fault explains."""
        self._anywhere.append(sign)

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
            culprit.extend(sign for fault in events if fault.only_origin() for sign in fault.signs + fault.traces)
            events = [fault for fault in events if not fault.only_origin()]
        for name, span in self._spans.items():
            within = [fault.signs for fault in events if name in fault.files or fault.touches([span])]
            for signs in within or [files.setdefault(name, []) if culprit is None else culprit]:
                signs.extend(self._files[name])
        if self._anywhere and not events and not files:
            files[""] = list(self._anywhere)
        elif self._anywhere:
            (events[0].traces if events else next(iter(files.values()))).extend(self._anywhere)
        found = [_finding(fault.signs, fault.traces) for fault in events]
        return found + [_finding(signs) for signs in files.values()]

    def _keep(self, signs: list[_Fault], sign: Sign, spans: Iterable[Span]) -> None:
        self.count += 1
        if self.count <= LIMIT:
            signs.append(_Fault(list(spans), {self.reading}, [sign]))

    def _gather(self) -> list[_Fault]:
        """Event faults by position. Overlapping ranges are one fault; a traced sign joins the first in its range."""
        faults: list[_Fault] = []
        for new in self._at:
            same = [fault for fault in faults if fault.touches(new.spans)]
            for fault in same:
                new.join(fault)
                faults.remove(fault)
            faults.append(new)
        faults.sort(key=lambda fault: fault.low)
        for new in self._traced:
            home = next((fault for fault in faults if fault.touches(new.spans)), None)
            if home is None:
                faults.append(new if new.signs[0].kind == "time-reversed" else new.narrowed())
            else:
                home.traces += new.signs
        return sorted(faults, key=lambda fault: fault.low)


def _finding(signs: Iterable[Sign], traces: Iterable[Sign] = ()) -> Finding:
    """The most telling sign names the fault; what was traced to it never does."""
    first, *rest = sorted(signs, key=_rank)
    also = sorted([*rest, *traces], key=_rank)
    return Finding(first.kind, first.position, first.stream, first.detail, tuple(also[:ALSO]))


def _rank(sign: Sign) -> int:
    return ORDER.index(sign.kind)
