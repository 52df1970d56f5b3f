"""The ledger changes signatures and counts together, so the tally always equals the signatures that count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from core.outreach.milestones import cross
from core.petition.trial import is_trial
from core.ports import Person, UnitOfWork
from core.signatures.breakdowns import Facet, HourlyCount, arrival_of, facets_of
from core.signatures.consent import Consent
from core.signatures.household import MayShare, never, place_for, places_of
from core.signatures.review import Query, StatusChange
from core.signatures.signature import Signature, SignatureStatus
from core.signatures.trends import origins_of


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every change of the count, inside a transaction.

    The tally's row is the petition's lock. Each change takes it first, because a status is certain only while it is
    held. Trials change no count.
    """

    work: UnitOfWork
    now: dt.datetime

    def sign(self, person: Person, signature: Signature, may_share: MayShare = never) -> None:
        """Store a signature with its number; it does not count if its mailbox already does, or if it is suspicious.

        `may_share` says who may share a mailbox (core.signatures.household). The status changes none of the statements,
        so the time that signing takes does not give it away.
        """
        slug = signature.petition
        if is_trial(slug):
            self.work.signatures.add(person, self._placed(signature, may_share))
            return
        counted = self._lock(slug)
        signature = replace(self._placed(signature, may_share), number=counted + 1)
        self.work.signatures.add(person, signature)
        self.work.tallies.add(slug, signature.status, 1)
        change = int(signature.status is SignatureStatus.COUNTED)
        self._record(signature, slug, {signature.status: 1})
        self._arrive(signature, slug, 1)
        self._cross(slug, counted, counted + change)

    def _placed(self, signature: Signature, may_share: MayShare) -> Signature:
        """The signature with its first status, and with the place in its mailbox that it has or waits for."""
        places = places_of(signature.mailbox or "")
        holders = self.work.signatures.holders(signature.petition, places)
        status = SignatureStatus.QUARANTINED if signature.is_suspicious else SignatureStatus.COUNTED
        if not signature.mailbox:
            return replace(signature, status=status)
        place = place_for(signature, holders, may_share)
        return replace(signature, mailbox=places[place], status=SignatureStatus.DUPLICATE if holders[place] else status)

    def withdraw(self, person: Person, signature: Signature) -> None:
        """Withdraw a signature; if another account gave the same mailbox, its signature counts from now on."""
        if is_trial(signature.petition):
            self.work.signatures.withdraw(signature, self.now)
            return
        # The lock comes first: another signer with the same mailbox may just have withdrawn, so this one now counts.
        counted = self._lock(signature.petition)
        signature = next(current for current in self.work.signatures.standing(person) if current.id == signature.id)
        changes = self.work.signatures.withdraw(signature, self.now)
        self.work.log.queue_withdrawal(signature.petition, signature.id or 0)
        if len(changes) == 1:  # the same statements as if another signature counted from now on
            changes = (*changes, replace(changes[0], count=0))
        self._apply(signature.petition, counted, changes)

    def set_updates(self, signature: Signature, consent: Consent) -> None:
        """Store the signer's choice about updates; the statements are the same for a signature that doesn't count."""
        if is_trial(signature.petition):
            self.work.signatures.set_updates(signature, consent)
            return
        self._lock(signature.petition)
        before, after = self.work.signatures.set_updates(signature, consent)
        counted = int(before.status is SignatureStatus.COUNTED)
        for choice, change in ((before.opt_in, -counted), (after.opt_in, counted)):
            self.work.breakdowns.count(signature.petition, before.day, {Facet.UPDATES: choice}, change)

    def accept(self, query: Query) -> tuple[StatusChange, ...]:
        """Let signatures in quarantine count; returns the changes."""
        return self._decide(query, self.work.reviews.accept)

    def invalidate(self, query: Query) -> tuple[StatusChange, ...]:
        """Make signatures invalid; returns the changes, with those of signatures that now count instead."""
        return self._decide(query, self.work.reviews.invalidate)

    def restore(self, query: Query) -> tuple[StatusChange, ...]:
        """Undo an invalidation; returns the changes."""
        return self._decide(query, self.work.reviews.restore)

    def _decide(
        self, query: Query, decide: Callable[[Query, dt.datetime], tuple[StatusChange, ...]]
    ) -> tuple[StatusChange, ...]:
        """Put a decision in force; nobody decides about trials."""
        if is_trial(query.petition):
            return ()
        counted = self._lock(query.petition)
        return self._apply(query.petition, counted, decide(query, self.now))

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
            self._record(change, petition, {change.before: -change.count, change.after: change.count})
            if change.after is SignatureStatus.WITHDRAWN and change.count:
                self._arrive(change, petition, -change.count)
        self._cross(petition, before, counted)
        return changes

    def _cross(self, petition: str, before: int, after: int) -> None:
        cross(self.work.milestones, self.work.outbox, petition, before, after, self.now)

    def _record(
        self, what: Signature | StatusChange, petition: str, statuses: Mapping[SignatureStatus, int]
    ) -> None:  # fmt: skip
        """Count signatures in the hour and on the day in which they were signed, for organizers.

        Later withdrawals and decisions belong to that day, too.
        """
        for status, change in statuses.items():
            self.work.tallies.add_hourly(petition, HourlyCount(what.hour, what.platform, what.locale, status, change))
        counted = statuses.get(SignatureStatus.COUNTED, 0)
        self.work.breakdowns.count(petition, what.day, facets_of(what), counted)

    def _arrive(self, what: Signature | StatusChange, petition: str, change: int) -> None:
        """Count the signatures that came through a link or a community, for everyone else; and by origin, for trends.

        Signers were told that they signed, so all their signatures count here, whatever their status.
        """
        self.work.trends.count(petition, what.hour, origins_of(what), change)
        if what.label:
            self.work.tallies.credit(petition, what.label, change)
            self.work.breakdowns.count(petition, what.day, arrival_of(what), change)
