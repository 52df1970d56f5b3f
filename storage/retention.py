"""Erases what we must not keep any longer: all personal data of a petition, and old signals."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from core.conversation.funnel import PENDING, leave
from core.conversation.state import SIGNING
from core.errors import KeyDestroyedError, SealError
from core.outreach.inline_cards import INLINE_CARDS_KEPT
from core.petition.retention import IDLE, PUBLISHED_KEPT, TRIALS_KEPT
from core.petition.trial import is_trial
from core.signatures.breakdowns import Step
from core.signatures.parts import part_of
from core.signatures.quarantine import KEPT
from core.signatures.signature import SignatureStatus
from core.signatures.trends import TRENDS_KEPT
from core.updates import UPDATES_KEPT
from storage.connection import Connection
from storage.engine import Database
from storage.mappers import person_to_row, row_to_conversation, row_to_person, row_to_signer
from storage.petition_erasure import destroy_key, has_key
from storage.repositories.counts import SqlBreakdowns
from storage.sealed_rows import home_of
from storage.statements import retention as sql
from storage.statements.inline_cards import ERASE_OF_PETITION as ERASE_INLINE_CARDS_OF_PETITION
from storage.statements.inline_cards import ERASE_OLD as ERASE_OLD_INLINE_CARDS
from storage.statements.log import DROP_LINKS, FORGET_PETITION, KEEP_ENTRIES, KEEP_ENTRIES_OF_PETITION
from storage.statements.log import LOCK as LOCK_LOG
from storage.statements.outbox import ERASE_OF_PEOPLE
from storage.statements.people import ERASE_PLANS_NAMING
from storage.vault import Vault

log = logging.getLogger(__name__)

_BATCH = 200  # people in one transaction, for which signers wait on SQLite
_DROPPED = 5000  # old rows deleted in one transaction
_LOG = (LOCK_LOG, KEEP_ENTRIES_OF_PETITION, *FORGET_PETITION)
_TRIAL = (sql.ERASE_SIGNATURES, sql.ERASE_STEPS)
"""The statements for a trial, of which nothing is kept."""
_REST = (sql.ERASE_PENDING_STEPS, sql.ERASE_TRENDS, ERASE_INLINE_CARDS_OF_PETITION, sql.ERASE_AUDIENCE)
"""The statements for what a petition has and people don't."""


def anonymise_petition(database: Database, vault: Vault, petition: str) -> int:
    """Erase everything that leads from a petition's signatures to people, and keep the counts; nothing of trials.

    People not needed for another petition are erased. The others lose their details for prefilling once they have no
    current signature. Returns how many signatures lost their data.

    Each page of people is a transaction, so signers get their turn in between. An interrupted erasure goes on with
    those who are left.
    """
    erased = 0
    for people, signatures in _pages_of_petition(database, petition):
        with database.writing() as connection:
            erased += _anonymise(connection, vault.within(connection), petition, people, signatures)
            connection.commit()
        database.has_traces.set()
    with database.writing() as connection:
        for statement in (*_LOG, *(_TRIAL if is_trial(petition) else ()), *_REST):
            connection.run(statement, slug=petition)
        connection.commit()
    return erased


def _pages_of_petition(database: Database, petition: str) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    """The people of a petition page by page, with their signatures that aren't anonymous yet."""
    for status in SignatureStatus:
        last = 0
        while rows := _page(database, sql.PERSONAL_PAGE, slug=petition, kind=status.value, after=last):
            last = rows[-1].id
            yield sorted({row.signer_id for row in rows if row.signer_id is not None}), [row.id for row in rows]
    last = 0
    while rows := _page(database, sql.TALKED_PAGE, slug=petition, after=last):
        last = rows[-1].signer_id
        yield [row.signer_id for row in rows], []


def _page(database: Database, statement: object, **values: object) -> Sequence[Any]:
    with database.reading() as connection:
        return connection.run(statement, most=_BATCH, **values).all()


def _anonymise(
    connection: Connection, vault: Vault, petition: str, people: Sequence[int], signatures: Sequence[int]
) -> int:
    """Anonymise signatures, and erase what is left about their people and this petition."""
    connection.run(sql.LOCK_PEOPLE, people=people)
    connection.run(LOCK_LOG, slug=petition)
    ids = connection.run(sql.LOCK_PERSONAL, slug=petition, ids=signatures).scalars().all()
    connection.run(sql.ANONYMISE, ids=ids)
    connection.run(KEEP_ENTRIES, ids=ids)
    connection.run(DROP_LINKS, ids=ids)
    connection.run(sql.ERASE_CONVERSATIONS, slug=petition, people=people)
    _erase_idle(connection, people)
    _forget_details(connection, vault, people)
    return len(ids)


def erase_idle_accounts(database: Database, vault: Vault, before: dt.datetime) -> int:
    """Erase the accounts that never signed and have done nothing since a given time; returns their number.

    The search blocks no writers, and each account is checked again under a lock. People with waiting entries in the
    outbox, such as a file that an organizer ordered, are left for later.
    """
    erased, last = 0, 0
    while True:
        with database.reading() as connection:
            found = connection.run(sql.FIND_IDLE, before=before, after=last, most=_BATCH).scalars().all()
        if not found:
            return erased
        with database.writing() as connection:
            locked = connection.run(sql.LOCK_IDLE, before=before, people=found)
            gone = _erase_people(connection, vault, locked.scalars().all())
            connection.commit()
        if gone:
            database.has_traces.set()
        erased += gone
        last = found[-1]


