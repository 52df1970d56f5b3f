"""Sends announcements by way of the outbox: an entry for everybody, each looked at again before it is sent."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.conversation.screen import View
from core.outbox import NewEntry
from core.outreach.announcement import (
    TO_PERSON,
    Announcement,
    AnnouncementState,
    Recipient,
    announcement_screen,
)
from core.platforms import WRITABLE
from core.services.signing import SigningService
from core.signatures.signature import Signer

BATCH = 1000
"""Recipients looked at in one transaction: few enough that signers do not wait for it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be sent, and to which account."""

    to: Signer
    shown: View


class UnwantedError(Exception):
    """Somebody is not to be written to any more; the text is a short code that says why."""


@dataclass(frozen=True)
class AnnouncementService:
    """What workers do about announcements; every public method is one transaction."""

    signing: SigningService

    def fan_out(self, number: int) -> bool:
        """Put entries for the next recipients; whether there may be more. What was put before is not put again."""
        with self.signing.work() as work:
            found = work.announcements.hold(number)
            if found is None or found.complete or found.state is AnnouncementState.CANCELLED:
                return False
            page = work.announcements.recipients(found.petition, found.after, BATCH)
            work.outbox.put([self._entry(found, one) for one in page if _is_addressed(found, one)])
            last = page[-1].signature if page else found.after
            work.announcements.save(replace(found, after=last, complete=len(page) < BATCH))
            work.commit()
        return len(page) == BATCH

    def letter(self, number: int, person_id: int) -> Letter:
        """What to send to somebody now. Raises UnwantedError where they, or organizers, changed their mind."""
        with self.signing.work() as work:
            found, person = work.announcements.get(number), work.signers.get(person_id)
            petition = self.signing.petitions.get(found.petition) if found else None
            if found is None or person is None or petition is None:
                raise UnwantedError("Gone")
            if found.state is AnnouncementState.CANCELLED:
                raise UnwantedError("Cancelled")
            signature = next((one for one in work.signatures.standing(person) if one.petition == petition.slug), None)
            if signature is None or not signature.updates:
                raise UnwantedError("OptedOut")
            if not person.reachable:
                raise UnwantedError("Blocked")
        locale = person.locale or signature.locale
        return Letter(person.signer, View(announcement_screen(petition, found.words, locale), locale))

    def mark_unreachable(self, person_id: int) -> None:
        """Remember that somebody cannot be written to, until they write themselves."""
        with self.signing.work() as work:
            person = work.signers.get(person_id)
            if person and person.reachable:
                work.signers.set_reachable(person, reachable=False)
                work.commit()

    def _entry(self, announcement: Announcement, to: Recipient) -> NewEntry:
        payload = {"announcement": announcement.id, "person": to.person}
        key = f"{announcement.id}:{to.person}"
        return NewEntry(TO_PERSON[to.platform], key, self.signing.clock(), payload, announcement.group, to.person)


def _is_addressed(announcement: Announcement, one: Recipient) -> bool:
    return one.platform in WRITABLE and announcement.audience.takes(one.locale, one.label)
