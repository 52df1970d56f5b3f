"""The promises to signers, checked in the database itself: exact numbers, and nothing readable."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.conversation import state as ev
from core.signatures.signature import SignatureStatus
from storage.engine import Database
from storage.queries import SqlQueries
from storage.vault import Vault
from tests.conftest import rows_of
from tests.effort import scaled
from tests.leaks import leaked
from tests.storage.signers import SECRETS, sign, sql_world
from tests.world import SALESFORCE, TREES, Talker

PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 30_000}


def test_thirty_people_at_once_some_of_them_twice(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    people = [world.person(f"Person A{chr(97 + n % 26)}{'xy'[n // 26]}", user_id=str(n)) for n in range(30)]
    for person in people:
        person.does(ev.Begin(), ev.Reply("90210"))
    start = threading.Barrier(40)

    def confirm(person: Talker) -> None:
        start.wait()
        world.signing.handle(person.signer, ev.Confirm(), SALESFORCE)

    threads = [threading.Thread(target=confirm, args=(person,)) for person in [*people, *people[:10]]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.counted() == 30
    stored = rows_of(database)["signatures"]
    assert len(stored) == 30
    assert sorted(int(str(row["number"])) for row in stored) == list(range(1, 31))


@pytest.mark.parametrize(("names", "counted"), [(1, 1), (30, 2)], ids=["one person", "a household"])
def test_thirty_accounts_with_one_mailbox_count_once_or_twice(
    database: Database, vault: Vault, names: int, counted: int
) -> None:
    world = sql_world(database, vault)
    people = [
        world.person(f"Person A{chr(97 + n % names % 26)}{'xy'[n % names // 26]}", user_id=str(n)) for n in range(30)
    ]
    for n, person in enumerate(people):
        person.does(ev.Begin(), ev.Reply("90210"), ev.Edit("email"), ev.Reply(f"ada+{n}@example.org"))
    threads = [threading.Thread(target=person.does, args=(ev.Confirm(),)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    totals = SqlQueries(database, vault).tally(SALESFORCE).totals
    assert totals == {SignatureStatus.COUNTED: counted, SignatureStatus.DUPLICATE: 30 - counted}
    statuses = Counter(row["status"] for row in rows_of(database)["signatures"])
    assert statuses == {"counted": counted, "duplicate": 30 - counted}


def test_one_person_tapping_everything_at_once_is_one_person(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    ada = world.person("Ada", user_id="1")
    threads = [
        threading.Thread(target=world.signing.handle, args=(ada.signer, event, SALESFORCE))
        for event in [ev.Open(), ev.Begin(), ev.Reply("90210"), ev.Confirm()] * 8
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ada.does(ev.Begin(), ev.Reply("90210"), ev.Confirm())
    assert world.counted() == 1
    assert len(rows_of(database)["signers"]) == 1


def at_once(*acts: Callable[[], object]) -> None:
    """Do all of it at the same moment; any fault fails the test."""
    start, faults = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except Exception as error:  # noqa: BLE001
            faults.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def exact(database: Database, vault: Vault, petition: str = SALESFORCE) -> Counter[object]:
    """The stored statuses, which the tally must equal."""
    stored = Counter(row["status"] for row in rows_of(database)["signatures"] if row["petition"] == petition)
    totals = SqlQueries(database, vault).tally(petition).totals
    assert {status.value: total for status, total in totals.items() if total} == stored
    return stored


def test_two_with_one_mailbox_withdraw_at_once(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    rounds = scaled(12)
    for n in range(rounds):
        pair = [sign(world, f"{name}{n}", "Ada", f"ada{n}@example.org") for name in ("a", "b")]
        at_once(*(lambda person=person: person.does(ev.Withdraw()) for person in pair))
    assert exact(database, vault) == {"withdrawn": 2 * rounds}


def test_one_withdraws_while_another_signs_with_the_same_mailbox(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    rounds = scaled(12)
    for n in range(rounds):
        first = sign(world, f"a{n}", "Ada", f"ada{n}@example.org")
        second = world.person("Ada", user_id=f"b{n}")
        second.does(ev.Begin(), ev.Reply("90210"), ev.Edit("email"), ev.Reply(f"ada{n}@example.org"))
        at_once(lambda: first.does(ev.Withdraw()), lambda: second.does(ev.Confirm()))  # noqa: B023  (run at once)
    assert exact(database, vault) == {"withdrawn": rounds, "counted": rounds}, "whoever is left counts"


def test_two_who_signed_two_petitions_are_forgotten_at_once(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    form = ev.Answer({"who": "Ada", "country": "US", "code": "90210", "role": "tenant"})
    rounds = scaled(8)
    for n in range(rounds):
        ada, ben = (world.person("Ada", user_id=f"{name}{n}") for name in ("a", "b"))
        ada.does(ev.Begin(), ev.Reply("90210"), ev.Confirm())
        ada.about(TREES).does(ev.Begin(), form, ev.Confirm())
        ben.about(TREES).does(ev.Begin(), form, ev.Confirm())
        ben.does(ev.Begin(), ev.Reply("90210"), ev.Confirm())
        at_once(*(lambda person=person: world.signing.forget(person.signer) for person in (ada, ben)))
    for slug in (SALESFORCE, TREES):
        assert exact(database, vault, slug) == {"withdrawn": 2 * rounds}
    assert rows_of(database)["signers"] == []


def test_sqlite_is_durable(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    with database.reading() as connection:
        pragmas = {name: connection.execute(sa.text(f"PRAGMA {name}")).scalar() for name in PRAGMAS}
    database.close()
    assert pragmas == PRAGMAS


def test_nothing_given_can_be_read_in_the_database(tmp_path: Path, vault: Vault) -> None:
    from storage.schema import upgrade  # noqa: PLC0415  (only SQLite is a file to be searched)

    path = tmp_path / "undersign.sqlite3"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    world = sql_world(database, vault)
    sign(world)
    half = world.person("Grace Hopper", user_id="user-0815")
    half.does(ev.Begin(), ev.Reply("nowhere at all"), ev.Reply("10001"), ev.Edit("comment"), ev.Reply("Not yet signed"))
    files = [file for file in tmp_path.iterdir() if file.name.startswith(path.name)]
    assert len(files) > 1, "the write-ahead log is searched too"
    written = b"".join(file.read_bytes() for file in files).lower()
    given = (*SECRETS, "Grace Hopper", "user-0815", "nowhere at all", "10001", "Not yet signed")
    assert not leaked(map(str.lower, given), written)
    assert b"salesforce-cbp" in written, "the search itself works"
    database.close()


def test_nothing_given_can_be_read_in_postgres_either(database: Database, vault: Vault) -> None:
    sign(sql_world(database, vault))
    dump = repr(rows_of(database)).lower()
    assert "salesforce-cbp" in dump
    assert not leaked(map(str.lower, SECRETS), dump)


def test_the_export_reads_every_row_once(database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.queries._PAGE", 2)
    world = sql_world(database, vault)
    for n in range(3):
        sign(world, str(n), f"Person {chr(65 + n)}", f"p{n}@example.org")
    signatures = list(SqlQueries(database, vault).signatures(SALESFORCE, (SignatureStatus.COUNTED,)))
    assert [signature.answers["full_name"] for signature in signatures] == ["Person A", "Person B", "Person C"]


def test_a_reader_does_not_hold_up_a_writer(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    sign(world)
    with database.reading() as connection:
        connection.execute(sa.text("SELECT * FROM signatures")).first()
        sign(world, "2", "Ben", "ben@example.org")
    assert world.counted() == 2
