"""The statements that read what is sealed, table by table and page by page."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import SQLModel

from storage.statements.build import bound
from storage.tables import MarkRow, table


def _tables() -> Iterator[sa.Table]:
    """All tables with sealed rows; that of marks is checked at start."""
    return (each for each in SQLModel.metadata.sorted_tables if "sealed" in each.c and each is not table(MarkRow))


def _pages(target: sa.Table) -> tuple[sa.Select[*tuple[object, ...]], sa.Select[*tuple[object, ...]]]:
    key = tuple(target.primary_key)
    first = sa.select(*key, target.c.sealed).order_by(*key).limit(bound("most"))
    after = sa.tuple_(*(sa.bindparam(f"after_{column.name}", type_=column.type) for column in key))
    return first, first.where(sa.tuple_(*key) > after)


PAGES = {target.name: _pages(target) for target in _tables()}
"""The statements for the first page and for the page after a key, by table."""
