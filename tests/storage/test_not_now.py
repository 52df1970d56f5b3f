"""Every error that means "not now" is one kind, and the call after it is served."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from psycopg import errors

from core.conversation import state as ev
from core.errors import StorageUnavailableError
from storage.engine import ANSWERING, Database
from storage.presence import check_presence
from storage.statements.marks import SET_MARK
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.postgres import PostgresServer
from tests.postgres_proxy import Fault, PostgresProxy
from tests.world import SALESFORCE, World

STATES = (
    "08000", "08003", "08006", "08P01", "25006", "40001", "40P01", "53000", "53100", "53200", "53300", "55P03", "57014",
    "57P01", "57P02", "57P03", "57P04", "57P05", "58000", "58030", "XX000",
)  # fmt: skip
SHUTDOWNS = ("08006", "57P01", "57P02", "57P03")
FAULTS = (
    *map(Fault, STATES), Fault(), *(Fault(state, fatal=True) for state in SHUTDOWNS),
    *(Fault(state, at_start=True) for state in ("08004", "53300", "57P03")), Fault(at_start=True),
    Fault(at_commit=True), Fault(at_commit=True, done=True), Fault("57P01", fatal=True, at_commit=True),
    Fault("40001", at_commit=True),
)  # fmt: skip


@pytest.fixture
def proxy(postgres: PostgresServer) -> Iterator[PostgresProxy]:
    """A proxy in front of a migrated database."""
    with PostgresProxy(postgres.migrated_database()).serving() as proxy:
        yield proxy


def test_psycopg_gives_these_classes_to_what_means_not_now() -> None:
    away = (errors.OperationalError, errors.InternalError)
    missed = [state for state in STATES if not issubclass(errors.lookup(state), away)]
    assert missed == []


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("way", ["hot", "sqlalchemy"])
def test_each_is_one_error_and_the_next_call_is_served(proxy: PostgresProxy, fault: Fault, way: str) -> None:
    def write(database: Database) -> None:
        with database.writing() as connection:
            if way == "hot":
                connection.run(SET_MARK, name="probe", sealed=b"")
            else:
                connection.execute(SET_MARK.on("postgresql"), {"name": "probe", "sealed": b""})
            connection.commit()

    with closing(Database(proxy.address, ANSWERING)) as database:
        if not fault.at_start:
            write(database)
        with proxy.failing(fault), pytest.raises(StorageUnavailableError):
            write(database)
        assert proxy.answered
        write(database)


def test_what_is_wrong_with_a_statement_is_not_among_them(proxy: PostgresProxy) -> None:
    with closing(Database(proxy.address, ANSWERING)) as database, proxy.failing(Fault("42P01")):
        with pytest.raises(Exception, match="not now") as caught:
            database.probe()
        assert not isinstance(caught.value, StorageUnavailableError)


def test_a_connection_to_a_server_that_only_reads_leaves_the_pool(proxy: PostgresProxy) -> None:
    with closing(Database(proxy.address, ANSWERING)) as database:
        database.probe()
        with database.reading() as connection:
            before = connection._driver.info.backend_pid
        with proxy.failing(Fault("25006")), pytest.raises(StorageUnavailableError):
            database.probe()
        with database.reading() as connection:
            assert connection._driver.info.backend_pid != before


@pytest.mark.parametrize("state", ["53300", "57P03", "08004"])
def test_a_server_that_refuses_for_now_is_waited_for_at_the_start(proxy: PostgresProxy, state: str) -> None:
    with proxy.failing(Fault(state, at_start=True)), pytest.raises(StorageUnavailableError):
        check_presence(proxy.address)


@pytest.mark.parametrize("done", [False, True])
def test_a_signature_whose_commit_got_no_answer_is_there_once_after_the_repeat(
    proxy: PostgresProxy, vault: Vault, *, done: bool
) -> None:
    """The repeat of an update is also the look at what became of it."""
    with closing(Database(proxy.address, ANSWERING)) as database:
        world = World(work=lambda: SqlUnitOfWork(database, vault))
        ada = world.person("Ada")
        ada.does(ev.Begin(), ev.Reply("90210"))

        def confirm() -> None:
            world.signing.handle(ada.signer, ev.Confirm(), SALESFORCE, update_id="7")

        with proxy.failing(Fault(at_commit=True, done=done)), pytest.raises(StorageUnavailableError):
            confirm()
        with psycopg.connect(proxy.url) as other:
            other.execute("LOCK signers IN EXCLUSIVE MODE")  # until the server has ended what it was sent
            (count,) = other.execute("SELECT count(*) FROM signatures").fetchone() or ()
        assert count == done
        for _ in range(2):
            confirm()
        assert world.counted() == 1
