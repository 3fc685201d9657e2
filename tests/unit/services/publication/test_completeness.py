"""A subscriber's proof: complete, or which events are missing, doubled or altered."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from events.proof import manifest
from events.proof.manifest import BEGIN, Manifest, Signed
from events.proof.signing import Signer
from services.completeness import Finding, Received, Report, check
from tests.publics import published

LOG, OTHER = Signer("log", b"\x07" * 32), Signer("log", b"\x08" * 32)
SOURCE = "urn:wijkspoor:test"
BODIES = [published(number).body for number in range(1, 31)]
DAYS = ((1, 10), (11, 10), (11, 25), (26, 28))
"""First and last sequence of four days; the second had no events, and two events have no day yet."""


def signed(days: Sequence[tuple[int, int]] = DAYS, signer: Signer = LOG) -> list[Signed]:
    """The manifests of these days."""
    made, before = [], BEGIN
    for number, (first, last) in enumerate(days):
        digests = [manifest.digest(body) for body in BODIES[first - 1 : last]]
        after = manifest.roll(before, digests)
        day = Manifest("test", "wijkspoor.public.v1", f"2021-07-{15 + number}", first, last, before, after)
        made.append(manifest.read(manifest.sign(signer, day, digests)))
        before = after
    return made


def of(
    bodies: Sequence[bytes], days: Sequence[Signed] | None = None, *, after: int = 0, repeats_allowed: bool = False
) -> Report:
    """What the check says when these came."""
    received = Received(SOURCE)
    for body in bodies:
        received.take(body)
    return check(received, days or signed(), LOG.public_key, after=after, repeats_allowed=repeats_allowed)


def bent(sequence: int) -> bytes:
    """An event with other content."""
    return BODIES[sequence - 1].replace("één".encode(), b"twee")


def kinds(report: Report) -> list[tuple[str, int, int]]:
    """What was found, without the words."""
    return [(one.kind, one.first, one.last) for one in report.findings]


def test_everything_that_was_published_and_nothing_else_is_complete() -> None:
    report = of(BODIES)
    assert report.complete
    assert (report.first, report.last, report.received, report.repeats, report.beyond) == (1, 28, 30, 0, 2)


def test_order_of_arrival_and_spelling_of_the_json_do_not_matter() -> None:
    mixed = [json.dumps(json.loads(body), indent=1).encode() for body in BODIES]
    random.Random(1).shuffle(mixed)
    assert of(mixed).complete


@pytest.mark.parametrize("which", [1, 10, 11, 17, 28])
def test_one_that_is_missing_is_named(which: int) -> None:
    assert kinds(of(BODIES[: which - 1] + BODIES[which:])) == [("missing", which, which)]


def test_neighbours_that_are_missing_are_named_together() -> None:
    assert kinds(of(BODIES[:3] + BODIES[12:20])) == [("missing", 4, 12), ("missing", 21, 28)]


def test_nothing_received_is_all_missing() -> None:
    assert kinds(of([])) == [("missing", 1, 28)]


@pytest.mark.parametrize("which", [1, 10, 11, 17, 28])
def test_one_that_is_altered_is_named(which: int) -> None:
    assert kinds(of([*BODIES[: which - 1], bent(which), *BODIES[which:]])) == [("altered", which, which)]


def test_one_that_came_twice_is_named_unless_repeats_are_the_way_of_the_channel() -> None:
    assert kinds(of([*BODIES, BODIES[4], BODIES[5], BODIES[4]])) == [("doubled", 5, 6)]
    allowed = of([*BODIES, BODIES[4]], repeats_allowed=True)
    assert (allowed.complete, allowed.repeats) == (True, 1)


def test_two_that_claim_one_place_are_altered_whichever_came_first() -> None:
    assert ("altered", 5, 5) in kinds(of([*BODIES, bent(5)]))
    assert ("altered", 5, 5) in kinds(of([bent(5), *BODIES]))
    assert ("altered", 5, 5) in kinds(of([*BODIES, bent(5)], repeats_allowed=True))


def test_an_event_of_another_log_is_not_taken_for_one_of_this() -> None:
    foreign = BODIES[4].replace(b"urn:wijkspoor:test", b"urn:wijkspoor:prod")
    assert kinds(of([*BODIES[:4], foreign, *BODIES[5:]])) == [("foreign", 5, 5), ("missing", 5, 5)]


@pytest.mark.parametrize(
    "line", [b"not json", b"[]", b"{}", b'{"sequence":"x"}', b'{"sequence":5}', b'{"sequence":"0"}', b'{"a":0.5}']
)
def test_what_cannot_be_read_is_told_with_its_number(line: bytes) -> None:
    (finding,) = of([*BODIES, line]).findings
    assert (finding.kind, "31" in finding.detail) == ("unreadable", True)


def test_a_manifest_by_another_key_proves_nothing() -> None:
    report = of(BODIES, [*signed()[:3], signed(signer=OTHER)[3]])
    assert kinds(report) == [("bad-signature", 26, 28)]


def test_two_histories_are_found() -> None:
    days = signed()
    other = signed(((1, 9), (10, 10), (11, 25), (26, 28)))
    foreign = replace(days[3], manifest=replace(days[3].manifest, origin="other"))
    assert ("broken-chain", 11, 25) in kinds(of(BODIES, [days[0], replace_before(days[2]), days[3]]))
    assert ("broken-chain", 10, 10) in kinds(of(BODIES, [days[0], other[1], days[2], days[3]]))
    assert ("broken-chain", 26, 28) in kinds(of(BODIES, [*days[:3], foreign]))


def replace_before(day: Signed) -> Signed:
    """A day with another past."""
    return replace(day, manifest=replace(day.manifest, before=bytes(31) + b"\x01"))


def test_with_the_latest_manifest_alone_the_days_before_are_held_against_its_rolling_hash() -> None:
    latest = signed()[3:]
    assert of(BODIES, latest).complete
    assert kinds(of([*BODIES[:4], bent(5), *BODIES[5:]], latest)) == [("altered", 1, 25)]
    assert kinds(of(BODIES[:4] + BODIES[5:], latest)) == [("missing", 5, 5)]
    days = signed()
    assert kinds(of([*BODIES[:12], bent(13), *BODIES[13:]], [days[0], days[3]])) == [("altered", 11, 25)]


def test_who_subscribed_later_misses_nothing_of_before() -> None:
    assert of(BODIES[13:], after=13).complete
    assert kinds(of(BODIES[14:], after=13)) == [("missing", 14, 14)]
    counted = of(BODIES[13:], signed()[3:], after=13)
    assert (counted.complete, counted.notes) == (
        True,
        ["14 to 25 were counted only: give the manifests of their days."],
    )
    assert of(BODIES[25:], signed()[3:], after=25).notes == []


def test_every_planted_fault_is_found_in_any_mixture() -> None:
    found = planted = 0
    for seed in range(100):
        chance = random.Random(seed)
        lost, altered, doubled = chance.sample(range(1, 29), 3)
        bodies = [bent(n) if n == altered else BODIES[n - 1] for n in range(1, 31) if n != lost]
        bodies.insert(chance.randrange(len(bodies)), BODIES[doubled - 1])
        expected = {("missing", lost, lost), ("altered", altered, altered), ("doubled", doubled, doubled)}
        report = of(bodies)
        planted += 3
        found += len(expected & set(kinds(report)))
        assert set(kinds(report)) == expected
    assert found == planted == 300


def test_without_a_manifest_nothing_can_be_said() -> None:
    with pytest.raises(ValueError, match="no manifest"):
        check(Received(SOURCE), [], LOG.public_key)


def test_a_finding_says_what_to_do_in_words() -> None:
    (finding,) = of([*BODIES[:4], bent(5), *BODIES[5:]], signed()[3:]).findings
    assert finding == Finding(
        "altered", 1, 25, "one of these is not what was published: give the manifests of their days to see which"
    )
