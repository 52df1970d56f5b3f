"""The public log in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.errors import LogError
from core.log.log_entry import ExclusionClass
from core.log.records import (
    CheckpointRecord,
    ClassChange,
    LogBatch,
    LogCut,
    LogLink,
    LogState,
    NewLink,
    OpenedExclusion,
    OwnedEntry,
    UnloggedSignature,
)
from core.log.tiles import Tile
from core.signatures.signature import Signature, SignatureStatus

if TYPE_CHECKING:
    from tests.fakes import MemoryStore

CLASSES = {
    SignatureStatus.DUPLICATE: ExclusionClass.DUPLICATE,
    SignatureStatus.QUARANTINED: ExclusionClass.HELD_BACK,
    SignatureStatus.INVALID: ExclusionClass.INVALIDATED,
}


@dataclass
class StoredLog:
    """One petition's log."""

    state: LogState | None = None
    batch: LogBatch | None = None
    tiles: dict[tuple[int, int], bytes] = field(default_factory=dict)
    checkpoints: dict[int, CheckpointRecord] = field(default_factory=dict)
    exclusions: dict[int, OpenedExclusion] = field(default_factory=dict)


@dataclass
class LogRows:
    """The rows of all logs."""

    logs: dict[str, StoredLog] = field(default_factory=dict)
    links: dict[int, NewLink] = field(default_factory=dict)
    classes: dict[int, frozenset[ExclusionClass]] = field(default_factory=dict)
    withdrawals: dict[int, tuple[str, int, int | None]] = field(default_factory=dict)
    changes: dict[int, ExclusionClass | None] = field(default_factory=dict)
    keys: dict[bytes, dt.datetime] = field(default_factory=dict)

    def __copy__(self) -> LogRows:
        logs = {
            slug: StoredLog(log.state, log.batch, {**log.tiles}, {**log.checkpoints}, {**log.exclusions})
            for slug, log in self.logs.items()
        }
        return LogRows(
            logs, {**self.links}, {**self.classes}, {**self.withdrawals}, {**self.changes}, {**self.keys}
        )  # fmt: skip

    def forget(self, signatures: Sequence[int]) -> None:
        """Erase what leads from signatures to their entries."""
        for id_, (slug, signature, entry) in self.withdrawals.items():
            if signature in signatures and signature in self.links:
                known = self.links[signature].entry
                self.withdrawals[id_] = slug, signature, known if entry is None else entry
        for signature in signatures:
            self.links.pop(signature, None)


