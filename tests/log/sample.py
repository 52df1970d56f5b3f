"""A small log, written by the product's own code into memory, and ways to tamper with it as an organizer could."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.log.checkpoint import Checkpoint
from core.log.log_entry import (
    Excluded,
    ExclusionClass,
    LogEntry,
    Received,
    Restored,
    Withdrawn,
    entry_bytes,
    hidden_indexes,
    hidden_receipt,
)
from core.log.proof import InclusionProof, OpenedEntry
from core.log.records import CheckpointRecord
from core.log.signed_note import SignedNote, SignerKey, sign_note
from core.log.tiles import TileHashes, appended, bundle, tiles_of
from core.log.tree import inclusion_proof, leaf_hash, root_hash
from tests.world import NOW

ORIGIN = "petitions.example.org/p/elms"
TEXT = hashlib.sha256(b"The elms of Elm Street").hexdigest()


def salt(number: int) -> bytes:
    """A salt that one can foresee."""
    return hashlib.sha256(f"salt {number}".encode()).digest()


def receipt(number: int) -> str:
    """A receipt that one can foresee."""
    return f"0000-0000-{number:04}"


def received(number: int, text: str = TEXT) -> Received:
    """The entry of a signature."""
    return Received(text, hidden_receipt(salt(number), receipt(number)))


def excluded(reason: ExclusionClass, indexes: Sequence[int]) -> Excluded:
    """The entry that leaves signatures out."""
    return Excluded(reason, len(indexes), hidden_indexes(salt(-1), indexes, ()))


def restored(reason: ExclusionClass, indexes: Sequence[int]) -> Restored:
    """The entry that takes signatures in again."""
    return Restored(reason, len(indexes), hidden_indexes(salt(-2), (), indexes))


@dataclass(frozen=True)
class SampleLog:
    """Everything that a log publishes: entries, and all files that follow from them; `of` makes one."""

    entries: tuple[bytes, ...]
    files: dict[str, bytes]
    hashes: TileHashes
    key: SignerKey = field(default=SignerKey(ORIGIN, bytes(range(32))), repr=False)

    @classmethod
    def of(cls, entries: Sequence[LogEntry | bytes], key: SignerKey | None = None) -> SampleLog:
        """A log with these entries, published in one batch."""
        written = tuple(entry if isinstance(entry, bytes) else entry_bytes(entry) for entry in entries)
        tiles = appended(0, [leaf_hash(entry) for entry in written], lambda _: b"")
        files = {f"tile/{tile.path}": data for tile, data in tiles.items()}
        for tile in tiles_of(len(written)):
            if tile.level < 0:
                start = tile.index * 256
                files[f"tile/{tile.path}"] = bundle(written[start : start + tile.width])
        log = cls(written, files, TileHashes(len(written), tiles.__getitem__))
        log = replace(log, key=key) if key else log
        files["checkpoint"] = str(log.checkpoint).encode()
        return log

    @property
    def verifier_key(self) -> str:
        """The line that verifiers take."""
        return str(self.key.verifier)

    @property
    def checkpoint(self) -> SignedNote:
        """The signed checkpoint."""
        size = len(self.entries)
        return sign_note(str(Checkpoint(self.key.name, size, root_hash(size, self.hashes))), [self.key])

    def fetch(self, path: str) -> bytes:
        """A file; raises LookupError if there is none."""
        return self.files[path]

    def write(self, folder: Path) -> None:
        """Write all files, as a static site has them."""
        for path, data in self.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)

    def proof(self, index: int, number: int, text: str = TEXT) -> str:
        """The proof file of signature `number`, which is the entry with this index."""
        hashes = inclusion_proof(index, len(self.entries), self.hashes)
        opened = OpenedEntry(receipt(number), salt(number), text)
        return str(InclusionProof(opened, index, hashes, self.checkpoint))


def small() -> list[LogEntry]:
    """The entries of a log with more than one tile: 600 received, 20 withdrawn, 30 left out, 5 of those back."""
    entries: list[LogEntry] = [received(number) for number in range(600)]
    entries += [Withdrawn(number * 7) for number in range(20)]
    entries.append(excluded(ExclusionClass.DUPLICATE, range(1, 11)))
    entries.append(excluded(ExclusionClass.HELD_BACK, range(11, 31)))
    entries.append(restored(ExclusionClass.HELD_BACK, range(11, 16)))
    return entries


def sample_record() -> CheckpointRecord:
    """The checkpoint of the small log, as the product stores it."""
    return CheckpointRecord(str(SampleLog.of(small()).checkpoint), 555, NOW)
