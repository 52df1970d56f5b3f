"""Remembers outside the database what each log has published, so that a restored backup doesn't fork a log."""

from __future__ import annotations

from typing import Protocol

from core.log.checkpoint import Checkpoint
from core.log.records import StoredLogs
from core.log.signed_note import SignedNote
from core.log.tiles import TileHashes, right_edge
from core.log.tree import root_hash


class KeptCheckpoints(Protocol):
    """The last checkpoint of each log, kept outside the database. Raises LogError if they can't be read or written."""

    def last(self, petition: str) -> str:
        """The signed note; empty if none was kept."""

    def keep(self, petition: str, note: str) -> None:
        """Replace the one that was kept."""

    def place(self, petition: str) -> str:
        """The name of the file or place, for messages."""


def fork(logs: StoredLogs, petition: str, kept: KeptCheckpoints) -> str:
    """A sentence if the next checkpoint would contradict one that people may have; empty if it can't. Raises LogError.

    That happens if a backup was restored that is older than the last checkpoint.
    """
    note, record = kept.last(petition), logs.checkpoint(petition)
    if not note:
        return ""
    published, size = Checkpoint.parse(SignedNote.parse(note).text), record.checkpoint.size if record else 0
    if published.size <= size and _root(logs, petition, published.size) == published.root:
        return ""
    found = f"the database has only {size:,}" if published.size > size else "the database has others"
    return (
        f"it has published {published.size:,} entries, but {found}, as after restoring an older backup. Restore a "
        f"newer one; if there is none, move {kept.place(petition)} away to go on, and tell people that signatures were "
        "lost and that their earlier proofs no longer fit the log"
    )


def keep_up(logs: StoredLogs, petition: str, kept: KeptCheckpoints) -> None:
    """Keep a log's last checkpoint unless that was done already. Raises LogError."""
    record = logs.checkpoint(petition)
    if record and record.note != kept.last(petition):
        kept.keep(petition, record.note)


def _root(logs: StoredLogs, petition: str, size: int) -> bytes:
    tiles = logs.stored_tiles(petition, tuple(right_edge(size)))
    return root_hash(size, TileHashes(size, tiles.__getitem__))
