"""Rows that no known key opens are found and named, wherever they are."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlmodel import SQLModel

import storage.sealed_rows
from core.conversation import state as ev
from core.errors import SealError
from core.outbox import NewEntry, Topic
from core.signatures.signature import SignatureStatus, Signer
from core.team import AuditEntry
from storage.engine import Database
from storage.queries import SqlQueries
from storage.statements.sealed import PAGES
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import KEY
from tests.world import NOW, SALESFORCE, World

SIGNS = (ev.Begin(), ev.Reply("90210"), ev.Confirm())
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
