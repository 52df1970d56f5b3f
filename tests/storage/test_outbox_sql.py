"""The outbox in the database itself: nothing readable, nothing left, and nothing that grows with what is finished."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from core.conversation.state import Begin
from core.outbox import NewEntry, State, Topic, dead, done
from storage.engine import Database
from storage.queries import SqlQueries
from storage.retention import anonymise_petition
from storage.statements import outbox as sql
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import KEY, rows_of
from tests.leaks import leaked
from tests.statements import plan
from tests.world import NOW, SALESFORCE, World

POST = Topic("post", repeat=False)
LEASE = dt.timedelta(minutes=1)
VALUES = {
    "of_topic": "post", "in_group": "g", "topics": ["post"], "now": NOW, "most": 9, "after": 0, "before": NOW,
    "signer": 1,
}  # fmt: skip

INDEXES = {
    "CLAIMABLE": "outbox_waiting",
    "EXPIRED": "outbox_leases",
    "OPEN": "outbox_open",
    "OPEN_OF_GROUP": "outbox_open",
    "CANCEL": "outbox_open",
    "BACKLOG": "outbox_waiting",
    "PURGE": "outbox_done",
    "ERASE_OF_PERSON": "outbox_by_signer",
}
"""The index that each statement must use."""


def put(database: Database, vault: Vault, *drafts: NewEntry) -> None:
    with SqlUnitOfWork(database, vault) as work:
        work.outbox.put(drafts)
        work.commit()


def test_neither_key_nor_payload_can_be_read_and_nothing_is_left_of_them(database: Database, vault: Vault) -> None:
    put(
        database, vault, NewEntry(POST, "to user-4711", NOW, {"account": "user-4711", "name": "Ada Lovelace"}, person=7)
    )
    assert not leaked(("4711", "Ada"), repr(rows_of(database)["outbox"]))
    with SqlUnitOfWork(database, vault) as work:
        work.outbox.report(map(done, work.outbox.claim("w", ["post"], 9, NOW, LEASE)), NOW)
        work.commit()
    (row,) = rows_of(database)["outbox"]
    assert row["sealed"] is row["signer_id"] is None


def test_what_no_key_opens_is_dead_and_stops_nobody(database: Database, vault: Vault) -> None:
    put(database, Vault(["another key, also of thirty-two characters"]), NewEntry(POST, "a", NOW))
    put(database, vault, NewEntry(POST, "b", NOW))
    with SqlUnitOfWork(database, vault) as work:
        assert [entry.key for entry in work.outbox.claim("w", ["post"], 9, NOW, LEASE)] == ["b"]
        assert work.outbox.reasons("post") == {(State.DEAD, "SealError"): 1}
        work.commit()
    with SqlQueries(database, vault).outbox() as figures:
        assert figures.counts("post") == {State.WAITING: 1, State.DEAD: 1}


def test_an_older_key_still_opens(database: Database, vault: Vault) -> None:
    put(database, vault, NewEntry(POST, "a", NOW))
    renewed = Vault(["another key, also of thirty-two characters", KEY])
    put(database, renewed, NewEntry(POST, "a", NOW))
    with SqlUnitOfWork(database, renewed) as work:
        assert [entry.key for entry in work.outbox.claim("w", ["post"], 9, NOW, LEASE)] == ["a"]


def test_an_entry_in_hand_that_is_erased_leaves_its_id_to_nobody(database: Database, vault: Vault) -> None:
    put(database, vault, NewEntry(POST, "a", NOW, person=7))
    with SqlUnitOfWork(database, vault) as work:
        (old,) = work.outbox.claim("w", ["post"], 9, NOW, LEASE)
        work.outbox._connection.execute(sql.ERASE_OF_PERSON, {"signer": 7})
        work.outbox.put([NewEntry(POST, "b", NOW)])
        (new,) = work.outbox.claim("w", ["post"], 9, NOW, LEASE)
        assert new.id != old.id
        assert work.outbox.report([dead(old, "Forbidden")], NOW) == 0


def test_retention_takes_what_waits_for_people_along(database: Database, vault: Vault) -> None:
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    world.person("Ada").does(Begin())
    (ada,) = rows_of(database)["signers"]
    put(database, vault, NewEntry(POST, "a", NOW, person=int(str(ada["id"]))), NewEntry(POST, "b", NOW))
    anonymise_petition(database, vault, SALESFORCE)
    assert [row["signer_id"] for row in rows_of(database)["outbox"]] == [None]


def test_no_statement_walks_over_what_is_finished(database: Database, vault: Vault) -> None:
    with SqlUnitOfWork(database, vault) as work:
        connection = work.outbox._connection
        work.outbox.put(NewEntry(POST, str(number), NOW) for number in range(2000))
        work.outbox.report(map(done, work.outbox.claim("w", ["post"], 1990, NOW, LEASE)), NOW)
        connection.execute(sa.text("ANALYZE outbox"))
        plans = {name: plan(connection, getattr(sql, name), VALUES) for name in INDEXES}
    assert {name: plan for name, plan in plans.items() if INDEXES[name] not in plan} == {}


def test_counting_reads_kept_totals(database: Database, vault: Vault) -> None:
    with SqlUnitOfWork(database, vault) as work:
        work.outbox.put(NewEntry(POST, str(number), NOW, group=str(number % 2)) for number in range(1200))
        work.outbox.report(map(done, work.outbox.claim("w", ["post"], 1100, NOW, LEASE)), NOW)
        work.commit()
    totals = {(row["group"], row["state"]): row["total"] for row in rows_of(database)["outbox_totals"]}
    assert totals == {("0", "done"): 550, ("1", "done"): 550}
