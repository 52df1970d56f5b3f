"""The outbox: everything sent or done later is stored first, in the transaction that causes it.

Each entry belongs to a topic. Repeating it is either harmless (`repeat`), such as editing a card again, or it must
happen at most once, such as a post. If a worker dies after it began an entry of the second kind, the entry becomes
doubtful: the operator hears of it, and it is never tried again. Entries that it had claimed but not begun simply wait
for another worker.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class State(StrEnum):
    """The state of an entry; the last three are final, unless the worker of a doubtful one still reports.

    One that a worker has claimed is WAITING, and SENDING once it is begun.
    """

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    DEAD = "dead"
    DOUBTFUL = "doubtful"


FINAL = (State.DONE, State.DEAD, State.DOUBTFUL)


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of entry; `repeat` if doing one twice is harmless."""

    name: str
    repeat: bool


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry for the outbox, due no earlier than `due`, and only once for each key of the topic.

    `payload` is JSON, and sealed like the key; both may be personal. `group` is the unit of progress, pause and cancel,
    such as one announcement, and must not be personal. With `person` (core.ports.Person.id), the entry is erased
    with that person.
    """

    topic: Topic
    key: str
    due: dt.datetime
    payload: Mapping[str, Any] = field(default_factory=dict)
    group: str = ""
    person: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimedEntry:
    """A claimed entry: `attempts` failed before, and `claim` tells this claim from all others."""

    id: int
    topic: str
    key: str
    group: str
    payload: Mapping[str, Any]
    due: dt.datetime
    repeat: bool
    attempts: int
    claim: int


@dataclass(frozen=True, slots=True)
class Result:
    """The result of an attempt: a final state, or WAITING until `due`. `failed` counts as an attempt."""

    entry: ClaimedEntry
    state: State
    reason: str = ""
    due: dt.datetime | None = None
    failed: bool = False

    def __post_init__(self) -> None:
        """Replace free text, which may be personal, because reasons are stored and shown."""
        if self.reason and not _CODE.fullmatch(self.reason):
            object.__setattr__(self, "reason", "unnamed")


def done(entry: ClaimedEntry) -> Result:
    """Result of an entry that succeeded."""
    return Result(entry, State.DONE)


def again(entry: ClaimedEntry, at: dt.datetime, reason: str, *, failed: bool = True) -> Result:
    """Result of an entry that did not happen and will be tried again; `reason` is a class name or a short code."""
    return Result(entry, State.WAITING, reason, at, failed)


def dead(entry: ClaimedEntry, reason: str, *, failed: bool = True) -> Result:
    """Result of an entry that will never happen; `reason` is a class name or a short code."""
    return Result(entry, State.DEAD, reason, failed=failed)


def doubtful(entry: ClaimedEntry, reason: str) -> Result:
    """Result of an entry that may or may not have happened; `reason` is a class name or a short code."""
    return Result(entry, State.DOUBTFUL, reason, failed=True)


def release(entry: ClaimedEntry) -> Result:
    """Result of an entry that was not started and waits for another worker."""
    return Result(entry, State.WAITING, due=entry.due)


@dataclass(frozen=True, slots=True)
class Backlog:
    """A topic's due entries that have not begun: their number, and how long the oldest has waited."""

    depth: int
    oldest: dt.timedelta


class OutboxFigures(Protocol):
    """The outbox's figures; finished entries do not slow them down."""

    def counts(self, topic: str, group: str | None = None) -> Mapping[State, int]:
        """The number of entries of a topic, or of one of its groups, by state; purged ones count as done."""

    def backlog(self, now: dt.datetime) -> Mapping[str, Backlog]:
        """The backlog of each topic with due entries that are not paused."""

    def reasons(self, topic: str, group: str | None = None) -> Mapping[tuple[State, str], int]:
        """The number of finished entries of a topic, or of one of its groups, by state and reason."""

    def troubles(self) -> Mapping[tuple[str, State, str], int]:
        """The number of dead and doubtful entries, by topic, state and reason."""


class Outbox(OutboxFigures, Protocol):
    """The outbox inside a transaction (core.ports.UnitOfWork)."""

    def put(self, entries: Iterable[NewEntry]) -> int:
        """Store entries, except those whose key the topic already has; returns the number of new ones."""

    def claim(
        self, worker: str, topics: Collection[str], limit: int, now: dt.datetime, lease: dt.timedelta
    ) -> tuple[ClaimedEntry, ...]:
        """Take entries that are due and not paused, earliest first; nobody else gets them during the lease.

        When the lease runs out, others can claim what was not begun.
        """

    def begin(self, entries: Iterable[ClaimedEntry], until: dt.datetime) -> frozenset[int]:
        """Note that claimed entries begin, on a lease until then; returns the ids of those that this claim still holds.

        Call no handler before this is committed.
        """

    def renew(self, worker: str, entries: Iterable[ClaimedEntry], until: dt.datetime) -> None:
        """Extend the lease of entries that the worker still holds."""

    def report(self, results: Iterable[Result], now: dt.datetime) -> int:
        """Store results; returns how many entries still belonged to this claim.

        A finished entry loses its key, its payload and its person. A final result from the same claim also corrects an
        entry that became doubtful when the lease ran out. Any other late result changes nothing.
        """

    def expire(self, now: dt.datetime) -> Mapping[State, int]:
        """End expired leases of begun entries: they wait again if a repeat is harmless, or else become doubtful.

        Returns the number of entries per new state. It counts as a failed attempt, since the entry may be what kills
        workers.
        """

    def cancel(self, topic: str, group: str) -> int:
        """Remove a group's waiting entries, paused or not; returns how many. Entries that have begun continue."""

    def pause(self, topic: str, group: str) -> None:
        """Hold back the entries of a group, including future ones; claimed entries continue."""

    def resume(self, topic: str, group: str) -> None:
        """Let the entries of a group continue."""

    def purge(self, topic: str, before: dt.datetime, limit: int = 1000) -> int:
        """Remove up to `limit` done entries that ended before a given time; returns how many. Frees their keys."""
