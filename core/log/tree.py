"""The hash tree of a log (RFC 6962): roots and proofs from the hashes of complete subtrees."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeAlias

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""

SubtreeHash: TypeAlias = Callable[[int, int], bytes]
"""The hash over 2**level leaves from leaf index * 2**level on, by level and index; asked for complete subtrees only."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node from those of its two children."""
    return pair_hash(left + right)


def pair_hash(children: bytes) -> bytes:
    """The hash of a node from those of its two children, one after the other."""
    return hashlib.sha256(b"\x01" + children).digest()


def root_hash(size: int, hashes: SubtreeHash) -> bytes:
    """The root of the tree with the first `size` leaves."""
    return _range_hash(0, size, hashes) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, hashes: SubtreeHash) -> tuple[bytes, ...]:
    """The siblings of a leaf from the bottom to the root; raises IndexError for a leaf outside the tree."""
    if not 0 <= index < size:
        raise IndexError(f"leaf {index} isn't in a tree of {size}")
    return tuple(_inclusion(index, 0, size, hashes))


def _range_hash(start: int, end: int, hashes: SubtreeHash) -> bytes:
    """The hash over the leaves from `start` to before `end`, a range that the tree of RFC 6962 has a node for."""
    width = end - start
    if width & (width - 1) == 0:
        return hashes(width.bit_length() - 1, start // width)
    middle = start + _split(width)
    return node_hash(_range_hash(start, middle, hashes), _range_hash(middle, end, hashes))


def _inclusion(index: int, start: int, end: int, hashes: SubtreeHash) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_inclusion(index, start, middle, hashes), _range_hash(middle, end, hashes)]
    return [*_inclusion(index, middle, end, hashes), _range_hash(start, middle, hashes)]


def _split(width: int) -> int:
    """The largest power of two below a width of at least 2."""
    return 1 << ((width - 1).bit_length() - 1)
