"""A full disk, as PostgreSQL reports it: at any statement that writes, or not before the commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import LiteralString

import psycopg
from psycopg import sql

_FINE: LiteralString = "BEGIN RETURN NULL; END"
_FULL: LiteralString = "BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END"
_FUNCTION: LiteralString = "CREATE OR REPLACE FUNCTION {} () RETURNS trigger LANGUAGE plpgsql AS {}"
_TRIGGERS: tuple[tuple[str, LiteralString], ...] = (
    ("disk_at_statement", "CREATE TRIGGER {} AFTER INSERT OR UPDATE ON {} FOR EACH STATEMENT EXECUTE FUNCTION {} ()"),
    (
        "disk_at_commit",
        "CREATE CONSTRAINT TRIGGER {} AFTER INSERT OR UPDATE ON {} "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {} ()",
    ),
)
TABLES = ("signatures", "signers", "conversations", "tallies", "outbox")


class FullDiskErrors:
    """Triggers that refuse writes with the error code of a full disk (53100)."""

    def __init__(self, url: str) -> None:
        self._url = url
        for name, trigger in _TRIGGERS:
            self._define(name, _FINE)
            for table in TABLES:
                names = (sql.Identifier(name), sql.Identifier(table), sql.Identifier(name))
                self._execute(sql.SQL(trigger).format(*names))

    @contextmanager
    def reported(self, *, at_commit: bool) -> Iterator[None]:
        """Let writes fail until the block ends."""
        name = _TRIGGERS[at_commit][0]
        self._define(name, _FULL)
        try:
            yield
        finally:
            self._define(name, _FINE)

    def _define(self, name: str, body: LiteralString) -> None:
        self._execute(sql.SQL(_FUNCTION).format(sql.Identifier(name), sql.Literal(body)))

    def _execute(self, statement: sql.Composed) -> None:
        """Run it on a connection of its own, since outages break those that are open."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(statement)
