"""Stops updates to a person because an organizer said so."""

from __future__ import annotations

import datetime as dt

from core.ports import Person, UnitOfWork
from core.signatures.consent import Consent, ConsentSubject, UpdatesChoice


def stop_updates(work: UnitOfWork, person: Person, words: str, now: dt.datetime) -> tuple[str, ...]:
    """Turn off all updates to a locked person; returns the petitions.

    The proof of the choice has `words`, which say that the person didn't choose this here.
    """
    wanted = [each for each in work.signatures.standing(person) if each.wants_updates]
    for signature in wanted:
        consent = Consent(
            ConsentSubject.UPDATES, UpdatesChoice.NO, person.signer.platform, now, person.locale, work.words.keep(words)
        )
        work.signatures.set_updates(signature, consent)
    return tuple(sorted(each.petition for each in wanted))
