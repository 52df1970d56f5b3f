"""Quarantine and review on SQL (core.signatures); a few statements, however many signatures are meant."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping

import sqlalchemy as sa

from core.signatures.quarantine import Signal
from core.signatures.review import Plan, Query, StatusChange
from core.signatures.signature import Signature, SignatureStatus
from storage import mappers
from storage import review_statements as sql
from storage.statements import per_dialect, upsert
from storage.tables import PlanRow, SignalRow, ThresholdRow, table
from storage.vault import Vault

_THRESHOLDS, _SIGNALS, _PLANS = table(ThresholdRow), table(SignalRow), table(PlanRow)
_ALL_THRESHOLDS = sa.select(_THRESHOLDS.c.signal, _THRESHOLDS.c.value)
_SET_THRESHOLD = upsert(_THRESHOLDS)
_SEEN = per_dialect(
    _SIGNALS,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["petition", "signal", "key", "start"], set_={"total": _SIGNALS.c.total + 1}
    ).returning(_SIGNALS.c.total),
)
_INVALIDATED = (SignatureStatus.COUNTED, SignatureStatus.DUPLICATE, SignatureStatus.QUARANTINED)


class SqlSignals:
    """core.signatures.quarantine.Signals."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    def thresholds(self) -> Mapping[str, int]:
        """The thresholds that organizers changed, by signal."""
        return {row.signal: row.value for row in self._connection.execute(_ALL_THRESHOLDS)}

    def set_threshold(self, signal: Signal, value: int) -> None:
        """Change a threshold from now on."""
        self._connection.execute(_SET_THRESHOLD.on(self._connection), {"signal": signal.value, "value": value})

    def seen(self, petition: str, signal: Signal, key: str, start: dt.datetime) -> int:
        """Count one more of this key in the window that begins then; the new total."""
        printed = self._vault.fingerprint("signal", petition, signal, key)
        values = {"petition": petition, "signal": signal.value, "key": printed, "start": start, "total": 1}
        return int(self._connection.execute(_SEEN.on(self._connection), values).scalar_one())


class SqlReviews:
    """core.signatures.review.Reviews."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    def counts(self, query: Query) -> Mapping[SignatureStatus, int]:
        """How many signatures are meant, by status."""
        status = sql.SIGNATURES.c.status
        rows = self._connection.execute(sa.select(status, sa.func.count()).where(*sql.meant(query)).group_by(status))
        return {SignatureStatus(name): count for name, count in rows}

    def reasons(self, query: Query) -> Mapping[Signal, int]:
        """How many of them each signal speaks against."""
        reason, found = sql.SIGNATURES.c.reason, Counter[Signal]()
        rows = self._connection.execute(sa.select(reason, sa.func.count()).where(*sql.meant(query)).group_by(reason))
        for codes, count in rows:
            found.update({signal: count for signal in Signal if signal in codes.split()})
        return found

    def first(self, query: Query, count: int) -> tuple[Signature, ...]:
        """The oldest of them, with their answers."""
        found = sa.select(sql.SIGNATURES).where(*sql.meant(query)).order_by(sql.SIGNATURES.c.id).limit(count)
        rows = self._connection.execute(found).mappings()
        return tuple(mappers.row_to_signature(row, self._vault) for row in rows)

    def petition_of(self, receipt: str) -> str | None:
        """The petition that a receipt is about."""
        found = sa.select(sql.SIGNATURES.c.petition).where(sql.SIGNATURES.c.receipt == receipt)
        return self._connection.execute(found).scalar()

    def accept(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        """Let those in quarantine count; of several with one mailbox the oldest, unless it is counted already."""
        rows = self._connection.execute(sql.accept(query), {"now": now})
        return (*sql.moved(SignatureStatus.QUARANTINED, rows, self._vault), *self._settled(query.petition, now))

    def invalidate(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        """Make those that count, wait or are duplicates invalid; their mailboxes go to duplicates that are left."""
        gone: list[StatusChange] = []
        for status in _INVALIDATED:
            rows = self._connection.execute(sql.invalidate(query, status), {"now": now})
            gone += sql.moved(status, rows, self._vault)
        return (*gone, *self._settled(query.petition, now))

    def restore(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        """Take the invalid ones back: those that nobody accepted wait again, all others count where they may."""
        rows = self._connection.execute(sql.restore(query), {"now": now})
        return (*sql.moved(SignatureStatus.INVALID, rows, self._vault), *self._settled(query.petition, now))

    def keep(self, code: str, plan: Plan) -> None:
        """Keep a plan under a code that nobody can guess."""
        values = {"petition": plan.petition, "words": plan.words, "at": plan.at, "fingerprint": self._print(code)}
        self._connection.execute(sa.insert(_PLANS), values)

    def take(self, code: str) -> Plan | None:
        """The plan of a code, which is used up by that; None for a code that is none, or not any more."""
        gone = sa.delete(_PLANS).where(_PLANS.c.fingerprint == self._print(code)).returning(_PLANS)
        row = self._connection.execute(gone).first()
        return Plan(row.petition, row.words, row.at) if row else None

    def _settled(self, petition: str, now: dt.datetime) -> tuple[StatusChange, ...]:
        heirs = self._connection.execute(sql.SETTLE, {"slug": petition, "now": now})
        return tuple(sql.moved(SignatureStatus.DUPLICATE, heirs, self._vault))

    def _print(self, code: str) -> str:
        return self._vault.fingerprint("plan", code)
