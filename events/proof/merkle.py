"""The Merkle log of RFC 6962 and RFC 9162 with SHA-256: roots, inclusion and consistency.

A leaf is hashed after a zero byte, a node after a one byte; a tree of n leaves splits at the largest power of two
below n, and an odd node is carried up, never doubled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

SIZE = 32
EMPTY = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf's data."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that only grows and knows its root: it keeps one hash for each set bit of its size."""

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, data: bytes) -> None:
        """Add a leaf by its data."""
        self.append_hash(sha256(b"\x00" + data).digest())

    def append_hash(self, digest: bytes) -> None:
        """Add a leaf by its hash."""
        peaks, rest = self._peaks, self.size
        while rest & 1:
            digest = sha256(b"\x01" + peaks.pop() + digest).digest()
            rest >>= 1
        peaks.append(digest)
        self.size += 1

    def extend(self, digests: Iterable[bytes]) -> None:
        """Add many leaves by their hashes."""
        peaks, size, hashed = self._peaks, self.size, sha256
        for leaf in digests:
            digest, rest = leaf, size
            while rest & 1:
                digest = hashed(b"\x01" + peaks.pop() + digest).digest()
                rest >>= 1
            peaks.append(digest)
            size += 1
        self.size = size

    def root(self) -> bytes:
        """The root now; the hash of nothing for an empty tree."""
        if not self._peaks:
            return EMPTY
        digest = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            digest = node_hash(peak, digest)
        return digest


class Tree:
    """A tree that also proves: it keeps the hash of every complete subtree, 64 bytes a leaf."""

    def __init__(self) -> None:
        self._levels: list[bytearray] = [bytearray()]

    @property
    def size(self) -> int:
        """The number of leaves."""
        return len(self._levels[0]) // SIZE

    def append(self, data: bytes) -> None:
        """Add a leaf by its data."""
        self.append_hash(leaf_hash(data))

    def append_hash(self, digest: bytes) -> None:
        """Add a leaf by its hash."""
        level = 0
        while True:
            row = self._levels[level]
            row += digest
            if (len(row) // SIZE) & 1:
                return
            digest = node_hash(bytes(row[-2 * SIZE : -SIZE]), digest)
            level += 1
            if level == len(self._levels):
                self._levels.append(bytearray())

    def root(self, size: int | None = None) -> bytes:
        """The root of the first `size` leaves (all when left out); IndexError beyond the tree."""
        size = self._known(size)
        return self._range(0, size) if size else EMPTY

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The proof that leaf `index` (from 0) stands in the first `size` leaves; IndexError when it does not."""
        size = self._known(size)
        if not 0 <= index < size:
            raise IndexError(f"a tree of {size} leaves has no leaf {index}")
        proof: list[bytes] = []
        low, high = 0, size
        while high - low > 1:
            middle = low + split(high - low)
            if index < middle:
                proof.append(self._range(middle, high))
                high = middle
            else:
                proof.append(self._range(low, middle))
                low = middle
        return proof[::-1]

    def consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """The proof that the first `size` leaves begin with the first `old`; IndexError unless 0 < old ≤ size."""
        size = self._known(size)
        if not 0 < old <= size:
            raise IndexError(f"a tree of {size} leaves has no consistency proof from {old}")
        proof: list[bytes] = []
        low, high, whole = 0, size, True
        while old != high:
            middle = low + split(high - low)
            if old <= middle:
                proof.append(self._range(middle, high))
                high = middle
            else:
                proof.append(self._range(low, middle))
                low, whole = middle, False
        if not whole:
            proof.append(self._range(low, high))
        return proof[::-1]

    def _known(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise IndexError(f"the tree has {self.size} leaves, not {size}")
        return size

    def _range(self, low: int, high: int) -> bytes:
        width = high - low
        if width & (width - 1) == 0 and low % width == 0:
            place = low // width * SIZE
            return bytes(self._levels[width.bit_length() - 1][place : place + SIZE])
        middle = low + split(width)
        return node_hash(self._range(low, middle), self._range(middle, high))


def split(width: int) -> int:
    """The largest power of two below `width` (2 or more)."""
    return 1 << (width - 1).bit_length() - 1


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf's hash at `index` to the root of `size` leaves (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size or len(leaf) != SIZE or any(len(step) != SIZE for step in proof):
        return False
    place, last, digest = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            digest = node_hash(step, digest)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            digest = node_hash(digest, step)
        place, last = place >> 1, last >> 1
    return last == 0 and digest == root


def verify_consistency(old: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes) -> bool:
    """Whether the tree of `size` leaves begins with that of `old` (RFC 9162 §2.1.4.2).

    From an empty tree nothing can be proven, so `old` = 0 is refused.
    """
    if not 0 < old <= size or any(len(step) != SIZE for step in proof):
        return False
    if old == size:
        return not proof and old_root == root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, step)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == root
