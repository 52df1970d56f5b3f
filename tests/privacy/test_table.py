"""The table in docs/design/privacy.md, line by line against the schema."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  (fills the metadata)

PRIVACY = Path(__file__).parents[2] / "docs" / "design" / "privacy.md"
HEADER = "| table | columns | how | data | purpose | kept, and what remains | what the thief learns |"
BY_PETITION = {
    ("signers", "sealed"), ("conversations", "sealed"), ("signatures", "sealed"),
    ("signatures", "mailbox"), ("signals", "key"), ("trends", "value"), ("log_links", "sealed"),
    ("log_exclusions", "sealed"), ("inline_cards", "sealed"),
}  # fmt: skip
HOW = {"clear", "keyed", "keyed by petition", "sealed", "sealed by petition"}
PUBLIC_BYTES = {("log_tiles", "data")}
KEYED = {"fingerprint", "mailbox", "key"}


@dataclass(frozen=True)
class Listed:
    """A line of the table."""

    table: str
    columns: tuple[str, ...]
    how: str
    rest: tuple[str, ...]


@cache
def lines() -> tuple[Listed, ...]:
    text = PRIVACY.read_text(encoding="utf-8")
    body = text[text.index(HEADER) :].split("\n\n")[0].splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in body]
    return tuple(
        Listed(row[0].strip("`"), tuple(re.findall(r"`(\w+)`", row[1])), row[2], tuple(row[3:])) for row in rows
    )


@pytest.mark.parametrize("table", sorted(SQLModel.metadata.tables))
def test_every_column_is_listed_once(table: str) -> None:
    columns = {column.name for column in SQLModel.metadata.tables[table].c}
    listed = Counter(column for line in lines() if line.table == table for column in line.columns)
    assert listed.keys() == columns
    assert set(listed.values()) == {1}


def test_no_line_is_about_another_table() -> None:
    assert {line.table for line in lines()} == set(SQLModel.metadata.tables)


@pytest.mark.parametrize("line", lines(), ids=lambda line: f"{line.table}-{line.columns[0]}")
def test_each_line_is_complete_and_says_how_the_columns_are_stored(line: Listed) -> None:
    assert line.how in HOW
    assert len(line.rest) == 4
    assert all(line.rest)
    for name in line.columns:
        column = SQLModel.metadata.tables[line.table].c[name]
        holds_bytes = name == "sealed" or (line.table, name) in PUBLIC_BYTES
        assert isinstance(column.type, sa.LargeBinary) == holds_bytes, "only sealed and public columns hold bytes"
        if name == "sealed":
            assert line.how.split()[0] == "sealed"
        if name in KEYED:
            assert line.how.split()[0] == "keyed"
        assert line.how.endswith("by petition") == ((line.table, name) in BY_PETITION)
