"""Accounts that no key opens are in nobody's way, and erasing one erases exactly what was shown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from core.conversation import state as ev
from core.errors import SealError
from core.organizer.person_search import Erased, PersonSearch
from core.organizer.retention import RetentionService
from core.organizer.service import OrganizerService
from core.petition.retention import NOTICE
from core.signatures.holding import Holding
from core.signatures.search import Wanted
from core.signatures.signature import SignatureStatus, Signer
from storage.engine import Database
from storage.queries import SqlQueries
from storage.retention import SqlPersonalData
from storage.tables import SignerRow, table
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import rows_of
from tests.patience import until_blocking
from tests.storage.signers import sign, sql_world
from tests.world import NOW, ORGANIZERS, SALESFORCE, TREES, World

BY = Signer("test", "Olga")
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


ELMS: list[ev.Event] = [
    ev.Begin(), ev.Answer({"who": "Ben of the Elms", "country": "US", "code": "90210", "role": "tenant"}), ev.Confirm(),
]  # fmt: skip


def shown(search: PersonSearch, wanted: Wanted) -> Holding:
    (key,) = search.direct(wanted)
    holding = search.holding(key)
    assert holding
    return holding


def test_an_account_whose_key_was_destroyed_can_be_erased(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    world.person("Ben", user_id="ben").about(TREES).does(*ELMS)
    sign(world, "ben", "Ben Lovelace", "ben@example.org")
    (receipt,) = [row["receipt"] for row in rows_of(database)["signatures"] if row["petition"] == TREES]
    assert vault.petition_keys
    vault.petition_keys.destroy(SALESFORCE)  # and then an older backup was restored
    search = PersonSearch(OrganizerService(world.signing, ORGANIZERS), SqlQueries(database, vault))
    holding = shown(search, Wanted("", receipts=(str(receipt),)))
    assert (holding.signer, holding.unopened, len(holding.standing)) == (None, 0, 2)
    assert search.erase(holding, BY) is Erased.DONE
    rows = rows_of(database)
    assert (rows["signers"], rows["conversations"]) == ([], [])
    assert {(row["signer_id"], row["sealed"]) for row in rows["signatures"]} == {(None, None)}
    assert world.counted() == world.counted(TREES) == 0
    assert [row["what"] for row in rows["deeds"]] == [f"erase do {SALESFORCE} {TREES}"]


def test_a_damaged_account_is_not_erased(database: Database, vault: Vault, world: World) -> None:
    search = PersonSearch(OrganizerService(world.signing, ORGANIZERS), SqlQueries(database, vault))
    holding = shown(search, Wanted("", accounts=(Signer("test", "ada"),)))
    assert (holding.signer, holding.unopened) == (None, 1)
    assert search.erase(holding, BY) is Erased.CHANGED
    assert len(rows_of(database)["signers"]) == 2


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)  # on SQLite, only one transaction writes at a time
def test_nothing_is_erased_that_is_being_signed_meanwhile(database: Database, vault: Vault) -> None:
    world = sql_world(database, vault)
    ada = sign(world, "ada", "Ada Lovelace", "ada@example.org")
    search = PersonSearch(OrganizerService(world.signing, ORGANIZERS), SqlQueries(database, vault))
    holding = shown(search, Wanted("", accounts=(ada.signer,)))
    signature = replace(
        next(iter(SqlQueries(database, vault).signatures(SALESFORCE, (SignatureStatus.COUNTED,)))),
        petition=TREES, receipt="K7QF-2M9X-PD4T", id=None,
    )  # fmt: skip
    with ThreadPoolExecutor() as threads:
        with SqlUnitOfWork(database, vault) as work:
            person = work.signers.lock_or_create(ada.signer, NOW)
            assert work.signatures.add(person, signature)
            erasing = threads.submit(search.erase, holding, BY)
            until_waiting(database)
            work.commit()
        assert erasing.result() is Erased.CHANGED
    assert world.counted() == 1, "they were shown one signature, and now there are two"


def until_waiting(database: Database) -> None:
    """Wait until a transaction waits for another."""
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )

    def is_waiting() -> bool:
        with database.engine.connect() as connection:
            return bool(connection.execute(waiting).scalar_one())

    until_blocking(is_waiting, "a transaction waits for another")
