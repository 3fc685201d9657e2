"""The Merkle log: the reference tree, and every answer compared with a second, slower definition."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.proof.merkle import (
    EMPTY,
    Frontier,
    Tree,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
EMPTY_LEAF = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"

leaves = st.lists(st.binary(max_size=8), min_size=1, max_size=40)


def defined(data: list[bytes]) -> bytes:
    """The root as RFC 9162 §2.1.1 defines it, word for word."""
    if not data:
        return sha256(b"").digest()
    if len(data) == 1:
        return sha256(b"\x00" + data[0]).digest()
    k = 1
    while k * 2 < len(data):
        k *= 2
    return sha256(b"\x01" + defined(data[:k]) + defined(data[k:])).digest()


def tree(data: list[bytes]) -> Tree:
    made = Tree()
    for item in data:
        made.append(item)
    return made


def test_the_reference_tree_has_the_reference_root() -> None:
    assert tree(LEAVES).root().hex() == ROOT
    assert leaf_hash(b"").hex() == EMPTY_LEAF
    assert Tree().root() == Frontier().root() == EMPTY == sha256(b"").digest()


@given(leaves)
def test_every_prefix_has_the_root_of_the_definition(data: list[bytes]) -> None:
    made, frontier = tree(data), Frontier()
    for size, item in enumerate(data, 1):
        frontier.append(item)
        assert frontier.root() == made.root(size) == defined(data[:size])
    assert frontier.size == made.size == len(data)


@given(leaves, st.data())
def test_a_leaf_is_proven_in_every_tree_that_holds_it(data: list[bytes], draw: st.DataObject) -> None:
    size = draw.draw(st.integers(1, len(data)))
    index = draw.draw(st.integers(0, size - 1))
    made = tree(data)
    proof = made.inclusion(index, size)
    assert verify_inclusion(index, size, leaf_hash(data[index]), proof, made.root(size))


@given(leaves, st.data())
def test_a_tree_is_proven_to_begin_with_each_earlier_one(data: list[bytes], draw: st.DataObject) -> None:
    size = draw.draw(st.integers(1, len(data)))
    old = draw.draw(st.integers(1, size))
    made = tree(data)
    proof = made.consistency(old, size)
    assert verify_consistency(old, size, proof, made.root(old), made.root(size))


@given(leaves, st.data())
def test_no_changed_proof_is_accepted(data: list[bytes], draw: st.DataObject) -> None:
    made = tree(data)
    size = draw.draw(st.integers(1, len(data)))
    index = draw.draw(st.integers(0, size - 1))
    proof, root, leaf = made.inclusion(index, size), made.root(size), leaf_hash(data[index])
    for changed in bent(proof, root):
        assert not verify_inclusion(index, size, leaf, changed, root)
    assert not verify_inclusion(index, size, sha256(leaf).digest(), proof, root)
    old = draw.draw(st.integers(1, size))
    proof, before = made.consistency(old, size), made.root(old)
    for changed in bent(proof, root):
        assert not verify_consistency(old, size, changed, before, root)
    assert not verify_consistency(old, size, proof, sha256(before).digest(), root)
    assert not verify_consistency(old, size, proof, before, sha256(root).digest())


def bent(proof: list[bytes], root: bytes) -> list[list[bytes]]:
    """The proof with something before it, behind it, missing, doubled, cut or with a bit changed."""
    made = [[b"", *proof], [*proof, b""], [root, *proof], [*proof, root]]
    for place, step in enumerate(proof):
        flipped = bytes([step[0] ^ 8]) + step[1:]
        made += [proof[:place] + proof[place + 1 :], [*proof[:place], flipped, *proof[place + 1 :]]]
        made += [[*proof[:place], step[:-1], *proof[place + 1 :]]]
    return made


def test_no_proof_from_or_in_the_empty_tree_is_accepted() -> None:
    assert not verify_inclusion(0, 0, leaf_hash(b""), [], EMPTY)
    assert not verify_consistency(0, 0, [], EMPTY, EMPTY)
    assert not verify_consistency(0, 1, [], EMPTY, leaf_hash(b""))
    assert not verify_consistency(2, 1, [], leaf_hash(b""), leaf_hash(b""))


def test_wrong_places_in_the_reference_tree_are_refused() -> None:
    made = tree(LEAVES)
    for size in range(1, 9):
        for index in range(size):
            proof, leaf = made.inclusion(index, size), leaf_hash(LEAVES[index])
            for place in (index - 1, index + 1, index ^ 2, index + size):
                assert not verify_inclusion(place, size, leaf, proof, made.root(size))
            for other in (size * 2, size // 2):
                assert not verify_inclusion(index, other, leaf, proof, made.root(size))


def test_asking_beyond_the_tree_is_an_error() -> None:
    made = tree(LEAVES)
    for ask in (
        lambda: made.root(9),
        lambda: made.inclusion(8),
        lambda: made.consistency(0),
        lambda: made.inclusion(-1),
    ):
        with pytest.raises(IndexError):
            ask()


def test_a_consistency_proof_holds_for_its_own_sizes_alone() -> None:
    made = tree(LEAVES)
    for old, size in ((1, 2), (2, 4), (4, 8), (3, 8), (6, 8), (5, 7)):
        proof, roots = made.consistency(old, size), (made.root(old), made.root(size))
        assert verify_consistency(old, size, proof, *roots)
        for other in (size * 2, size * 4, size // 2, old - 1):
            assert not verify_consistency(old, other, proof, *roots)
        assert not verify_consistency(old - 1, size, proof, *roots)
