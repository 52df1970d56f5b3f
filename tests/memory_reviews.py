"""Quarantine and review in memory: core.signatures.quarantine.Signals and core.signatures.review.Reviews."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.petition.label import PERSONAL, PSEUDONYM, is_personal
from core.signatures.parts import FIRST_PART
from core.signatures.quarantine import Signal, SignalRecord
from core.signatures.review import Plan, Query, StatusChange
from core.signatures.signature import Signature, SignatureStatus

if TYPE_CHECKING:
    from tests.fakes import MemoryStore

COUNTED, DUPLICATE = SignatureStatus.COUNTED, SignatureStatus.DUPLICATE
QUARANTINED, INVALID = SignatureStatus.QUARANTINED, SignatureStatus.INVALID
VALID = (COUNTED, DUPLICATE, QUARANTINED)


def digest(*parts: str) -> str:
    """Stand in for a keyed fingerprint."""
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()


def pseudonym(label: str) -> str:
    """The label as it is stored."""
    return f"own~{digest('label', label)[:16]}" if PERSONAL.fullmatch(label) else label


@dataclass
class MemorySignals:
    """core.signatures.quarantine.Signals."""

    store: MemoryStore

    def thresholds(self) -> Mapping[str, int]:
        return dict(self.store.thresholds)

    def set_threshold(self, signal: Signal, value: int) -> None:
        self.store.thresholds[signal] = value

    def seen(self, petition: str, signal: Signal, key: str, start: dt.datetime, part: int = FIRST_PART) -> int:
        self.store.signals[petition, signal, key, start] += 1
        return self.store.signals[petition, signal, key, start]


@dataclass
class MemoryReviews:
    """core.signatures.review.Reviews."""

    store: MemoryStore

    def counts(self, query: Query) -> Mapping[SignatureStatus, int]:
        return Counter(signature.status for signature in self._matching(query))

    def reasons(self, query: Query) -> Mapping[Signal, int]:
        codes = [code for signature in self._matching(query) for code in signature.reason.split()]
        return Counter(Signal(code) for code in codes)

    def records(self) -> Mapping[Signal, SignalRecord]:
        every = [signature for _, signature in self.store.signatures.values()]
        held = {signal: [one for one in every if signal in one.reason.split()] for signal in Signal}
        return {
            signal: SignalRecord(len(ones), sum(one.accepted for one in ones)) for signal, ones in held.items() if ones
        }

    def first(self, query: Query, count: int) -> tuple[Signature, ...]:
        return tuple(replace(signature, mailbox=None) for signature in self._matching(query)[:count])

    def values(self, query: Query, filter_name: str) -> Mapping[str, int]:
        values = [str(getattr(signature, filter_name)) for signature in self._matching(query)]
        return Counter(value for value in values if value and not PSEUDONYM.fullmatch(value))

    def petition_of(self, receipt: str) -> str | None:
        signatures = (signature for _, signature in self.store.signatures.values())
        return next((signature.petition for signature in signatures if signature.receipt == receipt), None)

    def accept(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        admitted = [
            self._move(replace(signature, accepted=True, mailbox=None), COUNTED)
            for signature in (self._matching(query) if query.means_duplicates else [])
            if signature.status is DUPLICATE
        ]
        waiting = [signature for signature in self._matching(query) if signature.status is QUARANTINED]
        changes = [self._move(replace(signature, accepted=True), self._free(signature)) for signature in waiting]
        return (*admitted, *changes, *self.settle(query.petition))

    def lock_audience(self, query: Query) -> None:
        """Nothing else runs meanwhile."""

    def invalidate(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        valid = [signature for signature in self._matching(query) if signature.status in VALID]
        return (*[self._move(signature, INVALID) for signature in valid], *self.settle(query.petition))

    def restore(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        invalid = [signature for signature in self._matching(query) if signature.status is INVALID]
        changes = [
            self._move(signature, QUARANTINED if signature.is_suspicious else self._free(signature))
            for signature in invalid
        ]
        return (*changes, *self.settle(query.petition))

    def keep(self, code: str, plan: Plan) -> None:
        self.store.plans[code] = plan

    def take(self, code: str) -> Plan | None:
        return self.store.plans.pop(code, None)

    def settle(self, petition: str) -> Iterable[StatusChange]:
        """Let a duplicate count of each mailbox that no counted signature has."""
        signatures = [
            signature
            for _, signature in self.store.signatures.values()
            if signature.petition == petition and signature.mailbox
        ]
        counted = {signature.mailbox for signature in signatures if signature.status is COUNTED}
        duplicates = [signature for signature in signatures if signature.status is DUPLICATE]
        for mailbox in {signature.mailbox for signature in signatures} - counted:
            free = [signature for signature in duplicates if signature.mailbox == mailbox]
            clean = [signature for signature in free if not signature.is_suspicious]
            for heir in clean[:1] or free:
                yield self._move(heir, COUNTED if clean else QUARANTINED)

    def _free(self, signature: Signature) -> SignatureStatus:
        return DUPLICATE if signature.mailbox else COUNTED

    def _move(self, signature: Signature, after: SignatureStatus) -> StatusChange:
        assert signature.id is not None
        owner, before = self.store.signatures[signature.id]
        self.store.signatures[signature.id] = (owner, replace(signature, status=after))
        return StatusChange.of(before, after)

    def _matching(self, query: Query) -> list[Signature]:
        labels = {pseudonym(label) for label in query.labels}
        same = ("status", "platform", "receipt")
        return [
            signature
            for _, signature in self.store.signatures.values()
            if signature.petition == query.petition
            and (query.erased or signature.status is not SignatureStatus.WITHDRAWN)
            and all(getattr(query, name) in (getattr(signature, name), None, "") for name in same)
            and (not labels or signature.label in labels)
            and (not query.own or is_personal(signature.label))
            and (not query.locales or signature.locale in query.locales)
            and (query.reason is None or query.reason in signature.reason.split())
            and (query.since is None or signature.signed_at >= query.since)
            and (query.until is None or signature.signed_at <= query.until)
            and (signature.id or 0) > query.after
            and (not query.ids or signature.id in query.ids)
        ]
