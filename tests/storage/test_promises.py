"""The promises to signers, checked in the database itself: exact numbers, nothing readable, nothing left."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from core.conversation import state as ev
from core.conversation.state import Overlay
from core.outbox import NewEntry, Topic
from core.signatures.signature import SignatureStatus
from storage.engine import Database
from storage.queries import SqlQueries
from storage.retention import anonymise_petition
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import rows_of
from tests.world import SALESFORCE, TREES, Talker, World

SECRETS = ("Ada Lovelace", "90210", "ada.lovelace@example.org", "Because I care", "adalovelace", "user-4711")


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 30_000}
IMPERSONAL = {
    "announcements",
    "cards",
    "communities",
    "credits",
    "decisions",
    "history",
    "deeds",
    "followers",
    "invites",
    "marks",
    "milestones",
    "moments",
    "organizers",
    "petitions",
    "updates",
    "outbox_pauses",
    "outbox_totals",
    "plans",
    "signals",
    "thresholds",
    "reach",
}  # of communities, of the database itself, or gone after a day without leading to anybody


def sql_world(database: Database, vault: Vault) -> World:
    return World(work=lambda: SqlUnitOfWork(database, vault))


def sign(world: World, user_id: str = "user-4711", name: str = "Ada Lovelace", mail: str = SECRETS[2]) -> Talker:
    person = world.person(name, user_id=user_id)
    person.does(ev.Begin(), ev.Reply("90210"), ev.Edit("email"), ev.Reply(mail))
    person.does(ev.Edit("comment"), ev.Reply("Because I care"), ev.Confirm())
    return person


def test_thirty_people_at_once_some_of_them_twice(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    people = [world.person(f"Person {chr(65 + n)}", user_id=str(n)) for n in range(30)]
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


def test_thirty_accounts_with_one_mailbox_count_once(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    people = [world.person(f"Person {chr(65 + n)}", user_id=str(n)) for n in range(30)]
    for n, person in enumerate(people):
        person.does(ev.Begin(), ev.Reply("90210"), ev.Edit("email"), ev.Reply(f"ada+{n}@example.org"))
    threads = [threading.Thread(target=person.does, args=(ev.Confirm(),)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    totals = SqlQueries(database, vault).tally(SALESFORCE).totals
    assert totals == {SignatureStatus.COUNTED: 1, SignatureStatus.DUPLICATE: 29}
    assert Counter(row["status"] for row in rows_of(database)["signatures"]) == {"counted": 1, "duplicate": 29}


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
    for n in range(12):
        pair = [sign(world, f"{name}{n}", "Ada", f"ada{n}@example.org") for name in ("a", "b")]
        at_once(*(lambda person=person: person.does(ev.Withdraw()) for person in pair))
    assert exact(database, vault) == {"withdrawn": 24}


def test_one_withdraws_while_another_signs_with_the_same_mailbox(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    for n in range(12):
        first = sign(world, f"a{n}", "Ada", f"ada{n}@example.org")
        second = world.person("Ada", user_id=f"b{n}")
        second.does(ev.Begin(), ev.Reply("90210"), ev.Edit("email"), ev.Reply(f"ada{n}@example.org"))
        at_once(lambda: first.does(ev.Withdraw()), lambda: second.does(ev.Confirm()))  # noqa: B023  (run at once)
    assert exact(database, vault) == {"withdrawn": 12, "counted": 12}, "whoever is left counts"


def test_two_who_signed_two_petitions_are_forgotten_at_once(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    form = ev.Answer({"who": "Ada", "country": "US", "code": "90210", "role": "tenant"})
    for n in range(8):
        ada, ben = (world.person("Ada", user_id=f"{name}{n}") for name in ("a", "b"))
        ada.does(ev.Begin(), ev.Reply("90210"), ev.Confirm())
        ada.about(TREES).does(ev.Begin(), form, ev.Confirm())
        ben.about(TREES).does(ev.Begin(), form, ev.Confirm())
        ben.does(ev.Begin(), ev.Reply("90210"), ev.Confirm())
        at_once(*(lambda person=person: world.signing.forget(person.signer) for person in (ada, ben)))
    for slug in (SALESFORCE, TREES):
        assert exact(database, vault, slug) == {"withdrawn": 16}
    assert rows_of(database)["signers"] == []


def test_details_go_when_nothing_stands_any_more(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    ada = sign(world)
    ada.does(ev.Withdraw())
    with world.work() as work:
        assert work.signers.lock_or_create(ada.signer, world.now).details == {}


def test_sqlite_is_durable(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    with database.reading() as connection:
        pragmas = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}
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
    for secret in (*SECRETS, "Grace Hopper", "user-0815", "nowhere at all", "10001", "Not yet signed"):
        assert secret.encode().lower() not in written, secret
    assert b"salesforce-cbp" in written, "the search itself works"
    database.close()


def test_nothing_given_can_be_read_in_postgres_either(database: Database, vault: Vault) -> None:
    sign(sql_world(database, vault))
    dump = repr(rows_of(database)).lower()
    assert "salesforce-cbp" in dump
    for secret in SECRETS:
        assert secret.lower() not in dump
        assert secret.encode().hex() not in dump


def test_forgetting_leaves_nothing(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    ada, ben = sign(world), sign(world, "ben", "Ben", "ben@example.org")
    ada.about(TREES).does(ev.Begin(), ev.Reply("Ada"), ev.Show(Overlay.MORE))
    with SqlUnitOfWork(database, vault) as work:
        for person in (work.signers.lock_or_create(talker.signer, world.now) for talker in (ada, ben)):
            draft = NewEntry(Topic("post", repeat=False), person.signer.user_id, world.now, person=person.id)
            work.outbox.put([draft])
        work.commit()
    before = rows_of(database)
    assert set(before) - {"alembic_version"} == set(SQLModel.metadata.tables), "every table is looked at"
    assert all(before[name] for name in SQLModel.metadata.tables if name not in IMPERSONAL), "every table was filled"
    (hers,) = [row for row in before["signatures"] if row["number"] == 1]
    world.signing.forget(ada.signer)
    after = rows_of(database)
    prints = {str(hers[name]) for name in ("receipt", "referral", "mailbox", "sealed")}
    sealed = {row["sealed"] for row in before["signers"] if row["id"] == hers["signer_id"]}
    left = {str(value) for rows in after.values() for row in rows for value in row.values()}
    assert not prints & left
    assert not {str(value) for value in sealed} & left
    assert [row["signer_id"] for row in after["conversations"]] == [ids(before, ben, vault)]
    assert len(after["signers"]) == 1
    assert [row["signer_id"] for row in after["outbox"]] == [ids(before, ben, vault)]
    tally = SqlQueries(database, vault).tally(SALESFORCE).totals
    assert (tally[SignatureStatus.COUNTED], tally[SignatureStatus.WITHDRAWN]) == (1, 1)


def ids(rows: dict[str, list[dict[str, object]]], person: Talker, vault: Vault) -> object:
    who = vault.fingerprint("signer", person.signer.platform, person.signer.user_id)
    return next(row["id"] for row in rows["signers"] if row["fingerprint"] == who)


def test_retention_erases_the_people_and_keeps_the_count(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    sign(world)
    ben = sign(world, "ben", "Ben", "ben@example.org").about(TREES)
    ben.does(ev.Begin())
    assert anonymise_petition(database, vault, SALESFORCE) == 2
    assert anonymise_petition(database, vault, SALESFORCE) == 0
    after = rows_of(database)
    assert all(row["signer_id"] is row["sealed"] is row["mailbox"] is None for row in after["signatures"])
    assert [row["id"] for row in after["signers"]] == [ids(after, ben, vault)], "needed for the other petition"
    assert SqlQueries(database, vault).tally(SALESFORCE).counted == 2
    assert "Welcome back" not in ben.reads(), "what the signature said of the person is gone too"


def details(world: World, person: Talker) -> Mapping[str, str]:
    """The details that are kept to prefill the person's next form."""
    with world.work() as work:
        return work.signers.lock_or_create(person.signer, world.now).details


