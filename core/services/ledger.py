"""The ledger changes signatures and counts together, so the tally always equals the signatures that count."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from core.outreach.milestones import cross
from core.ports import Person, UnitOfWork
from core.signatures.breakdowns import HourlyChange, arrival_of, facets_of
from core.signatures.review import Query, StatusChange
from core.signatures.signature import Signature, SignatureStatus


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every change of the count, inside a transaction.

    The tally's row is the petition's lock. Each change takes it first, because a status is certain only while it is
    held.
    """

    work: UnitOfWork
    now: dt.datetime

    def sign(self, person: Person, signature: Signature) -> None:
        """Store a signature with its number; it does not count if its mailbox already does, or if it is suspicious.

        Its status changes none of the statements, so the time that signing takes does not give it away.
        """
        slug = signature.petition
        counted = self._lock(slug)
        signature = replace(signature, number=counted + 1, status=self._first_status(signature))
        self.work.signatures.add(person, signature)
        self.work.tallies.add(slug, signature.status, 1)
        change = int(signature.status is SignatureStatus.COUNTED)
        self._record(slug, signature, change)
        self._arrive(slug, signature, 1)
        self._cross(slug, counted, counted + change)

    def _first_status(self, signature: Signature) -> SignatureStatus:
        if self.work.signatures.is_counted(signature):
            return SignatureStatus.DUPLICATE
        return SignatureStatus.QUARANTINED if signature.is_suspicious else SignatureStatus.COUNTED

    def withdraw(self, person: Person, signature: Signature) -> None:
        """Withdraw a signature; if another account gave the same mailbox, its signature counts from now on."""
        # The lock comes first: another signer with the same mailbox may just have withdrawn, so this one now counts.
        counted = self._lock(signature.petition)
        signature = next(current for current in self.work.signatures.standing(person) if current.id == signature.id)
        changes = self.work.signatures.withdraw(signature, self.now)
        if len(changes) == 1:  # the same statements as if another signature counted from now on
            changes = (*changes, replace(changes[0], before=changes[0].after, count=0))
        self._apply(signature.petition, counted, changes)

    def accept(self, query: Query) -> tuple[StatusChange, ...]:
        """Let signatures in quarantine count; returns the changes."""
        counted = self._lock(query.petition)
        return self._apply(query.petition, counted, self.work.reviews.accept(query, self.now))

    def invalidate(self, query: Query) -> tuple[StatusChange, ...]:
        """Make signatures invalid; returns the changes, with those of signatures that now count instead."""
        counted = self._lock(query.petition)
        return self._apply(query.petition, counted, self.work.reviews.invalidate(query, self.now))

    def restore(self, query: Query) -> tuple[StatusChange, ...]:
        """Undo an invalidation; returns the changes."""
        counted = self._lock(query.petition)
        return self._apply(query.petition, counted, self.work.reviews.restore(query, self.now))

    def _lock(self, petition: str) -> int:
        """Lock the count until commit, and return it."""
        return self.work.tallies.add(petition, SignatureStatus.COUNTED, 0)

    def _apply(self, petition: str, before: int, changes: tuple[StatusChange, ...]) -> tuple[StatusChange, ...]:
        counted = before
        for change in changes:
            self.work.tallies.add(petition, change.before, -change.count)
            self.work.tallies.add(petition, change.after, change.count)
            step = (change.after is SignatureStatus.COUNTED) - (change.before is SignatureStatus.COUNTED)
            counted += step * change.count
            self._record(petition, change, step * change.count)
            if change.after is SignatureStatus.WITHDRAWN and change.count:
                self._arrive(petition, change, -change.count)
        self._cross(petition, before, counted)
        return changes

    def _cross(self, petition: str, before: int, after: int) -> None:
        cross(self.work.milestones, self.work.outbox, petition, before, after, self.now)

    def _record(self, petition: str, what: Signature | StatusChange, change: int) -> None:
        """Count signatures in their hour and by their facets, for organizers."""
        hour = self.now.replace(minute=0, second=0, microsecond=0)
        self.work.tallies.add_hourly(petition, HourlyChange(hour, what.platform, what.locale, change))
        self.work.breakdowns.count(petition, hour.astimezone(dt.UTC).date(), facets_of(what), change)

    def _arrive(self, petition: str, what: Signature | StatusChange, change: int) -> None:
        """Count the signatures that came through a link or a community, for everyone else.

        Signers were told that they signed, so all their signatures count here, whatever their status.
        """
        if what.label:
            self.work.tallies.credit(petition, what.label, change)
            day = self.now.astimezone(dt.UTC).date()
            self.work.breakdowns.count(petition, day, arrival_of(what), change)
