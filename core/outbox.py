"""The outbox: whatever is sent or done later is stored first, in the transaction that demands it.

Each entry belongs to a topic. To repeat what a topic does is either harmless (`repeat`), such as writing a card anew,
or it must happen at most once, such as a post: an entry that was in a worker's hands when the worker died is then
doubtful. It is reported to whoever operates the product, and never tried again.
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
    """Where an entry is; the last three are final, but for a doubtful one whose own worker still reports."""

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    DEAD = "dead"
    DOUBTFUL = "doubtful"


FINAL = (State.DONE, State.DEAD, State.DOUBTFUL)


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of entry, and whether it is harmless to do one of them twice."""

    name: str
    repeat: bool


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What is to be put into the outbox: not to be done before `due`, and once for each key of the topic.

    `payload` is JSON, and sealed like the key; both may be personal. `group` is what progress, pause and cancel are
    about, such as one announcement, and must not be personal. With `person` (core.ports.Person.id), the entry is erased
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
    """What became of an entry: a final state, or WAITING until `due`. `failed` counts as an attempt."""

    entry: ClaimedEntry
    state: State
    reason: str = ""
    due: dt.datetime | None = None
    failed: bool = False

    def __post_init__(self) -> None:
        """Reasons are stored and shown: a text, which may be personal, never gets into one."""
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
    """What a topic could do at once: how many entries, and for how long the first of them has been due."""

    depth: int
    oldest: dt.timedelta


class OutboxFigures(Protocol):
    """How the outbox is doing; nothing here gets slower with the entries that are finished."""

    def counts(self, topic: str, group: str | None = None) -> Mapping[State, int]:
        """How many entries of a topic, or of one of its groups, are in each state; purged ones count as done."""

    def backlog(self, now: dt.datetime) -> Mapping[str, Backlog]:
        """What is due in each topic and not paused; topics with nothing due are left out."""

    def reasons(self, topic: str, group: str | None = None) -> Mapping[tuple[State, str], int]:
        """How many entries of a topic, or of one of its groups, came to an end in each state for each reason."""

    def troubles(self) -> Mapping[tuple[str, State, str], int]:
        """How many entries are dead or doubtful, by topic, state and reason."""


class Outbox(OutboxFigures, Protocol):
    """The outbox inside a transaction (core.ports.UnitOfWork): what is not committed did not happen."""

    def put(self, drafts: Iterable[NewEntry]) -> int:
        """Store entries, all at once, but for those whose topic has their key already; how many were new."""

    def claim(
        self, worker: str, topics: Collection[str], limit: int, now: dt.datetime, lease: dt.timedelta
    ) -> tuple[ClaimedEntry, ...]:
        """Take entries that are due and not paused, first due first; nobody else gets them while the lease lasts.

        No entry may be begun before this is committed.
        """

    def renew(self, worker: str, entries: Iterable[ClaimedEntry], until: dt.datetime) -> None:
        """Prolong the lease of what the worker still has in hand."""

    def report(self, reports: Iterable[Result], now: dt.datetime) -> int:
        """Store what became of entries; how many of them were still this claim's.

        A finished entry loses its key, its payload and its person. One that became doubtful when the lease ran out is
        set right by a final report of the same claim. Whatever else comes too late changes nothing.
        """

    def expire(self, now: dt.datetime) -> Mapping[State, int]:
        """End leases that ran out: entries wait again where a repeat is harmless, and are doubtful where not.

        Returns how many came into each state. It counts as a failed attempt, since the entry may be what ends workers.
        """

    def cancel(self, topic: str, group: str) -> int:
        """Remove the entries of a group that are waiting, paused or not; how many. What is in hand goes on."""

    def pause(self, topic: str, group: str) -> None:
        """Hold the entries of a group back, those to come as well; what is in hand goes on."""

    def resume(self, topic: str, group: str) -> None:
        """Let the entries of a group go on."""

    def purge(self, topic: str, before: dt.datetime, limit: int = 1000) -> int:
        """Remove done entries that ended before a moment; how many, `limit` at most. Their keys are free again."""
