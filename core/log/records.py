"""A log as it is stored, and the protocols of the repositories that read and write it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.log.checkpoint import Checkpoint
from core.log.log_entry import ExclusionClass
from core.log.signed_note import SignedNote
from core.log.tiles import Tile


@dataclass(frozen=True, slots=True)
class CheckpointRecord:
    """A published checkpoint: the signed note, the number of signatures that its entries add up to, and its time."""

    note: str
    number: int
    at: dt.datetime

    @property
    def checkpoint(self) -> Checkpoint:
        """Origin, size and root."""
        return Checkpoint.parse(SignedNote.parse(self.note).text)


@dataclass(frozen=True, slots=True)
class LogLink:
    """The index of a signature's received entry, and the salt that hides its receipt there."""

    entry: int
    salt: bytes


class PublishedLogs(Protocol):
    """The petitions' logs as anyone may see them: nothing after the last checkpoint of each.

    `petition` is always the slug under which signatures are stored.
    """

    def checkpoint(self, petition: str) -> CheckpointRecord | None:
        """The last checkpoint; None before the first."""

    def tiles(self, petition: str, wanted: Collection[Tile]) -> Mapping[Tile, bytes]:
        """The bytes of tiles and bundles of entries; none at all unless the last checkpoint covers all of them."""

    def link(self, receipt: str) -> LogLink | None:
        """The entry of the signature with a receipt; None if it isn't published yet, was erased, or is unknown."""

    def keys(self) -> tuple[bytes, ...]:
        """The public keys that have signed checkpoints, the current one first."""


