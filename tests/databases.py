"""Migrated databases: copies of one that a process migrates once, since migrating takes longer than most tests do.

Tests of the migrations themselves begin with an empty database, and call `upgrade`.
"""

from __future__ import annotations

import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

from storage.engine import Database
from storage.schema import upgrade

FILE = "undersign.sqlite3"


def migrated_sqlite(folder: Path) -> Database:
    """A new migrated database in a folder, in a file with the product's name."""
    file = folder / FILE
    file.write_bytes(_migrated_file())
    return Database(f"sqlite:///{file}")


@cache
def _migrated_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, FILE)
        with closing(Database(f"sqlite:///{file}")) as database:
            upgrade(database)
        return file.read_bytes()
