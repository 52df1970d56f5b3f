"""Rows that no known key opens are found and named, and old ones are sealed again, wherever they are."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from sqlmodel import SQLModel

import storage.sealed_rows
from core.conversation import state as ev
from core.errors import SealError
from core.log.records import NewLink, OpenedExclusion
from core.outbox import NewEntry, Topic
from core.outreach.inline_cards import InlineCard
from core.signatures.signature import SignatureStatus, Signer
from core.team import AuditEntry
from storage.contexts import context_of
from storage.engine import Database
from storage.queries import SqlQueries
from storage.sealed_rows import Resealing, count_sealed, reseal, unopened
from storage.sealing import derive
from storage.statements.sealed import PAGES
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import KEY
from tests.world import NOW, SALESFORCE, World

SIGNS = (ev.Begin(), ev.Reply("90210"), ev.Confirm())
ANOTHER = "another key, also of thirty-two characters"
COUNTED = (SignatureStatus.COUNTED,)


@pytest.fixture
def lost() -> Vault:
    """A vault that seals with a key which is not known later, and makes the same fingerprints."""
    return Vault(["a key that will be lost, of thirty-two characters", KEY])


@dataclass
class People:
    """People who talk to a database, and what else is stored about them, sealed by one vault after another."""

    database: Database
    vault: Vault

    def __post_init__(self) -> None:
        self._world = World(work=lambda: SqlUnitOfWork(self.database, self.vault))

    def come(self, *names: str) -> None:
        for name in names:
            self._world.person(name, user_id=name).does(*SIGNS)
            with self._world.work() as work:
                work.organizers.add(Signer("test", name), NOW)
                work.audit.note(AuditEntry(NOW, Signer("test", name), "count"))
                work.outbox.put([NewEntry(Topic("post", repeat=False), name, NOW)])
                number = int.from_bytes(name.encode(), "big")
                work.cards.community("telegram", f"-{number}", f"g{number}", f"Friends of {name}")
                (signature,) = work.signatures.standing(work.signers.lock_or_create(Signer("test", name), NOW))
                work.log.append(SALESFORCE, {}, [NewLink(signature.id or 0, number, bytes(32))])
                work.log.open_exclusion(SALESFORCE, OpenedExclusion(number, bytes(32), (number,), ()))
                work.inline_cards.add(InlineCard(f"inline {name}", SALESFORCE, "", "en", "", NOW, NOW))
                work.commit()


def test_they_are_named_in_every_table(
    database: Database, vault: Vault, lost: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.sealed_rows, "_PAGE", 2)
    people = People(database, vault)
    people.come("Ada", "Ben", "Cem")
    queries = SqlQueries(database, vault)
    assert [name for page in queries.unopened() for name in page] == []
    people.vault = lost
    people.come("Dee", "Eve")
    found = [name for page in queries.unopened() for name in page]
    assert {name.split()[0] for name in found} == set(PAGES)
    assert len(found) == len(set(found)) == 2 * len(PAGES)
    assert "signatures 4" in found
    assert not any(person in " ".join(found) for person in ("Dee", "Eve"))


def test_every_table_with_sealed_rows_is_looked_at() -> None:
    sealed = {name for name, each in SQLModel.metadata.tables.items() if "sealed" in each.c}
    assert set(PAGES) == sealed - {"marks"}


def test_exports_leave_them_out_and_count_them(database: Database, vault: Vault, lost: Vault) -> None:
    people = People(database, vault)
    for people.vault, name in ((vault, "Ada"), (lost, "Ben"), (vault, "Cem")):
        people.come(name)
    queries, left_out = SqlQueries(database, vault), list[int]()
    assert [one.number for one in queries.signatures(SALESFORCE, COUNTED, left_out.append)] == [1, 3]
    assert left_out == [2]
    with pytest.raises(SealError):
        list(queries.signatures(SALESFORCE, COUNTED))


def test_withdrawing_hands_the_mailbox_on_to_one_that_no_key_opens(
    database: Database, vault: Vault, lost: Vault
) -> None:
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    answers = {"full_name": "Ada Lovelace", "postal_code": "90210", "email": "ada@example.org"}
    ada, again = world.person("Ada", user_id="1"), world.person("Ada", user_id="2")
    for person in (ada, again):
        person.does(ev.Begin(), ev.Answer(answers), ev.Confirm())
    with database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE signatures SET sealed = :lost WHERE id = 2"), {"lost": lost.seal({})})
    ada.does(ev.Withdraw())
    with world.work() as work:
        totals = work.tallies.of(SALESFORCE).totals
    assert {status: total for status, total in totals.items() if total} == {
        SignatureStatus.WITHDRAWN: 1, SignatureStatus.COUNTED: 1,
    }  # fmt: skip


def test_a_mailbox_whose_signature_no_key_opens_is_a_duplicate_for_the_next(
    database: Database, vault: Vault, lost: Vault
) -> None:
    world = World(work=lambda: SqlUnitOfWork(database, vault))
    answers = {"full_name": "Ada Lovelace", "postal_code": "90210", "email": "ada@example.org"}
    world.person("Ada", user_id="1").does(ev.Begin(), ev.Answer(answers), ev.Confirm())
    with database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE signatures SET sealed = :lost"), {"lost": lost.seal({})})
    ben = world.person("Ben", user_id="2")
    ben.does(ev.Begin(), ev.Answer({**answers, "full_name": "Ben Lovelace"}), ev.Confirm())
    with world.work() as work:
        assert work.tallies.of(SALESFORCE).totals == {SignatureStatus.COUNTED: 1, SignatureStatus.DUPLICATE: 1}


def as_before(database: Database, vault: Vault) -> int:
    """Seal everything as older versions did; returns the number of rows."""
    fernet, number = Fernet(urlsafe_b64encode(derive(KEY.encode(), b"seal"))), 0
    with database.writing() as connection:
        for name, statements in PAGES.items():
            for row in connection.run(statements.first, most=1000).mappings().all():
                token = fernet.encrypt(vault.open_bytes(row["sealed"], *context_of(name, row)))
                connection.run(statements.save, resealed=token, **statements.key_of(row))
                number += 1
        connection.commit()
    return number


def sealed_by(database: Database) -> dict[str, set[bytes]]:
    """The beginnings of what is sealed, by table."""
    with database.reading() as connection:
        tables = {name: connection.run(each.first, most=1000).mappings().all() for name, each in PAGES.items()}
    return {name: {row["sealed"][:9] for row in rows} for name, rows in tables.items()}


@pytest.fixture
def old(database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Three people, sealed by an older version."""
    monkeypatch.setattr(storage.sealed_rows, "_PAGE", 2)
    People(database, vault).come("Ada", "Ben", "Cem")
    assert as_before(database, vault) == 3 * len(PAGES)
    return database


