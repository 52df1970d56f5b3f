"""Where signatures and counts change together, so that the tally always equals the signatures that count."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from core.ports import Happened, Person, UnitOfWork
from core.signing import Signature, SignatureStatus


@dataclass(frozen=True, slots=True)
class Ledger:
    """The signatures of one person inside a transaction."""

    work: UnitOfWork
    person: Person
    now: dt.datetime

    def sign(self, signature: Signature) -> None:
        """Store a signature, numbered; one whose mailbox is counted already is stored too, but not counted."""
        tallies, slug = self.work.tallies, signature.petition
        signature = replace(signature, number=tallies.add(slug, SignatureStatus.COUNTED, 1))
        if self.work.signatures.add(self.person, signature):
            self._record(signature, 1)
            return
        tallies.add(slug, SignatureStatus.COUNTED, -1)
        tallies.add(slug, SignatureStatus.DUPLICATE, 1)
        self.work.signatures.add(self.person, replace(signature, status=SignatureStatus.DUPLICATE))

    def withdraw(self, signature: Signature) -> None:
        """Undo a signature; where another account gave the same mailbox, that one counts from now on."""
        tallies, slug = self.work.tallies, signature.petition
        # The tally's row is the petition's lock. Only behind it is the status sure: whoever shares the mailbox may
        # be withdrawing at this moment, and so have made this signature the counted one.
        tallies.add(slug, SignatureStatus.COUNTED, 0)
        signature = next(one for one in self.work.signatures.standing(self.person) if one.id == signature.id)
        replaced = self.work.signatures.withdraw(signature, self.now)
        tallies.add(slug, signature.status, -1)
        tallies.add(slug, SignatureStatus.WITHDRAWN, 1)
        if signature.status is SignatureStatus.COUNTED:
            self._record(signature, -1)
        if replaced:
            self._record(replaced, 1)
            tallies.add(slug, SignatureStatus.DUPLICATE, -1)
            tallies.add(slug, SignatureStatus.COUNTED, 1)

    def _record(self, signature: Signature, change: int) -> None:
        """Count a signature in its hour, and for the link or community that brought it."""
        hour = self.now.replace(minute=0, second=0, microsecond=0)
        what = Happened(hour, signature.platform, signature.locale, change)
        self.work.tallies.happened(signature.petition, what)
        if signature.label:
            self.work.tallies.credit(signature.petition, signature.label, change)
