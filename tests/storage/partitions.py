"""The schema in PostgreSQL's hash partitions by petition: each key of a partitioned table gets the petition."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  (fills the metadata)
from storage.connection import Connection

PARTITIONS = 3
_PETITION = "petition"


def create_partitioned(connection: Connection) -> None:
    """Replace all tables of a migrated database by empty ones that are partitioned wherever a row has a petition."""
    view, metadata = connection.sqlalchemy, partitioned(SQLModel.metadata)
    SQLModel.metadata.drop_all(view)
    metadata.create_all(view)
    for table in metadata.sorted_tables:
        for number in range(PARTITIONS) if _PETITION in table.c else ():
            view.exec_driver_sql(
                f"CREATE TABLE {table.name}_{number} PARTITION OF {table.name} "
                f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {number})"
            )


def partitioned(metadata: sa.MetaData) -> sa.MetaData:
    """A copy of the tables with partitions and wider keys."""
    wide = sa.MetaData()
    for source in metadata.sorted_tables:
        belongs = _PETITION in source.c
        key = [column.name for column in source.primary_key]
        options: dict[str, Any] = {"postgresql_partition_by": f"HASH ({_PETITION})"} if belongs else {}
        sa.Table(
            source.name, wide, *(_column(column, belongs) for column in source.c), *_references(source),
            sa.PrimaryKeyConstraint(*dict.fromkeys([*key, *([_PETITION] if belongs else [])])),
            *_unique_keys(source, belongs), **options,
        )  # fmt: skip
        for index in source.indexes:
            _copy_index(index, wide.tables[source.name])
    return wide


def _column(column: sa.Column[object], belongs: bool) -> sa.Column[object]:
    if not belongs:
        return column._copy()
    is_number = column.name == "id" and isinstance(column.type, sa.Integer)
    default = column.server_default
    return sa.Column(
        column.name, column.type, nullable=column.nullable, autoincrement=is_number, server_default=default
    )


def _references(source: sa.Table) -> list[sa.ForeignKeyConstraint]:
    """References of a partitioned table; one to another partitioned table names the petition, too."""
    if _PETITION not in source.c:
        return []
    found = []
    for key in source.foreign_keys:
        names, targets = [key.parent.name], [key.target_fullname]
        if _PETITION in key.column.table.c:
            names, targets = [*names, _PETITION], [*targets, f"{key.column.table.name}.{_PETITION}"]
        found.append(sa.ForeignKeyConstraint(names, targets, ondelete=key.ondelete))
    return found


def _unique_keys(source: sa.Table, belongs: bool) -> list[sa.UniqueConstraint]:
    keys = [each for each in source.constraints if isinstance(each, sa.UniqueConstraint)]
    names = ([column.name for column in key.columns] for key in keys if belongs)
    return [sa.UniqueConstraint(*dict.fromkeys([*each, _PETITION])) for each in names]


def _copy_index(index: sa.Index, target: sa.Table) -> None:
    where = index.dialect_options["postgresql"]["where"]
    columns = [target.c[column.name] for column in index.columns]
    sa.Index(index.name, *columns, unique=index.unique, postgresql_where=where)