class MemoryLogs:
    """core.log.records.Logs."""

    def __init__(self, store: MemoryStore) -> None:
        self._store, self._rows = store, store.log

    def _log(self, petition: str) -> StoredLog:
        return self._rows.logs.setdefault(petition, StoredLog())

    def checkpoint(self, petition: str) -> CheckpointRecord | None:
        found = self._log(petition).checkpoints
        return found[max(found)] if found else None

    def tiles(self, petition: str, wanted: Collection[Tile]) -> Mapping[Tile, bytes]:
        last = self.checkpoint(petition)
        is_covered = last and all(tile.is_in(last.checkpoint.size) for tile in wanted)
        return self.stored_tiles(petition, wanted) if is_covered else {}

    def stored_tiles(self, petition: str, wanted: Collection[Tile]) -> Mapping[Tile, bytes]:
        tiles = self._log(petition).tiles
        return {tile: tile.cut(tiles.get((tile.level, tile.index), b"")) for tile in wanted}

    def link(self, receipt: str) -> LogLink | None:
        for id_, (_, signature) in self._store.signatures.items():
            link, last = self._rows.links.get(id_), self.checkpoint(signature.petition)
            if signature.receipt == receipt and link and link.salt and last and link.entry < last.checkpoint.size:
                return LogLink(link.entry, link.salt)
        return None

    def keys(self) -> tuple[bytes, ...]:
        return tuple(sorted(self._rows.keys, key=lambda key: self._rows.keys[key], reverse=True))

    def queue_withdrawal(self, petition: str, signature: int) -> None:
        link = self._rows.links.get(signature)
        number = max(self._rows.withdrawals, default=0) + 1
        self._rows.withdrawals[number] = petition, signature, link.entry if link else None

    def states(self) -> Mapping[str, LogState]:
        return {slug: log.state for slug, log in self._rows.logs.items() if log.state}

    def checkpoints(self, petition: str) -> Sequence[CheckpointRecord]:
        return [record for _, record in sorted(self._log(petition).checkpoints.items())]

    def waiting(self, petition: str, after: int) -> LogCut:
        new = [id_ for id_ in self._of(petition) if id_ > after]
        gone = [id_ for id_, (slug, _, _) in self._rows.withdrawals.items() if slug == petition]
        return LogCut(max(new, default=after), len(new), max(gone, default=0), len(gone))

    def owned(self, petition: str, after: int, most: int) -> Sequence[OwnedEntry]:
        links = sorted(self._rows.links.values(), key=lambda link: link.entry)
        mine = [link for link in links if link.signature in self._of(petition) and link.salt and link.entry > after]
        rows = [(link, self._store.signatures[link.signature][1]) for link in mine[:most]]
        return [OwnedEntry(link.entry, link.salt or b"", one.receipt, one.digest) for link, one in rows]

    def lock(self, petition: str) -> LogState | None:
        return self._log(petition).state

    def create(self, state: LogState) -> None:
        log = self._log(state.petition)
        log.state = log.state or state

    def save(self, state: LogState) -> None:
        self._log(state.petition).state = state

    def batch(self, petition: str) -> LogBatch | None:
        return self._log(petition).batch

    def cut(self, petition: str, after: int, changed_since: dt.datetime | None) -> LogCut:
        for id_, signature in self._of(petition).items():
            told = self._rows.classes.get(id_, frozenset())
            now = CLASSES.get(signature.status)
            if told != frozenset([now] if now else []) or id_ in self._rows.changes:
                self._rows.changes[id_] = now
        return self.waiting(petition, after)

    def _of(self, petition: str) -> dict[int, Signature]:
        return {id_: each for id_, (_, each) in self._store.signatures.items() if each.petition == petition}

    def begin(self, petition: str, batch: LogBatch) -> None:
        assert self._log(petition).batch is None
        self._log(petition).batch = batch

    def received(self, petition: str, batch: LogBatch) -> Sequence[int]:
        return [id_ for id_ in self._of(petition) if batch.after < id_ <= batch.last]

    def withdrawals(self, petition: str, batch: LogBatch) -> Sequence[int]:
        rows = self._rows.withdrawals.items()
        return [id_ for id_, (slug, _, _) in rows if slug == petition and id_ <= batch.last_withdrawal]

    def signatures(self, ids: Sequence[int]) -> Mapping[int, UnloggedSignature]:
        found = {id_: self._store.signatures[id_] for id_ in ids}
        return {
            id_: UnloggedSignature(id_, signature.digest, signature.receipt if owner else "")
            for id_, (owner, signature) in found.items()
        }

    def withdrawn(self, ids: Sequence[int]) -> Mapping[int, int]:
        found = {}
        for id_ in ids:
            _, signature, entry = self._rows.withdrawals[id_]
            if entry is None and signature not in self._rows.links:
                raise LogError("a signature that was withdrawn has no received entry")
            found[id_] = self._rows.links[signature].entry if entry is None else entry
        return found

    def append(self, petition: str, tiles: Mapping[Tile, bytes], links: Sequence[NewLink]) -> None:
        self._log(petition).tiles.update({(tile.level, tile.index): data for tile, data in tiles.items()})
        self._rows.links.update({link.signature: link for link in links})

    def changes(self, petition: str) -> Sequence[ClassChange]:
        mine = [(id_, now) for id_, now in self._rows.changes.items() if id_ in self._of(petition)]
        return [
            ClassChange(id_, self._rows.links[id_].entry, self._rows.classes.get(id_, frozenset()), now)
            for id_, now in mine
            if id_ in self._rows.links
        ]

    def settle(self, petition: str, changes: Sequence[ClassChange], told: Sequence[ExclusionClass]) -> None:
        self._rows.classes.update({change.signature: change.as_told(told) for change in changes})
        for id_, now in list(self._rows.changes.items()):
            is_told = self._rows.classes.get(id_, frozenset()) == frozenset([now] if now else [])
            if id_ in self._of(petition) and (is_told or id_ not in self._rows.links):
                del self._rows.changes[id_]

    def open_exclusion(self, petition: str, opened: OpenedExclusion) -> None:
        self._log(petition).exclusions[opened.entry] = opened

    def exclusions(self, petition: str) -> Sequence[OpenedExclusion]:
        return [opened for _, opened in sorted(self._log(petition).exclusions.items())]

    def publish(self, petition: str, record: CheckpointRecord) -> None:
        self._log(petition).checkpoints[record.checkpoint.size] = record

    def finish(self, petition: str, batch: LogBatch) -> None:
        for id_ in self.withdrawals(petition, batch):
            del self._rows.withdrawals[id_]
        self._rows.forget([
            id_ for id_, link in self._rows.links.items()
            if id_ in self._of(petition) and link.entry >= batch.start and link.salt is None
        ])  # fmt: skip
        log = self._log(petition)
        log.batch = None

    def add_key(self, public: bytes, now: dt.datetime) -> None:
        self._rows.keys[public] = now


def forget_signatures(store: MemoryStore, owner: int) -> None:
    """Erase what leads from a person's signatures to their entries."""
    store.log.forget([id_ for id_, (signer, _) in store.signatures.items() if signer == owner])
