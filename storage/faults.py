"""Turns each error that means "not now" into StorageUnavailableError, whichever class the driver gave it.

psycopg chooses the class of an error by its SQLSTATE. A lost connection, a shutdown (57P01 to 57P03), too many
connections (53300), a deadlock, and a serialization failure are an OperationalError; a primary that is still in
recovery (25006) is an InternalError. So are the two results that PgBouncer makes of one FATAL. What is wrong with a
statement itself is a ProgrammingError, a DataError, or an IntegrityError, and is raised as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, InterfaceError, InternalError, OperationalError

from core.errors import StorageDamagedError, StorageUnavailableError

AWAY = (OperationalError, InternalError)
"""Errors that say nothing about the statement: the database is away, full, read-only or broken."""
_READ_ONLY = "25006"
"""PostgreSQL's code for a write on a standby, or on a primary that is still in recovery."""
_DAMAGED = {"SQLITE_NOTADB", "SQLITE_CORRUPT", "XX001", "XX002"}
"""SQLite's names and PostgreSQL's codes for a damaged file."""


@contextmanager
def faults_translated() -> Iterator[None]:
    """Turn every error of the database itself, not of a statement, into StorageUnavailableError."""
    try:
        yield
    except sa.exc.TimeoutError:
        raise StorageUnavailableError("The database cannot be opened: all connections to it are in use.") from None
    except DatabaseError as error:
        if type(error) is DatabaseError or isinstance(error, AWAY):
            raise _translated(error) from None
        raise
    except InterfaceError as error:
        raise _translated(error) from None


def sentence(error: sa.exc.DBAPIError) -> str:
    """A sentence with the first line of the database's own reason."""
    reason = (str(error.orig).splitlines() or ["no reason given"])[0]
    return f"The database {'is damaged' if _is_damaged(error) else 'cannot be opened'}: {reason}."


def _translated(error: sa.exc.DBAPIError) -> StorageUnavailableError:
    return (StorageDamagedError if _is_damaged(error) else StorageUnavailableError)(sentence(error))


def _is_damaged(error: sa.exc.DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None) or ""
    return any(code.startswith(damage) for damage in _DAMAGED)


def leads_elsewhere(error: object) -> bool:
    """Return True if a connection that works must leave the pool: its server is not the primary, or not yet."""
    return getattr(error, "sqlstate", None) == _READ_ONLY


def discard_read_only(engine: sa.Engine) -> None:
    """Let a connection leave the pool if SQLAlchemy ran a statement that its server refused as read-only."""

    @sa.event.listens_for(engine, "handle_error")
    def _on_error(context: Any) -> None:
        if leads_elsewhere(context.original_exception):
            context.is_disconnect = True
