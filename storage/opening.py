"""Prepares petition keys when a database is opened, before anyone signs."""

from __future__ import annotations

from core.errors import ConfigurationError
from storage.connection import Connection
from storage.engine import Database
from storage.key_files import DESTROYED
from storage.key_names import named_keys
from storage.petition_keys import PetitionKeys
from storage.schema import lock_migrations
from storage.sealing import key_id
from storage.statements.counts import PETITIONS
from storage.statements.marks import GET_MARK, SET_MARK
from storage.statements.sealed import MAILBOXES, NEWEST_COUNTED, SET_MAILBOX
from storage.vault import Vault

_BATCH = 1000
_RENEWED = "mailboxes"
"""The name of the mark that says that every mailbox has its petition's fingerprint."""


def prepare_petition_keys(database: Database, vault: Vault) -> None:
    """Check that the petitions' keys are there, and make the mailboxes' fingerprints depend on them.

    Raises ConfigurationError if a key is missing, or the one that makes fingerprints can't be unwrapped: otherwise
    people would sign with a second key, and nobody would notice the loss of the first.
    """
    if vault.petition_keys is None:
        return
    vault.petition_keys.check()
    with database.reading() as connection:
        for slug in connection.run(PETITIONS).scalars().all():
            sealed = connection.run(NEWEST_COUNTED, slug=slug).scalar()
            if sealed and (identity := key_id(sealed)):
                require_key(vault.petition_keys, slug, identity)
        for slug, ids in named_keys(connection).items():
            for identity in sorted(ids):
                require_key(vault.petition_keys, slug, identity)
    vault.petition_keys.check_unwrapped()
    with database.writing() as connection:
        lock_migrations(connection)
        if connection.run(GET_MARK, mark=_RENEWED).first() is None:
            _renew_mailboxes(connection, vault.within(connection))
            connection.run(SET_MARK, name=_RENEWED, sealed=b"")
            connection.commit()


def require_key(keys: PetitionKeys, petition: str, identity: bytes) -> None:
    """Raise ConfigurationError if a petition's key is neither there nor destroyed."""
    if not keys.knows(identity):
        raise ConfigurationError(
            f"The key of the petition {petition} is missing in {keys.folder}, which all processes share: put it back. "
            f'If it is lost for good, add the line "{identity.hex()} {petition}" to {keys.folder / DESTROYED}.'
        )


def _renew_mailboxes(connection: Connection, vault: Vault) -> None:
    """Replace the fingerprints that older versions made with the installation's key alone."""
    after = 0
    while rows := connection.run(MAILBOXES, after=after, most=_BATCH).all():
        new = [{"signature": row.id, "box": vault.petition_fingerprint_of(row.petition, row.mailbox)} for row in rows]
        connection.run_each(SET_MAILBOX, new)
        after = rows[-1].id
