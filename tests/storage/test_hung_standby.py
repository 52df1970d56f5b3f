"""A commit that waits for a synchronous standby that never answers is given up, and its outcome is found out later."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from core.conversation import state as ev
from core.errors import StorageUnavailableError
from storage import watchdog
from storage.engine import ANSWERING, COMMIT_SLACK, Database
from storage.queries import SqlQueries
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.patience import load
from tests.postgres import PostgresServer
from tests.standby import standby_of
from tests.world import SALESFORCE, Talker, World

TAPPING = 50
LIMIT = 10.0  # seconds in which the thread must be free, on a machine that has nothing else to do


def test_the_deadline_leaves_time_for_the_look_that_is_under_way() -> None:
    assert ANSWERING + COMMIT_SLACK + ANSWERING + watchdog.LOOK_EVERY < LIMIT


@pytest.mark.parametrize("probe", ["hangs", "is refused"])
def test_a_commit_that_hangs_is_given_up_and_settled_by_the_repeat(
    postgres: PostgresServer, vault: Vault, monkeypatch: pytest.MonkeyPatch, probe: str
) -> None:
    url = postgres.migrated_database()
    with closing(Database(url)) as patient, closing(Database(url, ANSWERING)) as answering:
        world = World(work=lambda: SqlUnitOfWork(patient, vault))
        ada = world.person("Ada")
        ada.does(ev.Begin(), ev.Reply("90210"))

        def confirm() -> None:
            world.signing.handle(ada.signer, ev.Confirm(), SALESFORCE, update_id="7")

        if probe == "is refused":  # as when all connections are in use; that is an answer
            assert answering._watchdog
            monkeypatch.setattr(answering._watchdog, "_answers", lambda: True)
        monkeypatch.setitem(vars(world.signing), "work", lambda: SqlUnitOfWork(answering, vault))
        with postgres.without_standby():
            begun = time.monotonic()
            with pytest.raises(StorageUnavailableError):
                confirm()
            assert time.monotonic() - begun < LIMIT * load()
            assert "Current Checked out connections: 0" in answering.engine.pool.status(), (
                "the thread and its connection are free"
            )
            assert SqlQueries(patient, vault).tally(SALESFORCE).counted == 0, "nobody sees it yet"
        monkeypatch.undo()
        for _ in range(2):
            confirm()
        assert world.counted() == 1


@pytest.mark.process
def test_fifty_who_tap_free_their_threads_in_time_and_readers_never_wait(vault: Vault) -> None:
    with PostgresServer(durable=False) as primary, standby_of(primary) as follower:
        url = primary.migrated_database()
        with closing(Database(url)) as patient, closing(Database(url, ANSWERING)) as answering:
            people = about_to_confirm(World(work=lambda: SqlUnitOfWork(patient, vault)))
            world = World(work=lambda: SqlUnitOfWork(answering, vault))
            queries = SqlQueries(answering, vault)

            def confirm(person: Talker) -> float:
                begun = time.monotonic()
                with pytest.raises(StorageUnavailableError):
                    world.signing.handle(person.signer, ev.Confirm(), SALESFORCE, update_id="7")
                return time.monotonic() - begun

            primary.run("ALTER SYSTEM SET synchronous_standby_names = '*'")
            with follower.hung_receiver(), ThreadPoolExecutor(answering.writers) as threads:
                primary.run("SELECT pg_reload_conf()")
                calls, reads = [threads.submit(confirm, person) for person in people], []
                while not all(call.done() for call in calls):
                    begun = time.monotonic()
                    assert queries.tally(SALESFORCE).counted == 0
                    reads.append(time.monotonic() - begun)
                    time.sleep(0.05)
                held = [call.result() for call in calls]
            print(f"held {min(held):.1f} to {max(held):.1f} s; read in at most {max(reads) * 1000:.0f} ms")
            assert max(held) < LIMIT * load()
            assert max(reads) < ANSWERING * load()
            for person in people:
                world.signing.handle(person.signer, ev.Confirm(), SALESFORCE, update_id="7")
            assert world.counted() == TAPPING


def about_to_confirm(world: World) -> list[Talker]:
    """People with the last screen before them."""
    people = [world.person("Ada", user_id=str(number)) for number in range(TAPPING)]
    for person in people:
        person.does(ev.Begin(), ev.Reply("90210"))
    return people
