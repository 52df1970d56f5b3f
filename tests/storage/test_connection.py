"""Hot statements: the same rows as through SQLAlchemy, plans that use the indexes, and connections that are lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.sql import visitors
from sqlmodel import SQLModel

from core.conversation import state as ev
from core.errors import StorageUnavailableError
from core.signatures.quarantine import Signal
from storage.connection import Connection, Rows, StatementResult
from storage.engine import Database
from storage.statements import people, review, signatures
from storage.statements.build import PerDialect
from storage.statements.hot import HOT
from storage.tables import SignatureRow, table
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.postgres import PostgresServer
from tests.statements import watched
from tests.storage.signers import sign, sql_world
from tests.world import SALESFORCE

CUT_OFF = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
NUMBERED = (people.ADD_SIGNER, signatures.ADD_SIGNATURE)
"""The statements that get a number from the database, which PostgreSQL gives once, even if the row is taken back."""


def as_told(result: StatementResult) -> tuple[list[tuple[Any, ...]], list[list[type]]]:
    """The rows, and the types of their values."""
    rows = [tuple(row) for row in result.all()] if isinstance(result, Rows) or result.returns_rows else []
    return rows, [[type(value) for value in row] for row in rows]


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The ids of hot statements, each of which runs through SQLAlchemy first, is taken back, and is compared."""
    seen = set[int]()

    def comparing(run: Callable[..., StatementResult], values_of: Callable[..., Any]) -> Callable[..., StatementResult]:
        def both(self: Connection, statement: Any, *rows: Any, **values: Any) -> StatementResult:
            if not any(statement is hot for hot in HOT):
                return run(self, statement, *rows, **values)
            with self.savepoint():
                expected = as_told(self.execute(statement, values_of(*rows, **values)))
            result = run(self, statement, *rows, **values)
            told = as_told(result)
            assert told[1] == expected[1]
            assert told[0] == expected[0] or any(statement is each for each in NUMBERED)
            seen.add(id(statement))
            return result

        return both

    monkeypatch.setattr(Connection, "run", comparing(Connection.run, lambda **values: values))
    monkeypatch.setattr(Connection, "run_each", comparing(Connection.run_each, lambda rows: rows))
    return seen


def test_a_hot_statement_returns_what_sqlalchemy_does(database: Database, vault: Vault, compared: set[int]) -> None:
    world = sql_world(database, vault)
    ada, ben = sign(world, "1"), sign(world, "2", "Ben Lovelace")
    ada.does(ev.Open("web"), ev.Show(ev.Overlay.COUNT), ev.Show(ev.Overlay.SHARE))
    world.signing.handle(ada.signer, ev.Show(ev.Overlay.PRIVACY), SALESFORCE, update_id="0")
    ben.does(ev.Withdraw(), ev.Begin(), ev.Confirm())
    world.signing.handle(ada.signer, ev.Forget(), SALESFORCE, update_id="1")
    world.signing.handle(ada.signer, ev.Forget(), SALESFORCE, update_id="1")
    cem = world.person("Cem", user_id="3")
    cem.does(ev.Open("web"), ev.Begin(), ev.Reply("90210"), ev.Confirm())
    with SqlUnitOfWork(database, vault) as work:
        assert work.tallies.credited(SALESFORCE, "web") == 1
        work.conversations.get(work.signers.lock_or_create(ben.signer, world.now), SALESFORCE)
        work.decisions.of(SALESFORCE)
        work.organizers.has(ben.signer)
        work.signals.seen(SALESFORCE, Signal.BURST, "web", world.now)
    missed = [str(getattr(hot, "target", hot)) for hot in HOT if id(hot) not in compared]
    assert missed == []


def test_no_hot_statement_compares_a_value_with_a_column_of_a_partial_index() -> None:
    """SQLite would prepare the statement again each time, and couldn't use the index."""
    columns = {
        column
        for row in SQLModel.metadata.sorted_tables
        for index in row.indexes
        if (where := index.dialect_options["sqlite"]["where"]) is not None
        for column in row.c
        if re.search(rf"\b{column.name}\b", str(where))
    }
    assert table(SignatureRow).c.status in columns
    compared = [
        compiled.sql
        for name in ("sqlite", "postgresql")
        for hot in HOT
        for compiled in [hot.on(name) if isinstance(hot, PerDialect) else hot]
        for part in visitors.iterate(compiled)
        if isinstance(part, sa.BinaryExpression) and part.left in columns and needs_value(part.right)
    ]
    assert compared == []


