"""Migrates a database to the current schema, and checks that the key matches the one it was sealed with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from core.errors import ConfigurationError, SealError, StorageUnavailableError
from storage.connection import Connection
from storage.contexts import context_of
from storage.engine import Database
from storage.statements.marks import ADD_MARK, GET_MARK, MOVING, REMOVE_MARK, REMOVE_MARKS, SET_MARK
from storage.tables import MarkRow, table
from storage.vault import Vault

_MIGRATION_LOCK = 7_153_946_201  # of PostgreSQL's advisory locks: an arbitrary number of our own
MARK = "key"
"""The name of the mark that identifies the key a database was sealed with."""
_MARK_CONTEXT = context_of("marks", {"name": MARK})

_NEWER = "The database was written by a newer version of Undersign: use that version."


def upgrade(database: Database, vault: Vault | None = None, revision: str = "head") -> None:
    """Migrate forward. If several processes try at once, one of them does it.

    A migration that changes how existing values are sealed needs the vault.

    Raises:
        ConfigurationError: the file cannot be opened, or a newer version wrote the database.
        StorageUnavailableError: PostgreSQL doesn't answer.
    """
    _run(database, lambda config: command.upgrade(config, revision), vault)


def knows_revision(revision: str) -> bool:
    """Return True if this version can migrate from a revision."""
    try:
        ScriptDirectory.from_config(_config()).get_revision(revision)
    except CommandError:
        return False
    return True


def is_current(database: Database) -> bool:
    """Return True if the database has this version's schema."""
    with database.reading() as connection:
        return has_current_schema(connection)


def has_current_schema(connection: Connection) -> bool:
    """Return True if the database of a connection has this version's schema."""
    found = MigrationContext.configure(connection.sqlalchemy).get_current_revision()
    return found == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _run(database: Database, step: Callable[[Config], None], vault: Vault | None) -> None:
    config = _config()
    config.attributes["vault"] = vault
    try:
        with database.writing() as connection:
            lock_migrations(connection)
            config.attributes["connection"] = connection.sqlalchemy
            step(config)
            connection.commit()
    except StorageUnavailableError as error:
        if not database.is_sqlite:  # it may have gone away for a moment
            raise
        raise ConfigurationError(str(error)) from None
    except DBAPIError as error:
        reason = str(error.orig).splitlines()[0]
        raise ConfigurationError(f"The database cannot be opened: {reason}.") from None
    except CommandError:
        raise ConfigurationError(_NEWER) from None


def lock_migrations(connection: Connection) -> None:
    """Wait until no other process migrates, and keep them waiting until the transaction ends."""
    if not connection.is_sqlite:  # where only one transaction writes anyway
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))


def check_key(database: Database, vault: Vault) -> None:
    """Raise ConfigurationError unless the vault opens the stored data and makes the same fingerprints.

    Raises it also if the database is the unfinished copy of another one.
    """
    mark = vault.seal({"fingerprint": vault.fingerprint("mark")}, *_MARK_CONTEXT)
    with database.writing() as connection:
        check_finished(connection)
        connection.run(ADD_MARK, name=MARK, sealed=mark)
        sealed = connection.run(GET_MARK, mark=MARK).scalar_one()
        connection.commit()
    check_mark(vault, sealed)


def check_mark(vault: Vault, sealed: bytes) -> None:
    """Raise ConfigurationError unless the vault's key sealed this mark of a database."""
    try:
        opened = vault.open(sealed, *_MARK_CONTEXT)
    except SealError:
        raise ConfigurationError(
            "The secret key is not the one this database was sealed with: "
            "set SECRET_KEY to the right one, or put the file secret.key back."
        ) from None
    if opened["fingerprint"] != vault.fingerprint("mark"):
        raise ConfigurationError(
            "SECRET_KEY has its keys in the wrong order: a new key goes in front, the oldest last."
        )


def begin_copy(database: Database, vault: Vault) -> None:
    """Give an empty database the current schema, and mark it as an unfinished copy, at once.

    Raises ConfigurationError as `upgrade` does, and if another key was used with it.
    """

    def begin(config: Config) -> None:
        command.upgrade(config, "head")
        view: sa.Connection = config.attributes["connection"]
        if sealed := view.execute(GET_MARK, {"mark": MARK}).scalar():
            check_mark(vault, sealed)
        view.execute(REMOVE_MARKS)  # those that migrating or opening it left
        view.execute(SET_MARK.on(view.dialect.name), {"name": MOVING, "sealed": b""})

    _run(database, begin, vault)


def end_copy(database: Database) -> None:
    """Let everyone use a copy that is complete."""
    with database.writing() as connection:
        connection.run(REMOVE_MARK, mark=MOVING)
        connection.commit()
    if not database.is_sqlite:
        with database.maintaining() as view:  # otherwise the first queries would have no statistics
            view.execute(sa.text("ANALYZE"))


def is_unfinished(connection: Connection) -> bool:
    """Return True if the database is the copy of another one that isn't complete yet."""
    has_marks = sa.inspect(connection.sqlalchemy).has_table(table(MarkRow).name)
    return has_marks and connection.run(GET_MARK, mark=MOVING).first() is not None


def check_finished(connection: Connection) -> None:
    """Raise ConfigurationError if the database is an unfinished copy."""
    if is_unfinished(connection):
        raise ConfigurationError(
            "The database is the unfinished copy of another one: run `undersign move` again, or use the other one."
        )
