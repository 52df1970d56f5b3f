"""Quarantine and review in memory: core.signatures.quarantine.Signals and core.signatures.review.Reviews."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.signatures.quarantine import Signal
from core.signatures.review import Plan, Query, StatusChange
from core.signatures.signature import Signature, SignatureStatus

if TYPE_CHECKING:
    from tests.fakes import MemoryStore

COUNTED, DUPLICATE = SignatureStatus.COUNTED, SignatureStatus.DUPLICATE
QUARANTINED, INVALID = SignatureStatus.QUARANTINED, SignatureStatus.INVALID


@dataclass
class MemorySignals:
    """core.signatures.quarantine.Signals."""

    store: MemoryStore

    def thresholds(self) -> Mapping[str, int]:
        return dict(self.store.thresholds)

    def set_threshold(self, signal: Signal, value: int) -> None:
        self.store.thresholds[signal] = value

    def seen(self, petition: str, signal: Signal, key: str, start: dt.datetime) -> int:
        self.store.signals[petition, signal, key, start] += 1
        return self.store.signals[petition, signal, key, start]


@dataclass
class MemoryReviews:
    """core.signatures.review.Reviews."""

    store: MemoryStore

    def counts(self, query: Query) -> Mapping[SignatureStatus, int]:
        return Counter(one.status for one in self._meant(query))

    def reasons(self, query: Query) -> Mapping[Signal, int]:
        return Counter(Signal(code) for one in self._meant(query) for code in one.reason.split())

    def first(self, query: Query, count: int) -> tuple[Signature, ...]:
        return tuple(replace(one, mailbox=None) for one in self._meant(query)[:count])

    def petition_of(self, receipt: str) -> str | None:
        return next((one.petition for _, one in self.store.signatures.values() if one.receipt == receipt), None)

    def accept(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        found = [one for one in self._meant(query) if one.status is QUARANTINED]
        moves = [self._move(replace(one, accepted=True), self._free(one)) for one in found]
        return (*moves, *self.settle(query.petition))

    def invalidate(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        found = [one for one in self._meant(query) if one.status in (COUNTED, DUPLICATE, QUARANTINED)]
        return (*[self._move(one, INVALID) for one in found], *self.settle(query.petition))

    def restore(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        found = [one for one in self._meant(query) if one.status is INVALID]
        moves = [self._move(one, QUARANTINED if one.is_suspicious else self._free(one)) for one in found]
        return (*moves, *self.settle(query.petition))

    def keep(self, code: str, plan: Plan) -> None:
        self.store.plans[code] = plan

    def take(self, code: str) -> Plan | None:
        return self.store.plans.pop(code, None)

    def settle(self, petition: str) -> Iterable[StatusChange]:
        """Give the mailboxes that no counted signature has to duplicates."""
        alive = [one for _, one in self.store.signatures.values() if one.petition == petition and one.mailbox]
        counted = {one.mailbox for one in alive if one.status is COUNTED}
        for mailbox in {one.mailbox for one in alive} - counted:
            free = [one for one in alive if one.mailbox == mailbox and one.status is DUPLICATE]
            clean = [one for one in free if not one.is_suspicious]
            for heir in clean[:1] or free:
                yield self._move(heir, COUNTED if clean else QUARANTINED)

    def _free(self, signature: Signature) -> SignatureStatus:
        return DUPLICATE if signature.mailbox else COUNTED

    def _move(self, signature: Signature, after: SignatureStatus) -> StatusChange:
        assert signature.id is not None
        owner, before = self.store.signatures[signature.id]
        self.store.signatures[signature.id] = (owner, replace(signature, status=after))
        return StatusChange.of(before, after)

    def _meant(self, query: Query) -> list[Signature]:
        same = ("status", "label", "platform", "locale", "receipt")
        return [
            one
            for _, one in self.store.signatures.values()
            if one.petition == query.petition
            and one.status is not SignatureStatus.WITHDRAWN
            and all(getattr(query, name) in (getattr(one, name), None, "") for name in same)
            and (query.reason is None or query.reason in one.reason.split())
            and (query.since is None or one.signed_at >= query.since)
            and (query.until is None or one.signed_at <= query.until)
            and (one.id or 0) > query.after
        ]
