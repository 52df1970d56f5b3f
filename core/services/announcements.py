"""Announcements on their way through the outbox: one entry per recipient, checked again before sending."""

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
from core.signatures.signature import SignatureStatus, Signer

BATCH = 1000
"""Recipients handled in one transaction: few enough that signers do not have to wait."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to send, and its recipient."""

    to: Signer
    view: View


class UnwantedError(Exception):
    """The recipient must no longer get this message; the text is a short code for the reason."""


@dataclass(frozen=True)
class AnnouncementService:
    """The workers' part of announcements; every public method is one transaction."""

    signing: SigningService

    def fan_out(self, number: int) -> bool:
        """Add entries for the next recipients, each only once; True if there may be more."""
        with self.signing.work() as work:
            announcement = work.announcements.hold(number)
            if announcement is None or announcement.complete or announcement.state is AnnouncementState.CANCELLED:
                return False
            page = work.announcements.recipients(announcement.petition, announcement.after, BATCH)
            work.outbox.put(
                [self._entry(announcement, recipient) for recipient in page if _is_addressed(announcement, recipient)]
            )
            last = page[-1].signature if page else announcement.after
            work.announcements.save(replace(announcement, after=last, complete=len(page) < BATCH))
            work.commit()
        return len(page) == BATCH

    def letter(self, number: int, person_id: int) -> Letter:
        """The current message for a person.

        Raises:
            UnwantedError: they, or the organizers, changed their mind.
            PetitionUnreadableError: the petition's folder has errors at the moment.
        """
        with self.signing.work() as work:
            announcement, person = work.announcements.get(number), work.signers.get(person_id)
            petition = self.signing.find(announcement.petition) if announcement else None
            if announcement is None or person is None or petition is None:
                raise UnwantedError("Gone")
            if announcement.state is AnnouncementState.CANCELLED:
                raise UnwantedError("Cancelled")
            signature = next(
                (signature for signature in work.signatures.standing(person) if signature.petition == petition.slug),
                None,
            )
            if signature and signature.status is SignatureStatus.INVALID:
                raise UnwantedError("Cancelled")
            if signature is None or not signature.updates:
                raise UnwantedError("OptedOut")
            if not person.reachable:
                raise UnwantedError("Blocked")
        locale = person.locale or signature.locale
        screen = announcement_screen(petition, announcement.words, locale)
        return Letter(person.signer, View(screen, locale, lasting=True))

    def mark_unreachable(self, person_id: int) -> None:
        """Mark a person as unreachable until they write again."""
        with self.signing.work() as work:
            person = work.signers.get(person_id)
            if person and person.reachable:
                work.signers.set_reachable(person, reachable=False)
                work.commit()

    def _entry(self, announcement: Announcement, to: Recipient) -> NewEntry:
        payload = {"announcement": announcement.id, "person": to.person}
        key = f"{announcement.id}:{to.person}"
        return NewEntry(TO_PERSON[to.platform], key, self.signing.clock(), payload, announcement.group, to.person)


def _is_addressed(announcement: Announcement, recipient: Recipient) -> bool:
    return recipient.platform in WRITABLE and announcement.audience.takes(recipient.locale, recipient.label)
