"""Writes a batch of a public log in short transactions, which another process can go on with after any of them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.errors import LogError
from core.log.checkpoint import Checkpoint
from core.log.log_entry import (
    SALT_SIZE,
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
from core.log.records import CheckpointRecord, ClassChange, LogBatch, LogState, NewLink, OpenedExclusion
from core.log.signed_note import SignerKey, sign_note
from core.log.tiles import ENTRIES, TileHashes, appended, appended_bundles, right_edge
from core.log.tree import EMPTY_ROOT, leaf_hash, root_hash
from core.ports import UnitOfWork

CHUNK: Final = 500
"""Entries in one transaction at most, so that signers wait for milliseconds only."""


@dataclass(frozen=True, slots=True)
class _Order:
    """The ids of a batch's signatures and withdrawals, in the order of its entries."""

    seed: bytes
    received: Sequence[int]
    withdrawn: Sequence[int]

    def chunk(self, position: int, most: int) -> tuple[Sequence[int], Sequence[int]]:
        """The next signatures, or else the next withdrawals, after the first entries."""
        if position < len(self.received):
            return self.received[position : position + most], ()
        position -= len(self.received)
        return (), self.withdrawn[position : position + most]


@dataclass
class BatchWriter:
    """Writes the batch of one petition, at most `chunk` entries in a transaction.

    `chance` gives random bytes, and `key` the key that signs for an origin. `pause` rests after a transaction, and
    returns True to stop there.
    """

    work: Callable[[], UnitOfWork]
    petition: str
    chance: Callable[[int], bytes]
    key: Callable[[UnitOfWork, str], SignerKey]
    pause: Callable[[], bool]
    chunk: int = CHUNK
    _order: _Order | None = None

    def write(self) -> CheckpointRecord | None:
        """Write what is left of the batch, and its checkpoint; None if stopped, or if another process was faster.

        Raises LogError if something doesn't fit. Then nothing more is public than before.
        """
        while True:
            with self.work() as work:
                state, batch = work.log.lock(self.petition), work.log.batch(self.petition)
                if state is None or batch is None:
                    return None
                received, withdrawn = self._ordered(work, state, batch).chunk(state.size - batch.start, self.chunk)
                if not received and not withdrawn:
                    record = self._finish(work, state, batch)
                    work.commit()
                    return record
                self._append(work, state, received, withdrawn)
                work.commit()
            if self.pause():
                return None

    def _ordered(self, work: UnitOfWork, state: LogState, batch: LogBatch) -> _Order:
        """The batch's order, which its seed fixes."""
        if self._order is None or self._order.seed != batch.seed:
            received, withdrawn = work.log.received(self.petition, batch), work.log.withdrawals(self.petition, batch)
            sizes, totals = (len(received), len(withdrawn)), state.totals
            if sizes != (batch.totals.received - totals.received, batch.totals.withdrawn - totals.withdrawn):
                raise LogError("signatures or withdrawals of the batch are missing")
            self._order = _Order(
                batch.seed, _shuffled(batch.seed, "received", received), _shuffled(batch.seed, "withdrawn", withdrawn)
            )
        return self._order

    def _append(
        self, work: UnitOfWork, state: LogState, received: Sequence[int], withdrawn: Sequence[int]
    ) -> None:  # fmt: skip
        if received:
            entries, links = self._received(work, state.size, received)
        else:
            indexes = work.log.withdrawn(withdrawn)
            entries, links = [Withdrawn(indexes[id_]) for id_ in withdrawn], []
        self._store(work, state, entries, links)

    def _received(
        self, work: UnitOfWork, size: int, ids: Sequence[int]
    ) -> tuple[Sequence[LogEntry], Sequence[NewLink]]:  # fmt: skip
        """The entries of signatures; an erased one looks like any other, but nothing opens it."""
        signatures, entries, links = work.log.signatures(ids), list[LogEntry](), list[NewLink]()
        for entry, id_ in enumerate(ids, size):
            signature, salt = signatures[id_], self.chance(SALT_SIZE)
            entries.append(Received(signature.text, hidden_receipt(salt, signature.receipt)))
            links.append(NewLink(id_, entry, salt if signature.receipt else None))
        return entries, links

    def _store(
        self, work: UnitOfWork, state: LogState, entries: Sequence[LogEntry], links: Sequence[NewLink]
    ) -> LogState:  # fmt: skip
        if not entries:
            return state
        read = work.log.stored_tiles(self.petition, tuple(right_edge(state.size, ENTRIES))).__getitem__
        new = [entry_bytes(entry) for entry in entries]
        tiles = appended(state.size, [leaf_hash(entry) for entry in new], read)
        work.log.append(self.petition, tiles | appended_bundles(state.size, new, read), links)
        grown = replace(state, size=state.size + len(new))
        work.log.save(grown)
        return grown

    def _finish(self, work: UnitOfWork, state: LogState, batch: LogBatch) -> CheckpointRecord:
        """Add the excluded and restored entries, sign, and publish."""
        changes = work.log.changes(self.petition)
        entries = tuple(self._exclusions(work, state, batch, changes))
        work.log.settle(self.petition, changes, [entry.reason for entry in entries])
        state = self._store(work, state, entries, ())
        record = self._signed(work, state, batch)
        work.log.publish(self.petition, record)
        work.log.finish(self.petition, batch)
        published = replace(state, totals=batch.totals, last_signature=batch.last, cut_at=batch.at)
        work.log.save(replace(published, fault="", fault_at=None))
        return record

    def _exclusions(
        self, work: UnitOfWork, state: LogState, batch: LogBatch, changes: Sequence[ClassChange]
    ) -> Iterator[Excluded | Restored]:
        """One entry for each class whose number changed. Its indexes leave out the signatures that were erased."""
        at = state.size
        for reason in ExclusionClass:
            number = batch.totals.excluded.get(reason, 0) - state.totals.excluded.get(reason, 0)
            if not number:
                continue
            mine, salt = [change for change in changes if change.changes(reason)], self.chance(SALT_SIZE)
            added = sorted(change.entry for change in mine if change.after is reason)
            removed = sorted(change.entry for change in mine if change.after is not reason)
            if mine:
                work.log.open_exclusion(self.petition, OpenedExclusion(at, salt, tuple(added), tuple(removed)))
            hidden = hidden_indexes(salt, added, removed)
            yield Excluded(reason, number, hidden) if number > 0 else Restored(reason, -number, hidden)
            at += 1

    def _signed(self, work: UnitOfWork, state: LogState, batch: LogBatch) -> CheckpointRecord:
        """The next checkpoint, which contains the last one."""
        last = work.log.checkpoint(self.petition)
        old = last.checkpoint if last else Checkpoint(state.origin, 0, EMPTY_ROOT)
        edges = {*right_edge(old.size), *right_edge(state.size)}
        read = work.log.stored_tiles(self.petition, edges).__getitem__
        if old.size >= state.size or root_hash(old.size, TileHashes(old.size, read)) != old.root:
            raise LogError("the stored entries don't continue the last checkpoint")
        checkpoint = Checkpoint(state.origin, state.size, root_hash(state.size, TileHashes(state.size, read)))
        note = sign_note(str(checkpoint), [self.key(work, state.origin)])
        return CheckpointRecord(str(note), batch.totals.number, batch.at)


def _shuffled(seed: bytes, kind: str, ids: Sequence[int]) -> Sequence[int]:
    """The ids in an order that the seed fixes, and nobody can guess without it."""
    return sorted(ids, key=lambda id_: hmac.digest(seed, f"{kind} {id_}".encode(), hashlib.sha256))
