"""Wipes what erasing leaves behind: SQLite's log and copies of rows that moved, and dead rows in PostgreSQL's files.

SQLite overwrites a deleted row in its file (secure_delete), but not the places that the row had before its page was
rebuilt. Its log keeps older versions of pages until it is truncated. PostgreSQL keeps a dead row until VACUUM,
and even then its bytes stay in the page until new ones overwrite them. So a file or table of up to WHOLE bytes is
rewritten, which keeps writers waiting for about a second. For larger ones people would have to wait too long.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from core.errors import StorageUnavailableError
from storage.engine import Database
from storage.poolers import is_pooled

TABLES = (
    "signatures", "signers", "conversations", "outbox", "plans", "log_links", "log_exclusions", "log_batches",
    "inline_cards",
)  # fmt: skip
"""The tables whose rows are erased, or lose what is sealed in them."""
WHOLE = 64 << 20
_WAIT = 200  # milliseconds to wait for readers, since others wait behind us meanwhile
_HORIZON = re.compile(r"(?:removable cutoff|oldest xmin): (\d+)")
_XIDS = 1 << 32  # PostgreSQL's messages give transaction ids modulo this
_LOCKED = "55P03"


def wipe_traces(database: Database) -> bool:
    """Wipe the traces of everything erased since the last time, if anything was.

    Returns False if someone who reads or writes is in the way: try again later. Raises StorageUnavailableError.
    """
    if not database.has_traces.is_set():
        return True
    database.has_traces.clear()  # first, so that an erasure meanwhile sets it again
    wiped = False
    try:
        wiped = _rewrite(database) if database.is_sqlite else _vacuum(database)
    finally:
        if not wiped:
            database.has_traces.set()
    return wiped


def _rewrite(database: Database) -> bool:
    """Rewrite a small file of SQLite, and truncate its log."""
    file = Path(str(database.engine.url.database))
    try:
        with closing(sqlite3.connect(file, timeout=_WAIT / 1000, isolation_level=None)) as connection:
            busy = _truncate_log(connection)  # first: beside a reader, each try would add the whole file to the log
            if not busy and file.stat().st_size <= WHOLE:
                connection.execute("PRAGMA temp_store = MEMORY")  # otherwise the new file would first lie elsewhere
                connection.execute("VACUUM")
                busy = _truncate_log(connection)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            return False
        raise StorageUnavailableError(f"The database's file cannot be rewritten: {error}.") from None
    return not busy


def _truncate_log(connection: sqlite3.Connection) -> bool:
    """Empty SQLite's log; returns True if a reader or writer is in the way."""
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return bool(busy)


def _vacuum(database: Database) -> bool:
    with database.maintaining() as connection, _notices(connection) as notices, _brief_waits(connection) as skipping:
        erased_before = int(connection.exec_driver_sql("SELECT pg_current_xact_id()::text").scalar_one()) % _XIDS
        try:
            for table in TABLES:
                connection.exec_driver_sql(f"VACUUM (VERBOSE{skipping}) {table}")
            horizons = [int(found) for notice in notices for found in _HORIZON.findall(notice)]
            if not all(_has_passed(horizon, erased_before) for horizon in horizons):
                return False  # a reader may still want to see what was erased
            for table in TABLES:
                if connection.exec_driver_sql(f"SELECT pg_total_relation_size('{table}')").scalar_one() <= WHOLE:
                    connection.exec_driver_sql(f"VACUUM (FULL{skipping}) {table}")
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") != _LOCKED:
                raise
            return False
        return not any(notice.startswith(_LOCKED) for notice in notices)


def _has_passed(horizon: int, transaction: int) -> bool:
    """Return True if everything before a transaction is before the horizon; ids start over after 2**32."""
    return (horizon - transaction) % _XIDS < _XIDS // 2


@contextmanager
def _brief_waits(connection: sa.Connection) -> Iterator[str]:
    """Let no lock be waited for at length; gives an option of VACUUM for that.

    Behind a pooler, a setting would be another session's. So there, VACUUM skips what is locked and sends a notice.
    """
    if is_pooled(connection):
        yield ", SKIP_LOCKED"
        return
    connection.exec_driver_sql(f"SET lock_timeout = {_WAIT}")
    try:
        yield ""
    finally:
        connection.exec_driver_sql("RESET lock_timeout")


@contextmanager
def _notices(connection: sa.Connection) -> Iterator[list[str]]:
    """The notices that the server sends meanwhile."""
    notices: list[str] = []
    driver: Any = connection.connection.driver_connection

    def listen(notice: Any) -> None:
        notices.append(f"{notice.sqlstate} {notice.message_primary}\n{notice.message_detail or ''}")

    driver.add_notice_handler(listen)
    try:
        yield notices
    finally:
        driver.remove_notice_handler(listen)
