"""Tiles of a log's tree and bundles of its entries, as c2sp.org/tlog-tiles lays them out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Final, TypeAlias

from core.errors import LogError
from core.log.tree import HASH_SIZE, pair_hash

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 2**TILE_HEIGHT
"""Hashes in a full tile, and entries in a full bundle."""

ENTRIES: Final = -1
"""The level of a bundle of entries, in this product."""

LONGEST_ENTRY: Final = 2**16 - 1

_HIGHEST_LEVEL = 63
_PAIR = 2 * HASH_SIZE
_PATH = re.compile(r"(?P<level>entries|0|[1-9]\d?)/(?P<index>(?:x\d{3}/)*\d{3})(?:\.p/(?P<width>[1-9]\d{0,2}))?")


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """The place of a tile or bundle: its level (ENTRIES for a bundle), index, and number of hashes or entries."""

    level: int
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """The path below `tile/`, such as 0/x001/234 or entries/000.p/17."""
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        number = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        level = "entries" if self.level == ENTRIES else str(self.level)
        return f"{level}/{number}" + (f".p/{self.width}" if self.width < TILE_WIDTH else "")

    @property
    def end(self) -> int:
        """The number of leaves in a tree that just has this tile with this width."""
        return (self.index * TILE_WIDTH + self.width) << (TILE_HEIGHT * max(self.level, 0))

    def cut(self, data: bytes) -> bytes:
        """The part with this width of a stored tile or bundle, which may have grown; raises LogError if it's short."""
        if self.level == ENTRIES:
            end = 0
            for _ in range(self.width):
                end += 2 + int.from_bytes(data[end : end + 2])
        else:
            end = self.width * HASH_SIZE
        if len(data) < end:
            raise LogError(f"the tile {self.path} isn't complete")
        return data[:end]

    def is_in(self, size: int) -> bool:
        """True if a tree of `size` leaves has all hashes or entries of this tile."""
        return self.end <= size


def tile_at(path: str) -> Tile | None:
    """The tile with a path below `tile/`; None for a path that no tile has."""
    match = _PATH.fullmatch(path, pos=0)
    if not match or not path.isascii():
        return None
    level = ENTRIES if match["level"] == "entries" else int(match["level"])
    tile = Tile(level, int(match["index"].replace("x", "").replace("/", "")), int(match["width"] or TILE_WIDTH))
    return tile if level <= _HIGHEST_LEVEL and tile.path == path else None