def test_what_older_versions_sealed_is_sealed_again(old: Database, vault: Vault) -> None:
    assert all(header == b"gAAAAAB" + header[7:] for headers in sealed_by(old).values() for header in headers)
    assert count_sealed(old, vault) == sum(reseal(old, vault)) == 3 * len(PAGES)
    assert vault.petition_keys
    own = set(vault.petition_keys.headers(SALESFORCE))
    assert {name for name, headers in sealed_by(old).items() if headers == own} == {
        "conversations", "inline_cards", "log_exclusions", "log_links", "signatures", "signers",
    }  # fmt: skip
    assert {name for name, headers in sealed_by(old).items() if headers == {vault.header}} == {
        "communities", "deeds", "organizers", "outbox",
    }  # fmt: skip
    assert not any(unopened(old, vault))
    assert (count_sealed(old, vault), list(reseal(old, vault))) == (0, []), "it is done"
    assert [each.answers["full_name"] for each in SqlQueries(old, vault).signatures(SALESFORCE, COUNTED)] == [
        "Ada Sims", "Ben Sims", "Cem Sims",
    ]  # fmt: skip


def test_sealing_again_can_end_at_any_moment_and_goes_on(old: Database, vault: Vault) -> None:
    everything = [sealed_by(old)]
    for pages in range(2, 23):
        for _ in zip(range(pages), reseal(old, vault), strict=False):
            continue
        assert not any(unopened(old, vault))
        everything.append(sealed_by(old))
    changes = [before != after for before, after in pairwise(everything)]
    assert sum(changes) > 3
    assert not changes[-1], "at last all is done"


