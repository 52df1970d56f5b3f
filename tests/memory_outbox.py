"""The outbox in memory, for tests/fakes.py."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from core.outbox import FINAL, Backlog, ClaimedEntry, NewEntry, Result, State, again, doubtful


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
    """The committed values of the outbox; `last_id` is shared with everything else that has ids."""

    outbox: dict[int, Stored]
    outbox_totals: Counter[tuple[str, str, State, str]]
    outbox_pauses: set[tuple[str, str]]
    last_id: int


@dataclass
class MemoryOutbox:
    """core.outbox.Outbox."""

    store: OutboxStore

    def put(self, drafts: Iterable[NewEntry]) -> int:
        known = {(stored.entry.topic, stored.entry.key) for stored in self.store.outbox.values()}
        before = self.store.last_id
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
        due = [
            stored.entry
            for stored in self._due(now)
            if stored.entry.topic in topics and not (stored.worker and stored.until and stored.until >= now)
        ]
        first = sorted(due, key=lambda entry: (entry.due, entry.id))[:limit]
        claimed = [replace(entry, claim=entry.claim + 1) for entry in first]
        for entry in claimed:
            self._change(entry.id, entry=entry, worker=worker, until=now + lease)
        return tuple(claimed)

    def begin(self, entries: Iterable[ClaimedEntry], until: dt.datetime) -> frozenset[int]:
        held = set()
        for entry in entries:
            stored = self.store.outbox.get(entry.id)
            if stored and stored.worker and (stored.state, stored.entry.claim) == (State.WAITING, entry.claim):
                self._change(entry.id, state=State.SENDING, until=until)
                held.add(entry.id)
        return frozenset(held)

    def renew(self, worker: str, entries: Iterable[ClaimedEntry], until: dt.datetime) -> None:
        for entry in entries:
            stored = self.store.outbox.get(entry.id)
            if stored and stored.worker == worker:
                self._change(entry.id, until=until)

    def report(self, reports: Iterable[Result], now: dt.datetime) -> int:
        return sum(self._report(report, now) for report in reports)

    def _report(self, report: Result, now: dt.datetime) -> bool:
        stored, final = self.store.outbox.get(report.entry.id), report.state in FINAL
        ours = stored is not None and stored.entry.claim == report.entry.claim
        if not (stored and ours) or not (stored.worker or (final and stored.state is State.DOUBTFUL)):
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
        self._change(
            entry.id, entry=entry, person=person, state=report.state, reason=report.reason, worker="", until=now
        )
        return True

    def expire(self, now: dt.datetime) -> Mapping[State, int]:
        lost = [
            stored
            for stored in self.store.outbox.values()
            if stored.state is State.SENDING and stored.until and stored.until < now
        ]
        for entry in (stored.entry for stored in lost):
            why = "LeaseExpired"
            self._report(again(entry, now, why) if entry.repeat else doubtful(entry, why), now)
        return Counter(State.WAITING if stored.entry.repeat else State.DOUBTFUL for stored in lost)

    def cancel(self, topic: str, group: str) -> int:
        waiting = [
            id_
            for id_, stored in self.store.outbox.items()
            if (stored.entry.topic, stored.entry.group, stored.state) == (topic, group, State.WAITING)
        ]
        for id_ in waiting:
            del self.store.outbox[id_]
        return len(waiting)

    def pause(self, topic: str, group: str) -> None:
        self.store.outbox_pauses.add((topic, group))

    def resume(self, topic: str, group: str) -> None:
        self.store.outbox_pauses.discard((topic, group))

    def purge(self, topic: str, before: dt.datetime, limit: int = 1000) -> int:
        done = [
            stored for stored in self.store.outbox.values() if (stored.entry.topic, stored.state) == (topic, State.DONE)
        ]
        expired = [stored.entry.id for stored in done if stored.until and stored.until < before][:limit]
        for id_ in expired:
            del self.store.outbox[id_]
        return len(expired)

    def counts(self, topic: str, group: str | None = None) -> Mapping[State, int]:
        totals: Counter[State] = Counter()
        for (of, within, state, _), total in self.store.outbox_totals.items():
            totals[state] += total if of == topic and group in (None, within) else 0
        for stored in self.store.outbox.values():
            if stored.entry.topic == topic and group in (None, stored.entry.group) and stored.state not in FINAL:
                totals[stored.state] += 1
        return +totals

    def backlog(self, now: dt.datetime) -> Mapping[str, Backlog]:
        due: dict[str, list[dt.datetime]] = {}
        for stored in self._due(now):
            due.setdefault(stored.entry.topic, []).append(stored.entry.due)
        return {topic: Backlog(len(moments), now - min(moments)) for topic, moments in due.items()}

    def reasons(self, topic: str, group: str | None = None) -> Mapping[tuple[State, str], int]:
        totals: Counter[tuple[State, str]] = Counter()
        for (of, within, state, reason), total in self.store.outbox_totals.items():
            totals[state, reason] += total if of == topic and group in (None, within) else 0
        return +totals

    def troubles(self) -> Mapping[tuple[str, State, str], int]:
        totals: Counter[tuple[str, State, str]] = Counter()
        for (of, _, state, reason), total in self.store.outbox_totals.items():
            totals[of, state, reason] += total if state in (State.DEAD, State.DOUBTFUL) else 0
        return +totals

    def _due(self, now: dt.datetime) -> list[Stored]:
        return [
            stored
            for stored in self.store.outbox.values()
            if stored.state is State.WAITING
            and stored.entry.due <= now
            and (stored.entry.topic, stored.entry.group) not in self.store.outbox_pauses
        ]

    def _change(self, id_: int, **changes: Any) -> None:
        self.store.outbox[id_] = replace(self.store.outbox[id_], **changes)