def needs_value(part: Any) -> bool:
    return isinstance(part, sa.BindParameter) and bool(part.required)


def test_the_hot_statements_use_the_indexes(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    told = list[tuple[str, Sequence[Any]]]()
    database.watch = lambda statement, values: told.append((statement, values))
    sign(world, "1").does(ev.Open("web"))
    with SqlUnitOfWork(database, vault) as work:
        work.signers.find(world.person("Ada", user_id="1").signer)
        connection = work.signers._connection
        if not database.is_sqlite:
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))  # so few rows would be read whole
        words = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        reads = {statement: values for statement, values in told if statement.startswith("SELECT")}
        plans = {statement: repr(connection._send(words + statement, values)) for statement, values in reads.items()}
    walked = [
        plan for plan in plans.values() if re.search(r"\b(SCAN|Seq Scan on) (?!thresholds|read_row|CONSTANT)", plan)
    ]
    assert walked == []
    (mailboxes,) = (plan for statement, plan in plans.items() if "mailbox IN" in statement)
    assert "one_counted_signature_a_mailbox" in mailboxes


@pytest.mark.parametrize("way", ["hot", "sqlalchemy"])
def test_after_a_restart_of_the_server_only_one_call_fails(postgres: PostgresServer, way: str) -> None:
    def look() -> None:
        with database.reading() as connection:
            if way == "hot":
                connection.run(review.DECISION, slug=SALESFORCE)
            else:
                connection.execute(sa.text("SELECT 1"))

    url = postgres.migrated_database()
    with closing(Database(url)) as database:
        with ExitStack() as held:
            for _ in range(5):
                held.enter_context(database.reading())
        with psycopg.connect(url, autocommit=True) as other:
            other.execute(CUT_OFF)
        with pytest.raises(StorageUnavailableError):
            look()
        for _ in range(5):
            look()


def test_a_call_costs_few_statements(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    sign(world, "0")  # the first one also names the petition's key
    ada = world.person("Ada", user_id="1")
    counts, sent = dict[str, int](), list[str]()
    events: tuple[ev.Event, ...] = (ev.Open(), ev.Begin(), ev.Reply("90210"), ev.Confirm())
    for number, event in enumerate(events):
        sent.clear()
        with watched(database, lambda *told: sent.append(told[0])):
            world.signing.handle(ada.signer, event, SALESFORCE, update_id=str(number))
        counts[type(event).__name__] = len(sent)
    locking, parts = (0, 0) if database.is_sqlite else (1, 1)
    assert counts == {"Open": 6 + locking, "Begin": 4 + locking, "Reply": 4 + locking, "Confirm": 10 + locking + parts}


@pytest.mark.parametrize("first", ["hot", "sqlalchemy"])
@pytest.mark.parametrize("second", ["hot", "sqlalchemy"])
def test_a_connection_that_is_lost_in_a_transaction_is_one_error(
    postgres: PostgresServer, vault: Vault, first: str, second: str
) -> None:
    def look(work: SqlUnitOfWork, way: str) -> None:
        if way == "hot":
            work.tallies.of(SALESFORCE)
        else:
            work.log.lock(SALESFORCE)

    url = postgres.migrated_database()
    with closing(Database(url)) as database:
        with pytest.raises(StorageUnavailableError), SqlUnitOfWork(database, vault) as work:
            look(work, first)
            with psycopg.connect(url, autocommit=True) as other:
                other.execute(CUT_OFF)
            look(work, second)
        database.probe()


@pytest.mark.parametrize("way", ["hot", "sqlalchemy"])
def test_a_connection_that_is_lost_before_it_is_given_back_logs_nothing(
    postgres: PostgresServer, caplog: pytest.LogCaptureFixture, way: str
) -> None:
    url = postgres.migrated_database()
    with closing(Database(url)) as database:
        with database.reading() as connection:
            if way == "hot":
                connection.run(review.DECISION, slug=SALESFORCE)
            else:
                connection.execute(sa.text("SELECT 1"))
            with psycopg.connect(url, autocommit=True) as other:
                other.execute(CUT_OFF)
        database.probe()
    assert caplog.records == []
