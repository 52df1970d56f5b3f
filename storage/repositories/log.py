"""The repositories of the public log: what everyone may read, and what its publisher writes."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.errors import LogError
from core.log.log_entry import ExclusionClass
from core.log.records import (
    CheckpointRecord,
    ClassChange,
    LogBatch,
    LogCut,
    LogLink,
    LogState,
    LogTotals,
    NewLink,
    OpenedExclusion,
    OwnedEntry,
    UnloggedSignature,
)
from core.log.tiles import Tile
from storage.contexts import context_of
from storage.repositories.base import SealingRepository
from storage.statements import log as sql

_LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class SqlPublishedLogs(SealingRepository):
    """See core.log.records.PublishedLogs."""

    def checkpoint(self, petition: str) -> CheckpointRecord | None:
        row = self._run(sql.CHECKPOINT, slug=petition).first()
        return CheckpointRecord(row.note, row.number, row.at) if row else None

    def tiles(self, petition: str, wanted: Collection[Tile]) -> Mapping[Tile, bytes]:
        statement, end = sql.published_tiles(len(wanted)), max(tile.end for tile in wanted)
        found = self._tiles(statement, petition, wanted, end=end)
        return {tile: tile.cut(found.get((tile.level, tile.index), b"")) for tile in wanted} if found else {}

    def _tiles(
        self, statement: Any, petition: str, wanted: Collection[Tile], **values: int
    ) -> Mapping[tuple[int, int], bytes]:
        for which, tile in enumerate(wanted):
            values |= {f"level_{which}": tile.level, f"tile_{which}": tile.index}
        rows = self._run(statement, slug=petition, **values)
        return {(row.level, row.tile): row.data for row in rows}

    def link(self, receipt: str) -> LogLink | None:
        row = self._run(sql.LINK, code=receipt).mappings().first()
        return LogLink(row["entry"], self._salt(row)) if row else None

    def _salt(self, row: sa.RowMapping) -> bytes:
        return self._vault.open_bytes(row["sealed"], *context_of("log_links", row))

    def keys(self) -> tuple[bytes, ...]:
        return tuple(base64.b64decode(public) for public in self._run(sql.KEYS).scalars())


class SqlStoredLogs(SqlPublishedLogs):
    """See core.log.records.StoredLogs."""

    def stored_tiles(self, petition: str, wanted: Collection[Tile]) -> Mapping[Tile, bytes]:
        found = self._tiles(sql.stored_tiles(len(wanted)), petition, wanted) if wanted else {}
        return {tile: tile.cut(found.get((tile.level, tile.index), b"")) for tile in wanted}

    def states(self) -> Mapping[str, LogState]:
        return {row["petition"]: _state(row) for row in self._run(sql.STATES).mappings()}

    def checkpoints(self, petition: str) -> Sequence[CheckpointRecord]:
        return [CheckpointRecord(row.note, row.number, row.at) for row in self._run(sql.CHECKPOINTS, slug=petition)]

    def waiting(self, petition: str, after: int) -> LogCut:
        last, received = self._run(sql.NEW_SIGNATURES, slug=petition, after=after).one()
        last_withdrawal, withdrawn = self._run(sql.NEW_WITHDRAWALS, slug=petition).one()
        return LogCut(last or after, received, last_withdrawal or 0, withdrawn)

    def owned(self, petition: str, after: int, most: int) -> Sequence[OwnedEntry]:
        rows = self._run(sql.LINKS, slug=petition, after=after, most=most).mappings()
        return [OwnedEntry(row["entry"], self._salt(row), row["receipt"], row["digest"]) for row in rows]

    def exclusions(self, petition: str) -> Sequence[OpenedExclusion]:
        return [self._opened(row) for row in self._run(sql.EXCLUSIONS, slug=petition).mappings()]

    def _opened(self, row: sa.RowMapping) -> OpenedExclusion:
        opening = self._vault.open(row["sealed"], *context_of("log_exclusions", row))
        added, removed = tuple(opening["added"]), tuple(opening["removed"])
        return OpenedExclusion(row["entry"], bytes.fromhex(opening["salt"]), added, removed)


class SqlLogs(SqlStoredLogs):
    """See core.log.records.Logs."""

    def queue_withdrawal(self, petition: str, signature: int) -> None:
        self._run(sql.QUEUE_WITHDRAWAL, slug=petition, signature=signature)

    def lock(self, petition: str) -> LogState | None:
        row = self._run(sql.LOCK, slug=petition).mappings().first()
        return _state(row) if row else None

    def create(self, state: LogState) -> None:
        self._run(sql.CREATE, **_state_row(state))

    def save(self, state: LogState) -> None:
        self._run(sql.SAVE, **_state_row(state))

    def batch(self, petition: str) -> LogBatch | None:
        row = self._run(sql.BATCH, slug=petition).mappings().first()
        if row is None:
            return None
        return LogBatch(
            row["at"], row["start"], row["after"], row["last"], row["last_withdrawal"], _totals(row),
            bytes.fromhex(row["seed"]),
        )  # fmt: skip

    def cut(self, petition: str, after: int, changed_since: dt.datetime | None) -> LogCut:
        self._run(sql.RENEW_CHANGES, slug=petition)
        self._run(sql.ADD_CHANGES, slug=petition, since=changed_since or _LONG_AGO)
        return self.waiting(petition, after)

    def begin(self, petition: str, batch: LogBatch) -> None:
        self._run(
            sql.BEGIN, petition=petition, at=batch.at, start=batch.start, after=batch.after, last=batch.last,
            last_withdrawal=batch.last_withdrawal, seed=batch.seed.hex(), **_total_columns(batch.totals),
        )  # fmt: skip

    def received(self, petition: str, batch: LogBatch) -> Sequence[int]:
        return self._run(sql.RECEIVED, slug=petition, after=batch.after, last=batch.last).scalars().all()

    def withdrawals(self, petition: str, batch: LogBatch) -> Sequence[int]:
        return self._run(sql.WITHDRAWALS, slug=petition, last=batch.last_withdrawal).scalars().all()

    def signatures(self, ids: Sequence[int]) -> Mapping[int, UnloggedSignature]:
        rows = self._run(sql.SIGNATURES, ids=ids)
        return {row.id: UnloggedSignature(row.id, row.digest, row.receipt if row.signer_id else "") for row in rows}

    def withdrawn(self, ids: Sequence[int]) -> Mapping[int, int]:
        found = {row.id: row.entry for row in self._run(sql.WITHDRAWN, ids=ids)}
        if None in found.values():
            raise LogError("a signature that was withdrawn has no received entry")
        return found

    def append(self, petition: str, tiles: Mapping[Tile, bytes], links: Sequence[NewLink]) -> None:
        if tiles:
            self._run_each(
                sql.PUT_TILE,
                [{"petition": petition, "level": tile.level, "tile": tile.index, "data": data}
                 for tile, data in tiles.items()],
            )  # fmt: skip
        if links:
            self._run_each(sql.ADD_LINK, [self._link_row(petition, link) for link in links])

    def _link_row(self, petition: str, link: NewLink) -> dict[str, Any]:
        row = {"signature_id": link.signature, "petition": petition, "entry": link.entry, "classes": 0}
        context = context_of("log_links", row)
        return {**row, "sealed": self._vault.seal_bytes(link.salt, *context, petition=petition) if link.salt else None}

    def changes(self, petition: str) -> Sequence[ClassChange]:
        return [
            ClassChange(row.signature_id, row.entry, _classes(row.before), next(iter(_classes(row.after)), None))
            for row in self._run(sql.CHANGES, slug=petition)
        ]

    def settle(self, petition: str, changes: Sequence[ClassChange], told: Sequence[ExclusionClass]) -> None:
        classes = [
            {"signature": change.signature, "told": sum(sql.BITS[reason] for reason in change.as_told(told))}
            for change in changes
        ]
        if classes:
            self._run_each(sql.SET_CLASSES, classes)
        self._run(sql.DROP_CHANGES, slug=petition)

    def open_exclusion(self, petition: str, opened: OpenedExclusion) -> None:
        row = {"petition": petition, "entry": opened.entry}
        opening = {"salt": opened.salt.hex(), "added": opened.added, "removed": opened.removed}
        sealed = self._vault.seal(opening, *context_of("log_exclusions", row), petition=petition)
        self._run(sql.ADD_EXCLUSION, **row, sealed=sealed)

    def publish(self, petition: str, record: CheckpointRecord) -> None:
        size = record.checkpoint.size
        self._run(sql.PUBLISH, petition=petition, size=size, number=record.number, note=record.note, at=record.at)

    def finish(self, petition: str, batch: LogBatch) -> None:
        self._run(sql.DROP_WITHDRAWALS, slug=petition, last=batch.last_withdrawal)
        self._run(sql.KEEP_ENTRIES_OF_BATCH, slug=petition, start=batch.start)
        if self._run(sql.DROP_ERASED_LINKS, slug=petition, start=batch.start).rowcount:
            self.erased = True  # the seed would lead to their entries
        self._run(sql.END, slug=petition)

    def add_key(self, public: bytes, now: dt.datetime) -> None:
        self._run(sql.ADD_KEY, public=base64.b64encode(public).decode(), since=now)


def _classes(bits: int) -> frozenset[ExclusionClass]:
    return frozenset(reason for reason, bit in sql.BITS.items() if bits & bit)


def _totals(row: sa.RowMapping) -> LogTotals:
    return LogTotals(row["received"], row["withdrawn"], {reason: row[reason.value] for reason in ExclusionClass})


def _total_columns(totals: LogTotals) -> dict[str, int]:
    excluded = {reason.value: totals.excluded.get(reason, 0) for reason in ExclusionClass}
    return {"received": totals.received, "withdrawn": totals.withdrawn, **excluded}


def _state(row: sa.RowMapping) -> LogState:
    return LogState(
        row["petition"], row["origin"], row["looked_at"], row["size"], _totals(row), row["last_signature"],
        row["cut_at"], row["fault"], row["fault_at"],
    )  # fmt: skip


def _state_row(state: LogState) -> dict[str, Any]:
    return {
        "petition": state.petition, "origin": state.origin, "looked_at": state.looked_at, "size": state.size,
        "last_signature": state.last_signature, "cut_at": state.cut_at, "fault": state.fault,
        "fault_at": state.fault_at, **_total_columns(state.totals),
    }  # fmt: skip
