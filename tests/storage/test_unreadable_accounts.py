"""Accounts that no key opens are in nobody's way: neither the retention of a petition nor its key's destruction."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from core.conversation import state as ev
from core.errors import SealError
from core.organizer.retention import RetentionService
from core.organizer.service import OrganizerService
from core.petition.retention import NOTICE
from core.signatures.signature import Signer
from storage.engine import Database
from storage.queries import SqlQueries
from storage.retention import SqlPersonalData
from storage.tables import SignerRow, table
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.storage.signers import sign, sql_world
from tests.world import NOW, ORGANIZERS, SALESFORCE, TREES, World

_signers = table(SignerRow)


@pytest.fixture
def world(database: Database, vault: Vault) -> World:
    """Ada signed one petition and then opened another, and so did Ben; something has damaged Ada's account."""
    world = sql_world(database, vault)
    for user_id, name in (("ada", "Ada Lovelace"), ("ben", "Ben Lovelace")):
        sign(world, user_id, name, f"{user_id}@example.org").about(TREES).does(ev.Open())
    damage(database)
    return world


def damage(database: Database, account: int = 1) -> None:
    """Change the last byte of what an account's row holds."""
    with database.engine.begin() as connection:
        mine = _signers.c.id == account
        sealed = connection.execute(sa.select(_signers.c.sealed).where(mine)).scalar_one()
        changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
        connection.execute(sa.update(_signers).where(mine).values(sealed=changed))


@pytest.mark.usefixtures("world")
def test_a_petition_is_erased_despite_a_damaged_account(
    database: Database, vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    data = SqlPersonalData(database, vault)
    assert data.erase(SALESFORCE) == 2
    assert not data.holds(SALESFORCE), "its key is destroyed"
    assert "signers 1" in caplog.text
    assert "signers 2" not in caplog.text
    assert not any(secret in caplog.text for secret in ("ada", "Ada", "Lovelace"))
    with SqlUnitOfWork(database, vault) as work:
        ben = work.signers.find(Signer("test", "ben"))
        assert ben
        assert (ben.home, ben.details) == (TREES, {}), "only the damaged one keeps the details, which nothing opens"


class Stubborn(SqlPersonalData):
    """Personal data of which one petition's cannot be erased."""

    stubborn: str = SALESFORCE

    def erase(self, petition: str) -> int:
        if petition == self.stubborn:
            raise SealError("no known key opens this")
        return super().erase(petition)


def test_a_failure_with_one_petition_does_not_keep_another(
    database: Database, vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    world, data = sql_world(database, vault), Stubborn(database, vault)
    for slug in (SALESFORCE, TREES):
        world.person("Ada", user_id="ada").about(slug).does(ev.Begin())
        world.petitions[slug] = replace(world.petitions[slug], closes=NOW.date(), retention_days=0)
    retention = RetentionService(OrganizerService(world.signing, ORGANIZERS), SqlQueries(database, vault), data)
    retention.run()
    world.now += NOTICE
    assert retention.run() == {}
    assert (data.holds(SALESFORCE), data.holds(TREES)) == (True, False)
    assert f"could not erase {SALESFORCE} yet: SealError" in caplog.text
    data.stubborn = ""
    retention.run()
    assert not data.holds(SALESFORCE), "it is tried again"
