"""Erases what we must not keep any longer: all personal data of a petition, and old signals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

import sqlalchemy as sa

from storage.engine import Database, commit
from storage.mappers import person_to_row, row_to_person, row_to_signer
from storage.statements import retention as sql
from storage.statements.build import run
from storage.vault import Vault

_BATCH = 500  # people in one statement, since the number of parameters is limited


def anonymise_petition(database: Database, vault: Vault, petition: str) -> int:
    """Erase everything that leads from a petition's signatures to people, and keep the counts.

    People not needed for another petition are erased. The others lose their details for prefilling once they have no
    current signature. Returns how many signatures lost their data.
    """
    with database.reading() as connection:
        if not run(connection, sql.ANYBODY, slug=petition).first():
            return 0
    with database.writing() as connection:
        people = [row[0] for row in run(connection, sql.PEOPLE, slug=petition)]
        erased = run(connection, sql.ANONYMISE_PETITION, slug=petition).rowcount
        run(connection, sql.ERASE_CONVERSATIONS, slug=petition)
        run(connection, sql.ERASE_PENDING_STEPS, slug=petition)
        run(connection, sql.ERASE_AUDIENCE, slug=petition)
        _erase_idle(connection, people)
        _forget_details(connection, vault, people)
        commit(connection)
    database.has_traces.set()
    return erased


def drop_signals(database: Database, before: dt.datetime) -> None:
    """Delete the signals of windows that began before a moment, and the plans made before it."""
    with database.writing() as connection:
        run(connection, sql.ERASE_SIGNALS, before=before)
        run(connection, sql.ERASE_PLANS, before=before)
        commit(connection)


def _erase_idle(connection: sa.Connection, people: Sequence[int]) -> None:
    """Erase the people who no longer have a signature or a conversation, and their entries in the outbox."""
    for batch in _batches(people):
        idle = list(run(connection, sql.ERASE_IDLE, people=batch).scalars())
        run(connection, sql.ERASE_ENTRIES, people=idle)


def _forget_details(connection: sa.Connection, vault: Vault, people: Sequence[int]) -> None:
    """Forget the details of the people who no longer have a current signature."""
    for batch in _batches(people):
        for row in run(connection, sql.WITHOUT_SIGNATURE, people=batch).mappings().all():
            forgetful = replace(row_to_person(row, row_to_signer(row, vault), vault), details={})
            run(connection, sql.SAVE_SEALED, signer=row["id"], sealed=person_to_row(forgetful, vault)["sealed"])


def _batches(people: Sequence[int]) -> Iterator[Sequence[int]]:
    return (people[start : start + _BATCH] for start in range(0, len(people), _BATCH))
