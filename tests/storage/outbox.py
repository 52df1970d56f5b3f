"""An outbox in use, each call in a transaction of its own, for tests of its contract."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from core.outbox import ClaimedEntry, NewEntry, Result, State, Topic
from core.ports import UnitOfWork
from tests.world import NOW

Work = Callable[[], UnitOfWork]
CARD, POST = Topic("card", repeat=True), Topic("post", repeat=False)
LEASE = dt.timedelta(seconds=60)
SECOND = dt.timedelta(seconds=1)


def put(work: Work, *keys: str, topic: Topic = POST, **changes: object) -> int:
    drafts = [replace(NewEntry(topic, key, NOW, {"chat": f"of {key}"}), **changes) for key in keys]  # type: ignore[arg-type]
    with work() as unit:
        new = unit.outbox.put(drafts)
        unit.commit()
    return new


def claim(
    work: Work, limit: int = 100, now: dt.datetime = NOW, worker: str = "w1", *topics: str
) -> tuple[ClaimedEntry, ...]:
    with work() as unit:
        entries = unit.outbox.claim(worker, topics or ("post", "card"), limit, now, LEASE)
        unit.commit()
    return entries


def begin(work: Work, *entries: ClaimedEntry, now: dt.datetime = NOW) -> list[str]:
    """The keys of those that begin."""
    with work() as unit:
        begun = unit.outbox.begin(entries, now + LEASE)
        unit.commit()
    return [entry.key for entry in entries if entry.id in begun]


def report(work: Work, *reports: Result, now: dt.datetime = NOW) -> int:
    with work() as unit:
        stored = unit.outbox.report(reports, now)
        unit.commit()
    return stored


def expire(work: Work, now: dt.datetime) -> dict[State, int]:
    with work() as unit:
        found = unit.outbox.expire(now)
        unit.commit()
    return dict(found)


def counts(work: Work, topic: str = "post", group: str | None = None) -> dict[State, int]:
    with work() as unit:
        return dict(unit.outbox.counts(topic, group))


def keys(entries: tuple[ClaimedEntry, ...]) -> list[str]:
    return [entry.key for entry in entries]
