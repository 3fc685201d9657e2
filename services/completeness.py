"""What a subscriber received, held against signed manifests: complete, or which events are missing, doubled or altered.

It needs nothing but the manifests, the log's public key and what was received. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Literal, TypeAlias

from events.proof import manifest
from events.proof.manifest import Signed

Kind: TypeAlias = Literal["missing", "doubled", "altered", "unreadable", "foreign", "bad-signature", "broken-chain"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something is wrong with these sequences (0: with none in particular)."""

    kind: Kind
    first: int
    last: int
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was found. `first` to `last` is what was checked; `beyond` events came after the last manifest, and wait for
    theirs; `repeats` came more than once with equal content."""

    first: int
    last: int
    received: int
    repeats: int
    beyond: int
    findings: Sequence[Finding]
    notes: Sequence[str] = ()

    @property
    def complete(self) -> bool:
        """Whether everything is there, as it was published."""
        return not self.findings


@dataclass
class Received:
    """What came, in any order; `source` is what events of this log name as theirs."""

    source: str
    digests: dict[int, bytes] = field(default_factory=dict)
    repeats: list[int] = field(default_factory=list)
    wrong: list[Finding] = field(default_factory=list)
    count: int = 0

    def take(self, event: bytes) -> None:
        """One CloudEvent in JSON."""
        self.count += 1
        try:
            found = manifest.digest(event)
        except manifest.NoDigest as error:
            self.wrong.append(Finding("unreadable", 0, 0, f"number {self.count} of what was received: {error}"))
            return
        attributes = json.loads(event)
        sequence = _sequence(attributes.get("sequence"))
        if sequence is None:
            self.wrong.append(Finding("unreadable", 0, 0, f"number {self.count} of what was received has no sequence"))
        elif attributes.get("source") != self.source:
            detail = f"number {self.count} of what was received comes from another source"
            self.wrong.append(Finding("foreign", sequence, sequence, detail))
        elif sequence not in self.digests:
            self.digests[sequence] = found
        elif self.digests[sequence] == found:
            self.repeats.append(sequence)
        else:
            self.wrong.append(Finding("altered", sequence, sequence, "two different events have this sequence"))


def check(
    received: Received, manifests: Sequence[Signed], key: bytes, *, after: int = 0, repeats_allowed: bool = False
) -> Report:
    """Hold one against the other; the subscription began after the sequence `after`.

    ValueError without a manifest. Events that no manifest lists one by one are counted, and held together against the
    rolling hash of the next manifest where everything before it is there.
    """
    days = sorted(manifests, key=lambda one: one.manifest.day)
    if not days:
        raise ValueError("there is no manifest to check against")
    last = days[-1].manifest.last
    known = _known(days)
    findings = [*_signatures(days, key), *_chain(days), *received.wrong]
    findings += _missing(received, after, last)
    findings += _altered(received, known, after)
    if not repeats_allowed:
        findings += _ranges("doubled", sorted(set(received.repeats)), "it came more than once")
    rolled, notes = _rolled(received, days, after)
    beyond = sum(sequence > last for sequence in received.digests)
    return Report(after + 1, last, received.count, len(received.repeats), beyond, [*findings, *rolled], notes)


def _sequence(text: object) -> int | None:
    plain = isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 18
    return int(text) if plain and isinstance(text, str) and int(text) > 0 else None


def _known(days: Sequence[Signed]) -> dict[int, bytes]:
    return {sequence: one for day in days for sequence, one in enumerate(day.digests, start=day.manifest.first)}


def _signatures(days: Sequence[Signed], key: bytes) -> Iterator[Finding]:
    for day in days:
        said = day.manifest
        if not day.signed_by(key):
            detail = f"the manifest of {said.day} is not signed by this key of {said.origin}"
            yield Finding("bad-signature", said.first, said.last, detail)


def _chain(days: Sequence[Signed]) -> Iterator[Finding]:
    """Manifests of one log: the same names, and no day that begins inside another or with another past."""
    for before, day in pairwise(days):
        one, two = before.manifest, day.manifest
        follows = two.first > one.last and (two.first > one.last + 1 or two.before == one.hash)
        if (one.origin, one.topic) != (two.origin, two.topic) or not follows:
            detail = f"the manifest of {two.day} does not follow that of {one.day}: they are of two histories"
            yield Finding("broken-chain", two.first, two.last, detail)


def _missing(received: Received, after: int, last: int) -> Iterator[Finding]:
    absent = [sequence for sequence in range(after + 1, last + 1) if sequence not in received.digests]
    yield from _ranges("missing", absent, "it was published and did not come")


def _altered(received: Received, known: dict[int, bytes], after: int) -> Iterator[Finding]:
    for sequence, found in sorted(received.digests.items()):
        if sequence > after and sequence in known and known[sequence] != found:
            yield Finding("altered", sequence, sequence, "its content is not what was published")


def _rolled(received: Received, days: Sequence[Signed], after: int) -> tuple[list[Finding], list[str]]:
    """The stretches between manifests, each held against the rolling hash with which the next one begins."""
    findings, notes = [], []
    sequence, rolled = 0, manifest.BEGIN
    for day in days:
        said = day.manifest
        own = [received.digests.get(one) for one in range(sequence + 1, said.first)]
        whole = [one for one in own if one is not None]
        if after > sequence:
            # What came before the subscription is not here, so nothing can be rolled from its start.
            if after + 1 < said.first:
                notes.append(f"{after + 1} to {said.first - 1} were counted only: give the manifests of their days.")
        elif len(whole) == len(own) and manifest.roll(rolled, whole) != said.before:
            detail = "one of these is not what was published: give the manifests of their days to see which"
            findings.append(Finding("altered", sequence + 1, said.first - 1, detail))
        sequence, rolled = said.last, said.hash
    return findings, notes


def _ranges(kind: Kind, sequences: Iterable[int], detail: str) -> Iterator[Finding]:
    """One finding a run of neighbours."""
    for _, group in groupby(enumerate(sequences), key=lambda pair: pair[1] - pair[0]):
        run = [sequence for _, sequence in group]
        yield Finding(kind, run[0], run[-1], detail)
