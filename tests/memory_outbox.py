"""The outbox in memory, for tests/fakes.py."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from core.outbox import FINAL, Backlog, ClaimedEntry, Failure, NewEntry, Result, State, again, doubtful


@dataclass(frozen=True)
class Stored:
    """An entry of the outbox; `until` is the end of its lease, or when it was finished."""

    entry: ClaimedEntry
    person: int | None
    state: State = State.WAITING
    reason: str = ""
    worker: str = ""
    until: dt.datetime | None = None


class OutboxStore(Protocol):
    """What is committed of it; `last_id` is shared with all else that has ids."""

    outbox: dict[int, Stored]
    outbox_totals: Counter[tuple[str, str, State, str]]
    outbox_pauses: set[tuple[str, str]]
    last_id: int


@dataclass
class MemoryOutbox:
    """core.outbox.Outbox."""

    store: OutboxStore

    def put(self, drafts: Iterable[NewEntry]) -> int:
        known, before = {(one.entry.topic, one.entry.key) for one in self.store.outbox.values()}, self.store.last_id
        for draft in drafts:
            if (draft.topic.name, draft.key) not in known:
                known.add((draft.topic.name, draft.key))
                self.store.last_id += 1
                entry = ClaimedEntry(
                    self.store.last_id, draft.topic.name, draft.key, draft.group, dict(draft.payload), draft.due,
                    draft.topic.repeat, 0, 0,
                )  # fmt: skip
                self.store.outbox[entry.id] = Stored(entry, draft.person)
        return self.store.last_id - before

    def claim(
        self, worker: str, topics: Collection[str], limit: int, now: dt.datetime, lease: dt.timedelta
    ) -> tuple[ClaimedEntry, ...]:
        due = [one.entry for one in self._due(now) if one.entry.topic in topics]
        claimed = [replace(one, claim=one.claim + 1) for one in sorted(due, key=lambda one: (one.due, one.id))[:limit]]
        for entry in claimed:
            self._change(entry.id, entry=entry, state=State.SENDING, worker=worker, until=now + lease)
        return tuple(claimed)

    def renew(self, worker: str, entries: Iterable[ClaimedEntry], until: dt.datetime) -> None:
        for entry in entries:
            stored = self.store.outbox.get(entry.id)
            if stored and (stored.state, stored.worker) == (State.SENDING, worker):
                self._change(entry.id, until=until)

    def report(self, reports: Iterable[Result], now: dt.datetime) -> int:
        return sum(self._report(one, now) for one in reports)

    def _report(self, report: Result, now: dt.datetime) -> bool:
        stored, final = self.store.outbox.get(report.entry.id), report.state in FINAL
        ours = stored is not None and stored.entry.claim == report.entry.claim
        if not (stored and ours) or stored.state not in (
            (State.SENDING, State.DOUBTFUL) if final else (State.SENDING,)
        ):
            return False
        place = (stored.entry.topic, stored.entry.group)
        if stored.state is State.DOUBTFUL:
            self.store.outbox_totals[*place, State.DOUBTFUL, stored.reason] -= 1
        if final:
            self.store.outbox_totals[*place, report.state, report.reason] += 1
        entry = replace(
            stored.entry, due=report.due or stored.entry.due, attempts=stored.entry.attempts + report.failed
        )
        person = None if final else stored.person
        self._change(entry.id, entry=entry, person=person, state=report.state, reason=report.reason, until=now)
        return True

    def expire(self, now: dt.datetime) -> Mapping[State, int]:
        lost = [
            one for one in self.store.outbox.values() if one.state is State.SENDING and one.until and one.until < now
        ]
        for entry in (one.entry for one in lost):
            why = "LeaseExpired"
            self._report(again(entry, now, why) if entry.repeat else doubtful(entry, why), now)
        return Counter(State.WAITING if one.entry.repeat else State.DOUBTFUL for one in lost)

    def cancel(self, topic: str, group: str) -> int:
        found = [
            id_
            for id_, one in self.store.outbox.items()
            if (one.entry.topic, one.entry.group, one.state) == (topic, group, State.WAITING)
        ]
        for id_ in found:
            del self.store.outbox[id_]
        return len(found)

    def pause(self, topic: str, group: str) -> None:
        self.store.outbox_pauses.add((topic, group))

    def resume(self, topic: str, group: str) -> None:
        self.store.outbox_pauses.discard((topic, group))

    def purge(self, topic: str, before: dt.datetime, limit: int = 1000) -> int:
        done = [one for one in self.store.outbox.values() if (one.entry.topic, one.state) == (topic, State.DONE)]
        gone = [one.entry.id for one in done if one.until and one.until < before][:limit]
        for id_ in gone:
            del self.store.outbox[id_]
        return len(gone)

    def counts(self, topic: str, group: str | None = None) -> Mapping[State, int]:
        found: Counter[State] = Counter()
        for (of, within, state, _), total in self.store.outbox_totals.items():
            found[state] += total if of == topic and group in (None, within) else 0
        for one in self.store.outbox.values():
            if one.entry.topic == topic and group in (None, one.entry.group) and one.state not in FINAL:
                found[one.state] += 1
        return +found

    def backlog(self, now: dt.datetime) -> Mapping[str, Backlog]:
        due: dict[str, list[dt.datetime]] = {}
        for one in self._due(now):
            due.setdefault(one.entry.topic, []).append(one.entry.due)
        return {topic: Backlog(len(moments), now - min(moments)) for topic, moments in due.items()}

    def reasons(self, topic: str, group: str | None = None) -> Mapping[tuple[State, str], int]:
        found: Counter[tuple[State, str]] = Counter()
        for (of, within, state, reason), total in self.store.outbox_totals.items():
            found[state, reason] += total if of == topic and group in (None, within) else 0
        return +found

    def troubles(self) -> Mapping[tuple[str, State, str], int]:
        found: Counter[tuple[str, State, str]] = Counter()
        for (of, _, state, reason), total in self.store.outbox_totals.items():
            found[of, state, reason] += total if state in (State.DEAD, State.DOUBTFUL) else 0
        return +found

    def failures(self, topic: str, after: int = 0, limit: int = 100) -> tuple[Failure, ...]:
        bad = [
            Failure(id_, topic, one.entry.group, one.state, one.reason, one.entry.attempts, one.until)
            for id_, one in sorted(self.store.outbox.items())
            if one.entry.topic == topic and one.state in (State.DEAD, State.DOUBTFUL) and one.until and id_ > after
        ]
        return tuple(bad[:limit])

    def _due(self, now: dt.datetime) -> list[Stored]:
        return [
            one
            for one in self.store.outbox.values()
            if one.state is State.WAITING
            and one.entry.due <= now
            and (one.entry.topic, one.entry.group) not in self.store.outbox_pauses
        ]

    def _change(self, id_: int, **changes: Any) -> None:
        self.store.outbox[id_] = replace(self.store.outbox[id_], **changes)
