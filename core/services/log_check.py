"""Recomputes a log from what is stored, and compares: entries, tiles, roots, signatures, links, and the sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from core.errors import LogError
from core.log.log_entry import LogCount, read_entry
from core.log.proof import OpenedEntry
from core.log.records import CheckpointRecord, LogState, StoredLogs
from core.log.signed_note import SignedNote, VerifierKey
from core.log.tiles import ENTRIES, TILE_WIDTH, Tile, TileHashes, appended, entries_in, right_edge, tiles_of
from core.log.tree import leaf_hash, root_hash
from core.services.log_exclusions import opens
from core.signatures.signature import Tally

_PAGE = 1000


@dataclass(frozen=True)
class LogCheck:
    """Checks the log of one petition against the rows of `logs` and the petition's tally.

    It trusts the entries alone: tiles, roots, sums and links must follow from them.
    """

    logs: StoredLogs
    petition: str
    tally: Tally

    def differences(self) -> Iterator[str]:
        """A sentence for everything that doesn't fit; none for a log without a checkpoint."""
        state, records = self.logs.states().get(self.petition), self.logs.checkpoints(self.petition)
        if state is None or not records:
            return
        if state.fault:
            yield f"it is stopped: {state.fault}"
        try:
            size = records[-1].checkpoint.size
            yield from self._checkpoints(records, state)
            count = LogCount()
            yield from self._entries(count, size, records)
            yield from self._sum(count, state)
            yield from self._links(size)
        except LogError as error:
            yield str(error)

    def _checkpoints(self, records: Sequence[CheckpointRecord], state: LogState) -> Iterator[str]:
        """Compare the signatures and roots."""
        known = self.logs.keys()
        keys = [VerifierKey(state.origin, key) for key in known]
        for record in records:
            note, checkpoint = SignedNote.parse(record.note), record.checkpoint
            if checkpoint.origin != state.origin or not note.signed_by(keys):
                yield f"no known key has signed its checkpoint of size {checkpoint.size}"
            tiles = self.logs.stored_tiles(self.petition, tuple(right_edge(checkpoint.size)))
            if root_hash(checkpoint.size, TileHashes(checkpoint.size, tiles.__getitem__)) != checkpoint.root:
                yield f"the tiles don't give the root of its checkpoint of size {checkpoint.size}"

    def _entries(self, count: LogCount, size: int, records: Sequence[CheckpointRecord]) -> Iterator[str]:
        """Compare each bundle of entries with the tiles, and add the entries up to each checkpoint."""
        numbers = {record.checkpoint.size: record.number for record in records}
        lists = {opened.entry: opened for opened in self.logs.exclusions(self.petition)}
        growing: dict[int, bytes] = {}  # the last tile of each level
        for bundle in takewhile(lambda tile: tile.level == ENTRIES, tiles_of(size)):
            entries = self._bundle(bundle)
            leaves = [leaf_hash(entry) for entry in entries]
            changed = appended(count.size, leaves, lambda tile, last=growing: last[tile.level])  # type: ignore[misc]
            growing.update({tile.level: data for tile, data in sorted(changed.items())})
            yield from self._tiles(changed)
            for data in entries:
                entry = read_entry(data)
                if count.size in lists and not opens(lists[count.size], entry):
                    yield f"its entry {count.size} isn't opened by the list of signatures that is stored for it"
                count.add(entry)
                if count.number != numbers.get(count.size, count.number):
                    yield f"its entries 0 to {count.size - 1} add up to {count.number}, not to {numbers[count.size]}"

    def _bundle(self, bundle: Tile) -> tuple[bytes, ...]:
        return entries_in(self.logs.stored_tiles(self.petition, [bundle])[bundle])

    def _tiles(self, changed: dict[Tile, bytes]) -> Iterator[str]:
        stored = self.logs.stored_tiles(self.petition, changed)
        for tile, data in changed.items():
            if stored[tile] != data:
                yield f"the tile {tile.path} doesn't follow from the entries"

    def _sum(self, count: LogCount, state: LogState) -> Iterator[str]:
        """Compare the sum with the state, and with what waits for the next batch, that with the tally."""
        told, tally = state.totals, self.tally
        sums = (count.received, count.withdrawn, *count.excluded.values())
        if sums != (told.received, told.withdrawn, *(told.excluded.get(reason, 0) for reason in count.excluded)):
            yield "its entries don't add up to the sums that are stored beside them"
        waiting = self.logs.waiting(self.petition, state.last_signature)
        all_of_it = told.received + waiting.received, told.withdrawn + waiting.withdrawn
        if all_of_it != (tally.signed, tally.withdrawn):
            yield (
                f"with what waits for the next batch, it has {all_of_it[0]} received and {all_of_it[1]} withdrawn "
                f"signatures, but the count has {tally.signed} and {tally.withdrawn}"
            )

    def _links(self, size: int) -> Iterator[str]:
        """Compare each signature's receipt and words with its entry."""
        after = -1
        bundle, entries = -1, tuple[bytes, ...]()
        while page := self.logs.owned(self.petition, after, _PAGE):
            for own in page:
                if own.entry >= size:
                    return
                if own.entry // TILE_WIDTH != bundle:
                    bundle = own.entry // TILE_WIDTH
                    width = min(TILE_WIDTH, size - bundle * TILE_WIDTH)
                    entries = self._bundle(Tile(ENTRIES, bundle, width))
                if OpenedEntry(own.receipt, own.salt, own.text).entry != entries[own.entry % TILE_WIDTH]:
                    yield f"its entry {own.entry} isn't opened by the signature that leads there"
            after = page[-1].entry
