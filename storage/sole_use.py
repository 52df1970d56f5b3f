"""Has a database alone, so that nothing changes while it is moved; refuses if anything else has it open."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from core.errors import ConfigurationError, StorageUnavailableError
from storage.engine import Database
from storage.poolers import require_session

_MOVE_LOCK = 7_153_946_203  # of PostgreSQL's advisory locks: an arbitrary number of our own
_WAIT = 1000  # milliseconds to wait for others
_GOING, _LOOK_EVERY = 3.0, 0.05  # seconds that ended connections have to go, and between two looks
_BUSY = "database is locked"  # SQLite's words
_OTHERS = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user "
    "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


@contextmanager
def sole_use(database: Database, name: str) -> Iterator[None]:
    """Let nobody else use the database in the block; `name` tells the operator which one it is.

    SQLite keeps others out of the file. PostgreSQL has no such lock, so whoever holds a table's lock keeps writers out;
    here, anyone of the same user who is connected already is refused, and so is a second move.

    Raises ConfigurationError if something else uses it, before anything has changed.
    """
    if database.is_sqlite:
        _close_file_to_others(database, name)
        yield
        return
    with database.maintaining() as connection:
        require_session(connection)  # which the lock belongs to
        is_ours = connection.execute(sa.select(sa.func.pg_try_advisory_lock(_MOVE_LOCK))).scalar_one()
        if not is_ours or _others_stay(connection):
            raise _in_use(name)
        yield


def _others_stay(connection: sa.Connection) -> bool:
    """True if others are connected. PostgreSQL needs a moment to end connections that were just closed."""
    until = time.monotonic() + _GOING
    while connection.execute(_OTHERS).scalar_one():
        if time.monotonic() > until:
            return True
        time.sleep(_LOOK_EVERY)
    return False


def _close_file_to_others(database: Database, name: str) -> None:
    """Take SQLite's exclusive lock, which the only pooled connection keeps until the database is closed."""
    sa.event.listen(database.engine, "connect", _lock_exclusively)
    try:
        with database.writing():  # the first transaction that may write takes the lock
            pass
    except StorageUnavailableError as error:
        if _BUSY in str(error):
            raise _in_use(name) from None
        raise


def _lock_exclusively(connection: Any, _: object) -> None:
    connection.execute(f"PRAGMA busy_timeout={_WAIT}")
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")


def _in_use(name: str) -> ConfigurationError:
    return ConfigurationError(f"{name} is in use: stop the bot and every other command, then try again.")