def test_a_new_key_in_front_seals_everything_again(database: Database, vault: Vault) -> None:
    People(database, vault).come("Ada")
    list(reseal(database, vault))
    assert vault.petition_keys
    rotated = Vault(["a new key, put in front, of thirty-two characters", KEY], vault.petition_keys.folder)
    before = sealed_by(database)
    assert sum(reseal(database, rotated)) == len(PAGES)
    assert not any(before[name] & headers for name, headers in sealed_by(database).items())
    assert not any(unopened(database, rotated))


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)  # on SQLite, only one transaction writes at a time
def test_a_row_in_use_is_left_for_later(old: Database, vault: Vault) -> None:
    with SqlUnitOfWork(old, vault) as work:
        work.signers.lock_or_create(Signer("test", "Ada"), NOW)
        list(reseal(old, vault))
    assert b"gAAAAAB" in {header[:7] for header in sealed_by(old)["signers"]}
    list(reseal(old, vault))
    assert b"gAAAAAB" not in {header[:7] for header in sealed_by(old)["signers"]}


def test_what_no_key_opens_is_left_as_it_is(old: Database, vault: Vault) -> None:
    with old.writing() as connection:
        row = connection.run(PAGES["deeds"].first, most=1).mappings().one()
        another = Vault([ANOTHER]).seal({}, *context_of("deeds", row))
        connection.run(PAGES["deeds"].save, resealed=another, **PAGES["deeds"].key_of(row))
        connection.commit()
    list(reseal(old, vault))
    assert [name for page in unopened(old, vault) for name in page] == ["deeds 1"]
    assert count_sealed(old, vault) == 3 * len(PAGES), "its key may come back, so it isn't done"
    both = Vault([KEY, ANOTHER], folder_of(vault))
    list(reseal(old, both))
    assert count_sealed(old, vault) == 0


def test_damaged_rows_do_not_make_each_walk_read_everything(old: Database, vault: Vault) -> None:
    with old.writing() as connection:
        connection.execute(sa.text("UPDATE deeds SET sealed = :damaged WHERE id = 2"), {"damaged": b"damaged"})
        connection.commit()
    resealing = Resealing(old, vault)
    assert sum(resealing.pages()) == 3 * len(PAGES)
    assert sum(resealing.pages()) == 1, "only that row, which may come back"
    with old.writing() as connection:
        connection.execute(sa.text("DELETE FROM deeds WHERE id = 2"))
        connection.commit()
    assert (sum(resealing.pages()), count_sealed(old, vault)) == (1, 0)
    assert list(resealing.pages()) == []


def test_what_a_destroyed_key_sealed_does_not_keep_it_from_being_done(old: Database, vault: Vault) -> None:
    list(reseal(old, vault))
    assert vault.petition_keys
    vault.petition_keys.destroy(SALESFORCE)
    rotated = Vault(["a new key, put in front, of thirty-two characters", KEY], folder_of(vault))
    assert count_sealed(old, rotated) == 3 * len(PAGES)
    list(reseal(old, rotated))
    assert count_sealed(old, rotated) == 0


def folder_of(vault: Vault) -> Path:
    assert vault.petition_keys
    return vault.petition_keys.folder
