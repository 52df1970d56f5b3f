"""Migrated databases: copies of one that a process migrates once, since migrating takes longer than most tests do.

Tests of the migrations themselves begin with an empty database, and call `upgrade`.
"""

from __future__ import annotations

import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from storage.engine import Database
from storage.schema import upgrade

FILE = "undersign.sqlite3"
_COMPILED: dict[object, object] = {}
_DIALECTS: dict[str, sa.Dialect] = {}


def migrated_sqlite(folder: Path) -> Database:
    """A new migrated database in a folder, in a file with the product's name."""
    (folder / FILE).write_bytes(_migrated_file())
    return opened_sqlite(folder)


def opened_sqlite(folder: Path) -> Database:
    """The migrated database in a folder, in a file with the product's name."""
    return sharing_statements(Database(f"sqlite:///{folder / FILE}"))


def sharing_statements(database: Database) -> Database:
    """The database, which compiles no statement that another one of this process has compiled.

    SQLAlchemy keeps compiled statements by dialect, and each engine makes a dialect of its own.
    """
    database.engine.dialect = _dialect(database.engine)
    database.engine = database.engine.execution_options(compiled_cache=_COMPILED)
    return database


def _dialect(engine: sa.Engine) -> sa.Dialect:
    """The dialect that all engines of a kind share, which the first of them has set up."""
    if engine.name not in _DIALECTS:
        with engine.connect():
            _DIALECTS[engine.name] = engine.dialect
    return _DIALECTS[engine.name]


@cache
def _migrated_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, FILE)
        with closing(Database(f"sqlite:///{file}")) as database:
            upgrade(database)
        return file.read_bytes()
