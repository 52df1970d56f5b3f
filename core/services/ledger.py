"""The ledger changes signatures and counts together, so the tally always equals the signatures that count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.errors import StorageUnavailableError
from core.outreach.milestones import cross, passed
from core.petition.trial import is_trial
from core.ports import Person, UnitOfWork
from core.signatures.breakdowns import Facet, HourlyCount, arrival_of, facets_of
from core.signatures.consent import Consent
from core.signatures.household import MayShare, never, place_for, places_of
from core.signatures.parts import ALL_PARTS, FIRST_PART, MARGIN, PARTS, part_of
from core.signatures.review import Query, StatusChange
from core.signatures.signature import Signature, SignatureStatus
from core.signatures.trends import origins_of


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every change of the count, inside a transaction.

    Each change first locks parts of the petition (core.signatures.parts), because a status is certain only while one is
    held. Whatever may change other people's signatures, or make the count fall, holds all of them. Trials change no
    count.
    """

    work: UnitOfWork
    now: dt.datetime

    def sign(self, person: Person, signature: Signature, may_share: MayShare = never) -> None:
        """Store a signature with its number; it does not count if its mailbox already does, or if it is suspicious.

        `may_share` says who may share a mailbox (core.signatures.household). The status changes none of the statements,
        so the time that signing takes does not give it away. Two people may get the same number if they sign at the
        same moment.
        """
        slug, part = signature.petition, part_of(person.id)
        if is_trial(slug):
            self._store(person, signature, may_share)
            return
        counted = self._lock_part(slug, part, places_of(signature.mailbox or ""))
        signature = self._store(person, replace(signature, number=counted + 1), may_share)
        self.work.tallies.add(slug, signature.status, 1, part)
        change = int(signature.status is SignatureStatus.COUNTED)
        self._record(signature, slug, {signature.status: 1}, part)
        self._arrive(signature, slug, 1, part)
        self._cross(slug, counted, counted + change)

    def _store(self, person: Person, signature: Signature, may_share: MayShare) -> Signature:
        """Store a signature with its first status; again with another if someone just took its place in the mailbox."""
        while True:
            placed = self._placed(signature, may_share)
            if self.work.signatures.add(person, placed):
                return placed

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
        counted = self.work.tallies.lock(signature.petition, ALL_PARTS)
        signature = next(current for current in self.work.signatures.standing(person) if current.id == signature.id)
        changes = self.work.signatures.withdraw(signature, self.now)
        self.work.log.queue_withdrawal(signature.petition, signature.id or 0)
        if len(changes) == 1:  # the same statements as if another signature counted from now on
            changes = (*changes, replace(changes[0], count=0))
        self._apply(signature.petition, counted, changes, part_of(person.id))

    def set_updates(self, person: Person, signature: Signature, consent: Consent) -> None:
        """Store the signer's choice about updates; the statements are the same for a signature that doesn't count."""
        if is_trial(signature.petition):
            self.work.signatures.set_updates(signature, consent)
            return
        part = part_of(person.id)
        self.work.tallies.lock(signature.petition, (part,))
        before, after = self.work.signatures.set_updates(signature, consent)
        counted = int(before.status is SignatureStatus.COUNTED)
        for choice, change in ((before.opt_in, -counted), (after.opt_in, counted)):
            self.work.breakdowns.count(signature.petition, before.day, {Facet.UPDATES: choice}, change, part)

    def accept(self, query: Query) -> tuple[StatusChange, ...]:
        """Let signatures in quarantine count; returns the changes."""
        return self._decide(query, self.work.reviews.accept)

    def invalidate(self, query: Query) -> tuple[StatusChange, ...]:
        """Make signatures invalid; returns the changes, with those of signatures that now count instead."""
        return self._decide(query, self.work.reviews.invalidate, changes_audience=True)

    def restore(self, query: Query) -> tuple[StatusChange, ...]:
        """Undo an invalidation; returns the changes."""
        return self._decide(query, self.work.reviews.restore, changes_audience=True)

    def _decide(
        self, query: Query, decide: Callable[[Query, dt.datetime], tuple[StatusChange, ...]], *,
        changes_audience: bool = False,
    ) -> tuple[StatusChange, ...]:  # fmt: skip
        """Put a decision in force; nobody decides about trials."""
        if is_trial(query.petition):
            return ()
        if changes_audience:
            self.work.reviews.lock_audience(query)  # people come before parts in the order of locks
        counted = self.work.tallies.lock(query.petition, ALL_PARTS)
        return self._apply(query.petition, counted, decide(query, self.now), FIRST_PART)

    def _lock_part(self, petition: str, part: int, mailboxes: Sequence[str]) -> int:
        """Lock a signer's part until commit, or all parts if a milestone is near; returns the count.

        Signers with other parts may be about to commit. So a signer with a single part never has a signature that
        reaches a milestone, and one with all parts knows the count (docs/design/storage.md).
        """
        tallies = self.work.tallies
        if passed(counted := tallies.of(petition).counted, counted + MARGIN):
            return tallies.lock(petition, ALL_PARTS, mailboxes)
        counted = tallies.lock(petition, (part,), mailboxes)
        if passed(counted, counted + PARTS):
            raise StorageUnavailableError("A milestone came near while this signature waited: sign again.")
        return counted

    def _apply(
        self, petition: str, before: int, changes: tuple[StatusChange, ...], part: int
    ) -> tuple[StatusChange, ...]:  # fmt: skip
        counted = before
        for change in changes:
            self.work.tallies.add(petition, change.before, -change.count, part)
            self.work.tallies.add(petition, change.after, change.count, part)
            step = (change.after is SignatureStatus.COUNTED) - (change.before is SignatureStatus.COUNTED)
            counted += step * change.count
            self._record(change, petition, {change.before: -change.count, change.after: change.count}, part)
            if change.after is SignatureStatus.WITHDRAWN and change.count:
                self._arrive(change, petition, -change.count, part)
        self._cross(petition, before, counted)
        return changes

    def _cross(self, petition: str, before: int, after: int) -> None:
        cross(self.work.milestones, self.work.outbox, petition, before, after, self.now)

    def _record(
        self, what: Signature | StatusChange, petition: str, statuses: Mapping[SignatureStatus, int], part: int
    ) -> None:
        """Count signatures in the hour and on the day in which they were signed, for organizers.

        Later withdrawals and decisions belong to that day, too.
        """
        for status, change in statuses.items():
            hourly = HourlyCount(what.hour, what.platform, what.locale, status, change)
            self.work.tallies.add_hourly(petition, hourly, part)
        counted = statuses.get(SignatureStatus.COUNTED, 0)
        self.work.breakdowns.count(petition, what.day, facets_of(what), counted, part)

    def _arrive(self, what: Signature | StatusChange, petition: str, change: int, part: int) -> None:
        """Count the signatures that came through a link or a community, for everyone else; and by origin, for trends.

        Signers were told that they signed, so all their signatures count here, whatever their status.
        """
        self.work.trends.count(petition, what.hour, origins_of(what), change, part)
        if what.label:
            self.work.tallies.credit(petition, what.label, change, part)
            self.work.breakdowns.count(petition, what.day, arrival_of(what), change, part)
