"""The repositories of the outbox: any number of workers claim entries on a lease and finish them.

PostgreSQL skips rows that another transaction has locked (SKIP LOCKED); SQLite has only one writer anyway. Totals of
finished entries are locked after the entries and always in the same order, so that two transactions never wait for each
other.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.errors import SealError
from core.outbox import FINAL, Backlog, ClaimedEntry, NewEntry, Result, State, dead
from storage.connection import Connection
from storage.contexts import context_of
from storage.repositories.base import Repository
from storage.statements import outbox as sql
from storage.vault import Vault

_CHUNK = 500  # entries in one statement, since the number of parameters is limited
_EXPIRE = 1000  # leases ended in one transaction


class SqlOutboxFigures(Repository):
    """See core.outbox.OutboxFigures."""

    def counts(self, topic: str, group: str | None = None) -> Mapping[State, int]:
        totals: Counter[State] = Counter()
        statements = (sql.OPEN, sql.TOTALS) if group is None else (sql.OPEN_OF_GROUP, sql.TOTALS_OF_GROUP)
        for statement in statements:
            for state, total in self._run(statement, of_topic=topic, in_group=group):
                totals[State(state)] += total
        return +totals

    def backlog(self, now: dt.datetime) -> Mapping[str, Backlog]:
        rows = self._run(sql.BACKLOG, now=now)
        return {row.topic: Backlog(row.depth, now - row.oldest) for row in rows}

    def reasons(self, topic: str, group: str | None = None) -> Mapping[tuple[State, str], int]:
        statement = sql.REASONS if group is None else sql.REASONS_OF_GROUP
        rows = self._run(statement, of_topic=topic, in_group=group)
        return {(State(row.state), row.reason): row.total for row in rows if row.total}

    def troubles(self) -> Mapping[tuple[str, State, str], int]:
        rows = self._run(sql.TROUBLES)
        return {(row.topic, State(row.state), row.reason): row.total for row in rows if row.total}


class SqlOutbox(SqlOutboxFigures):
    """See core.outbox.Outbox."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        super().__init__(connection)
        self._vault = vault

    def put(self, drafts: Iterable[NewEntry]) -> int:
        rows = [self._row(draft) for draft in drafts]
        return len(self._run_each(sql.PUT, rows).all()) if rows else 0

    def claim(
        self, worker: str, topics: Collection[str], limit: int, now: dt.datetime, lease: dt.timedelta
    ) -> tuple[ClaimedEntry, ...]:
        rows = self._run(sql.CLAIMABLE, topics=list(topics), now=now, most=limit).all()
        for ids in _chunks([row.id for row in rows]):
            self._run(sql.CLAIM, ids=ids, by=worker, until=now + lease)
        entries, unreadable = [], []
        for row in rows:
            try:
                opened = self._vault.open(row.sealed, *context_of("outbox", {"topic": row.topic, "key": row.key}))
            except SealError:
                unreadable.append(dead(_entry(row, {"key": "", "payload": {}}), SealError.__name__))
            else:
                entries.append(_entry(row, opened))
        self.report(unreadable, now)  # an entry that no key opens is dead at once
        return tuple(entries)

    def begin(self, entries: Iterable[ClaimedEntry], until: dt.datetime) -> frozenset[int]:
        claims = {entry.id: entry.claim for entry in entries}
        held: list[int] = []
        for ids in _chunks(sorted(claims)):
            held += [row.id for row in self._run(sql.CLAIMED, ids=ids) if row.claim == claims[row.id]]
        for ids in _chunks(held):
            self._run(sql.BEGIN, ids=ids, until=until)
        return frozenset(held)

    def renew(self, worker: str, entries: Iterable[ClaimedEntry], until: dt.datetime) -> None:
        for ids in _chunks(sorted(entry.id for entry in entries)):
            self._run(sql.RENEW, ids=ids, by=worker, until=until)

    def report(self, reports: Iterable[Result], now: dt.datetime) -> int:
        results = {(result.entry.id, result.entry.claim): result for result in reports}
        ids = sorted({id_ for id_, _ in results})
        rows = {row.id: row for chunk in _chunks(ids) for row in self._run(sql.HELD, ids=chunk)}
        valid = [result for (id_, _), result in results.items() if id_ in rows and _is_valid(result, rows[id_])]
        totals: Counter[tuple[str, str, str, str]] = Counter()
        for result in valid:
            entry, row = result.entry, rows[result.entry.id]
            if result.state in FINAL:
                totals[entry.topic, entry.group, result.state, result.reason] += 1
            if row.state == State.DOUBTFUL:
                totals[entry.topic, entry.group, State.DOUBTFUL, row.reason] -= 1
        self._wait([result for result in valid if result.state is State.WAITING])
        self._finish([result for result in valid if result.state in FINAL], now)
        self._add(totals)
        return len(valid)

    def expire(self, now: dt.datetime) -> Mapping[State, int]:
        rows = self._run(sql.EXPIRED, now=now, most=_EXPIRE).all()
        for ids in _chunks([row.id for row in rows if row.repeat]):
            self._run(sql.EXPIRE_TO_WAITING, ids=ids, now=now)
        lost = [row for row in rows if not row.repeat]
        for ids in _chunks([row.id for row in lost]):
            self._run(sql.FINISH, ids=ids, state=State.DOUBTFUL, why=sql.LEASE_EXPIRED, failed=1, now=now)
        self._add(Counter((row.topic, row.group, State.DOUBTFUL.value, sql.LEASE_EXPIRED) for row in lost))
        return +Counter({State.WAITING: len(rows) - len(lost), State.DOUBTFUL: len(lost)})

    def cancel(self, topic: str, group: str) -> int:
        return self._run(sql.CANCEL, of_topic=topic, in_group=group).rowcount

    def pause(self, topic: str, group: str) -> None:
        self._run(sql.PAUSE, topic=topic, group=group)

    def resume(self, topic: str, group: str) -> None:
        self._run(sql.RESUME, of_topic=topic, in_group=group)

    def purge(self, topic: str, before: dt.datetime, limit: int = 1000) -> int:
        return self._run(sql.PURGE, of_topic=topic, before=before, most=limit).rowcount

    def _row(self, draft: NewEntry) -> dict[str, Any]:
        name = draft.topic.name
        key = {"topic": name, "key": self._vault.fingerprint("outbox", name, draft.key)}
        return {
            **key,
            "group": draft.group,
            "signer_id": draft.person,
            "repeat": draft.topic.repeat,
            "state": State.WAITING.value,
            "reason": "",
            "attempts": 0,
            "claim": 0,
            "worker": "",
            "sealed": self._vault.seal({"key": draft.key, "payload": dict(draft.payload)}, *context_of("outbox", key)),
            "due": draft.due,
        }

    def _wait(self, results: Sequence[Result]) -> None:
        """Give entries back until they are due."""
        rows = [
            {
                "entry": result.entry.id, "at": result.due or result.entry.due, "why": result.reason,
                "failed": int(result.failed),
            }
            for result in results
        ]  # fmt: skip
        if rows:
            self._run_each(sql.WAIT, rows)

    def _finish(self, results: Sequence[Result], now: dt.datetime) -> None:
        """End entries, with one statement for all that end the same way."""
        alike: dict[tuple[str, str, int], list[int]] = {}
        for result in results:
            alike.setdefault((result.state.value, result.reason, int(result.failed)), []).append(result.entry.id)
        for (state, why, failed), entries in alike.items():
            for ids in _chunks(entries):
                self._run(sql.FINISH, ids=ids, state=state, why=why, failed=failed, now=now)

    def _add(self, totals: Mapping[tuple[str, str, str, str], int]) -> None:
        for (topic, group, state, reason), change in sorted(totals.items()):
            self._run(sql.ADD_TO_TOTAL, topic=topic, group=group, state=state, reason=reason, total=change)


def _entry(row: sa.Row[*tuple[Any, ...]], opened: Mapping[str, Any]) -> ClaimedEntry:
    """The entry after the claim."""
    return ClaimedEntry(
        row.id, row.topic, opened["key"], row.group, opened["payload"], row.due, row.repeat, row.attempts, row.claim + 1
    )


def _is_valid(result: Result, row: sa.Row[*tuple[Any, ...]]) -> bool:
    """Return True if the claim is still valid; a final result also settles an entry that became doubtful."""
    in_hand = row.state != State.DOUBTFUL or result.state in FINAL
    return bool(row.claim == result.entry.claim and in_hand)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