def test_retention_forgets_the_details_of_people_whose_signatures_it_erased(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    talking, withdrawn, signed = (sign(world, name, name, f"{name}@example.org") for name in ("Ada", "Ben", "Cleo"))
    elms: list[ev.Event] = [
        ev.Begin(),
        ev.Answer({"who": "A", "country": "US", "code": "90210", "role": "tenant"}),
        ev.Confirm(),
    ]
    talking.about(TREES).does(ev.Begin())
    withdrawn.about(TREES).does(*elms, ev.Withdraw())
    signed.about(TREES).does(*elms)
    assert all(details(world, talker) for talker in (talking, withdrawn, signed))
    anonymise_petition(database, vault, SALESFORCE)
    assert details(world, talking) == {}, "a conversation alone keeps no details"
    assert details(world, withdrawn) == {}, "neither does a signature that was withdrawn"
    assert details(world, signed), "a signature of another petition keeps them"


def test_retention_erases_what_waits_to_be_sent_to_people_it_erased(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    ada, ben = sign(world), sign(world, "ben", "Ben", "ben@example.org")
    ben.about(TREES).does(ev.Begin())
    with SqlUnitOfWork(database, vault) as work:
        for person in (work.signers.lock_or_create(talker.signer, world.now) for talker in (ada, ben)):
            work.outbox.put([NewEntry(Topic("post", repeat=False), person.signer.user_id, world.now, person=person.id)])
        work.commit()
    anonymise_petition(database, vault, SALESFORCE)
    after = rows_of(database)
    assert [row["signer_id"] for row in after["outbox"]] == [ids(after, ben, vault)]


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
