"""A publisher for tests, and a reader that recomputes a public log the slow way."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from core.log.checkpoint import Checkpoint
from core.log.records import CheckpointRecord, PublishedLogs
from core.log.signed_note import SignedNote, SignerKey
from core.log.tiles import ENTRIES, TILE_WIDTH, Tile, entries_in, tiles_of
from core.petition.petition import Petition
from core.ports import UnitOfWork
from core.services.log_memory import KeptCheckpoints
from core.services.publishing import LogPublisher
from tests.core.log.naive import mth
from tests.world import NOW, TREES, petitions

LOG_KEY = b"a log key of thirty-two bytes ..."[:32]
ELMS = replace(petitions()[TREES], slug="elms", timezone="UTC")
ORIGIN = "petitions.example/p/elms"


@dataclass
class Kept:
    """core.services.log_memory.KeptCheckpoints in memory."""

    notes: dict[str, str] = field(default_factory=dict)

    def last(self, petition: str) -> str:
        """See the protocol."""
        return self.notes.get(petition, "")

    def keep(self, petition: str, note: str) -> None:
        """See the protocol."""
        self.notes[petition] = note

    def place(self, petition: str) -> str:
        """See the protocol."""
        return f"log-{petition}.checkpoint"


@dataclass
class Press:
    """A publisher whose clock a test sets, and whose salts are numbered."""

    work: Callable[[], UnitOfWork]
    now: dt.datetime = NOW
    keys: tuple[bytes, ...] = (LOG_KEY,)
    drawn: int = 0
    kept: KeptCheckpoints = field(default_factory=Kept)
    publisher: LogPublisher = field(init=False)

    def __post_init__(self) -> None:
        self.publisher = LogPublisher(
            self.work, lambda: self.now, self.chance, self.keys,
            lambda petition: f"petitions.example/p/{petition.slug}", self.kept,
        )  # fmt: skip
        self.publisher.adopt_key()

    def chance(self, count: int) -> bytes:
        """Bytes that no other call gets."""
        self.drawn += 1
        return self.drawn.to_bytes(count)

    def publish(self, petition: Petition = ELMS) -> CheckpointRecord | None:
        """Publish now whatever there is."""
        return self.publisher.publish(petition, at_once=True)


@dataclass(frozen=True)
class Published:
    """A public log as a stranger reads it."""

    record: CheckpointRecord
    entries: tuple[bytes, ...]

    @property
    def number(self) -> int:
        """The sum, from the JSON alone."""
        return number_of(map(json.loads, self.entries))

    @property
    def kinds(self) -> Counter[str]:
        """The number of entries of each kind."""
        return Counter(str(json.loads(entry)["kind"]) for entry in self.entries)


def number_of(entries: Iterable[dict[str, object]]) -> int:
    """The number of signatures that entries add up to; fails if a withdrawal fits no received entry."""
    total, standing = 0, set[int]()
    for index, entry in enumerate(entries):
        match entry:
            case {"kind": "received"}:
                standing.add(index)
                total += 1
            case {"kind": "withdrawn", "entry": int(received)}:
                standing.remove(received)
                total -= 1
            case {"kind": "excluded", "number": int(number)}:
                total -= number
            case {"kind": "restored", "number": int(number)}:
                total += number
            case _:
                raise AssertionError(entry)
    return total


def read_log(logs: PublishedLogs, petition: str = "elms", key: bytes = LOG_KEY) -> Published | None:
    """Read a log from its checkpoint and bundles, and recompute signature, root, tiles and sum."""
    record = logs.checkpoint(petition)
    if record is None:
        return None
    note = SignedNote.parse(record.note)
    checkpoint = Checkpoint.parse(note.text)
    assert note.signed_by([SignerKey(checkpoint.origin, key).verifier])
    entries: list[bytes] = []
    for tile in tiles_of(checkpoint.size):
        data = logs.tiles(petition, [tile])[tile]
        if tile.level == ENTRIES:
            entries += entries_in(data)
        else:
            span = TILE_WIDTH**tile.level
            leaves = entries[tile.index * TILE_WIDTH * span :][: tile.width * span]
            hashes = [
                mth(leaves[at : at + TILE_WIDTH**tile.level]) for at in range(0, len(leaves), TILE_WIDTH**tile.level)
            ]
            assert data == b"".join(hashes)
        wider = replace(tile, width=tile.width + 1)
        assert tile.width == TILE_WIDTH or not logs.tiles(petition, [wider]), "nothing after the checkpoint is public"
    assert len(entries) == checkpoint.size
    assert mth(entries) == checkpoint.root
    published = Published(record, tuple(entries))
    assert published.number == record.number
    return published


def read(work: Callable[[], UnitOfWork], petition: str = "elms") -> Published:
    """Read a log that has a checkpoint, whose sum has to be the count, and return it."""
    with work() as unit:
        found = read_log(unit.log, petition)
        assert found
    return found


def first_tile(logs: PublishedLogs, width: int, petition: str = "elms") -> bytes | None:
    """The first bundle of entries with a width."""
    tile = Tile(ENTRIES, 0, width)
    return logs.tiles(petition, [tile]).get(tile)
