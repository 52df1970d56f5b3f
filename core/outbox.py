"""The outbox: everything sent or done later is stored first, in the transaction that demands it.

Each entry belongs to a topic. Repeating it is either harmless (`repeat`), such as editing a card again, or it must
happen at most once, such as a post: an entry that a worker had begun when it died is then doubtful. The operator hears
of it, and it is never tried again. What a worker had claimed but not begun simply waits for another one.
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
    """An entry for the outbox: not to be done before `due`, and once for each key of the topic.

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
    """An entry in a worker's hands. `attempts` failed before; `claim` tells this claim of it from all others."""

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
        """Replace any text, which may be personal: reasons are stored and shown."""
        if self.reason and not _CODE.fullmatch(self.reason):
            object.__setattr__(self, "reason", "unnamed")


def done(entry: ClaimedEntry) -> Result:
    """It happened."""
    return Result(entry, State.DONE)


def again(entry: ClaimedEntry, at: dt.datetime, reason: str, *, failed: bool = True) -> Result:
    """It surely did not happen, and is tried again; `reason` is a class name or a short code."""
    return Result(entry, State.WAITING, reason, at, failed)


def dead(entry: ClaimedEntry, reason: str, *, failed: bool = True) -> Result:
    """It will never happen; `reason` is a class name or a short code."""
    return Result(entry, State.DEAD, reason, failed=failed)


def doubtful(entry: ClaimedEntry, reason: str) -> Result:
    """Nobody knows whether it happened; `reason` is a class name or a short code."""
    return Result(entry, State.DOUBTFUL, reason, failed=True)


def release(entry: ClaimedEntry) -> Result:
    """It was not begun, and waits for another worker."""
    return Result(entry, State.WAITING, due=entry.due)


@dataclass(frozen=True, slots=True)
class Backlog:
    """The entries of a topic that are due and not begun: how many, and for how long the first of them."""

    depth: int
    oldest: dt.timedelta


class OutboxFigures(Protocol):
    """The figures of the outbox; finished entries do not slow them down."""

    def counts(self, topic: str, group: str | None = None) -> Mapping[State, int]:
        """The number of entries of a topic, or of one of its groups, by state; purged ones count as done."""

    def backlog(self, now: dt.datetime) -> Mapping[str, Backlog]:
        """The backlog of each topic with entries due and not paused."""

    def reasons(self, topic: str, group: str | None = None) -> Mapping[tuple[State, str], int]:
        """The number of finished entries of a topic, or of one of its groups, by state and reason."""

    def troubles(self) -> Mapping[tuple[str, State, str], int]:
        """The number of dead and doubtful entries, by topic, state and reason."""


class Outbox(OutboxFigures, Protocol):
    """The outbox inside a transaction (core.ports.UnitOfWork)."""

    def put(self, entries: Iterable[NewEntry]) -> int:
        """Store entries, except those whose topic has their key already; returns the number of new ones."""

    def claim(
        self, worker: str, topics: Collection[str], limit: int, now: dt.datetime, lease: dt.timedelta
    ) -> tuple[ClaimedEntry, ...]:
        """Take entries that are due and not paused, first due first; nobody else gets them while the lease lasts.

        When it runs out, others can claim what was not begun.
        """

    def begin(self, entries: Iterable[ClaimedEntry], until: dt.datetime) -> frozenset[int]:
        """Note that claimed entries begin, on a lease until then; returns the ids of those that are still this claim's.

        No handler may be called before this is committed.
        """

    def renew(self, worker: str, entries: Iterable[ClaimedEntry], until: dt.datetime) -> None:
        """Prolong the lease of entries that the worker still holds."""

    def report(self, results: Iterable[Result], now: dt.datetime) -> int:
        """Store results; returns how many of the entries were still this claim's.

        A finished entry loses its key, its payload and its person. One that became doubtful when the lease ran out is
        corrected by a final report of the same claim. Anything else that comes too late changes nothing.
        """

    def expire(self, now: dt.datetime) -> Mapping[State, int]:
        """End the leases of begun entries that ran out: they wait again where a repeat is harmless, else are doubtful.

        Returns how many came into each state. It counts as a failed attempt, since the entry may be what ends workers.
        """

    def cancel(self, topic: str, group: str) -> int:
        """Remove a group's waiting entries, paused or not; returns how many. Entries that were begun go on."""

    def pause(self, topic: str, group: str) -> None:
        """Hold back the entries of a group, future ones too; entries in hand go on."""

    def resume(self, topic: str, group: str) -> None:
        """Let the entries of a group go on."""

    def purge(self, topic: str, before: dt.datetime, limit: int = 1000) -> int:
        """Remove done entries that ended before a moment, `limit` at most; returns how many. Their keys become free."""
