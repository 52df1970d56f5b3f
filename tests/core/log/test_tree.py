"""The tree gives the same roots and proofs as the formulas of RFC 6962, and its tiles have the layout of tlog-tiles."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LogError
from core.log.tiles import (
    ENTRIES,
    LONGEST_ENTRY,
    TILE_WIDTH,
    Tile,
    TileHashes,
    appended,
    bundle,
    entries_in,
    proof_tiles,
    right_edge,
    tile_at,
    tiles_of,
)
from core.log.tree import EMPTY_ROOT, HASH_SIZE, inclusion_proof, leaf_hash, root_hash
from tests.core.log.naive import audit_path, mth, root_from_path
from tests.effort import scaled


class Tiles:
    """Tiles in memory; one is stored once, however wide it is by now."""

    def __init__(self) -> None:
        self.size = 0
        self._data: dict[tuple[int, int], bytes] = {}

    def append(self, entries: list[bytes]) -> None:
        for tile, data in appended(self.size, [leaf_hash(entry) for entry in entries], self.read).items():
            assert len(data) == tile.width * HASH_SIZE
            assert data.startswith(self._data.get((tile.level, tile.index), b"")), "a tile only grows"
            self._data[tile.level, tile.index] = data
        self.size += len(entries)

    def read(self, tile: Tile) -> bytes:
        return self._data[tile.level, tile.index][: tile.width * HASH_SIZE]

    def tiles(self, wanted: Iterable[Tile]) -> dict[Tile, bytes]:
        return {tile: self.read(tile) for tile in wanted}

    def hashes(self, size: int | None = None) -> TileHashes:
        return TileHashes(self.size if size is None else size, self.read)


def numbered(count: int, start: int = 0) -> list[bytes]:
    return [b"entry %d" % number for number in range(start, start + count)]


@cache
def large() -> Tiles:
    """The tiles of a large tree."""
    tiles = Tiles()
    tiles.append(numbered(70_000))
    return tiles


@settings(max_examples=scaled(100), deadline=None)
@given(st.lists(st.integers(0, 40), max_size=6), st.data())
def test_it_agrees_with_the_formulas(batches: list[int], data: st.DataObject) -> None:
    tiles, entries = Tiles(), list[bytes]()
    for count in batches:
        new = numbered(count, len(entries))
        tiles.append(new)
        entries += new
    assert root_hash(len(entries), tiles.hashes()) == mth(entries)
    for size in {data.draw(st.integers(1, len(entries))) for _ in range(3)} if entries else ():
        hashes = tiles.hashes(size)
        assert root_hash(size, hashes) == mth(entries[:size]), "also of every earlier tree"
        index = data.draw(st.integers(0, size - 1))
        proof = inclusion_proof(index, size, hashes)
        assert list(proof) == audit_path(index, entries[:size])
        assert root_from_path(entries[index], index, size, proof) == mth(entries[:size])


@pytest.mark.parametrize("size", [255, 256, 257, 511, 70_000])
def test_full_tiles_are_hashed_into_the_level_above(size: int) -> None:
    tiles, entries = Tiles(), numbered(size)
    for start, end in pairwise((0, size // 3, size // 2, size)):
        tiles.append(entries[start:end])
    assert root_hash(size, tiles.hashes()) == mth(entries)
    index = size - 3
    assert list(inclusion_proof(index, size, tiles.hashes())) == audit_path(index, entries)


@settings(max_examples=scaled(100), deadline=None)
@given(st.integers(1, 70_000), st.data())
def test_a_root_and_a_proof_need_few_tiles(size: int, data: st.DataObject) -> None:
    edge, index = set(right_edge(size)), data.draw(st.integers(0, size - 1))
    known = large().tiles(edge)
    assert root_hash(size, TileHashes(size, known.__getitem__)) == root_hash(size, large().hashes(size))
    wanted = proof_tiles(index, size)
    assert edge <= wanted
    assert len(wanted) <= 2 * len({tile.level for tile in tiles_of(size)} - {ENTRIES}), "two at each level"
    known = large().tiles(wanted)
    proof = inclusion_proof(index, size, TileHashes(size, known.__getitem__))
    assert proof == inclusion_proof(index, size, large().hashes(size))


def test_an_example_of_the_specification_has_its_tiles() -> None:
    found: dict[int, list[Tile]] = {}
    for tile in tiles_of(70_000):
        found.setdefault(tile.level, []).append(tile)
    assert {level: len(tiles) for level, tiles in found.items()} == {ENTRIES: 274, 0: 274, 1: 2, 2: 1}
    assert [tiles[-1].width for tiles in found.values()] == [112, 112, 17, 1]
    assert list(tiles_of(256)) == [Tile(ENTRIES, 0), Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(0)) == []


def test_an_empty_tree_has_a_root_and_no_leaf() -> None:
    hashes = Tiles().hashes()
    assert root_hash(0, hashes) == EMPTY_ROOT
    with pytest.raises(IndexError):
        inclusion_proof(0, 0, hashes)
    with pytest.raises(IndexError):
        hashes(0, 0)


PATHS = [
    (Tile(0, 0), "0/000"),
    (Tile(0, 999, 255), "0/999.p/255"),
    (Tile(1, 1000, 1), "1/x001/000.p/1"),
    (Tile(63, 1_234_067), "63/x001/x234/067"),
    (Tile(ENTRIES, 5, 17), "entries/005.p/17"),
]


@pytest.mark.parametrize(("tile", "path"), PATHS)
def test_a_tile_has_one_path(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert tile_at(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "", "0", "0/0", "00/000", "64/000", "-1/000", "0/x000/000", "0/001/000", "0/000.p/0", "0/000.p/256",
        "0/000.p/01", "0/000.p/", "entries/0", "0/000\n", "0/٠٠٠", "0/../000", "data/000", "0/000/",
    ],
)  # fmt: skip
def test_no_other_path_leads_to_a_tile(path: str) -> None:
    assert tile_at(path) is None


def test_a_tile_beyond_the_tree_is_not_in_it() -> None:
    assert Tile(0, 0, 5).is_in(5)
    assert not Tile(0, 0, 6).is_in(5)
    assert Tile(1, 0, 1).is_in(256)
    assert not Tile(1, 0, 1).is_in(255)
    assert not Tile(ENTRIES, 1, 1).is_in(TILE_WIDTH)


@given(st.lists(st.binary(max_size=70), max_size=20))
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    data = bundle(entries)
    assert list(entries_in(data)) == entries
    for cut in range(1, min(len(data), 3)):
        if len(entries) and len(entries[-1]) + 2 > cut:
            with pytest.raises(LogError):
                entries_in(data[:-cut])


def test_an_entry_has_a_longest_size() -> None:
    assert len(bundle([bytes(LONGEST_ENTRY)])) == LONGEST_ENTRY + 2
    with pytest.raises(LogError):
        bundle([bytes(LONGEST_ENTRY + 1)])