def _erase_people(connection: Connection, vault: Vault, people: Sequence[int]) -> int:
    """Erase people without signatures, and take their unfinished conversations out of the stored counts."""
    breakdowns = SqlBreakdowns(connection, vault)
    erased = connection.run(sql.ERASE_CONVERSATIONS_OF, people=people).mappings().all()
    steps = defaultdict[tuple[str, int], Counter[Step]](Counter)
    for row in erased:
        steps[row["petition"], part_of(row["signer_id"])].update(_leave(row, vault))
    for (petition, part), changes in sorted(steps.items()):  # in one order, against deadlocks
        breakdowns.move(petition, part, changes)
    connection.run(ERASE_PLANS_NAMING, people=people)
    connection.run(ERASE_OF_PEOPLE, people=people)
    connection.run(sql.ERASE_PEOPLE, people=people)
    return len(people)


def _leave(row: sa.RowMapping, vault: Vault) -> Mapping[Step, int]:
    """The changes to the stored counts when a conversation is erased, also one that can't be opened."""
    try:
        conversation = row_to_conversation(row, vault)
    except SealError:
        conversation = None
    if conversation:
        return leave(conversation)
    return {("", PENDING): -1} if row["stage"] in SIGNING else {}


class SqlPersonalData:
    """See core.petition.retention.PersonalData."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database, self._vault = database, vault

    def holds(self, petition: str) -> bool:
        """True if anything about a person is stored for a petition, or old backups can still be opened with its key."""
        with self._database.reading() as connection:
            if connection.run(sql.ANYBODY, slug=petition).first() is not None:
                return True
        return has_key(self._vault, petition)

    def signatures(self, petition: str) -> int:
        """The number of a petition's signatures that can still be traced to a person."""
        with self._database.reading() as connection:
            return int(connection.run(sql.HELD, slug=petition).scalar_one())

    def erase(self, petition: str) -> int:
        """Erase a petition's personal data and destroy its key; see `anonymise_petition` and `destroy_key`."""
        erased = anonymise_petition(self._database, self._vault, petition)
        destroy_key(self._database, self._vault, petition)
        return erased

    def erase_trials(self, drafts: Collection[str], now: dt.datetime) -> int:
        """Erase trials that nobody has touched for a while; `drafts` are the petitions that aren't published yet."""
        with self._database.reading() as connection:
            touched = [(slug, last) for slug, last in connection.run(sql.TRIALS) if is_trial(slug)]
        return sum(
            self.erase(slug) for slug, last in touched
            if last < now - (TRIALS_KEPT if slug in drafts else PUBLISHED_KEPT)
        )  # fmt: skip

    def clean(self, now: dt.datetime) -> int:
        """Erase what was only kept for a while, and idle accounts; returns the number of accounts."""
        drop_signals(self._database, now - KEPT)
        drop_trends(self._database, now - TRENDS_KEPT)
        drop_updates(self._database, now - UPDATES_KEPT)
        drop_inline_cards(self._database, now - INLINE_CARDS_KEPT)
        return erase_idle_accounts(self._database, self._vault, now - IDLE)


def drop_signals(database: Database, before: dt.datetime) -> None:
    """Delete the signals of windows that began before a given time, and the plans made before it."""
    _drop(database, sql.ERASE_SIGNALS, before)
    _drop(database, sql.ERASE_PLANS, before)


def drop_trends(database: Database, before: dt.datetime) -> None:
    """Delete the counts by mail domain and label of hours before a given time."""
    _drop(database, sql.ERASE_OLD_TRENDS, before)


def drop_updates(database: Database, before: dt.datetime) -> None:
    """Delete the fingerprints of updates handled before a given time."""
    _drop(database, sql.ERASE_UPDATES, before)


def _drop(database: Database, statement: sa.Delete, before: dt.datetime) -> None:
    """Delete what is old, a part at a time."""
    dropped = _DROPPED
    while dropped == _DROPPED:
        with database.writing() as connection:
            dropped = connection.run(statement, before=before, most=_DROPPED).rowcount
            connection.commit()


def drop_inline_cards(database: Database, before: dt.datetime) -> None:
    """Forget the inline cards added before a given time."""
    with database.writing() as connection:
        erased = connection.run(ERASE_OLD_INLINE_CARDS, before=before).rowcount
        connection.commit()
    if erased:
        database.has_traces.set()


def _erase_idle(connection: Connection, people: Sequence[int]) -> None:
    """Erase the people who no longer have a signature or a conversation, and their entries in the outbox.

    Kept searches that found any of these people are dropped.
    """
    connection.run(ERASE_PLANS_NAMING, people=people)
    idle = connection.run(sql.ERASE_IDLE, people=people).scalars().all()
    connection.run(ERASE_OF_PEOPLE, people=idle)


def _forget_details(connection: Connection, vault: Vault, people: Sequence[int]) -> None:
    """Forget the details of the people who no longer have a current signature; those that no key opens stay."""
    for row in connection.run(sql.WITHOUT_SIGNATURE, people=people).mappings().all():
        try:
            signer = row_to_signer(row, vault)
        except KeyDestroyedError:  # restored from a backup, and nothing opens the details anymore
            continue
        except SealError:
            log.warning("no key opens signers %d, so its details could not be forgotten", row["id"])
            continue
        person = row_to_person(row, signer, home_of(connection, row, vault), vault)
        forgetful = replace(person, details={})
        connection.run(sql.SAVE_SEALED, signer=row["id"], sealed=person_to_row(forgetful, vault)["sealed"])