@dataclass(frozen=True, slots=True)
class LogTotals:
    """The sum of a log's entries, in its parts."""

    received: int = 0
    withdrawn: int = 0
    excluded: Mapping[ExclusionClass, int] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The number of signatures that count."""
        return self.received - self.withdrawn - sum(self.excluded.values())


@dataclass(frozen=True, slots=True)
class LogBatch:
    """A batch that is being published: everything up to a moment.

    The received entries are those of the signatures with ids after `after` and up to `last`, the withdrawn ones those
    in the queue up to `last_withdrawal`. `totals` is the sum of the log with the batch, `start` its first entry, and
    `seed` fixes the order; it is forgotten with the batch.
    """

    at: dt.datetime
    start: int
    after: int
    last: int
    last_withdrawal: int
    totals: LogTotals
    seed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class LogState:
    """The stored state of one petition's log.

    `size` counts the stored entries, of which those after the last checkpoint aren't public yet. `totals` and
    `last_signature` are those of the last checkpoint, `cut_at` its moment, and `looked_at` the last time when someone
    asked if a batch is due. `fault` says why nothing more is published, and `fault_at` since when.
    """

    petition: str
    origin: str
    looked_at: dt.datetime
    size: int = 0
    totals: LogTotals = field(default_factory=LogTotals)
    last_signature: int = 0
    cut_at: dt.datetime | None = None
    fault: str = ""
    fault_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class LogCut:
    """The signatures and withdrawals that came since the last batch: the largest ids, and how many there are."""

    last: int
    received: int
    last_withdrawal: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class UnloggedSignature:
    """A signature without an entry: its id, the digest of the words, and its receipt, empty once it was erased."""

    id: int
    text: str
    receipt: str


@dataclass(frozen=True, slots=True)
class NewLink:
    """A signature's new entry; without a salt for one that was erased, which is forgotten with the batch."""

    signature: int
    entry: int
    salt: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClassChange:
    """A signature whose class is another than the log says: the entry, the classes there, and the one it has now."""

    signature: int
    entry: int
    before: frozenset[ExclusionClass]
    after: ExclusionClass | None

    def changes(self, reason: ExclusionClass) -> bool:
        """True if the signature enters or leaves a class."""
        return (reason in self.before) != (reason is self.after)

    def as_told(self, told: Sequence[ExclusionClass]) -> frozenset[ExclusionClass]:
        """The classes that the log says once it has told of the changes of some."""
        return frozenset(
            reason for reason in ExclusionClass
            if (reason is self.after if reason in told else reason in self.before)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnedEntry:
    """The entry of a signature: its index, its salt, and the signature's receipt and digest of the words."""

    entry: int
    salt: bytes = field(repr=False)
    receipt: str
    text: str


@dataclass(frozen=True, slots=True)
class OpenedExclusion:
    """An excluded or restored entry opened: its index, the salt, and the indexes that its class gained and lost."""

    entry: int
    salt: bytes = field(repr=False)
    added: tuple[int, ...]
    removed: tuple[int, ...]


class StoredLogs(PublishedLogs, Protocol):
    """The petitions' logs as operators see them, with what isn't public (core.services.log_check)."""

    def states(self) -> Mapping[str, LogState]:
        """The state of every log, by petition."""

    def checkpoints(self, petition: str) -> Sequence[CheckpointRecord]:
        """All checkpoints of a log, the first one in front."""

    def stored_tiles(self, petition: str, wanted: Collection[Tile]) -> Mapping[Tile, bytes]:
        """The bytes of tiles and bundles, published or not. Raises LogError if some are missing."""

    def waiting(self, petition: str, after: int) -> LogCut:
        """The signatures with ids after one, and the withdrawals that no checkpoint covers."""

    def owned(self, petition: str, after: int, most: int) -> Sequence[OwnedEntry]:
        """The next entries after one that signatures lead to, in order."""

    def exclusions(self, petition: str) -> Sequence[OpenedExclusion]:
        """The openings of excluded and restored entries, in order, except where all signatures were erased."""


class Logs(StoredLogs, Protocol):
    """The petitions' logs as their publisher writes them, in short transactions (core.services.publishing)."""

    def queue_withdrawal(self, petition: str, signature: int) -> None:
        """Note in one statement, the same for every signature, that the next batch has to tell of its withdrawal."""

    def lock(self, petition: str) -> LogState | None:
        """Load a log's state and lock it until commit; None before its first batch."""

    def create(self, state: LogState) -> None:
        """Store the state of a new log, unless there is one."""

    def save(self, state: LogState) -> None:
        """Store a log's state."""

    def batch(self, petition: str) -> LogBatch | None:
        """The batch that is being published."""

    def cut(self, petition: str, after: int, changed_since: dt.datetime | None) -> LogCut:
        """Look at what came since the last batch, and remember each class that changed since a given time.

        Call it while the petition's tally is locked, so that the statuses are certain.
        """

    def begin(self, petition: str, batch: LogBatch) -> None:
        """Store a batch."""

    def received(self, petition: str, batch: LogBatch) -> Sequence[int]:
        """The ids of a batch's signatures."""

    def withdrawals(self, petition: str, batch: LogBatch) -> Sequence[int]:
        """The ids of a batch's withdrawals."""

    def signatures(self, ids: Sequence[int]) -> Mapping[int, UnloggedSignature]:
        """Load signatures by id; until commit, nobody erases them."""

    def withdrawn(self, ids: Sequence[int]) -> Mapping[int, int]:
        """The indexes of the received entries that withdrawals, by id, are about."""

    def append(self, petition: str, tiles: Mapping[Tile, bytes], links: Sequence[NewLink]) -> None:
        """Store tiles and bundles that grew, and the links of new entries."""

    def changes(self, petition: str) -> Sequence[ClassChange]:
        """The signatures whose class changed, as far as they have entries."""

    def settle(self, petition: str, changes: Sequence[ClassChange], told: Sequence[ExclusionClass]) -> None:
        """Note that the log has told of the changes of these classes."""

    def open_exclusion(self, petition: str, opened: OpenedExclusion) -> None:
        """Store, sealed, what opens the hidden part of an excluded or restored entry."""

    def publish(self, petition: str, record: CheckpointRecord) -> None:
        """Store a checkpoint; one of the same size is replaced."""

    def finish(self, petition: str, batch: LogBatch) -> None:
        """Forget a batch, its withdrawals, and the links of signatures that were erased meanwhile."""

    def add_key(self, public: bytes, now: dt.datetime) -> None:
        """Note that a public key signs from now on."""
