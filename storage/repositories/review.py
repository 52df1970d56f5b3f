"""The repositories of decisions, quarantine, and review; a few statements, however many signatures they affect."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from core.errors import SealError
from core.petition.petition import Decision
from core.signatures.origins import ListedOrigin, Origin, OriginKind, Verdict
from core.signatures.parts import FIRST_PART
from core.signatures.quarantine import Signal, SignalRecord
from core.signatures.review import Plan, Query, StatusChange
from core.signatures.sealed_filter import SignaturePage
from core.signatures.signature import Signature, SignatureStatus
from storage import mappers
from storage.audience_counts import AudienceCounts
from storage.connection import Connection, StatementResult
from storage.contexts import AnyRow
from storage.mappers import stored_label
from storage.repositories.base import Repository, SealingRepository
from storage.statements import review as sql
from storage.statements.signatures import PETITION_OF_RECEIPT
from storage.vault import Vault

_INVALIDATED = (SignatureStatus.COUNTED, SignatureStatus.DUPLICATE, SignatureStatus.QUARANTINED)

_KINDS = [kind.value for kind in OriginKind]


class SqlDecisions(Repository):
    """See core.petition.petition.Decisions."""

    def of(self, petition: str) -> Decision:
        rows: Sequence[AnyRow] | None = self._connection.ahead.take("decisions", petition)
        if rows is None:
            rows = self._run(sql.DECISION, slug=petition).mappings().all()
        return mappers.row_to_decision(rows[0]) if rows else Decision()

    def save(self, petition: str, decision: Decision) -> None:
        self._run(
            sql.SAVE_DECISION, petition=petition, status=decision.status.value, goal=decision.goal,
            words=decision.words, since=decision.since, erased_at=decision.erased_at,
        )  # fmt: skip


class SqlSignals(SealingRepository):
    """See core.signatures.quarantine.Signals."""

    def thresholds(self) -> Mapping[str, int]:
        rows: Iterable[Sequence[Any]] | None = self._connection.ahead.take("thresholds", "")
        return {signal: int(value) for signal, value in (self._run(sql.THRESHOLDS) if rows is None else rows)}

    def set_threshold(self, signal: Signal, value: int) -> None:
        self._run(sql.SET_THRESHOLD, signal=signal.value, value=value)

    def seen(self, petition: str, signal: Signal, key: str, start: dt.datetime, part: int = FIRST_PART) -> int:
        if signal is Signal.BURST:
            key = stored_label(key, self._vault)  # the rows have no other, so the count can be recounted from them
        fingerprint = self._vault.petition_fingerprint(petition, "signal", petition, signal, key)
        total = self._run(
            sql.COUNT_SIGNAL, petition=petition, signal=signal.value, key=fingerprint, start=start, part=part, total=1,
            slug=petition, which=signal.value, whose=fingerprint, since=start, own=part,
        )  # fmt: skip
        return int(total.scalar_one())


class SqlLists(SealingRepository):
    """See core.signatures.origins.Lists."""

    def put(self, listed: ListedOrigin) -> None:
        self._run(
            sql.LIST, kind=listed.origin.kind.value, value=self._veiled(listed.origin),
            verdict=listed.verdict.value, since=listed.since,
        )  # fmt: skip

    def remove(self, origin: Origin) -> bool:
        return self._run(sql.UNLIST, wanted=origin.kind.value, veiled=self._veiled(origin)).rowcount > 0

    def all(self) -> tuple[ListedOrigin, ...]:
        return tuple(
            ListedOrigin(
                Origin(OriginKind(row.kind), self._vault.names.open(row.value, *_list_context(row.kind))),
                Verdict(row.verdict), row.since,
            )
            for row in self._run(sql.LISTED)
        )  # fmt: skip

    def verdicts(self, origins: Sequence[Origin]) -> Mapping[Origin, Verdict]:
        keys = {origin: (origin.kind.value, self._veiled(origin)) for origin in origins}
        rows = self._run(sql.VERDICTS, kinds=_KINDS, values=[value for _, value in keys.values()])
        listed = {(row.kind, row.value): Verdict(row.verdict) for row in rows}
        return {origin: listed[key] for origin, key in keys.items() if key in listed}

    def _veiled(self, origin: Origin) -> str:
        name = stored_label(origin.name, self._vault) if origin.kind is OriginKind.LABEL else origin.name
        return self._vault.names.seal(name, *_list_context(origin.kind.value))


def _list_context(kind: str) -> tuple[str, ...]:
    return "listed.value", kind


class SqlReviews(SealingRepository):
    """See core.signatures.review.Reviews."""

    def __init__(self, connection: Connection, vault: Vault, audience: AudienceCounts) -> None:
        super().__init__(connection, vault)
        self._audience = audience

    def counts(self, query: Query) -> Mapping[SignatureStatus, int]:
        return {SignatureStatus(name): count for name, count in self._run_for(query, sql.counts)}

    def reasons(self, query: Query) -> Mapping[Signal, int]:
        totals = Counter[Signal]()
        for codes, count in self._run_for(query, sql.reasons):
            totals.update({signal: count for signal in Signal if signal in codes.split()})
        return totals

    def records(self) -> Mapping[Signal, SignalRecord]:
        held, accepted = Counter[Signal](), Counter[Signal]()
        for codes, let_in, count in self._run(sql.RECORDS):
            for signal in (signal for signal in Signal if signal in codes.split()):
                held[signal] += count
                accepted[signal] += count if let_in else 0
        return {signal: SignalRecord(count, accepted[signal]) for signal, count in held.items()}

    def first(self, query: Query, count: int) -> tuple[Signature, ...]:
        rows = self._run_for(query, sql.first, most=count).mappings()
        return tuple(mappers.row_to_signature(row, self._vault) for row in rows)

    def page(self, query: Query, most: int, total: int) -> SignaturePage:
        """A page of matching signatures, without those that no known key opens."""
        rows = self._run_for(query, sql.first, most=most).mappings().all()
        opened = []
        for row in rows:
            with suppress(SealError):
                opened.append(mappers.row_to_signature(row, self._vault))
        return SignaturePage(tuple(opened), len(rows), total, rows[-1]["id"] if rows else 0)

    def values(self, query: Query, filter_name: str) -> Mapping[str, int]:
        def build(names: sql.Conditions) -> Any:
            return sql.by_value(names, filter_name)

        return {str(value): int(count) for value, count in self._run_for(query, build)}

    def petition_of(self, receipt: str) -> str | None:
        return self._run(PETITION_OF_RECEIPT, code=receipt).scalar()

    def lock_audience(self, query: Query) -> None:
        self._run_for(query, sql.lock_audience)

    def accept(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        admitted: tuple[StatusChange, ...] = ()
        if query.means_duplicates:
            rows = self._run_for(query, sql.admit, now=now)
            admitted = tuple(self._changes(SignatureStatus.DUPLICATE, rows))
        rows = self._run_for(query, sql.accept, now=now)
        return (*admitted, *self._changes(SignatureStatus.QUARANTINED, rows), *self._settle(query.petition, now))

    def invalidate(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        changes: list[StatusChange] = []
        self._recount_audience(query, _INVALIDATED, -1)
        for status in _INVALIDATED:
            rows = self._run_for(query, sql.invalidate, now=now, before=status.value)
            changes += self._changes(status, rows)
        return (*changes, *self._settle(query.petition, now))

    def restore(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        self._recount_audience(query, (SignatureStatus.INVALID,), +1)
        rows = self._run_for(query, sql.restore, now=now)
        return (*self._changes(SignatureStatus.INVALID, rows), *self._settle(query.petition, now))

    def _recount_audience(self, query: Query, statuses: Sequence[SignatureStatus], sign: int) -> None:
        """Add signatures that are about to change to the audience of announcements, or subtract them.

        Their signers are locked until commit, so that nobody can become unreachable in between. Those who signed or
        agreed to updates since `lock_audience` are locked now, but without waiting, since we hold the petition.
        """
        self._run_for(query, sql.lock_latecomers)
        rows = self._run_for(query, sql.audience, statuses=[status.value for status in statuses])
        self._audience.add_groups(query.petition, [(*group, sign * people) for *group, people in rows])

    def keep(self, code: str, plan: Plan) -> None:
        self._run(
            sql.ADD_PLAN, petition=plan.petition, words=plan.words, at=plan.at, fingerprint=self._fingerprint(code)
        )

    def take(self, code: str) -> Plan | None:
        row = self._run(sql.TAKE_PLAN, code=self._fingerprint(code)).first()
        return Plan(row.petition, row.words, row.at) if row else None

    def _run_for(
        self, query: Query, build: Callable[[sql.Conditions], Any], **values: Any
    ) -> StatementResult:  # fmt: skip
        query = replace(query, labels=tuple(stored_label(label, self._vault) for label in query.labels))
        return self._run(build(sql.conditions(query)), **sql.values(query), **values)

    def _settle(self, petition: str, now: dt.datetime) -> tuple[StatusChange, ...]:
        return self._changes(SignatureStatus.DUPLICATE, self._run(sql.SETTLE, slug=petition, now=now))

    def _changes(self, before: SignatureStatus, rows: StatementResult) -> tuple[StatusChange, ...]:
        return tuple(mappers.rows_to_changes(before, rows.mappings(), self._vault))

    def _fingerprint(self, code: str) -> str:
        return self._vault.fingerprint("plan", code)
