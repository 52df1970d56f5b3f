"""Hot statements on PostgreSQL go together, and do what they would do one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.conversation import state as ev
from core.platforms import Platform
from core.signatures.signature import Signer
from storage import pipeline
from storage.connection import Connection, StatementResult
from storage.engine import ANSWERING, Database
from storage.pipeline import Pipeline, Request
from storage.statements import counts, people
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.effort import scaled
from tests.postgres import PostgresServer
from tests.postgres_proxy import PostgresProxy
from tests.world import NOW, SALESFORCE, World

ADD, WRONG = "INSERT INTO numbers VALUES ($1)", "INSERT INTO numbers VALUES (1 / $1)"
SUM = "SELECT sum(number), $1 FROM numbers"
PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'hot%'"


@pytest.fixture
def driver(postgres: PostgresServer) -> Iterator[psycopg.Connection]:
    """A connection to a database with one table, of numbers."""
    with closing(psycopg.connect(postgres.new_database(), prepare_threshold=None)) as driver:
        driver.execute("CREATE TABLE numbers (number bigint NOT NULL)")
        driver.commit()
        yield driver


@pytest.fixture(params=[True, False], ids=["prepares", "prepares nothing"])
def piped(driver: psycopg.Connection, request: pytest.FixtureRequest) -> Pipeline:
    """A pipeline to it, with and without prepared statements."""
    return Pipeline(driver, prepares=request.param)


def total(piped: Pipeline) -> object:
    return piped.rows(piped.add(SUM, [0]))[0][0]


def test_a_call_makes_few_round_trips(postgres: PostgresServer, vault: Vault) -> None:
    """Two: everything about the person, then everything that changes. First contact and signing need more answers."""
    with (
        PostgresProxy(postgres.migrated_database()).serving() as proxy,
        closing(Database(proxy.address, ANSWERING)) as database,
    ):
        world = World(work=lambda: SqlUnitOfWork(database, vault))
        world.person("Ben").does(ev.Begin(), ev.Reply("90210"), ev.Confirm())  # who has the petition's first rows
        ada = world.person("", user_id="2")
        asked = []
        for event in (ev.Open("web"), ev.Begin(), ev.Reply("Ada Lovelace"), ev.Reply("90210"), ev.Confirm()):
            before = proxy.asked
            ada.does(event)
            asked.append(proxy.asked - before)
    assert asked == [4, 2, 2, 2, 7]


def test_what_waits_runs_before_the_next_answer_and_before_the_commit(
    driver: psycopg.Connection, piped: Pipeline
) -> None:
    piped.add(ADD, [1])
    assert total(piped) == 1
    piped.add(ADD, [2])
    piped.commit()
    driver.rollback()
    assert total(piped) == 3


def test_rows_that_are_asked_for_later_are_as_of_their_turn(piped: Pipeline) -> None:
    piped.add(ADD, [1])
    first = piped.add(SUM, [10])
    piped.add(ADD, [2])
    second = piped.add(SUM, [70_000])
    assert piped.rows(second) == [(3, 70_000)]
    assert piped.rows(first) == [(1, 10)]


def test_an_error_of_a_statement_that_waited_names_it_and_nothing_is_kept(
    driver: psycopg.Connection, piped: Pipeline
) -> None:
    piped.add(ADD, [1])
    piped.add(WRONG, [0])
    lost = piped.add(SUM, [0])
    with pytest.raises(psycopg.errors.DivisionByZero):
        piped.commit()
    assert piped.sql == WRONG
    driver.rollback()
    with pytest.raises(psycopg.Error):
        piped.rows(lost)
    piped.discard()
    driver.rollback()
    assert total(piped) is None


def test_what_is_discarded_is_never_run(piped: Pipeline) -> None:
    piped.add(ADD, [1])
    piped.discard()
    piped.commit()
    assert total(piped) is None


def test_statements_stay_prepared_after_a_rollback_and_few_are(
    driver: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped = Pipeline(driver, prepares=True)
    piped.add(ADD, [1])
    assert total(piped) == 1
    driver.rollback()
    assert driver.execute(PREPARED).fetchone() == (2,)
    monkeypatch.setattr(pipeline, "MOST_PREPARED", 3)
    for number in range(5):
        assert piped.rows(piped.add(f"SELECT $1::int + {number}", [1])) == [(number + 1,)]
    assert driver.execute(PREPARED).fetchone() == (3,)


@pytest.mark.parametrize(
    "change",
    ["ALTER TABLE numbers ALTER number TYPE text USING number::text", "DEALLOCATE ALL"],
    ids=["altered", "gone"],
)
def test_only_one_call_fails_after_a_prepared_statement_has_become_stale(
    driver: psycopg.Connection, change: str
) -> None:
    """As when a migration changes a column while a process runs."""
    piped, largest = Pipeline(driver, prepares=True), "SELECT max(number) FROM numbers"
    assert piped.rows(piped.add(largest)) == [(None,)]
    piped.commit()
    driver.execute(change.encode())
    driver.commit()
    with pytest.raises(psycopg.Error):
        piped.rows(piped.add(largest))
    driver.rollback()
    assert piped.rows(piped.add(largest)) == [(None,)]


def test_more_than_the_systems_buffers_hold_goes_both_ways(piped: Pipeline) -> None:
    large = "x" * 3_000_000
    requests = [piped.add("SELECT $1::text", [large]) for _ in range(5)]
    assert [piped.rows(request) for request in requests] == [[(large,)]] * 5


def test_a_connection_that_is_cut_is_one_error(driver: psycopg.Connection, piped: Pipeline) -> None:
    piped.add(ADD, [1])
    piped.add("SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(psycopg.errors.AdminShutdown):
        piped.commit()
    assert driver.closed


def test_a_hot_statement_does_not_tell_how_many_rows_it_changed(database: Database) -> None:
    """It may not have run yet."""
    with database.writing() as connection, pytest.raises(TypeError):
        _ = connection.run(people.SAVE_SEEN, signer=1, ids="7").rowcount


def test_rows_may_be_asked_for_before_the_next_statement(database: Database) -> None:
    with database.writing() as connection:
        nobody = connection.ask(people.LOCK_SIGNER, who="ada") if not database.is_sqlite else None
        empty = connection.ask(counts.TALLY, slug=SALESFORCE)
        connection.run(counts.COUNT, petition=SALESFORCE, status="counted", part=0, total=3)
        after = connection.run(counts.TALLY, slug=SALESFORCE)
        assert [tuple(row) for row in after] == [("counted", 3)]
        assert empty().all() == []
        assert nobody is None or nobody().first() is None


def test_a_person_who_was_created_between_lock_and_read_is_locked_first(
    postgres: PostgresServer, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, asked = Connection.ask, list[object]()

    def too_early(self: Connection, statement: object, /, **values: object) -> Callable[[], StatementResult]:
        asked.append(statement)
        return ask(self, statement, **values if asked[1:] else {"who": "nobody yet"})

    with closing(Database(postgres.migrated_database())) as database:
        with SqlUnitOfWork(database, vault) as work:
            ada = work.signers.lock_or_create(Signer(Platform.TELEGRAM, "1"), NOW)
            work.commit()
        monkeypatch.setattr(Connection, "ask", too_early)
        with SqlUnitOfWork(database, vault) as work:
            assert work.signers.find(ada.signer) == ada
    assert len(asked) == 2


def test_other_statements_see_what_has_waited(database: Database) -> None:
    with database.writing() as connection:
        connection.run(counts.COUNT, petition=SALESFORCE, status="counted", part=0, total=3)
        assert connection.execute(sa.text("SELECT total FROM tallies")).all() == [(3,)]
        connection.run(counts.COUNT, petition=SALESFORCE, status="counted", part=0, total=4)
        assert connection.sqlalchemy.execute(sa.text("SELECT total FROM tallies")).all() == [(7,)]


def test_what_waited_in_a_transaction_that_was_given_up_is_not_run_in_the_next(database: Database) -> None:
    with database.writing() as connection:
        connection.run(counts.COUNT, petition=SALESFORCE, status="counted", part=0, total=3)
    with database.writing() as connection:
        assert connection.run(counts.TALLY, slug=SALESFORCE).all() == []


@dataclass
class Model:
    """The numbers that a pipeline must have stored, and those that its transaction sees `now`."""

    driver: psycopg.Connection
    piped: Pipeline
    stored: list[int] = field(default_factory=list)
    now: list[int] = field(default_factory=list)
    fails: bool = False
    asked: list[tuple[Request, int]] = field(default_factory=list)

    def step(self, name: str, number: int) -> None:
        """Do something with both; an error is one if a statement since the last answer was wrong."""
        if name == "add":
            self.piped.add(ADD, [number])
            self.now.append(number)
        elif name == "wrong":
            self.piped.add(WRONG, [0])
            self.fails = True
        elif name == "ask" and not self.fails:
            self.asked.append((self.piped.add(SUM, [number]), sum(self.now)))
        elif name == "roll back":
            self.roll_back()
        elif self.fails:
            with pytest.raises(psycopg.errors.DivisionByZero):
                self.answer(name)
            self.roll_back()
        else:
            self.answer(name)

    def answer(self, name: str) -> None:
        if name == "commit":
            self.piped.commit()
            self.stored = [*self.now]
        elif name == "sum":
            assert (total(self.piped) or 0) == sum(self.now)
        self.piped.settle()
        for request, expected in self.asked:
            assert (self.piped.rows(request)[0][0] or 0) == expected
        self.asked.clear()

    def roll_back(self) -> None:
        self.piped.discard()
        self.driver.rollback()
        self.now, self.fails = [*self.stored], False
        self.asked.clear()


NAMES = st.sampled_from(["add", "add", "sum", "ask", "wrong", "commit", "roll back", "settle"])
NUMBERS = st.sampled_from([0, 7, 40_000, 3_000_000_000])


@settings(max_examples=scaled(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(NAMES, NUMBERS), max_size=12), prepares=st.booleans())
def test_any_sequence_stores_and_returns_what_it_would_one_by_one(
    driver: psycopg.Connection, steps: Sequence[tuple[str, int]], *, prepares: bool
) -> None:
    driver.execute("TRUNCATE numbers")
    driver.execute("DEALLOCATE ALL")
    driver.commit()
    model = Model(driver, Pipeline(driver, prepares=prepares))
    for name, number in steps:
        model.step(name, number)
    model.roll_back()
    assert (total(model.piped) or 0) == sum(model.stored)
    model.roll_back()
