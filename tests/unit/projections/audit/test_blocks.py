"""Reading a block in one go and reading it line by line are one: the same report, whatever is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import canonical
from events.envelope import from_bytes
from events.proof.leaf import all_micros, hash_of, hashes_of, micros
from events.proof.merkle import Frontier
from projections.audit.blocks import read_links, read_whole
from projections.audit.strict import not_canonical, plain
from projections.audit.verify import Level
from projections.audit.walk import Walk
from tests.changing import replace
from tests.unit.events.proof.forge import Forge
from tests.unit.projections.audit.exports import check, write
from tests.unit.projections.audit.faults import FAULTS


def lines(folder: Path) -> bytes:
    return (folder / "events-000001.jsonl").read_bytes()


@pytest.mark.parametrize("level", ["chain", "full"])
def test_the_two_ways_of_reading_give_one_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, level: Level) -> None:
    folder = write(Forge(6).log(60), tmp_path / "out", lines_a_file=25)
    reports = []
    for way in ("blocks", "lines"):
        for seed in range(72):
            copy = tmp_path / f"{way}-{seed}"
            shutil.copytree(folder, copy)
            if seed:
                FAULTS[seed % len(FAULTS)](copy, Random(2_000 + seed))
            reports.append(check(copy, level=level, against=folder))
        monkeypatch.setattr(Walk, "_quick", lambda _walk, _block: 0)
    apart = [one for one, two in zip(reports[:72], reports[72:], strict=True) if one != two]
    assert apart == []


def test_a_block_in_order_is_read_in_one_go(tmp_path: Path) -> None:
    block = lines(write(Forge(7).log(30), tmp_path / "out"))
    links, whole = read_links(block, 0), read_whole(block, 0)
    assert links is not None
    assert whole is not None
    assert [link.prev_hash for link in links.links] == [link.prev_hash for link in whole[0].links]
    assert whole[1].values == [msgspec.json.decode(envelope.data) for envelope in whole[1].envelopes]


@pytest.mark.parametrize(
    "change",
    [
        lambda block: b"\n" + block,
        lambda block: block + b"\n",
        lambda block: block.replace(b'"position":7,', b'"position":8,'),
        lambda block: block.replace(b'00000Z"', b'00000z"', 1),
        lambda _block: b"",
    ],
)
def test_a_block_out_of_order_is_left_to_the_reading_by_line(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    block = lines(write(Forge(7).log(30), tmp_path / "out"))
    changed = change(block)
    assert changed != block
    assert read_whole(changed, 0) is None
    assert read_links(changed, 0) is None


def test_only_the_full_check_minds_a_blank(tmp_path: Path) -> None:
    block = lines(write(Forge(7).log(30), tmp_path / "out")).replace(b"\n", b"\n ", 1)
    assert read_whole(block, 0) is None
    assert read_links(block, 0) is not None


def test_an_envelope_with_a_line_break_cannot_pass_for_two(tmp_path: Path) -> None:
    """Two envelopes in one line and none in the next add up, but not line by line."""
    forge = Forge(7)
    events = forge.log(30)
    one, two = events[10], events[11]
    events[10] = replace(one, body=one.body + b"\n" + two.body)
    events[11] = replace(two, body=b"")
    folder = write(events, tmp_path / "out")
    assert read_links(lines(folder), 0) is None
    assert not check(folder, level="chain").ok


CANONICAL = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('ab_A1é"', max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(CANONICAL, st.binary(max_size=3))
def test_bytes_are_in_form_exactly_when_the_slow_way_says_so(value: object, stray: bytes) -> None:
    """Also beside good bytes: `plain` may doubt what is good, and never takes what is not."""
    frame = Forge(1).log(5)[4].body
    raw = msgspec.json.encode(value, order="sorted") + stray
    body = frame.replace(bytes(from_bytes(frame).data), raw)
    try:
        canonical.decode(body)
    except canonical.NotCanonical as error:
        assert not_canonical(body) == str(error)
        good = False
    else:
        assert not_canonical(body) is None
        good = True
    try:
        envelopes = [from_bytes(frame), from_bytes(body)]
        found = plain(frame + b"\n" + body, envelopes, [bytes(envelope.data) for envelope in envelopes])
    except (ValueError, RecursionError):
        found = None
    assert found is None or good
    assert found is None or found[1] == msgspec.json.decode(raw)


@given(
    st.lists(st.datetimes().map(lambda at: f"{at.isoformat(timespec='microseconds')}Z"), max_size=5),
    st.text(max_size=30),
)
def test_many_instants_are_read_as_one_by_one(texts: list[str], other: str) -> None:
    for some in (texts, [*texts, other], [*texts, "\n".join(texts)]):
        try:
            expected = [micros(text) for text in some]
        except ValueError:
            with pytest.raises(ValueError):
                all_micros(some)
        else:
            assert all_micros(some) == expected


@given(st.integers(0, 70), st.integers(0, 70))
def test_many_leaves_are_added_as_one_by_one(before: int, more: int) -> None:
    bodies = [b"%d" % number for number in range(before + more)]
    leaves = hashes_of(5, range(len(bodies)), bodies)
    assert leaves == [hash_of(5 + number, number, body) for number, body in enumerate(bodies)]
    one, many = Frontier(), Frontier()
    for leaf in leaves:
        one.append_hash(leaf)
    many.extend(leaves[:before])
    many.extend(leaves[before:])
    assert (one.root(), one.size) == (many.root(), many.size)
