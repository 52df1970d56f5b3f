"""The lists of signatures that don't count, for an auditor: they open the sums in a public log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.errors import LogError
from core.log.log_entry import Excluded, LogEntry, Restored, hidden_indexes, read_entry
from core.log.records import OpenedExclusion, StoredLogs
from core.log.tiles import ENTRIES, TILE_WIDTH, Tile, entries_in


def audit_file(logs: StoredLogs, petition: str) -> Mapping[str, Any]:
    """The contents of a file for an auditor. Raises LogError if nothing is published, or if a list doesn't fit.

    It names signatures by their indexes in the log, and nobody by name, account, or receipt.
    """
    record = logs.checkpoint(petition)
    if record is None:
        raise LogError("nothing is published yet")
    checkpoint = record.checkpoint
    return {
        "origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root_text,
        "exclusions": list(_lists(logs, petition, checkpoint.size)),
    }  # fmt: skip


def opens(opened: OpenedExclusion, entry: LogEntry) -> bool:
    """True if the salt and the indexes are those that an entry hides."""
    hidden = hidden_indexes(opened.salt, opened.added, opened.removed)
    return isinstance(entry, Excluded | Restored) and hidden == entry.entries


def _lists(logs: StoredLogs, petition: str, size: int) -> Iterator[Mapping[str, Any]]:
    for opened in logs.exclusions(petition):
        if opened.entry >= size:
            return
        entry = _entry(logs, petition, opened.entry, size)
        if not isinstance(entry, Excluded | Restored) or not opens(opened, entry):
            raise LogError(f"the stored list of entry {opened.entry} doesn't open it")
        yield {
            "entry": opened.entry, "kind": "excluded" if isinstance(entry, Excluded) else "restored",
            "class": str(entry.reason), "number": entry.number, "entries": entry.entries,
            "salt": opened.salt.hex(), "added": list(opened.added), "removed": list(opened.removed),
        }  # fmt: skip


def _entry(logs: StoredLogs, petition: str, index: int, size: int) -> LogEntry:
    bundle, place = divmod(index, TILE_WIDTH)
    tile = Tile(ENTRIES, bundle, min(TILE_WIDTH, size - bundle * TILE_WIDTH))
    return read_entry(entries_in(logs.stored_tiles(petition, [tile])[tile])[place])
