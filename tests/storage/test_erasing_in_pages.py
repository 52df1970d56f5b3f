"""Retention erases a petition page by page: what a killed process has erased stays so, and the next one goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.conversation import state as ev
from storage.engine import Database
from storage.retention import anonymise_petition, drop_updates
from storage.vault import Vault
from tests.bots import signers
from tests.conftest import rows_of
from tests.statements import watched
from tests.storage.signers import sql_world
from tests.world import NOW, SALESFORCE, TREES, World

SIGNED = 450


class KilledError(Exception):
    """End of a process in the middle of a page."""


@pytest.fixture
def world(database: Database, vault: Vault) -> World:
    """A petition whose signers need several pages, and one person in the middle of another petition's form."""
    world = sql_world(database, vault)
    signers.store(world, (replace(each, mailbox=None) for each in signers.signatures(SIGNED)))
    world.person("Zoe").about(TREES).does(ev.Begin())
    return world


@pytest.mark.usefixtures("world")
def test_an_interrupted_erasure_goes_on_with_those_who_are_left(database: Database, vault: Vault) -> None:
    updates = 0

    def die(statement: str, _: object) -> None:
        nonlocal updates
        updates += statement.startswith("UPDATE signatures")
        if updates == 2:
            raise KilledError

    with pytest.raises(KilledError), watched(database, die):
        anonymise_petition(database, vault, SALESFORCE)
    left = [row for row in rows_of(database)["signatures"] if row["sealed"]]
    assert 0 < len(left) < SIGNED, "a page is a transaction of its own"
    assert anonymise_petition(database, vault, SALESFORCE) == len(left)
    after = rows_of(database)
    assert not [row for row in after["signatures"] if row["sealed"] or row["signer_id"]]
    assert [row["petition"] for row in after["conversations"]] == [TREES]
    assert len(after["signers"]) == 1


def test_what_an_erasure_left_at_its_end_is_erased_next_time(database: Database, vault: Vault, world: World) -> None:
    def die(statement: str, _: object) -> None:
        if statement.startswith("DELETE FROM steps"):
            raise KilledError

    world.person("Ada").does(ev.Begin())
    with pytest.raises(KilledError), watched(database, die):
        anonymise_petition(database, vault, SALESFORCE)
    assert [row for row in rows_of(database)["steps"] if row["petition"] == SALESFORCE and row["step"] == "pending"]
    assert anonymise_petition(database, vault, SALESFORCE) == 0
    assert not [row for row in rows_of(database)["steps"] if row["petition"] == SALESFORCE and row["step"] == "pending"]


def test_more_old_rows_than_one_transaction_deletes_are_all_deleted(database: Database) -> None:
    with database.writing() as connection:
        for number in range(0, 6000, 1000):
            rows = ", ".join(f"('{each}', '2020-01-01 00:00:00')" for each in range(number, number + 1000))
            connection.sqlalchemy.exec_driver_sql(f"INSERT INTO updates (fingerprint, at) VALUES {rows}")  # noqa: S608
        connection.commit()
    drop_updates(database, NOW)
    assert rows_of(database)["updates"] == []