def tiles_of(size: int) -> Iterator[Tile]:
    """All tiles of a tree, and the bundles of its entries, each with its width."""
    for level in (ENTRIES, *range(_HIGHEST_LEVEL + 1)):
        hashes = size >> (TILE_HEIGHT * max(level, 0))
        if not hashes:
            return
        for index in range(-(-hashes // TILE_WIDTH)):
            yield Tile(level, index, min(TILE_WIDTH, hashes - index * TILE_WIDTH))


def right_edge(size: int, lowest: int = 0) -> Iterator[Tile]:
    """The tiles of a tree that aren't full, from a level on. They have all hashes that give the root, and will grow."""
    for level in range(lowest, _HIGHEST_LEVEL + 1):
        hashes = size >> (TILE_HEIGHT * max(level, 0))
        if not hashes:
            return
        index, width = divmod(hashes, TILE_WIDTH)
        if width:
            yield Tile(level, index, width)


def proof_tiles(index: int, size: int) -> frozenset[Tile]:
    """The tiles that have all hashes of a leaf's inclusion proof: those on its path, and the right edge."""
    edge = frozenset(right_edge(size))
    path = (Tile(level, index >> (TILE_HEIGHT * (level + 1))) for level in range(_HIGHEST_LEVEL + 1))
    return edge | frozenset(takewhile(lambda tile: tile.is_in(size), path))


ReadTile: TypeAlias = Callable[[Tile], bytes]
"""The bytes of a tile: exactly as many hashes (or entries) as its width says."""


class TileHashes:
    """The hashes of a tree's complete subtrees, from its tiles; a `tree.SubtreeHash`. It reads each tile once."""

    def __init__(self, size: int, read: ReadTile) -> None:
        """Take the number of leaves, and what reads a tile."""
        self._size = size
        self._read = read
        self._tiles: dict[Tile, bytes] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """The hash over 2**level leaves from leaf index * 2**level on."""
        tile_level, height = divmod(level, TILE_HEIGHT)
        width = 1 << height
        tile_index, offset = divmod(index * width, TILE_WIDTH)
        data = self._tile(tile_level, tile_index)
        if len(data) < (offset + width) * HASH_SIZE:
            raise IndexError(f"subtree {index} of level {level} isn't complete in a tree of {self._size} leaves")
        fold = _fold if not height or (tile_level == 0 and len(data) == TILE_WIDTH * HASH_SIZE) else _known_fold
        return fold(data[offset * HASH_SIZE : (offset + width) * HASH_SIZE])

    def _tile(self, level: int, index: int) -> bytes:
        hashes = self._size >> (TILE_HEIGHT * level)
        tile = Tile(level, index, min(TILE_WIDTH, hashes - index * TILE_WIDTH))
        if tile.width <= 0:
            return b""
        if tile not in self._tiles:
            self._tiles[tile] = self._read(tile)
        return self._tiles[tile]


def appended(size: int, leaves: Sequence[bytes], read: ReadTile) -> dict[Tile, bytes]:
    """The tiles that change when leaf hashes are appended to a tree of `size` leaves, each with all its bytes.

    `read` is asked for the partial tiles that grow.
    """
    changed: dict[Tile, bytes] = {}
    level, start, hashes = 0, size, b"".join(leaves)
    while hashes:
        first, width = divmod(start, TILE_WIDTH)
        data = (read(Tile(level, first, width)) if width else b"") + hashes
        tiles = [data[at : at + TILE_WIDTH * HASH_SIZE] for at in range(0, len(data), TILE_WIDTH * HASH_SIZE)]
        changed |= {Tile(level, first + at, len(tile) // HASH_SIZE): tile for at, tile in enumerate(tiles)}
        hashes = b"".join(_fold(tile) for tile in tiles if len(tile) == TILE_WIDTH * HASH_SIZE)
        level, start = level + 1, first
    return changed


def appended_bundles(size: int, entries: Sequence[bytes], read: ReadTile) -> dict[Tile, bytes]:
    """The bundles that change when entries are appended to a log of `size` entries, each with all its bytes."""
    changed: dict[Tile, bytes] = {}
    index, width = divmod(size, TILE_WIDTH)
    data = read(Tile(ENTRIES, index, width)) if width else b""
    at = 0
    while at < len(entries):
        new = entries[at : at + TILE_WIDTH - width]
        changed[Tile(ENTRIES, index, width + len(new))] = data + bundle(new)
        index, width, data, at = index + 1, 0, b"", at + len(new)
    return changed


def _fold(hashes: bytes) -> bytes:
    """The root over a power of two of hashes."""
    while len(hashes) > HASH_SIZE:
        hashes = b"".join([pair_hash(hashes[at : at + _PAIR]) for at in range(0, len(hashes), _PAIR)])
    return hashes


_known_fold = lru_cache(maxsize=4096)(_fold)
"""The same for the right edge and above the lowest tiles, whose hashes are in one proof after another."""


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries as bytes, each after its length; raises LogError for one longer than LONGEST_ENTRY."""
    parts = []
    for entry in entries:
        if len(entry) > LONGEST_ENTRY:
            raise LogError(f"an entry of {len(entry)} bytes is too long for a log")
        parts += [len(entry).to_bytes(2), entry]
    return b"".join(parts)


def entries_in(data: bytes) -> tuple[bytes, ...]:
    """The entries of a bundle; raises LogError if it is cut."""
    entries, at = [], 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start])
        if at > len(data) or start > len(data):
            raise LogError("a bundle of entries is cut off")
        entries.append(data[start:at])
    return tuple(entries)
