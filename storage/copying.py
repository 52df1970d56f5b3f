"""Copies a whole database to a file while others write, and replaces a database with such a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

from core.errors import ConfigurationError, StorageUnavailableError
from storage.archive import Watch
from storage.connection import Connection
from storage.engine import Database
from storage.schema import MARK, check_finished
from storage.statements.counts import TALLIES
from storage.statements.marks import GET_MARK
from storage.tables import MarkRow, table

if TYPE_CHECKING:
    from storage.postgres_tools import PostgresTools

_PAGES = 2048  # of a SQLite file at a time, so that progress is reported about every 8 MB
_OURS = {"alembic_version", table(MarkRow).name}  # even a new database has rows in these


@dataclass(frozen=True, slots=True)
class Contents:
    """A database's description of itself: its schema revision, its key's mark, its counts by petition and status."""

    revision: str
    mark: bytes
    counts: dict[str, dict[str, int]]


def copy_out(database: Database, file: Path, watch: Watch) -> Contents:
    """Copy the database, as of one moment, to a new file without blocking anyone. Returns the copy's contents."""
    if not database.is_sqlite:
        return _dump(database, file, watch)
    with _copying(), closing(_connect(_file(database))) as source, closing(_connect(file)) as target:
        # The open transaction holds the snapshot: without it, every other write would start the copy over.
        source.execute("BEGIN")
        source.execute("SELECT name FROM sqlite_master").fetchone()
        source.backup(target, pages=_PAGES, progress=_reporter(watch, "Copying"))
    return _contents_of_file(file)


@contextmanager
def _copying() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StorageUnavailableError(f"The database cannot be copied: {error}.") from None


def _contents_of_file(file: Path) -> Contents:
    """The contents of a copied SQLite file. Raises ConfigurationError if it is damaged."""
    copy = Database(f"sqlite:///{file}")
    try:
        with copy.reading() as connection:
            fault = connection.execute(sa.text("PRAGMA integrity_check")).scalar_one()
            if fault == "ok":
                return _contents(connection)
    except StorageUnavailableError as error:
        raise ConfigurationError(str(error)) from None
    finally:
        copy.close()
    raise ConfigurationError(f"The database is damaged: {str(fault).splitlines()[-1]}.")


def _contents(connection: Connection) -> Contents:
    revision = MigrationContext.configure(connection.sqlalchemy).get_current_revision()
    if revision is None:
        raise ConfigurationError("The database is empty: there is nothing to back up.")
    check_finished(connection)
    mark = connection.run(GET_MARK, mark=MARK).scalar_one()
    counts: dict[str, dict[str, int]] = {}
    for row in connection.run(TALLIES):
        counts.setdefault(row.petition, {})[row.status] = int(row.total)
    return Contents(revision, mark, counts)


def copy_in(database: Database, file: Path, counts: Mapping[str, Mapping[str, int]], watch: Watch) -> None:
    """Replace the whole database with a copied file; change nothing if the copy's counts differ from these."""
    if not database.is_sqlite:
        _replace(database, file, counts)
        return
    if _contents_of_file(file).counts != counts:
        raise ConfigurationError("The counts in the archive do not match its manifest: nothing was changed.")
    place = _file(database)
    place.touch(mode=0o600)
    with _copying(), closing(_connect(file)) as source, closing(_connect(place)) as target:
        source.backup(target, pages=_PAGES, progress=_reporter(watch, "Restoring"))  # one transaction on the target


def holds_anything(database: Database) -> bool:
    """Return True if the database has any row that its setup did not write."""
    if database.is_sqlite and not _file(database).exists():
        return False
    with database.reading() as connection:
        names = set(sa.inspect(connection.sqlalchemy).get_table_names()) - _OURS
        has_rows = (sa.select(sa.exists(sa.select(sa.literal(1)).select_from(sa.table(name)))) for name in names)
        return any(connection.execute(query).scalar_one() for query in has_rows)


def _dump(database: Database, file: Path, watch: Watch) -> Contents:
    with database.reading() as connection:
        connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        snapshot = connection.execute(sa.select(sa.func.pg_export_snapshot())).scalar_one()
        watch("Copying", 0, 1)
        _tools(connection, file.parent).dump(file, snapshot)
        watch("Copying", 1, 1)
        return _contents(connection)


def _replace(database: Database, file: Path, counts: Mapping[str, Mapping[str, int]]) -> None:
    with database.reading() as connection:
        tables = sa.inspect(connection.sqlalchemy).get_table_names()
        tools = _tools(connection, file.parent)
    tools.replace(file, tables, counts)


def _tools(connection: Connection, folder: Path) -> PostgresTools:
    from storage.postgres_tools import PostgresTools  # noqa: PLC0415  (a library that only PostgreSQL needs)

    view = connection.sqlalchemy
    driver = view.connection.driver_connection
    return PostgresTools(driver, folder, view.engine.url.query)  # type: ignore[arg-type]  # psycopg's


def _file(database: Database) -> Path:
    return Path(str(database.engine.url.database))


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def _reporter(watch: Watch, step: str) -> Callable[[int, int, int], None]:
    return lambda _, remaining, total: watch(step, total - remaining, total)
