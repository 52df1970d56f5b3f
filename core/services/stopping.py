"""Stops updates to a person because an organizer said so."""

from __future__ import annotations

import datetime as dt

from core.ports import Person, UnitOfWork
from core.services.ledger import Ledger
from core.signatures.consent import Consent, ConsentSubject, UpdatesChoice


def stop_updates(work: UnitOfWork, person: Person, words: str, now: dt.datetime) -> tuple[str, ...]:
    """Turn off all updates to a locked person; returns the petitions.

    The proof of the choice has `words`, which say that the person didn't choose this here.
    """
    standing = sorted(work.signatures.standing(person), key=lambda each: each.petition)  # locks are taken in this order
    wanted, ledger = [each for each in standing if each.wants_updates], Ledger(work, now)
    for signature in wanted:
        consent = Consent(
            ConsentSubject.UPDATES, UpdatesChoice.NO, person.signer.platform, now, person.locale, work.words.keep(words)
        )
        ledger.set_updates(person, signature, consent)
    return tuple(each.petition for each in wanted)
