"""Copies of the rows that the product erases: some kept counts outlive their rows, and can only be recounted so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from storage.connection import Connection
from storage.tables import ConversationRow, OutboxRow, SignatureRow, table

_DELETED, _EMPTIED = "DELETE ON {name}", "UPDATE OF sealed ON {name}"
_WHEN = {_DELETED: "", _EMPTIED: "WHEN (OLD.sealed IS NOT NULL AND NEW.sealed IS NULL)"}
_KEPT: Mapping[sa.Table, str] = {
    table(ConversationRow): _DELETED,
    table(OutboxRow): _DELETED,
    table(SignatureRow): _EMPTIED,
}
_TRIGGER = "CREATE TRIGGER keep_{name} AFTER {event} FOR EACH ROW {when} "
_FUNCTION = "CREATE FUNCTION keep_{name} () RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {insert}; RETURN NULL; END $$"
_COPIES = sa.MetaData()
_COPY = {
    original: sa.Table(
        f"erased_{original.name}", _COPIES, *(sa.Column(each.name, each.type) for each in original.columns),
        postgresql_with={"autovacuum_enabled": "false"},  # whose samples would outlive the copies
    )
    for original in _KEPT
}  # fmt: skip


def keep_erased_rows(engine: sa.Engine) -> None:
    """Let triggers copy what is deleted, and signatures when they lose their sealed details."""
    _COPIES.create_all(engine)
    with engine.begin() as connection:
        for original, event in _KEPT.items():
            names = {"name": original.name, "event": event.format(name=original.name), "when": _WHEN[event]}
            insert = _insert(original)
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql(f"{_TRIGGER.format(**names)} BEGIN {insert}; END")
            else:
                connection.exec_driver_sql(_FUNCTION.format(name=original.name, insert=insert))
                connection.exec_driver_sql(f"{_TRIGGER.format(**names)} EXECUTE FUNCTION keep_{original.name} ()")


def stop_keeping(engine: sa.Engine) -> None:
    """Drop the triggers and the copies, which the product would have erased."""
    with engine.begin() as connection:
        for original in _KEPT:
            on_table = f" ON {original.name}" if engine.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER keep_{original.name}{on_table}")
            if on_table:
                connection.exec_driver_sql(f"DROP FUNCTION keep_{original.name}")
    _COPIES.drop_all(engine)


def _insert(original: sa.Table) -> str:
    names = [f'"{column.name}"' for column in original.columns]
    values = ", ".join(f"OLD.{name}" for name in names)
    return f"INSERT INTO {_COPY[original].name} ({', '.join(names)}) VALUES ({values})"  # noqa: S608  (our own names)


def rows_ever(connection: Connection, row_table: sa.Table) -> Iterator[sa.RowMapping]:
    """The rows of a table, then those that were erased, as they were."""
    yield from connection.execute(sa.select(row_table)).mappings()
    copy = _COPY[row_table]
    if sa.inspect(connection.sqlalchemy).has_table(copy.name):
        yield from connection.execute(sa.select(copy)).mappings()


def sealed_ever(connection: Connection, row_table: sa.Table) -> Iterator[sa.RowMapping]:
    """The same, without rows that lost their details."""
    return (row for row in rows_ever(connection, row_table) if row["sealed"] is not None)
