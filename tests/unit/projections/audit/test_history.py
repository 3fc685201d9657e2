"""A log that is no folder is verified as a folder is: the same walk and findings, the keys from the log itself."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from events.catalog import KINDS
from events.history import Unread
from events.proof import strict64
from events.store import Recorded
from projections.audit.export import export
from projections.audit.history import verify_history
from projections.audit.verify import verify
from tests.changing import replace
from tests.unit.events.proof.forge import KINDS as FORGED
from tests.unit.events.proof.forge import ORIGIN, RULES, TYPES, Draft, Forge, Shelf, signers, uuid

EVENTS = 60
VICTIM = 30


@dataclass
class Told:
    """A history in memory, told in pages of seven."""

    events: Sequence[Recorded]
    unread: list[Unread] = field(default_factory=list)

    async def house(self) -> Sequence[Recorded]:
        """As the port says."""
        return [event for event in self.events if event.stream.startswith("log-")]

    async def pages(self) -> AsyncGenerator[Sequence[Recorded], None]:
        """As the port says."""
        for start in range(0, len(self.events), 7):
            yield self.events[start : start + 7]


def log(seed: int = 1) -> list[Recorded]:
    return Forge(seed).log(EVENTS)


def at(events: list[Recorded], index: int, **changes: object) -> list[Recorded]:
    return [*events[:index], replace(events[index], **changes), *events[index + 1 :]]  # type: ignore[arg-type]  # its own fields


def key(tag: int = 0) -> str:
    return strict64.encode(signers(tag)["log"].public_key)


async def kinds(events: Sequence[Recorded], **how: object) -> list[str]:
    report = await verify_history(Told(events), types=TYPES, rules=RULES, **how)  # type: ignore[arg-type]  # as named
    return [one.kind for one in report.findings]


async def test_a_sound_log_is_found_sound_and_says_whose_it_is() -> None:
    report = await verify_history(Told(log()), types=TYPES, rules=RULES)

    assert (report.ok, report.events, report.origin, report.level) == (True, EVENTS, ORIGIN, "full")
    assert report.notes == ["The keys were taken from the log itself; give the log's key to prove whose log this is."]


async def test_its_head_is_the_one_that_its_export_has(tmp_path: Path) -> None:
    await export(Shelf(log()), tmp_path / "out", origin=ORIGIN, signer=signers()["log"], kinds=FORGED)

    assert (await verify_history(Told(log()))).head == verify(tmp_path / "out").head


async def test_an_empty_log_is_a_log() -> None:
    report = await verify_history(Told([]))
    assert (report.ok, report.events, report.origin) == (True, 0, None)


PLANTED: Mapping[str, tuple[Callable[[list[Recorded]], list[Recorded]], str]] = {
    "a byte": (lambda log: at(log, VICTIM, body=log[VICTIM].body.replace(b"2021", b"2022", 1)), "bad-signature"),
    "no canonical form": (lambda log: at(log, VICTIM, body=log[VICTIM].body + b" "), "not-canonical"),
    "a signature": (lambda log: at(log, VICTIM, signature=bytes(64)), "bad-signature"),
    "another's key": (lambda log: at(log, VICTIM, key_id=signers()["log"].key_id), "wrong-key"),
    "an unknown key": (lambda log: at(log, VICTIM, key_id="intake-0000000000000000"), "wrong-key"),
    "a time": (
        lambda log: at(log, VICTIM, recorded_at=log[VICTIM].recorded_at - timedelta(days=30)),
        "time-reversed",
    ),
    "one left out": (lambda log: [*log[:VICTIM], *log[VICTIM + 1 :]], "hole"),
    "one twice": (lambda log: [*log[: VICTIM + 1], *log[VICTIM:]], "duplicate"),
    "a key left out": (lambda log: [replace(one, position=one.position - 1) for one in log[1:]], "wrong-key"),
}


@pytest.mark.parametrize("fault", PLANTED)
async def test_a_planted_fault_is_found(fault: str) -> None:
    plant, kind = PLANTED[fault]
    found = await kinds(plant(log()))
    assert set(found) == {kind}


async def test_at_the_level_of_chains_hashes_count_and_signatures_do_not() -> None:
    assert await kinds(at(log(), VICTIM, signature=bytes(64)), level="chain") == []
    assert await kinds([*log()[:VICTIM], *log()[VICTIM + 1 :]], level="chain") == ["hole"]


async def test_what_could_not_be_read_is_a_finding() -> None:
    lacks = [Unread("hole", EVENTS + 1, "position 61 stands in no partition"), Unread("not-canonical", 70, "no event")]
    report = await verify_history(Told(log(), lacks), types=TYPES)

    assert [(one.kind, one.position) for one in report.findings] == [("hole", 61), ("not-canonical", 70)]


async def test_the_logs_key_proves_whose_log_it_is() -> None:
    report = await verify_history(Told(log()), types=TYPES, log_key=key())
    assert (report.ok, report.notes) == (True, [])
    assert await kinds(log(), log_key=key(1)) == ["wrong-key"]


async def test_a_renewed_key_of_the_log_is_trusted_if_the_one_before_registered_it() -> None:
    forge = Forge()
    forge.register(*forge.keys.values())
    renewed = signers(2)
    forge.register(renewed["log"])
    forge.keys = {**forge.keys, "log": renewed["log"]}
    forge.register(renewed["intake"])
    forge.keys = {**forge.keys, "intake": renewed["intake"]}
    forge.add(Draft("application", uuid(forge.random), "ApplicationSubmitted", {"case": "c"}, uuid(forge.random)))

    assert await kinds(forge.made, log_key=key()) == []
    assert await kinds(forge.made, log_key=key(2)) == ["wrong-key"], "the first keys do not lead back to the later one"


async def test_a_key_that_is_no_key_is_a_finding() -> None:
    forge = Forge()
    forge.register(*forge.keys.values())
    data = {
        "algorithm": "Ed25519",
        "key_id": "intake-1",
        "not_after": None,
        "not_before": "2021-01-01T00:00:00.000000Z",
        "origin": ORIGIN,
        "public_key": "AAAA",
        "service": "intake",
    }
    forge.add(Draft("log", "00000000-0000-0000-0000-000000000001", "KeyRegistered", data, uuid(forge.random)))

    assert "wrong-key" in await kinds(forge.made)


async def test_a_key_of_the_log_that_is_no_base64_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        await verify_history(Told(log()), log_key="AAAA")


def test_the_forged_kinds_are_ours() -> None:
    assert FORGED.items() <= KINDS.items()
