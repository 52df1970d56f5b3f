"""core.outbox on SQL: entries are taken, held on lease and finished, by any number of workers at once.

PostgreSQL passes over rows that another transaction has locked (SKIP LOCKED); on SQLite there is one writer anyway.
Totals of finished entries are kept, and locked after the entries and in one order, so that nobody waits in a circle.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.errors import SealError
from core.outbox import FINAL, Backlog, ClaimedEntry, Failure, NewEntry, Result, State, dead
from storage import outbox_statements as sql
from storage.vault import Vault

_CHUNK = 500  # entries in one statement, whose parameters are limited
_EXPIRE = 1000  # leases ended in one transaction


class SqlOutboxFigures:
    """core.outbox.OutboxFigures on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def counts(self, topic: str, group: str | None = None) -> Mapping[State, int]:
        """How many entries of a topic, or of one of its groups, are in each state."""
        found: Counter[State] = Counter()
        statements = (sql.OPEN, sql.TOTALS) if group is None else (sql.OPEN_OF_GROUP, sql.TOTALS_OF_GROUP)
        for statement in statements:
            for state, total in self._connection.execute(statement, {"of": topic, "in": group}):
                found[State(state)] += total
        return +found

    def backlog(self, now: dt.datetime) -> Mapping[str, Backlog]:
        """What is due in each topic and not paused."""
        rows = self._connection.execute(sql.BACKLOG, {"now": now})
        return {row.topic: Backlog(row.depth, now - row.oldest) for row in rows}

    def reasons(self, topic: str, group: str | None = None) -> Mapping[tuple[State, str], int]:
        """How many entries came to an end in each state for each reason."""
        statement = sql.REASONS if group is None else sql.REASONS_OF_GROUP
        rows = self._connection.execute(statement, {"of": topic, "in": group})
        return {(State(row.state), row.reason): row.total for row in rows if row.total}

    def troubles(self) -> Mapping[tuple[str, State, str], int]:
        """How many entries are dead or doubtful, by topic, state and reason."""
        rows = self._connection.execute(sql.TROUBLES)
        return {(row.topic, State(row.state), row.reason): row.total for row in rows if row.total}

    def failures(self, topic: str, after: int = 0, limit: int = 100) -> tuple[Failure, ...]:
        """Dead and doubtful entries, oldest first."""
        rows = self._connection.execute(sql.FAILURES, {"of": topic, "after": after, "most": limit})
        return tuple(
            Failure(one.id, one.topic, one.group, State(one.state), one.reason, one.attempts, one.finished_at)
            for one in rows
        )


