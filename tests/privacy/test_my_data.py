"""Every column of every table is in the file of /mydata, or docs/design/privacy.md says why it isn't.

The test changes a column of a stored person and makes the file again. The column is in the file if the file changes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from bots.papers.data_page import as_json
from core.conversation import state as ev
from core.conversation.data_file import data_file
from core.outbox import NewEntry, Topic
from core.signatures.signature import SignatureStatus
from storage.contexts import IDENTITIES, context_of
from storage.engine import Database
from storage.statements import own_data as sql
from storage.tables import ConversationRow, OutboxRow, SignatureRow, SignerRow, UtcDateTime, table
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.world import NOW, TREES, World, petitions

PRIVACY = Path(__file__).parents[2] / "docs" / "design" / "privacy.md"
HEADER = "| table | columns | why it isn't in the file |"
REASONS = ("not personal", "a judgment", "about organizers, who read it with `/", "the proof has the entry")
READ = {table(row).name for row in (SignerRow, SignatureRow, ConversationRow, OutboxRow)}
"""The tables that the file is made from."""
PATHS = {("signers", "id"), *((name, "signer_id") for name in READ if name != "signers")}
"""The columns that lead to a person's rows; another value leads to another person's."""


@cache
def left_out() -> Mapping[tuple[str, str], str]:
    """The columns that the document lists as not in the file, with the reason."""
    text = PRIVACY.read_text(encoding="utf-8")
    body = text[text.index(HEADER) :].split("\n\n")[0].splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in body]
    listed: dict[tuple[str, str], str] = {}
    for name, columns, reason in rows:
        target = SQLModel.metadata.tables[name.strip("`")]
        for column in target.c.keys() if columns == "all" else re.findall(r"`(\w+)`", columns):
            assert (target.name, column) not in listed, "listed twice"
            listed[target.name, column] = reason
    return listed


def columns() -> Iterator[tuple[str, str, sa.types.TypeEngine[Any]]]:
    """Every column of every table, with its type."""
    for target in SQLModel.metadata.sorted_tables:
        yield from ((target.name, column.name, column.type) for column in target.c)


class Stored:
    """A database with a row of every kind about one person; a change to try is never committed."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database, self.vault = database, vault
        world = World(work=lambda: SqlUnitOfWork(database, vault))
        ada = world.person("Ada", "telegram", "7").about(TREES)
        answers = {"who": "Ada Lovelace", "country": "US", "code": "90210", "role": "tenant", "mail": "ada@example.org"}
        ada.does(ev.Open("news"), ev.Begin(), ev.Answer(answers), ev.SetUpdates(wanted=True), ev.Confirm())
        world.signing.handle(ada.signer, ev.Begin(), TREES, update_id="5")
        with world.work() as work:
            person = work.signers.find(ada.signer)
            assert person
            self.person = person.id
            entry = NewEntry(Topic("files.telegram", repeat=True), "key", NOW, {"form": "csv"}, person=self.person)
            work.outbox.put([entry])
            work.commit()

    def file(self, unit: SqlUnitOfWork) -> str:
        """The file as it is in this transaction."""
        return as_json(data_file(unit.own_data.of(self.person), petitions(), "en", NOW).content)

    def shows(self, name: str, column: str, kind: sa.types.TypeEngine[Any]) -> bool:
        """True if the file changes when this column does."""
        target = sa.table(name, sa.column(column, kind), sa.column("sealed", sa.LargeBinary()))
        owner: Any = sa.column("id" if name == "signers" else "signer_id")
        changed = False
        with SqlUnitOfWork(self.database, self.vault) as unit:
            before, current = self.file(unit), self._value(unit, target, column, owner)
            whole = sa.select(sa.text("*")).select_from(target).where(owner == self.person)
            row = unit.connection.execute(whole).one()
            for value in self._others(name, column, current, kind):
                changes = self._change(name, column, value, row._mapping)
                unit.connection.execute(sa.update(target).where(owner == self.person).values(changes))
                changed |= self.file(unit) != before
        return changed

    def _value(self, unit: SqlUnitOfWork, target: Any, column: str, owner: Any) -> Any:
        (value,) = unit.connection.execute(sa.select(target.c[column]).where(owner == self.person)).one()
        return value

    def _others(self, name: str, column: str, value: Any, kind: sa.types.TypeEngine[Any]) -> Iterator[Any]:
        """Other values that the column may have."""
        match kind:
            case sa.LargeBinary():
                yield value  # which is sealed again
            case sa.Boolean():
                yield not value
            case sa.Integer():
                yield (value or 0) + 1000
            case UtcDateTime():
                yield (value or NOW) + dt.timedelta(days=1)
            case _ if (name, column) == ("signatures", "status"):
                yield from (status.value for status in SignatureStatus if status is not SignatureStatus.WITHDRAWN)
            case _:
                yield f"{value or ''}x"

    def _change(self, name: str, column: str, value: Any, row: sa.RowMapping) -> dict[str, Any]:
        """The change of a column; what is sealed in the row is sealed again for the row as it is then."""
        if column not in (*IDENTITIES[name], "sealed"):
            return {column: value}
        words = self.vault.open_bytes(row["sealed"], *context_of(name, row)).decode()
        changed = words
        if column == "sealed":
            changed = words.replace("Lovelace", "Byron").replace('"news"', '"oaks"').replace("csv", "pdf")
            assert changed != words, "the row has an answer"
        context = context_of(name, {**row, column: value})
        return {column: value, "sealed": self.vault.seal_bytes(changed.encode(), *context)}


def faults(stored: Stored, walked: list[tuple[str, str, sa.types.TypeEngine[Any]]]) -> Iterator[str]:
    """A sentence for each column that is in the file and listed, or neither."""
    for name, column, kind in walked:
        is_listed = (name, column) in left_out()
        is_shown = name in READ and (name, column) not in PATHS and stored.shows(name, column, kind)
        if is_shown and is_listed:
            yield f"{name}.{column} is in the file, but listed as left out"
        if not (is_shown or is_listed):
            yield f"{name}.{column} is neither in the file nor listed with a reason"


@pytest.fixture
def stored(database: Database, vault: Vault) -> Stored:
    return Stored(database, vault)


def test_every_column_is_in_the_file_or_listed_with_its_reason(stored: Stored) -> None:
    assert list(faults(stored, list(columns()))) == []


def test_a_column_that_is_added_is_noticed(stored: Stored) -> None:
    with SqlUnitOfWork(stored.database, stored.vault) as unit:
        for name in READ:
            unit.connection.execute(sa.text(f"ALTER TABLE {name} ADD COLUMN nickname VARCHAR"))
        unit.commit()
    added: list[tuple[str, str, sa.types.TypeEngine[Any]]] = [(name, "nickname", sa.String()) for name in READ]
    assert list(faults(stored, [*added, ("nicknames", "name", sa.String())])) == [
        *(f"{name}.nickname is neither in the file nor listed with a reason" for name in READ),
        "nicknames.name is neither in the file nor listed with a reason",
    ]


def test_each_reason_is_one_of_few() -> None:
    for (name, column), reason in left_out().items():
        assert column in SQLModel.metadata.tables[name].c
        assert reason.startswith(REASONS)


def test_the_file_is_made_from_no_other_table() -> None:
    statements = (sql.ACCOUNT, sql.SIGNATURES, sql.CONVERSATIONS, sql.ENTRIES)
    assert {source.name for one in statements for source in one.get_final_froms()} == READ  # type: ignore[attr-defined]
