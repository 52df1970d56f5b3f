"""Destroys the key of a petition once retention has erased it."""

from __future__ import annotations

import logging

from core.errors import SealError
from storage.connection import Connection
from storage.contexts import context_of
from storage.engine import Database
from storage.sealed_rows import find_home
from storage.statements.sealed import ANY_SEALED, PAGES, PEOPLE_OF_KEY
from storage.vault import Vault

log = logging.getLogger(__name__)

_BATCH = 100  # people in one transaction, for which signers wait on SQLite


def has_key(vault: Vault, petition: str) -> bool:
    """Return True if a petition has a key that `destroy_key` would destroy."""
    return vault.petition_keys is not None and vault.petition_keys.has_file(petition)


def destroy_key(database: Database, vault: Vault, petition: str) -> bool:
    """Destroy the key of a petition whose personal data retention has erased; return True if it did.

    People who are needed for another petition are first sealed with that one's key. While anyone's answers are still
    there, or someone who must be moved is just writing, the key stays: try again later.
    """
    keys = vault.petition_keys
    if keys is None or not keys.has_file(petition):
        return False
    moved = [_move_people(database, vault, petition, header) for header in keys.headers(petition)]
    with database.reading() as connection:
        in_use = connection.run(ANY_SEALED, slug=petition).first()
    if in_use or not all(moved):
        return False
    keys.destroy(petition)
    database.has_traces.set()
    return True


def _move_people(database: Database, vault: Vault, petition: str, header: bytes) -> bool:
    """Seal people with another key than an erased petition's; return False if some could not be locked."""
    after, moved_all = 0, True
    while True:
        values = {"header": header, "length": len(header), "after": after, "most": _BATCH}
        with database.reading() as connection:
            people = connection.run(PEOPLE_OF_KEY, **values).scalars().all()
        with database.writing() as connection:
            moved = [_move(connection, vault.within(connection), petition, signer) for signer in people]
            moved_all &= all(moved)
            connection.commit()
        if len(people) < _BATCH:
            return moved_all
        after = people[-1]


def _move(connection: Connection, vault: Vault, petition: str, signer: int) -> bool:
    """Seal a person with another key; return False if they could not be locked.

    A damaged row, which not even the petition's own key opens, stays as it is.
    """
    row = connection.run(PAGES["signers"].lock, after_id=signer).mappings().first()
    if row is None:
        return False
    context, home = context_of("signers", row), find_home(connection, signer, petition)
    if vault.petition_of(row["sealed"]) == petition:
        try:
            content = vault.open_bytes(row["sealed"], *context)
        except SealError:
            log.warning("no key opens signers %d, so it could not be sealed with another key", signer)
            return True
        sealed = vault.seal_bytes(content, *context, petition=home)
        connection.run(PAGES["signers"].save, after_id=signer, resealed=sealed)
    return True