class SqlOutbox(SqlOutboxFigures):
    """core.outbox.Outbox on a connection inside a transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        super().__init__(connection)
        self._vault = vault

    def put(self, drafts: Iterable[NewEntry]) -> int:
        """Store entries but for those whose key is there already: the unique index decides that."""
        rows = [self._row(draft) for draft in drafts]
        return len(self._connection.execute(sql.PUT.on(self._connection), rows).all()) if rows else 0

    def claim(
        self, worker: str, topics: Collection[str], limit: int, now: dt.datetime, lease: dt.timedelta
    ) -> tuple[ClaimedEntry, ...]:
        """Take entries that are due; one that no key opens is dead at once."""
        found = self._connection.execute(sql.CLAIMABLE, {"topics": list(topics), "now": now, "most": limit}).all()
        for ids in _chunks([row.id for row in found]):
            self._connection.execute(sql.CLAIM, {"ids": ids, "by": worker, "until": now + lease})
        entries, unreadable = [], []
        for row in found:
            try:
                opened = self._vault.open(row.sealed)
            except SealError:
                unreadable.append(dead(_entry(row, {"key": "", "payload": {}}), SealError.__name__))
            else:
                entries.append(_entry(row, opened))
        self.report(unreadable, now)
        return tuple(entries)

    def renew(self, worker: str, entries: Iterable[ClaimedEntry], until: dt.datetime) -> None:
        """Prolong the lease of what the worker still has in hand."""
        for ids in _chunks(sorted(entry.id for entry in entries)):
            self._connection.execute(sql.RENEW, {"ids": ids, "by": worker, "until": until})

    def report(self, reports: Iterable[Result], now: dt.datetime) -> int:
        """Store what became of entries, as far as they are still this claim's."""
        told = {(one.entry.id, one.entry.claim): one for one in reports}
        ids = sorted({id_ for id_, _ in told})
        held = {row.id: row for some in _chunks(ids) for row in self._connection.execute(sql.HELD, {"ids": some})}
        taken = [one for (id_, _), one in told.items() if id_ in held and _is_ours(one, held[id_])]
        totals: Counter[tuple[str, str, str, str]] = Counter()
        for one in taken:
            if one.state in FINAL:
                totals[one.entry.topic, one.entry.group, one.state, one.reason] += 1
            if held[one.entry.id].state == State.DOUBTFUL:
                totals[one.entry.topic, one.entry.group, State.DOUBTFUL, held[one.entry.id].reason] -= 1
        self._wait([one for one in taken if one.state is State.WAITING])
        self._finish([one for one in taken if one.state in FINAL], now)
        self._add(totals)
        return len(taken)

    def expire(self, now: dt.datetime) -> Mapping[State, int]:
        """End leases that ran out."""
        rows = self._connection.execute(sql.EXPIRED, {"now": now, "most": _EXPIRE}).all()
        for ids in _chunks([row.id for row in rows if row.repeat]):
            self._connection.execute(sql.EXPIRE_TO_WAITING, {"ids": ids, "now": now})
        lost = [row for row in rows if not row.repeat]
        for ids in _chunks([row.id for row in lost]):
            values = {"state": State.DOUBTFUL, "why": sql.LEASE_EXPIRED, "failed": 1, "now": now}
            self._connection.execute(sql.FINISH, {"ids": ids, **values})
        self._add(Counter((row.topic, row.group, State.DOUBTFUL.value, sql.LEASE_EXPIRED) for row in lost))
        return +Counter({State.WAITING: len(rows) - len(lost), State.DOUBTFUL: len(lost)})

    def cancel(self, topic: str, group: str) -> int:
        """Remove the entries of a group that are waiting."""
        return self._connection.execute(sql.CANCEL, {"of": topic, "in": group}).rowcount

    def pause(self, topic: str, group: str) -> None:
        """Hold the entries of a group back."""
        self._connection.execute(sql.PAUSE.on(self._connection), {"topic": topic, "group": group})

    def resume(self, topic: str, group: str) -> None:
        """Let the entries of a group go on."""
        self._connection.execute(sql.RESUME, {"of": topic, "in": group})

    def purge(self, topic: str, before: dt.datetime, limit: int = 1000) -> int:
        """Remove done entries that ended before a moment."""
        return self._connection.execute(sql.PURGE, {"of": topic, "before": before, "most": limit}).rowcount

    def _row(self, draft: NewEntry) -> dict[str, Any]:
        return {
            "topic": draft.topic.name,
            "key": self._vault.fingerprint("outbox", draft.topic.name, draft.key),
            "group": draft.group,
            "signer_id": draft.person,
            "repeat": draft.topic.repeat,
            "state": State.WAITING.value,
            "reason": "",
            "attempts": 0,
            "claim": 0,
            "worker": "",
            "sealed": self._vault.seal({"key": draft.key, "payload": dict(draft.payload)}),
            "due": draft.due,
        }

    def _wait(self, reports: Sequence[Result]) -> None:
        """Give entries back until they are due."""
        values = [
            {"entry": one.entry.id, "at": one.due or one.entry.due, "why": one.reason, "failed": int(one.failed)}
            for one in reports
        ]
        if values:
            self._connection.execute(sql.WAIT, values)

    def _finish(self, reports: Sequence[Result], now: dt.datetime) -> None:
        """End entries, all that end alike in one statement."""
        alike: dict[tuple[str, str, int], list[int]] = {}
        for one in reports:
            alike.setdefault((one.state.value, one.reason, int(one.failed)), []).append(one.entry.id)
        for (state, why, failed), found in alike.items():
            for ids in _chunks(found):
                values = {"ids": ids, "state": state, "why": why, "failed": failed, "now": now}
                self._connection.execute(sql.FINISH, values)

    def _add(self, totals: Mapping[tuple[str, str, str, str], int]) -> None:
        statement = sql.ADD_TO_TOTAL.on(self._connection)
        for (topic, group, state, reason), change in sorted(totals.items()):
            values = {"topic": topic, "group": group, "state": state, "reason": reason, "total": change}
            self._connection.execute(statement, values)


def _entry(row: sa.Row[*tuple[Any, ...]], opened: Mapping[str, Any]) -> ClaimedEntry:
    """The entry as it stands after the claim."""
    return ClaimedEntry(
        row.id, row.topic, opened["key"], row.group, opened["payload"], row.due, row.repeat, row.attempts, row.claim + 1
    )


def _is_ours(report: Result, row: sa.Row[*tuple[Any, ...]]) -> bool:
    """Whether the claim still holds, or gave way only to doubt, which a final report ends."""
    in_hand = row.state == State.SENDING or report.state in FINAL
    return bool(row.claim == report.entry.claim and in_hand)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
